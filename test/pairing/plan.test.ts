import { describe, expect, it } from "vitest";
import { modeOfRound } from "../../src/pairing/plan.ts";

describe("the default plan", () => {
  it("bonds first and bridges from then on; without circles there is neither", () => {
    expect([0, 1, 2, 3].map((round) => modeOfRound(round, true))).toEqual(["bond", "bridge", "bridge", "bridge"]);
    expect(modeOfRound(0, false)).toBe("any");
  });

  it.each(["bond", "any"] as const)("bridges in any three rounds in a row, even where %s is wished for", (wish) => {
    const modes = Array.from({ length: 30 }, (_, round) => modeOfRound(round, true, wish));
    for (let round = 0; round + 3 <= 30; round++) expect(modes.slice(round, round + 3)).toContain("bridge");
    expect(modes).toContain(wish);
  });

  it("refuses what is no number of a round", () => {
    for (const wrong of [-1, 0.5, Number.NaN]) expect(() => modeOfRound(wrong, true)).toThrow("whole number");
  });
});
