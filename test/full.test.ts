/** A disk without room, under the whole core on a real file: nothing sent, nothing acknowledged, one notice, and on it goes. */
import { DatabaseSync } from "@photostructure/sqlite";
import { expect, test } from "vitest";
import { seededChance } from "../src/chance.ts";
import { VirtualClock } from "../src/clock.ts";
import { Company } from "../src/company.ts";
import type { Inbound, Log, MessageRef, Place, UserId } from "../src/platform.ts";
import { instantOf } from "../src/programme.ts";
import { storeOver } from "../src/store/driver.ts";
import { SqliteDriver } from "../src/store/sqlite.ts";
import { StoreError } from "../src/store/store.ts";
import { CHANNEL, scripted } from "./scripted.ts";
import { newFolder, opening } from "./store/fresh.ts";
import { pack, say } from "./stories/stage.ts";

const ZONE = "Europe/London";
const log: Log = { debug() {}, info() {}, warn() {}, error() {} };

/** A workshop on the morning of day one, in the round; the disk's room is in the test's hands. */
async function workshop() {
  const folder = newFolder();
  await (await opening(folder.file)).close();
  const clock = new VirtualClock(instantOf("2027-12-06", "10:09", ZONE));
  const db = new DatabaseSync(folder.file, { timeout: 0 });
  const store = storeOver(new SqliteDriver(db, folder.file, clock));
  const { platform, posts } = scripted();
  const facilitators = [{ platform: "scripted", id: "maggie" }];
  const defaults = { zone: ZONE, programme: "workshop" };
  const around = { store, clock, chance: seededChance("full"), log, say, pack, facilitators, defaults };
  const company = new Company({ ...around, platforms: [platform] });
  await company.open();
  const ears = await company.earsFor(platform);
  const days = { dayOne: "2027-12-06", dayTwo: "2027-12-07" };
  const community = await company.seed({ platform, channel: "c", programme: "workshop", zone: ZONE, ...days });
  async function passes(seconds: number, step = Math.min(seconds, 5)): Promise<void> {
    for (let passed = 0; passed < seconds; passed += step) {
      await clock.advance(step * 1_000);
      await company.timekeeper.tick().catch(() => {});
    }
  }
  const pages = (limit: number) => db.exec(`PRAGMA max_page_count = ${limit}`);
  async function fill(): Promise<void> {
    pages(1);
    const fits = (size: number) => store.batch([{ key: `filler/${clock.now()}/${size}`, value: "x".repeat(size) }]);
    for (let size = 4_000; size > 0; size >>= 1)
      for (let nth = 0; nth < 50; nth++) await Promise.all([fits(size + nth), clock.settle(2)]).catch(() => {});
  }
  const close = async () => {
    await store.close();
    folder.remove();
  };
  return { clock, company, community, ears, posts, passes, fill, pages, close };
}

const reply = (nth: number, place: Place, at: number): Inbound => ({
  kind: "replied",
  event: `event-${nth}`,
  by: { id: "ana" as UserId },
  at,
  place,
  message: `reply-${nth}` as MessageRef,
  text: `I'm here because of ${nth}: ${"a long story, ".repeat(20)}`,
  version: 0,
});

test("promise 27: a full disk: nothing is sent, nothing acknowledged, a facilitator told once, and it goes on without a restart", async () => {
  const { clock, company, community, ears, posts, passes, fill, pages, close } = await workshop();
  await passes(90);
  const [prompt] = await company.office.prompts.of(community.id);
  const thread = prompt?.thread ?? CHANNEL;
  await fill();
  const before = posts.length;
  let refused = 0;
  // Over the next block, at 10:40, and as long as its window is open.
  for (let minute = 0; minute < 32; minute++) {
    for (const nth of [1, 2]) {
      const taken = ears.take(reply(nth, thread, clock.now()));
      await Promise.all([
        taken.catch((error: unknown) => {
          expect(error).toBeInstanceOf(StoreError);
          refused++;
        }),
        clock.settle(),
      ]);
    }
    await passes(60);
  }
  const told = posts.filter(({ place }) => place === "private-maggie");
  expect([refused, told.length, posts.length - before]).toEqual([64, 1, 1]);
  expect(JSON.stringify(told)).toContain("There is no room left on the disk");

  pages(100_000);
  const room = clock.now();
  await Promise.all([ears.take(reply(1, thread, room)), ears.take(reply(2, thread, room)), clock.settle()]);
  let seconds = 0;
  while (posts.length === before + 1 && seconds++ < 120) await passes(1);
  await passes(5);
  expect(posts.length).toBeGreaterThan(before + 1);
  expect(await company.office.answers.in(community.id)).toHaveLength(2);
  console.info(
    `promise 27: ${refused} events refused, sent meanwhile 0, notices ${told.length}; resumed ${seconds} s after there was room`,
  );
  await close();
});
