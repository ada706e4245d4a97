/** Who met whom, from rounds that were held. What was only planned is not added. */
import { Acquaintance, type PackedAcquaintance } from "./acquaintance.ts";
import { PairingError } from "./errors.ts";

export type HeldRound = readonly (readonly string[])[];

/** A history that can be sent to another thread. */
export interface PackedHistory {
  readonly members: readonly string[];
  readonly favour: readonly number[];
  readonly rounds: number;
  readonly ties: PackedAcquaintance;
}

export class History {
  /** Member id -> its number here, in the order of first meeting us. */
  readonly #numbers = new Map<string, number>();
  #ties = new Acquaintance();
  /** By number: seats in groups larger than the round's usual, less what a fair draw among those present would give. */
  #favour: number[] = [];
  #rounds = 0;

  static from(rounds: Iterable<HeldRound>): History {
    const history = new History();
    for (const round of rounds) history.add(round);
    return history;
  }

  /** Held rounds added; this is the round's number. */
  get rounds(): number {
    return this.#rounds;
  }

  /** Pairs that ever met. */
  get pairs(): number {
    return this.#ties.pairs;
  }

  /** One held round, oldest first. `presentAtRound` also has those who stayed without a partner. Refused whole or added whole. */
  add(groups: HeldRound, presentAtRound?: readonly string[]): void {
    for (const group of groups) checkHeld(group);
    for (const member of presentAtRound ?? []) checkMember(member);
    this.#rounds++;
    for (const group of groups) {
      const numbers = group.map((member) => this.#enrol(member));
      numbers.forEach((a, i) => {
        for (const b of numbers.slice(i + 1)) this.#ties.met(a, b, this.#rounds);
      });
    }
    this.#count(groups, presentAtRound ?? groups.flat());
  }

  timesMet(a: string, b: string): number {
    const [one, other] = [this.numberOf(a), this.numberOf(b)];
    return one < 0 || other < 0 || one === other ? 0 : this.#ties.times(one, other);
  }

  /** For this folder: how many numbers there are. */
  get members(): number {
    return this.#numbers.size;
  }

  /** For this folder: a member's number, or -1 for one who never met anybody. */
  numberOf(member: string): number {
    return this.#numbers.get(member) ?? -1;
  }

  /** For this folder: meetings by numbers. */
  get ties(): Acquaintance {
    return this.#ties;
  }

  /** For this folder: seats in the larger group so far, less the expected ones; 0 for a newcomer, so nobody owes a past. */
  favourOf(number: number): number {
    return number < 0 ? 0 : (this.#favour[number] ?? 0);
  }

  packed(): PackedHistory {
    return {
      members: [...this.#numbers.keys()],
      favour: this.#favour,
      rounds: this.#rounds,
      ties: this.#ties.packed(),
    };
  }

  static unpacked(packed: PackedHistory): History {
    const history = new History();
    packed.members.forEach((member, number) => {
      history.#numbers.set(member, number);
    });
    history.#favour = [...packed.favour];
    history.#rounds = packed.rounds;
    history.#ties = Acquaintance.unpacked(packed.ties);
    return history;
  }

  #enrol(member: string): number {
    const known = this.#numbers.get(member);
    if (known !== undefined) return known;
    this.#favour.push(0);
    this.#numbers.set(member, this.#favour.length - 1);
    return this.#favour.length - 1;
  }

  #count(groups: HeldRound, present: readonly string[]): void {
    const usual = usualSize(groups);
    const larger = groups.filter((group) => group.length > usual).flat();
    if (larger.length === 0) return;
    const share = larger.length / present.length;
    for (const member of larger) this.#favours(member, 1);
    for (const member of present) this.#favours(member, -share);
  }

  #favours(member: string, amount: number): void {
    const number = this.#enrol(member);
    this.#favour[number] = this.favourOf(number) + amount;
  }
}

/** The size most groups have, the smaller one where two are as frequent. */
function usualSize(groups: HeldRound): number {
  const frequency = new Map<number, number>();
  for (const { length } of groups) frequency.set(length, (frequency.get(length) ?? 0) + 1);
  return [...frequency].sort(([a, m], [b, n]) => n - m || a - b)[0]?.[0] ?? 0;
}

function checkMember(member: unknown): void {
  if (typeof member === "string") return;
  throw new PairingError("not-a-string", `A member id is a string; the history has ${typeof member}.`);
}

function checkHeld(group: readonly string[]): void {
  if (!Array.isArray(group)) throw new PairingError("held-alone", "A held group is a list of member ids.");
  for (const member of group) checkMember(member);
  if (new Set(group).size < 2) {
    throw new PairingError("held-alone", `A held group has two people or more; this one has ${JSON.stringify(group)}.`);
  }
  if (new Set(group).size < group.length) {
    throw new PairingError("repeated-member", `A held group names somebody twice: ${JSON.stringify(group)}.`);
  }
}
