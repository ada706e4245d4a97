import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { History, joinRound, pairRound } from "../../src/pairing/index.ts";
import { people, randomRoom, tiesOf } from "./oracles.ts";

describe("a late comer", () => {
  it("changes at most one group, breaks no exclusion, and the counts stay true", () => {
    fc.assert(
      fc.property(fc.nat(20), fc.nat(80), fc.nat(60), fc.nat(), (n, met, excluded, seed) => {
        const whole = randomRoom(n + 1, met, excluded, `join ${seed}`);
        const late = `p${n}`;
        const input = {
          ...whole,
          present: people(n),
          circles: new Map(people(n + 1).map((id, i) => [id, `${i % 3}`])),
        };
        const before = pairRound(input);
        const after = joinRound(before, late, input);
        const kept = after.groups.filter((group) => before.groups.includes(group));
        expect(after.groups.length - kept.length).toBeLessThanOrEqual(1);
        expect(before.groups.length - kept.length).toBeLessThanOrEqual(1);
        const everybody = [...after.groups.flat(), ...after.leftOut.map(({ member }) => member)];
        expect(everybody.sort()).toEqual(people(n + 1).sort());
        const ties = after.groups.flatMap(tiesOf);
        expect(after.repeats).toBe(ties.filter(([a, b]) => whole.history.timesMet(a, b) > 0).length);
        expect(after.bridging).toBe(ties.filter(([a, b]) => input.circles.get(a) !== input.circles.get(b)).length);
        for (const [a, b] of ties) {
          expect(whole.exclusions.some((pair) => pair.includes(a) && pair.includes(b))).toBe(false);
        }
      }),
      { numRuns: 150 },
    );
  });

  it("sits down with somebody who waits, before making a pair a trio", () => {
    const input = {
      present: ["a", "b", "c"],
      history: new History(),
      exclusions: [
        ["a", "b"],
        ["b", "c"],
      ] as const,
      seed: "",
    };
    const round = pairRound(input);
    expect(round.leftOut.map(({ member }) => member)).toEqual(["b"]);
    const joined = joinRound(round, "d", input);
    expect(joined.leftOut).toEqual([]);
    expect(joined.groups).toContainEqual(["b", "d"]);
  });

  it("joins those they did not meet, and waits where nobody may sit with them", () => {
    const history = History.from([
      [
        ["a", "late"],
        ["b", "late"],
      ],
    ]);
    const input = {
      present: ["a", "b", "c", "d"],
      history,
      exclusions: [
        ["a", "c"],
        ["a", "d"],
      ] as const,
      seed: "",
    };
    const joined = joinRound(pairRound(input), "late", input);
    expect(joined.groups.find((group) => group.includes("late"))).toEqual(expect.arrayContaining(["c", "d"]));
    const barred = { ...input, exclusions: ["a", "b", "c", "d"].map((id) => [id, "late"] as const) };
    expect(joinRound(pairRound(barred), "late", barred).leftOut).toEqual([
      { member: "late", reason: "excluded-from-all" },
    ]);
  });
});
