import { describe, expect, it } from "vitest";
import { History, joinRound, PairingError, pairRound } from "../../src/pairing/index.ts";

const good = { present: ["a", "b", "c", "d"], history: new History(), seed: "" };

/** What comes over a wire is not what the types say: each of these is what a caller got wrong. */
const wrong: [string, object, string][] = [
  ["somebody is present twice", { present: ["a", "b", "a"] }, "repeated-member"],
  ["somebody present is a number", { present: ["a", 7] }, "not-a-string"],
  ["those present are no list", { present: "ab" }, "not-a-list"],
  ["the seed is missing", { seed: undefined }, "not-a-string"],
  ["the history is another's", { history: { rounds: 0 } }, "not-a-history"],
  ["somebody is excluded from themselves", { exclusions: [["a", "a"]] }, "excluded-from-oneself"],
  ["an exclusion names one person", { exclusions: [["a"]] }, "bad-exclusion"],
  ["an exclusion names a number", { exclusions: [["a", 1]] }, "not-a-string"],
  ["a circle is no string", { circles: new Map([["a", 3]]) }, "bad-circle"],
  ["a circle is null", { circles: new Map([["a", null]]) }, "bad-circle"],
  ["the circles are no map", { circles: { a: "x" } }, "bad-circle"],
  ["groups of one", { groupSize: 1 }, "bad-group-size"],
  ["groups of six", { groupSize: 6 }, "bad-group-size"],
  ["groups of two and a half", { groupSize: 2.5 }, "bad-group-size"],
  ["the mode is unknown", { mode: "mix" }, "bad-mode"],
];

function refusal(call: () => unknown): PairingError {
  try {
    call();
  } catch (error) {
    if (error instanceof PairingError) return error;
    throw error;
  }
  throw new Error("It was not refused.");
}

describe("a wrong input is refused", () => {
  it.each(wrong)("where %s", (_, part, code) => {
    // The casts in this file hand over what the types forbid; that is the point of it.
    const error = refusal(() => pairRound({ ...good, ...part } as typeof good));
    expect(error.code).toBe(code);
    expect(error.message).toMatch(/^[A-Z`"].*\.$|, at \d+\.$/);
  });

  it.each([
    ["a person alone", [["a"]], "held-alone"],
    ["nobody", [[]], "held-alone"],
    ["somebody twice", [["a", "b", "a"]], "repeated-member"],
    ["a number", [["a", 1]], "not-a-string"],
    ["a name where a group should be", ["ab"], "held-alone"],
  ])("where a held group has %s, and the history stays as it was", (_, groups, code) => {
    const history = History.from([[["a", "b"]]]);
    expect(refusal(() => history.add(groups as string[][])).code).toBe(code);
    expect([history.rounds, history.pairs]).toEqual([1, 1]);
  });

  it("where a late comer is in the round already, or is no string", () => {
    const round = pairRound(good);
    expect(refusal(() => joinRound(round, "a", good)).code).toBe("already-seated");
    expect(refusal(() => joinRound(round, 7 as unknown as string, good)).code).toBe("not-a-string");
  });
});

describe("what has no effect", () => {
  it("is an exclusion or a circle of somebody absent", () => {
    const round = pairRound({ ...good, circles: new Map([["a", "x"]]) });
    const more = {
      exclusions: [["a", "z"]] as const,
      circles: new Map([
        ["a", "x"],
        ["z", "y"],
      ]),
    };
    expect(pairRound({ ...good, ...more })).toEqual(round);
  });
});

describe("a few people", () => {
  it("are one group, or wait", () => {
    const groups = (present: string[], groupSize: 2 | 3 | 4 | 5 = 2) =>
      pairRound({ ...good, present, groupSize }).groups.map((group) => group.length);
    expect(groups([])).toEqual([]);
    expect(groups(["a"])).toEqual([]);
    expect(groups(["a", "b"])).toEqual([2]);
    expect(groups(["a", "b", "c"])).toEqual([3]);
    expect(groups(["a", "b"], 5)).toEqual([2]);
    expect(groups(["a", "b", "c", "d", "e", "f", "g"], 4)).toEqual([4, 3]);
  });
});
