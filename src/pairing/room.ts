/** The people of one round as numbers 0 … size−1 in seeded order, and what is known between each two of them. */
import { Chance, hash } from "./chance.ts";
import { checkCircle, checkInput } from "./check.ts";
import type { History } from "./history.ts";
import { int, real, short } from "./numbers.ts";
import { type Mode, type RoundInput, VERSION } from "./round.ts";
import { range, seat } from "./seating.ts";

/** Up to here a square of all pairs is kept (2 MB) and exact answers are affordable. */
export const EXACT_UP_TO = 1_000;
const BARRED = 0xffff;

export class Room {
  readonly size: number;
  readonly mode: Mode;
  readonly members: readonly string[];
  /** 0 … size − 1. */
  readonly seats: Int32Array;
  readonly chance: Chance;
  /** By seat: the member's circle, numbered; somebody without one has a number of their own. */
  readonly circle: Int32Array;
  readonly hasCircles: boolean;
  readonly hasExclusions: boolean;
  /** By seat: seats in larger groups so far, less the expected ones. */
  readonly favour: Float64Array;
  readonly #input: RoundInput;
  /** By seat: the number in the history, -1 for a newcomer. */
  readonly #known: Int32Array;
  /** Up to EXACT_UP_TO people: times met, or BARRED. */
  readonly #square: Uint16Array | undefined;
  #bridges: Int32Array | undefined;
  readonly #barred = new Set<number>();
  /** The least any two who may meet have met: where everybody met everybody, the next cycle starts as the first did. */
  readonly level: number;

  constructor(input: RoundInput) {
    checkInput(input);
    const seed = `${VERSION}/${input.history.rounds}/${input.seed}`;
    this.#input = input;
    this.mode = input.mode ?? "any";
    this.chance = new Chance(seed);
    const order = seat(input.present, hash(seed));
    this.size = order.length;
    this.seats = range(this.size);
    this.members = Array.from(order, (index) => input.present[index] ?? "");
    // Looked up in the order of `present`, which is how they lie in memory, and then put into the order of seats.
    this.#known = permute(numbersOf(input.present, input.history), order);
    this.favour = new Float64Array(this.size);
    for (const seat of this.seats) this.favour[seat] = input.history.favourOf(int(this.#known, seat));
    this.hasCircles = input.circles !== undefined;
    this.circle = permute(numberCircles(input.present, input.circles), order);
    this.#bar(input.exclusions ?? []);
    this.hasExclusions = this.#barred.size > 0;
    this.#square = this.size <= EXACT_UP_TO ? this.#drawSquare() : undefined;
    this.level = this.#square ? this.#leastMet(this.#square) : 0;
  }

  allowed(a: number, b: number): boolean {
    if (this.#square) return short(this.#square, a * this.size + b) !== BARRED;
    return !this.hasExclusions || !this.#barred.has(a * this.size + b);
  }

  /** How often the two met; an excluded pair counts as never. */
  times(a: number, b: number): number {
    if (this.#square) return short(this.#square, a * this.size + b) % BARRED;
    const [one, other] = [int(this.#known, a), int(this.#known, b)];
    return one < 0 || other < 0 ? 0 : this.#input.history.ties.times(one, other);
  }

  /** May meet, and nobody has met less. */
  fresh(a: number, b: number): boolean {
    if (this.#square) return short(this.#square, a * this.size + b) === this.level;
    return this.times(a, b) === 0 && this.allowed(a, b);
  }

  /** Rounds since the two last met, at least 1; 0 for two who never met. */
  age(a: number, b: number): number {
    const [one, other] = [int(this.#known, a), int(this.#known, b)];
    const last = one < 0 || other < 0 ? 0 : this.#input.history.ties.last(one, other);
    return last === 0 ? 0 : this.#input.history.rounds + 1 - last;
  }

  across(a: number, b: number): boolean {
    return int(this.circle, a) !== int(this.circle, b);
  }

  /** Whether the mode would rather have the two together than two others. */
  suits(a: number, b: number): boolean {
    return !this.hasCircles || this.mode === "any" || this.across(a, b) === (this.mode === "bridge");
  }

  /** Meetings across circles so far with those present; 0 in rooms too large to count them. */
  bridged(seat: number): number {
    this.#bridges ??= this.#countBridges();
    return int(this.#bridges, seat);
  }

  get leastBridged(): number {
    this.#bridges ??= this.#countBridges();
    return this.#bridges.reduce((least, bridges) => Math.min(least, bridges), BARRED);
  }

  favoured(seat: number): number {
    return real(this.favour, seat);
  }

  #bar(exclusions: readonly (readonly [string, string])[]): void {
    if (exclusions.length === 0) return;
    const seats = new Map(this.members.map((member, index) => [member, index]));
    for (const [one, other] of exclusions) {
      const [a, b] = [seats.get(one), seats.get(other)];
      if (a === undefined || b === undefined) continue;
      this.#barred.add(a * this.size + b).add(b * this.size + a);
    }
  }

  #drawSquare(): Uint16Array {
    const { size } = this;
    const square = new Uint16Array(size * size);
    const seats = new Int32Array(this.#input.history.members).fill(-1);
    this.#known.forEach((number, index) => {
      if (number >= 0) seats[number] = index;
    });
    this.#input.history.ties.each((one, other, times) => {
      const [a, b] = [int(seats, one), int(seats, other)];
      if (a < 0 || b < 0) return;
      square[a * size + b] = square[b * size + a] = Math.min(times, BARRED - 1);
    });
    for (const pair of this.#barred) square[pair] = BARRED;
    for (let a = 0; a < size; a++) square[a * size + a] = BARRED;
    return square;
  }

  #countBridges(): Int32Array {
    const bridges = new Int32Array(this.size);
    if (!this.#square || !this.hasCircles) return bridges;
    for (let a = 0; a < this.size; a++) {
      for (let b = 0; b < this.size; b++) {
        if (this.across(a, b)) bridges[a] = int(bridges, a) + this.times(a, b);
      }
    }
    return bridges;
  }

  #leastMet(square: Uint16Array): number {
    if (this.#input.history.pairs * 2 < this.size * (this.size - 1) - this.#barred.size) return 0;
    const least = square.reduce((least, times) => Math.min(least, times), BARRED);
    return least === BARRED ? 0 : least;
  }
}

function permute(values: Int32Array, order: Int32Array): Int32Array {
  const permuted = new Int32Array(values.length);
  for (let seat = 0; seat < order.length; seat++) permuted[seat] = int(values, int(order, seat));
  return permuted;
}

function numbersOf(present: readonly string[], history: History): Int32Array {
  const numbers = new Int32Array(present.length).fill(-1);
  if (history.members > 0) for (let i = 0; i < numbers.length; i++) numbers[i] = history.numberOf(present[i] ?? "");
  return numbers;
}

/** Equal numbers for equal circles; who has none gets a number of their own. */
function numberCircles(present: readonly string[], circles: RoundInput["circles"]): Int32Array {
  const own = range(present.length);
  if (circles === undefined) return own;
  const numbers = new Map<string, number>();
  for (let i = 0; i < own.length; i++) {
    const member = present[i] ?? "";
    const circle = circles.get(member);
    if (circle === undefined) continue;
    checkCircle(member, circle);
    let number = numbers.get(circle);
    if (number === undefined) {
      number = present.length + numbers.size;
      numbers.set(circle, number);
    }
    own[i] = number;
  }
  return own;
}
