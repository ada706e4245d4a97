import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { History, pairRound, type Round, type RoundInput } from "../../src/pairing/index.ts";
import { fewestRepeats, fewestRepeatsWithTrio, leastLeftOut, people, randomRoom, tiesOf } from "./oracles.ts";

const pairsOf = fc.array(fc.tuple(fc.nat(23), fc.nat(23)), { maxLength: 20 });
const inputs: fc.Arbitrary<RoundInput> = fc
  .record({
    n: fc.integer({ min: 0, max: 24 }),
    rounds: fc.array(pairsOf, { maxLength: 6 }),
    exclusions: pairsOf,
    circles: fc.option(fc.array(fc.nat(4), { minLength: 24, maxLength: 24 })),
    mode: fc.constantFrom("any" as const, "bridge" as const, "bond" as const),
    groupSize: fc.constantFrom(2 as const, 2 as const, 2 as const, 3 as const, 4 as const, 5 as const),
    seed: fc.string(),
  })
  .map(({ n, rounds, exclusions, circles, ...rest }) => ({
    ...rest,
    present: people(n),
    history: History.from(rounds.map(named)),
    exclusions: named(exclusions),
    ...(circles && { circles: new Map(people(24).map((id, i) => [id, `c${circles[i]}`])) }),
  }));

function named(pairs: readonly (readonly [number, number])[]): (readonly [string, string])[] {
  return pairs.filter(([a, b]) => a !== b).map(([a, b]) => [`p${a}`, `p${b}`] as const);
}

const everybodyIn = (round: Round): string[] => [...round.groups.flat(), ...round.leftOut.map(({ member }) => member)];

describe("every round", () => {
  it("has each person once, in a group or left out, and breaks no exclusion", () => {
    fc.assert(
      fc.property(inputs, (input) => {
        const round = pairRound(input);
        expect(everybodyIn(round).sort()).toEqual([...input.present].sort());
        const barred = new Set(input.exclusions?.flatMap(([a, b]) => [`${a} ${b}`, `${b} ${a}`]));
        for (const [a, b] of round.groups.flatMap(tiesOf)) expect(barred.has(`${a} ${b}`)).toBe(false);
      }),
      { numRuns: 200 },
    );
  });

  it("has groups of the size that was asked for, or one more or less", () => {
    fc.assert(
      fc.property(inputs, ({ exclusions, ...input }) => {
        const [n, size] = [input.present.length, input.groupSize ?? 2];
        const lengths = pairRound(input).groups.map((group) => group.length);
        if (n >= 2 * size) for (const length of lengths) expect(Math.abs(length - size)).toBeLessThan(2);
        else if (n > size + 1) expect(lengths.sort()).toEqual([Math.floor(n / 2), Math.ceil(n / 2)]);
        else expect(lengths).toEqual(n < 2 ? [] : [n]);
      }),
      { numRuns: 100 },
    );
  });

  it("counts what it repeats and bridges, and is exact where it repeats nothing", () => {
    fc.assert(
      fc.property(inputs, (input) => {
        const round = pairRound(input);
        const ties = round.groups.flatMap(tiesOf);
        expect(round.repeats).toBe(ties.filter(([a, b]) => input.history.timesMet(a, b) > 0).length);
        const { circles } = input;
        expect(round.bridging).toBe(circles ? ties.filter(([a, b]) => circles.get(a) !== circles.get(b)).length : 0);
        if (round.repeats === 0 && round.leftOut.length === 0) expect(round.exact).toBe(true);
      }),
      { numRuns: 100 },
    );
  });

  it("is the same for the same input, whatever the order of those present, and changes no argument", () => {
    fc.assert(
      fc.property(inputs, (input) => {
        const before = JSON.stringify([input.present, input.exclusions, [...(input.circles ?? [])]]);
        const round = pairRound(input);
        expect(JSON.stringify(pairRound({ ...input, present: [...input.present].reverse() }))).toBe(
          JSON.stringify(round),
        );
        expect(JSON.stringify([input.present, input.exclusions, [...(input.circles ?? [])]])).toBe(before);
      }),
      { numRuns: 60 },
    );
  });

  it("is another one with another seed or a longer history", () => {
    const input = { present: people(40), history: new History(), seed: "a" };
    const longer = History.from([[["x", "y"]]]);
    expect(pairRound(input)).not.toEqual(pairRound({ ...input, seed: "b" }));
    expect(pairRound(input)).not.toEqual(pairRound({ ...input, history: longer }));
  });
});

describe("the fewest repeats", () => {
  it("are those of another's Blossom, for any history and exclusions of an even room", () => {
    for (let run = 0; run < 250; run++) {
      const room = randomRoom(4 + 2 * (run % 14), (run * 37) % 101, run % 3 === 0 ? 20 : 0, `even ${run}`);
      const best = fewestRepeats(room);
      if (best === undefined) continue;
      expect(pairRound(room)).toMatchObject({ repeats: best, leftOut: [], exact: true });
    }
  });

  it("are those of trying every trio in an odd room", () => {
    for (let run = 0; run < 60; run++) {
      const room = randomRoom(5 + 2 * (run % 4), 40 + ((run * 13) % 60), 0, `odd ${run}`);
      const round = pairRound(room);
      expect(round.repeats).toBe(fewestRepeatsWithTrio(room));
      expect(round.exact).toBe(true);
    }
  });
});

describe("who is left out", () => {
  it("are the fewest that exclusions allow, with trios where they help", () => {
    for (let run = 0; run < 500; run++) {
      const room = randomRoom(2 + (run % 9), 30, 30 + ((run * 29) % 65), `forced ${run}`);
      expect(pairRound(room).leftOut).toHaveLength(leastLeftOut(room));
    }
  });

  it("hear why", () => {
    const history = new History();
    const reasons = (present: string[], exclusions: [string, string][]) =>
      pairRound({ present, history, exclusions, seed: "" }).leftOut.map(({ reason }) => reason);
    expect(reasons(["a"], [])).toEqual(["alone"]);
    expect(reasons(["a", "b"], [["a", "b"]])).toEqual(["excluded-from-all", "excluded-from-all"]);
    expect(reasons(["a", "b", "c"], [["a", "b"]])).toEqual(["no-partner-left"]);
    expect(reasons([], [])).toEqual([]);
  });
});
