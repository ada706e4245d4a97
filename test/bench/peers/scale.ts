/** How pairing grows: against the least that any pairing must do, in the same process on the same strings; and what a tie weighs. */
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { Chance } from "../../../src/pairing/chance.ts";
import { History, pairRound, type RoundInput } from "../../../src/pairing/index.ts";
import { byTwos, shuffled } from "./peer.ts";
import { must, print } from "./table.ts";

const TRIES = 9;
const chance = new Chance("growth");

/** Check for duplicates, shuffle, deal. */
function least(ids: readonly string[]): string[][] {
  if (new Set(ids).size < ids.length) throw new Error("Somebody is present twice.");
  return byTwos(shuffled(ids, (limit) => chance.below(limit)));
}

function quickest(work: () => unknown): number {
  let best = Number.POSITIVE_INFINITY;
  for (let i = 0; i < TRIES; i++) {
    const start = performance.now();
    work();
    best = Math.min(best, performance.now() - start);
  }
  return best;
}

export function growth(): void {
  const times = new Map<string, number>();
  const rows = [1_000, 10_000, 100_000].flatMap((n) => {
    const ids = Array.from({ length: n }, (_, i) => `U${(i * 7_919 + 1_234_567).toString(36).toUpperCase()}`);
    const circles = new Map(ids.map((id, i) => [id, `circle ${i % 9}`]));
    const history = new History();
    for (let round = 0; round < 3; round++)
      history.add(pairRound({ present: ids, history, seed: `${round}` }).groups, ids);
    const bare = quickest(() => least(ids));
    const kinds: [string, Partial<RoundInput>][] = [
      ["any", {}],
      ["bridge, 9 circles", { mode: "bridge", circles }],
    ];
    return kinds.map(([name, more]) => {
      const took = quickest(() => pairRound({ present: ids, history, seed: "growth", ...more }));
      times.set(`${n} ${name}`, took);
      if (n >= 10_000) must(took <= 12 * bare, `${n}, ${name}: ${(took / bare).toFixed(1)} × the least`);
      return [`${n}`, name, bare.toFixed(2), took.toFixed(2), (took / bare).toFixed(1)];
    });
  });
  print(["growth, n", "mode", "least, ms", "ours, ms", "ratio"], rows);
  for (const name of ["any", "bridge, 9 circles"]) {
    const ratio = (times.get(`100000 ${name}`) ?? 0) / (times.get(`10000 ${name}`) ?? 1);
    must(ratio <= 40, `ten times the people take ${ratio.toFixed(1)} × the time`);
  }
}

export function memory(): void {
  setFlagsFromString("--expose-gc");
  const gc: () => void = runInNewContext("gc");
  const used = (): number => {
    gc();
    gc();
    const { heapUsed, arrayBuffers } = process.memoryUsage();
    return heapUsed + arrayBuffers;
  };
  const rows = (
    [
      [400, 399],
      [1_000, 100],
      [10_000, 20],
    ] as const
  ).map(([n, rounds]) => {
    const ids = Array.from({ length: n }, (_, i) => `person-${i}`);
    const before = used();
    const history = new History();
    // The circle method: every pair once, at no cost of its own.
    for (let round = 0; round < rounds; round++) {
      const ring = ids.slice(1).map((_, i) => ids[1 + ((i + round) % (n - 1))] ?? "");
      const line = [ids[0] ?? "", ...ring];
      history.add(line.slice(0, n / 2).map((id, i) => [id, line[n - 1 - i] ?? ""]));
    }
    const bytes = (used() - before) / history.pairs;
    must(bytes <= 100, `${bytes.toFixed(0)} bytes a pair of ${n}`);
    return [`${n}`, `${history.pairs}`, bytes.toFixed(0)];
  });
  print(["memory, n", "pairs that met", "bytes a pair"], rows);
}
