import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { History, pairRound, type RoundInput } from "../../src/pairing/index.ts";

const people = (n: number): string[] => Array.from({ length: n }, (_, i) => `p${i}`);
const anyRoom = fc.record({
  n: fc.integer({ min: 0, max: 24 }),
  rounds: fc.array(fc.array(fc.tuple(fc.nat(23), fc.nat(23)), { maxLength: 12 }), { maxLength: 6 }),
  exclusions: fc.array(fc.tuple(fc.nat(23), fc.nat(23)), { maxLength: 20 }),
  circles: fc.option(fc.array(fc.nat(4), { minLength: 24, maxLength: 24 })),
  mode: fc.constantFrom("any" as const, "bridge" as const, "bond" as const),
  groupSize: fc.constantFrom(2 as const, 3 as const, 4 as const, 5 as const),
  seed: fc.string(),
});

function inputOf(room: typeof anyRoom extends fc.Arbitrary<infer T> ? T : never): RoundInput {
  const named = (pairs: readonly (readonly [number, number])[]) =>
    pairs.filter(([a, b]) => a !== b).map(([a, b]) => [`p${a}`, `p${b}`] as const);
  const { circles } = room;
  return {
    present: people(room.n),
    history: History.from(room.rounds.map(named)),
    exclusions: named(room.exclusions),
    ...(circles ? { circles: new Map(people(24).map((id, i) => [id, `c${circles[i]}`])) } : {}),
    mode: room.mode,
    groupSize: room.groupSize,
    seed: room.seed,
  };
}

describe("every round", () => {
  it("seats each person once or leaves them out with a reason, and never breaks an exclusion", () => {
    fc.assert(
      fc.property(anyRoom, (room) => {
        const input = inputOf(room);
        const round = pairRound(input);
        const seated = [...round.groups.flat(), ...round.leftOut.map(({ member }) => member)];
        expect(seated.sort()).toEqual([...input.present].sort());
        const barred = new Set(input.exclusions?.flatMap(([a, b]) => [`${a} ${b}`, `${b} ${a}`]));
        for (const group of round.groups) {
          expect(group.length).toBeGreaterThan(1);
          for (const a of group) for (const b of group) expect(barred.has(`${a} ${b}`)).toBe(false);
        }
      }),
      { numRuns: 300 },
    );
  });

  it("is the same whatever the order of those present", () => {
    fc.assert(
      fc.property(anyRoom, (room) => {
        const input = inputOf(room);
        expect(pairRound({ ...input, present: [...input.present].reverse() })).toEqual(pairRound(input));
      }),
      { numRuns: 100 },
    );
  });
});
