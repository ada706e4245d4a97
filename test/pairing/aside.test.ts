import { describe, expect, it } from "vitest";
import { pairRoundAside } from "../../src/pairing/aside.ts";
import { History, pairRound } from "../../src/pairing/index.ts";

const people = (n: number): string[] => Array.from({ length: n }, (_, i) => `p${i}`);

describe("a round dealt aside", () => {
  it.each([40, 501])("is the round that would be dealt here, for %i people", async (n) => {
    const history = new History();
    history.add(pairRound({ present: people(n), history, seed: "first" }).groups, people(n));
    const input = { present: people(n), history, seed: "second", exclusions: [["p1", "p2"]] as const };
    expect(await pairRoundAside(input)).toEqual(pairRound(input));
  });

  it("refuses what is wrong with the same error", async () => {
    const present = [...people(600), "p1"];
    const refused = pairRoundAside({ present, history: new History(), seed: "" });
    await expect(refused).rejects.toMatchObject({ name: "PairingError", code: "repeated-member" });
  });
});
