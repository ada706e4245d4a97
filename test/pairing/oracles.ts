/** Slow and plain answers, to hold the quick ones against. */
import blossom from "edmonds-blossom-fixed";
import { Chance } from "../../src/pairing/chance.ts";
import { History } from "../../src/pairing/index.ts";

export const people = (n: number): string[] => Array.from({ length: n }, (_, i) => `p${i}`);

export const tiesOf = (group: readonly string[]): [string, string][] =>
  group.flatMap((a, i) => group.slice(0, i).map((b): [string, string] => [a, b]));

/** A room of n with so many in a hundred pairs met, and so many excluded. */
export function randomRoom(n: number, met: number, excluded: number, seed: string) {
  const chance = new Chance(seed);
  const all = tiesOf(people(n));
  const history = new History();
  for (let round = 0; round < 2; round++) history.add(all.filter(() => chance.below(200) < met));
  return { present: people(n), history, exclusions: all.filter(() => chance.below(100) < excluded), seed };
}

export type RandomRoom = ReturnType<typeof randomRoom>;

const barredIn = ({ exclusions }: RandomRoom): ((a: string, b: string) => boolean) => {
  const barred = new Set(exclusions.flatMap(([a, b]) => [`${a} ${b}`, `${b} ${a}`]));
  return (a, b) => barred.has(`${a} ${b}`);
};

/** The fewest repeats of a round of pairs, by another's Blossom; undefined where not all can be paired. */
export function fewestRepeats(room: RandomRoom): number | undefined {
  const isBarred = barredIn(room);
  const edges: [number, number, number][] = [];
  room.present.forEach((a, i) => {
    room.present.slice(0, i).forEach((b, j) => {
      if (!isBarred(a, b)) edges.push([j, i, room.history.timesMet(a, b) > 0 ? 1 : 2]);
    });
  });
  const mates = edges.length > 0 ? blossom(edges, true) : [];
  if (room.present.some((_, i) => (mates[i] ?? -1) < 0)) return undefined;
  const repeated = room.present.filter((a, i) => room.history.timesMet(a, room.present[mates[i] ?? 0] ?? "") > 0);
  return repeated.length / 2;
}

/** Fewest left out, then fewest repeats of a round with at most one trio more than it must, by trying everything. */
export function leastLeftOut(room: RandomRoom): number {
  const isBarred = barredIn(room);
  const may = (a: number, b: number): boolean => !isBarred(room.present[a] ?? "", room.present[b] ?? "");
  return least(room.present.length, (left, a, try_) => {
    try_(1, []);
    for (const b of left) {
      if (!may(a, b)) continue;
      try_(0, [b]);
      for (const c of left) if (c < b && may(a, c) && may(b, c)) try_(0, [b, c]);
    }
  });
}

/** The fewest repeats of a round with exactly one trio, all others in pairs, nobody excluded. */
export function fewestRepeatsWithTrio(room: RandomRoom): number {
  const met = (a: number, b: number): number =>
    room.history.timesMet(room.present[a] ?? "", room.present[b] ?? "") > 0 ? 1 : 0;
  const n = room.present.length;
  const cost = new Float64Array(n * n).map((_, pair) => met(Math.floor(pair / n), pair % n));
  let best = Number.POSITIVE_INFINITY;
  for (let a = 0; a < n; a++) {
    for (let b = 0; b < a; b++) {
      for (let c = 0; c < b; c++) {
        const rest = [...Array(n).keys()].filter((seat) => seat !== a && seat !== b && seat !== c);
        const square = Float64Array.from(rest.flatMap((i) => rest.map((j) => cost[i * n + j] ?? 0)));
        best = Math.min(best, met(a, b) + met(a, c) + met(b, c) + leastByTrying(rest.length, square));
      }
    }
  }
  return best;
}

/** The least cost of a perfect matching, by trying them all. Infinity where there is none. */
export function leastByTrying(n: number, cost: Float64Array): number {
  return least(n, (left, a, try_) => {
    for (const b of left) try_(cost[a * n + b] ?? 0, [b]);
  });
}

/** Takes the last of those left, asks with whom and at what cost, and remembers what it knows of the rest. */
function least(
  n: number,
  options: (left: readonly number[], a: number, try_: (cost: number, others: readonly number[]) => void) => void,
): number {
  const known = new Map<number, number>([[0, 0]]);
  const solve = (left: number): number => {
    const before = known.get(left);
    if (before !== undefined) return before;
    const a = 31 - Math.clz32(left);
    const rest = left & ~(1 << a);
    let best = Number.POSITIVE_INFINITY;
    const seats = [...Array(a).keys()].filter((seat) => rest & (1 << seat));
    options(seats, a, (cost, others) => {
      best = Math.min(best, cost + solve(others.reduce((mask, other) => mask & ~(1 << other), rest)));
    });
    known.set(left, best);
    return best;
  };
  return solve(2 ** n - 1);
}
