import { describe, expect, it } from "vitest";
import { History, pairRound, type RoundInput } from "../../src/pairing/index.ts";
import { webOf } from "../../src/pairing/web.ts";
import { people, tiesOf } from "./oracles.ts";

/** Deals round after round to the same people; the number of clean rounds before the first repeat. */
function season(ids: readonly string[], rounds: number, more: Partial<RoundInput> = {}) {
  const history = new History();
  const held: (readonly (readonly string[])[])[] = [];
  let clean = 0;
  for (let round = 0; round < rounds; round++) {
    const { groups, repeats } = pairRound({ present: ids, history, seed: `season ${round}`, ...more });
    if (repeats === 0 && clean === round) clean++;
    history.add(groups, ids);
    held.push(groups);
  }
  return { history, held, clean };
}

describe("an even room that stays together", () => {
  it.each([4, 6, 8, 10, 12, 14, 16, 20, 26, 34, 50, 100])("of %i meets everybody before anybody twice", (n) => {
    expect(season(people(n), n - 1).clean).toBe(n - 1);
  });

  it.each([4, 6, 10, 16])("of %i has met everybody three times after three cycles", (n) => {
    const { history } = season(people(n), 3 * (n - 1));
    for (const [a, b] of tiesOf(people(n))) expect(history.timesMet(a, b)).toBe(3);
  });
});

describe("an odd room that stays together", () => {
  it.each([5, 7, 9, 11, 13, 15, 17, 19, 21, 23, 25, 31, 51])(
    "of %i stays clean nearly as long as can be, with fair trios",
    (n) => {
      const limit = Math.floor((n * (n - 1)) / (n + 3));
      const { clean, history } = season(people(n), limit);
      expect(clean).toBeGreaterThanOrEqual(n < 11 ? limit - 1 : 0.9 * limit);
      const favours = people(n).map((id) => Math.abs(history.favourOf(history.numberOf(id))));
      expect(Math.max(...favours)).toBeLessThan(n < 16 ? 2 : 1.75);
    },
  );
});

describe("circles", () => {
  it.each([[[5, 5, 5, 5]], [[10, 8, 6, 4, 2]], [[20, 5, 5]], [[9, 8, 6]]])(
    "of %j are bridged as far as can be, round after round",
    (sizes) => {
      const names = sizes.flatMap((size, c) => Array.from({ length: size }, () => `circle ${c}`));
      const ids = people(names.length);
      const circles = new Map(ids.map((id, i) => [id, names[i] ?? ""]));
      const largest = Math.max(...sizes);
      const rounds = 2 * largest >= ids.length ? largest : ids.length - largest - (ids.length % 2) * 3;
      const { held, clean } = season(ids, rounds, { circles, mode: "bridge" });
      expect(clean).toBe(rounds);
      const across = held.map(
        (groups) => groups.flatMap(tiesOf).filter(([a, b]) => circles.get(a) !== circles.get(b)).length,
      );
      expect(Math.min(...across)).toBeGreaterThanOrEqual(Math.min(Math.floor(ids.length / 2), ids.length - largest));
    },
  );

  it("keep to themselves in a round of bonding, as far as can be", () => {
    const circles = new Map(people(18).map((id, i) => [id, `circle ${i % 3}`]));
    const round = pairRound({ present: people(18), history: new History(), circles, mode: "bond", seed: "" });
    expect(round.bridging).toBe(0);
    const odd = new Map(people(18).map((id, i) => [id, `circle ${i < 5 ? 0 : i < 12 ? 1 : 2}`]));
    expect(
      pairRound({ present: people(18), history: new History(), circles: odd, mode: "bond", seed: "" }).bridging,
    ).toBe(1);
  });
});

describe("the web", () => {
  it.each(["any", "bridge"] as const)("is in one piece after two rounds, and near after three (%s)", (mode) => {
    for (const n of [4, 5, 6, 7, 8, 9, 10, 12, 16, 20, 31, 44, 60, 100, 200]) {
      const circles = new Map(people(n).map((id, i) => [id, `circle ${i % (n < 12 ? 2 : 5)}`]));
      const { held } = season(people(n), 3, { mode, ...(mode === "bridge" && { circles }) });
      expect(webOf(people(n), held.slice(0, 2)).pieces).toBe(1);
      if (n % 2 === 0 && n >= 20) expect(webOf(people(n), held).meanDistance).toBeLessThanOrEqual(Math.log2(n));
    }
  });
});

describe("groups of three to five", () => {
  it.each([
    [21, 3, 8],
    [32, 4, 6],
    [50, 5, 7],
  ] as const)("(%i people, %i a group) stay clean for %i rounds", (n, groupSize, goal) => {
    expect(season(people(n), goal, { groupSize }).clean).toBe(goal);
  });
});

describe("a large room", () => {
  it("of 3,001 has no repeat, one trio, and nobody left out, with exclusions and circles", () => {
    const ids = people(3_001);
    const circles = new Map(ids.map((id, i) => [id, `circle ${i % 7}`]));
    const exclusions = ids
      .slice(1)
      .map((id, i) => [id, ids[(i * 7) % 3_001] ?? ""] as const)
      .filter(([a, b]) => a !== b);
    const { held, clean } = season(ids, 3, { circles, exclusions, mode: "bridge" });
    expect(clean).toBe(3);
    for (const groups of held) expect(groups.flat()).toHaveLength(3_001);
  });
});
