/**
 * Several rounds at once: every person meets somebody in every round, no two meet twice, only pairs of the given graph
 * are used. That is an edge colouring in which every colour is a perfect matching; a round at a time paints itself
 * into a corner near the end, whole timetables do not.
 *
 * A local search: hours that lack a partner are filled one after the other by a direct pair, by an augmenting path of
 * three, by swapping two rounds along a Kempe chain, or by taking a partner from somebody else, who then looks on. It
 * keeps every intermediate state valid, so what it returns is right; it may fail where a timetable exists (only good).
 */
import type { Chance } from "./chance.ts";
import { byte, int } from "./numbers.ts";

const NOBODY = -1;
/** Seated in that round already, in its trio. */
const TAKEN = -2;

export class Timetable {
  readonly #people: number;
  readonly #rounds: number;
  readonly #chance: Chance;
  /** 1: the pair may meet and is in no round yet. */
  readonly #open: Uint8Array;
  readonly #neighbours: readonly Int32Array[];
  /** Person × round -> partner, NOBODY or TAKEN. */
  readonly #partner: Int32Array;
  /** Hours (person × round) without a partner, and where each stands in that list. */
  readonly #lacking: number[] = [];
  readonly #place: Int32Array;

  /** `open` is a symmetric square: 1 where two may meet; it is used up. `taken` names hours (person × rounds + round) in trios. */
  constructor(people: number, rounds: number, open: Uint8Array, taken: readonly number[], chance: Chance) {
    this.#people = people;
    this.#rounds = rounds;
    this.#chance = chance;
    this.#open = open;
    this.#neighbours = Array.from({ length: people }, (_, u) => shuffledNeighbours(u, people, open, chance));
    this.#partner = new Int32Array(people * rounds).fill(NOBODY);
    this.#place = new Int32Array(people * rounds).fill(-1);
    for (const hour of taken) this.#partner[hour] = TAKEN;
    this.#partner.forEach((partner, hour) => {
      if (partner === NOBODY) this.#lack(hour);
    });
  }

  /** Whether the timetable is full after at most so many steps. */
  fill(steps: number): boolean {
    this.#first();
    for (let left = steps; left > 0 && this.#lacking.length > 0; left--) this.#step();
    return this.#lacking.length === 0;
  }

  /** Partners in one round by person; TAKEN (-2) for those in its trio. */
  round(number: number): Int32Array {
    return Int32Array.from({ length: this.#people }, (_, u) => int(this.#partner, u * this.#rounds + number));
  }

  /** Greedy: each pair into a round in which both are free; those with the fewest partners to choose from first. */
  #first(): void {
    const degree = (u: number): number => this.#neighbours[u]?.length ?? 0;
    const order = [...this.#neighbours.keys()].sort((a, b) => degree(a) - degree(b));
    for (const u of order) for (const v of this.#neighbours[u] ?? []) this.#seat(u, v);
  }

  #seat(u: number, v: number): void {
    const offset = this.#chance.below(this.#rounds);
    for (let i = 0; i < this.#rounds && this.#isOpen(u, v); i++) {
      const round = (i + offset) % this.#rounds;
      if (this.#at(u, round) === NOBODY && this.#at(v, round) === NOBODY) this.#meet(u, v, round);
    }
  }

  #step(): void {
    const hour = this.#lacking[this.#chance.below(this.#lacking.length)] ?? 0;
    const round = hour % this.#rounds;
    const u = (hour - round) / this.#rounds;
    if (this.#direct(u, round) || this.#bypass(u, round)) return;
    const v = this.#someone(u, round);
    if (v !== undefined && this.#chain(u, v, round)) return;
    // Taking alone would walk in a small circle of the same two rounds; trading brings in a third.
    if (v === undefined || this.#chance.below(2) === 0) this.#trade(u, round);
    else this.#take(u, v, round);
  }

  /** Somebody who lacks a partner in the same round. */
  #direct(u: number, round: number): boolean {
    for (const v of this.#neighbours[u] ?? []) {
      if (this.#at(v, round) !== NOBODY || !this.#isOpen(u, v)) continue;
      this.#meet(u, v, round);
      return true;
    }
    return false;
  }

  /** u–v, z–w instead of v–z, where w lacks a partner too. */
  #bypass(u: number, round: number): boolean {
    const others: number[] = [];
    for (const hour of this.#lacking) if (hour % this.#rounds === round) others.push((hour - round) / this.#rounds);
    if (others.length < 2) return false; // u is one of them
    for (const v of this.#neighbours[u] ?? []) {
      const z = this.#at(v, round);
      if (z < 0 || !this.#isOpen(u, v)) continue;
      for (const w of others) {
        if (w === u || w === z || !this.#isOpen(z, w)) continue;
        this.#part(v, z, round);
        this.#meet(u, v, round);
        this.#meet(z, w, round);
        return true;
      }
    }
    return false;
  }

  /** Somebody u may still meet and who is seated in a pair of that round; from a random place in u's list. */
  #someone(u: number, round: number): number | undefined {
    const list = this.#neighbours[u] ?? new Int32Array(0);
    const offset = list.length === 0 ? 0 : this.#chance.below(list.length);
    for (let i = 0; i < list.length; i++) {
      const v = int(list, (i + offset) % list.length);
      if (this.#isOpen(u, v) && this.#at(v, round) >= 0) return v;
    }
    return undefined;
  }

  /** v lacks another round: swap the two rounds along v's chain, and u and v are free in the same one. */
  #chain(u: number, v: number, round: number): boolean {
    const other = this.#lackedBy(v);
    if (other < 0) return false;
    const path = this.#walk(v, round, other);
    if (path === undefined || path.at(-1) === u) return false;
    this.#swap(path, round, other);
    this.#meet(u, v, round);
    return true;
  }

  /** u may meet nobody who is seated: u lacks another round instead of this one. */
  #trade(u: number, round: number): void {
    const other = this.#chance.below(this.#rounds);
    if (this.#at(u, other) < 0) return;
    const path = this.#walk(u, other, round);
    if (path !== undefined) this.#swap(path, other, round);
  }

  #lackedBy(v: number): number {
    const offset = this.#chance.below(this.#rounds);
    for (let i = 0; i < this.#rounds; i++) {
      const round = (i + offset) % this.#rounds;
      if (this.#at(v, round) === NOBODY) return round;
    }
    return -1;
  }

  /** From somebody who lacks `second`, along meetings of the two rounds in turn; undefined where it ends at a trio. */
  #walk(start: number, first: number, second: number): number[] | undefined {
    const path = [start];
    let at = start;
    for (let round = first; ; round = round === first ? second : first) {
      const next = this.#at(at, round);
      if (next === TAKEN) return undefined;
      if (next === NOBODY) return path;
      path.push(next);
      at = next;
    }
  }

  #swap(path: readonly number[], first: number, second: number): void {
    for (let i = 0; i + 1 < path.length; i++) this.#part(path[i] ?? 0, path[i + 1] ?? 0, i % 2 === 0 ? first : second);
    for (let i = 0; i + 1 < path.length; i++) this.#meet(path[i] ?? 0, path[i + 1] ?? 0, i % 2 === 0 ? second : first);
  }

  #take(u: number, v: number, round: number): void {
    this.#part(v, this.#at(v, round), round);
    this.#meet(u, v, round);
  }

  #meet(u: number, v: number, round: number): void {
    this.#open[u * this.#people + v] = this.#open[v * this.#people + u] = 0;
    this.#partner[u * this.#rounds + round] = v;
    this.#partner[v * this.#rounds + round] = u;
    this.#found(u * this.#rounds + round);
    this.#found(v * this.#rounds + round);
  }

  #part(u: number, v: number, round: number): void {
    this.#open[u * this.#people + v] = this.#open[v * this.#people + u] = 1;
    this.#partner[u * this.#rounds + round] = this.#partner[v * this.#rounds + round] = NOBODY;
    this.#lack(u * this.#rounds + round);
    this.#lack(v * this.#rounds + round);
  }

  #lack(hour: number): void {
    this.#place[hour] = this.#lacking.length;
    this.#lacking.push(hour);
  }

  #found(hour: number): void {
    const place = int(this.#place, hour);
    const last = this.#lacking.pop() ?? hour;
    if (last === hour) return;
    this.#lacking[place] = last;
    this.#place[last] = place;
  }

  #at(u: number, round: number): number {
    return int(this.#partner, u * this.#rounds + round);
  }

  #isOpen(u: number, v: number): boolean {
    return byte(this.#open, u * this.#people + v) === 1;
  }
}

function shuffledNeighbours(u: number, people: number, open: Uint8Array, chance: Chance): Int32Array {
  const list: number[] = [];
  for (let v = 0; v < people; v++) if (byte(open, u * people + v) === 1) list.push(v);
  const neighbours = Int32Array.from(list);
  chance.shuffle(neighbours);
  return neighbours;
}
