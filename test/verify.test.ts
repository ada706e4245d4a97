import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { verifyPairs } from "../src/cli/pairs.ts";
import { systemClock } from "../src/clock.ts";
import { Communities, type Community } from "../src/communities.ts";
import { pairRound, VERSION } from "../src/pairing/index.ts";
import type { Place } from "../src/platform.ts";
import { historyOf, type RoundOfPairs, Rounds } from "../src/rounds.ts";
import { openStore } from "../src/store/open.ts";

const present = ["ana", "ben", "cleo", "dev"];

function round(number: number, before: readonly RoundOfPairs[]): RoundOfPairs {
  const dealt = { seed: `s${number}`, mode: "any", groupSize: 2, present, exclusions: [], notMet: [] } as const;
  const result = pairRound({ ...dealt, history: historyOf(before) });
  const { groups, leftOut } = result;
  return {
    id: `r${number}`,
    number,
    at: 0,
    dealt: { ...dealt, version: VERSION },
    result,
    groups,
    waiting: leftOut,
    met: {},
  };
}

/** A room's store as a bot leaves it, with two rounds, the second as given. */
async function leave(folder: string, second: (dealt: RoundOfPairs) => RoundOfPairs): Promise<void> {
  const log = { debug() {}, info() {}, warn() {}, error() {} };
  const store = await openStore({ url: `sqlite:${join(folder, "room.db")}`, clock: systemClock, log });
  const community: Community = {
    ...{ id: "c", platform: "room", place: "room/place" as Place, pack: "p", programme: "workshop", zone: "UTC" },
    ...{ dayOne: "", dayTwo: "", starts: "2027-01-01", run: 1, seed: "s", running: true, moved: {}, cursor: 0 },
  };
  const first = round(1, []);
  const rounds = new Rounds(store);
  await store.batch([
    new Communities(store).put(community),
    rounds.put("c", first),
    rounds.put("c", second(round(2, [first]))),
  ]);
  await store.close();
}

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "together-"));
  vi.stubEnv("DATABASE_URL", `sqlite:${join(folder, "together.db")}`);
});
afterEach(() => vi.unstubAllEnvs());

test("a round dealt again from its record is the same", async () => {
  await leave(folder, (dealt) => dealt);
  const { good, lines } = await verifyPairs("all");
  expect(good).toBe(true);
  expect(lines).toEqual([
    "good  room/workshop, round 1 (4 people, seed s1): dealt again, it is the same.",
    "good  room/workshop, round 2 (4 people, seed s2): dealt again, it is the same.",
  ]);
});

test("a record that was changed is found out, and the round before it stands", async () => {
  await leave(folder, (dealt) => ({
    ...dealt,
    result: { ...dealt.result, groups: [...dealt.result.groups].reverse() },
  }));
  expect(await verifyPairs("1")).toMatchObject({ good: true });
  expect(await verifyPairs("2")).toEqual({
    good: false,
    lines: ["BAD   room/workshop, round 2 (4 people, seed s2): dealt again, it is another. The record was changed."],
  });
});

test("a round with somebody who has been forgotten since cannot be dealt again, and says so", async () => {
  await leave(folder, (dealt) => ({ ...dealt, incomplete: true }));
  const { good, lines } = await verifyPairs("2");
  expect([good, lines[0]]).toEqual([true, expect.stringContaining("has been forgotten since")]);
});

test("a round that is not there is named", async () => {
  await leave(folder, (dealt) => dealt);
  expect(await verifyPairs("9")).toEqual({
    good: false,
    lines: ["There is no round 9. A round is named by its number, 1 for the first; or say all."],
  });
});
