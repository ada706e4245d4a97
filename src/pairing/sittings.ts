/**
 * Groups for one round or several at once, without a tie twice: the social golfers' problem, for which no exact method
 * is known beyond small sizes. A tabu search: of the swaps within one round that move one of two people who meet
 * again, the best is made, even where it is worse than staying, and is not undone for a while. It always returns valid
 * groups; that none better exist is not proved (only good).
 */
import type { Chance } from "./chance.ts";
import { byte, int } from "./numbers.ts";

export class Sittings {
  readonly #people: number;
  readonly #rounds: number;
  readonly #chance: Chance;
  /** Pair -> meetings: 1 for the past (more where it must not be), plus one for each planned round. */
  readonly #meetings: Uint8Array;
  /** Group -> its first chair; one more entry for the end. Equal in all rounds. */
  readonly #starts: readonly number[];
  /** Chair -> group. */
  readonly #groupOf: Int32Array;
  /** Round × chair -> person, and round × person -> chair. */
  readonly #sitter: Int32Array;
  readonly #chair: Int32Array;
  /** Round × person × group -> the step up to which they do not go back there. */
  readonly #barredUntil: Int32Array;
  /** Pairs (a × people + b, a < b) that meet more than once, and where each stands in that list. */
  readonly #again: number[] = [];
  readonly #place: Int32Array;
  #looks = 0;

  /** `line` has everybody in the order of the chairs; later rounds are shuffled. `past` is 1 for each pair that is not fresh; it is used up. */
  constructor(line: readonly number[], sizes: readonly number[], rounds: number, past: Uint8Array, chance: Chance) {
    this.#people = line.length;
    this.#rounds = rounds;
    this.#chance = chance;
    this.#meetings = past;
    this.#starts = [0, ...sizes.map((_, g) => sizes.slice(0, g + 1).reduce((sum, size) => sum + size, 0))];
    this.#groupOf = Int32Array.from(sizes.flatMap((size, g) => Array.from({ length: size }, () => g)));
    this.#sitter = new Int32Array(rounds * this.#people);
    this.#chair = new Int32Array(rounds * this.#people);
    this.#barredUntil = new Int32Array(rounds * this.#people * sizes.length);
    this.#place = new Int32Array(this.#people * this.#people).fill(-1);
    for (let round = 0; round < rounds; round++) this.#seat(round, Int32Array.from(line));
  }

