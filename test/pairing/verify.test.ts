import { describe, expect, it } from "vitest";
import { History, pairRound, VERSION } from "../../src/pairing/index.ts";
import { verifyRound } from "../../src/pairing/verify.ts";
import { people } from "./oracles.ts";

/** Three rounds as a log keeps them, the third still to be checked. */
function logged() {
  const history = new History();
  const held = [0, 1].map((round) => {
    const present = people(9 + round);
    const { groups } = pairRound({ present, history, seed: `log ${round}` });
    history.add(groups, present);
    return { groups, present };
  });
  const circles = { p0: "x", p1: "x", p2: "y" };
  const input = { present: people(9), exclusions: [["p0", "p1"]] as const, mode: "bridge" as const, seed: "log 2" };
  const result = pairRound({ ...input, history, circles: new Map(Object.entries(circles)) });
  return { held, round: { ...input, circles, version: VERSION, cursor: 2, result } };
}

describe("a logged round, dealt again", () => {
  it("is the same, through JSON, whatever was held later", () => {
    const { held, round } = JSON.parse(JSON.stringify(logged())) as ReturnType<typeof logged>;
    const later = { groups: [["p0", "p5"]], present: people(9) };
    expect(verifyRound(round, [...held, later])).toEqual({ verdict: "same" });
  });

  it("is different where somebody changed the log", () => {
    const { held, round } = logged();
    const [[a = "", b = ""] = [], [c = "", d = ""] = [], ...rest] = round.result.groups;
    const changed = { ...round, result: { ...round.result, groups: [[a, c], [b, d], ...rest] } };
    expect(verifyRound(changed, held)).toEqual({ verdict: "different", dealt: round.result });
    expect(verifyRound({ ...round, seed: "another" }, held).verdict).toBe("different");
  });

  it("cannot be checked by another version or without its history, and says so", () => {
    const { held, round } = logged();
    expect(verifyRound({ ...round, version: VERSION + 1 }, held).verdict).toBe("other-version");
    expect(verifyRound(round, held.slice(1))).toMatchObject({
      verdict: "history-missing",
      why: expect.stringContaining("only 1"),
    });
  });
});
