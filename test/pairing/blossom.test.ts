import { describe, expect, it } from "vitest";
import { Blossom, NEVER } from "../../src/pairing/blossom.ts";
import { Chance } from "../../src/pairing/chance.ts";
import { leastByTrying } from "./oracles.ts";

/** A square of random costs; `gaps` in a hundred edges are missing. */
function square(n: number, most: number, gaps: number, seed: string): Float64Array {
  const chance = new Chance(seed);
  const cost = new Float64Array(n * n).fill(NEVER);
  for (let a = 0; a < n; a++) {
    for (let b = 0; b < a; b++) {
      if (chance.below(100) >= gaps) cost[a * n + b] = cost[b * n + a] = chance.below(most);
    }
  }
  return cost;
}

function costOf(mates: Int32Array, cost: Float64Array): number {
  const n = mates.length;
  mates.forEach((b, a) => {
    expect(mates[b]).toBe(a);
    expect(b).not.toBe(a);
  });
  return mates.reduce((sum, b, a) => (a < b ? sum + (cost[a * n + b] ?? NEVER) : sum), 0);
}

describe("the cheapest perfect matching", () => {
  it("costs what trying them all costs, or is refused where there is none", () => {
    for (let run = 0; run < 6_000; run++) {
      const n = 2 + 2 * (run % 5);
      const cost = square(n, [2, 3, 5, 50, 100_000][(run % 7) % 5] ?? 2, run % 90, `try ${run}`);
      const mates = new Blossom(n, cost).solve();
      expect(mates ? costOf(mates, cost) : NEVER).toBe(leastByTrying(n, cost));
    }
  });

  it("is the same from any matching it starts with", () => {
    for (let run = 0; run < 300; run++) {
      const n = 8 + 2 * (run % 12);
      const cost = square(n, 4, 20, `start ${run}`);
      const start = Int32Array.from({ length: n }, (_, i) => i ^ 1);
      const [cold, warm] = [new Blossom(n, cost).solve(), new Blossom(n, cost, start).solve()];
      expect(warm && costOf(warm, cost)).toBe(cold && costOf(cold, cost));
    }
  });
});