  /** Whether no tie is left that was had before, after so many looks at a pair of people at most; else the best state is kept. */
  settle(mostLooks: number): boolean {
    let least = this.#again.length;
    let best = this.#sitter.slice();
    for (let step = 1; this.#again.length > 0 && this.#looks < mostLooks; step++) {
      this.#step(step);
      if (this.#again.length >= least) continue;
      least = this.#again.length;
      best = this.#sitter.slice();
    }
    this.#sitter.set(best);
    return least === 0;
  }

  /** Looks so far. */
  get looks(): number {
    return this.#looks;
  }

  round(number: number): number[][] {
    const first = number * this.#people;
    return this.#starts
      .slice(0, -1)
      .map((start, g) => [...this.#sitter.slice(first + start, first + (this.#starts[g + 1] ?? 0))]);
  }

  #seat(round: number, line: Int32Array): void {
    if (round > 0) this.#chance.shuffle(line);
    line.forEach((person, chair) => {
      this.#sitter[round * this.#people + chair] = person;
      this.#chair[round * this.#people + person] = chair;
    });
    for (let chair = 0; chair < this.#people; chair++) {
      for (let other = this.#startOf(chair); other < chair; other++)
        this.#meet(this.#at(round, chair), this.#at(round, other));
    }
  }

  #step(step: number): void {
    const pair = this.#again[this.#chance.below(this.#again.length)] ?? 0;
    const b = pair % this.#people;
    const a = (pair - b) / this.#people;
    const round = this.#roundOf(a, b);
    const chair = int(this.#chair, round * this.#people + (this.#chance.below(2) === 0 ? a : b));
    const other = this.#bestSwap(round, chair, step);
    if (other >= 0) this.#swap(round, chair, other, step);
  }

  /** A round, at random, in which the two sit together. */
  #roundOf(a: number, b: number): number {
    const offset = this.#chance.below(this.#rounds);
    for (let i = 0; i < this.#rounds; i++) {
      const first = ((i + offset) % this.#rounds) * this.#people;
      const chair = int(this.#chair, first + a);
      if (int(this.#groupOf, chair) === int(this.#groupOf, int(this.#chair, first + b))) return first / this.#people;
    }
    return 0;
  }

  /** The chair in another group with the least repeats after trading; -1 where all are barred. */
  #bestSwap(round: number, chair: number, step: number): number {
    const group = int(this.#groupOf, chair);
    const a = this.#at(round, chair);
    let best = -1;
    let least = Number.POSITIVE_INFINITY;
    let equals = 0;
    const leaving = this.#repeatsOf(round, a, group, a, 2);
    for (let other = 0; other < this.#people; other++) {
      const there = int(this.#groupOf, other);
      if (there === group) continue;
      const b = this.#at(round, other);
      const change =
        this.#repeatsOf(round, a, there, b, 1) +
        this.#repeatsOf(round, b, group, a, 1) -
        this.#repeatsOf(round, b, there, b, 2) -
        leaving;
      if (change > least) continue;
      const barred =
        int(this.#barredUntil, this.#memory(round, a, there)) > step ||
        int(this.#barredUntil, this.#memory(round, b, group)) > step;
      if (barred && this.#again.length + change > 0) continue;
      equals = change < least ? 1 : equals + 1;
      if (change < least || this.#chance.below(equals) === 0) best = other;
      least = change;
    }
    return best;
  }

  /** How many of a group, one left out, the person has met so often at least. */
  #repeatsOf(round: number, person: number, group: number, without: number, atLeast: number): number {
    let repeats = 0;
    const end = round * this.#people + (this.#starts[group + 1] ?? 0);
    for (let i = round * this.#people + (this.#starts[group] ?? 0); i < end; i++) {
      const other = int(this.#sitter, i);
      if (other !== person && other !== without && byte(this.#meetings, person * this.#people + other) >= atLeast)
        repeats++;
    }
    this.#looks += this.#starts[1] ?? 0;
    return repeats;
  }

  #swap(round: number, chair: number, other: number, step: number): void {
    const [a, b] = [this.#at(round, chair), this.#at(round, other)];
    for (const at of [chair, other]) this.#eachMate(round, at, (one, mate) => this.#part(one, mate));
    for (const [person, at] of [
      [a, chair],
      [b, other],
    ] as const) {
      this.#barredUntil[this.#memory(round, person, int(this.#groupOf, at))] = step + this.#chance.below(3);
    }
    this.#sitter[round * this.#people + chair] = b;
    this.#sitter[round * this.#people + other] = a;
    this.#chair[round * this.#people + a] = other;
    this.#chair[round * this.#people + b] = chair;
    for (const at of [chair, other]) this.#eachMate(round, at, (one, mate) => this.#meet(one, mate));
  }

  #eachMate(round: number, chair: number, visit: (one: number, mate: number) => void): void {
    const group = int(this.#groupOf, chair);
    for (let other = this.#startOf(chair); other < (this.#starts[group + 1] ?? 0); other++) {
      if (other !== chair) visit(this.#at(round, chair), this.#at(round, other));
    }
  }

  #meet(a: number, b: number): void {
    const [low, high] = a < b ? [a, b] : [b, a];
    const pair = low * this.#people + high;
    const meetings = byte(this.#meetings, pair) + 1;
    this.#meetings[pair] = this.#meetings[high * this.#people + low] = meetings;
    if (meetings !== 2) return;
    this.#place[pair] = this.#again.push(pair) - 1;
  }

  #part(a: number, b: number): void {
    const [low, high] = a < b ? [a, b] : [b, a];
    const pair = low * this.#people + high;
    const meetings = byte(this.#meetings, pair) - 1;
    this.#meetings[pair] = this.#meetings[high * this.#people + low] = meetings;
    if (meetings !== 1) return;
    const place = int(this.#place, pair);
    const last = this.#again.pop() ?? pair;
    if (last === pair) return;
    this.#again[place] = last;
    this.#place[last] = place;
  }

  #at(round: number, chair: number): number {
    return int(this.#sitter, round * this.#people + chair);
  }

  #startOf(chair: number): number {
    return this.#starts[int(this.#groupOf, chair)] ?? 0;
  }

  #memory(round: number, person: number, group: number): number {
    return (round * this.#people + person) * (this.#starts.length - 1) + group;
  }
}
