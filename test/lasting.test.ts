/** More than a year among the alumni, on a real file: what is kept stays of one size, and nothing is older than was said. */

import { statSync } from "node:fs";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { expect, test } from "vitest";
import { seededChance } from "../src/chance.ts";
import { systemClock, VirtualClock } from "../src/clock.ts";
import { Company } from "../src/company.ts";
import type { Inbound, Log, MessageRef, Place, UserId } from "../src/platform.ts";
import { instantOf } from "../src/programme.ts";
import { openStore } from "../src/store/open.ts";
import type { Store } from "../src/store/store.ts";
import { scripted } from "./scripted.ts";
import { newFolder } from "./store/fresh.ts";
import { pack, say } from "./stories/stage.ts";

/** How many days; 400 in continuous integration. */
const { LASTING = "110" } = process.env;
const DAYS = Number(LASTING);
/** Looked at every so many days, from the hundredth on: by then the first words have been let go of. */
const STEP = DAYS < 400 ? 10 : 100;
const DAY = 86_400_000;
const PEOPLE = Array.from({ length: 12 }, (_, nth) => `person-${nth}`);
const ZONE = "Europe/London";
const log: Log = { debug() {}, info() {}, warn() {}, error() {} };
setFlagsFromString("--expose-gc");
const collectGarbage: () => void = runInNewContext("gc");

async function alumni(store: Store) {
  const clock = new VirtualClock(instantOf("2027-01-01", "00:00", ZONE));
  const { platform } = scripted();
  const defaults = { zone: ZONE, programme: "alumni" };
  const around = { store, clock, chance: seededChance("lasting"), log, say, pack, facilitators: [], defaults };
  const company = new Company({ ...around, platforms: [platform] });
  await company.open();
  const ears = await company.earsFor(platform);
  const community = await company.seed({ platform, channel: "c", programme: "alumni", zone: ZONE });
  for (const person of PEOPLE) {
    const { id } = await company.office.roster.meet(platform, person as UserId);
    await company.office.participation.say(community.id, id, true);
  }
  return { clock, company, community, ears };
}

let events = 0;
const reply = (by: string, place: Place, at: number): Inbound => ({
  kind: "replied",
  event: `event-${++events}`,
  by: { id: by as UserId },
  at,
  place,
  message: `reply-${events}` as MessageRef,
  text: `What I noticed, number ${events}: ${"somebody asked me how I was. ".repeat(5)}`,
  version: 0,
});

/** A day: what is due is held, and some people say something in the newest thread. */
async function live({ clock, company, community, ears }: Awaited<ReturnType<typeof alumni>>): Promise<void> {
  const end = clock.now() + DAY;
  const setting = () => company.office.communities.get(community.id).then((one) => one && company.setting(one));
  for (;;) {
    const now = await setting();
    const next = now && (await company.timekeeper.next(now));
    if (!next || next.at >= end) break;
    await clock.advanceTo(next.at);
    await company.timekeeper.tick();
    await clock.advance(60_000);
  }
  const thread = (await company.office.prompts.of(community.id)).at(-1)?.thread;
  const said = thread ? PEOPLE.slice(0, 3).map((who) => ears.take(reply(who, thread, clock.now()))) : [];
  await Promise.all(said);
  await company.idle();
  await clock.advanceTo(end);
}

interface Measured {
  readonly day: number;
  readonly records: number;
  readonly file: number;
  readonly heap: number;
  readonly by: Readonly<Record<string, number>>;
}

async function measure(store: Store, file: string, day: number): Promise<Measured> {
  await store.scrub();
  collectGarbage();
  const all = await store.range("", undefined, 1_000_000);
  const by: Record<string, number> = {};
  for (const { key } of all) by[key.split("/")[0] ?? ""] = (by[key.split("/")[0] ?? ""] ?? 0) + 1;
  return {
    day,
    records: all.length,
    file: statSync(file).size / 2 ** 20,
    heap: process.memoryUsage().heapUsed / 2 ** 20,
    by,
  };
}

/** What lets go of itself; the others stay by design: who met whom, which quotes were used, what was asked. */
const LET_GO = ["answers", "typed", "seen", "sends", "occurrences"];

test(`promise 34: over ${LASTING} days memory and disk stay bounded`, { timeout: 300_000 }, async () => {
  const folder = newFolder();
  const store = await openStore({ url: `sqlite:${folder.file}`, clock: systemClock, log });
  const life = await alumni(store);
  const series: Measured[] = [];
  let oldest = 0;
  for (let day = 1; day <= DAYS; day++) {
    await live(life);
    if (day >= 100 && day % STEP === 0) series.push(await measure(store, folder.file, day));
    const answers = day % 10 ? [] : await life.company.office.answers.in(life.community.id);
    oldest = Math.max(oldest, ...answers.map(({ at }) => (life.clock.now() - at) / DAY));
  }
  const [first, last] = [series[0], series.at(-1)];
  if (!first || !last || first === last) throw new Error("Too few days to compare.");
  const perDay = (last.file - first.file) / (last.day - first.day);
  const all = (of: (one: Measured) => string) => series.map(of).join(", ");
  console.info(
    `promise 34: after ${all(({ day }) => `${day}`)} days: file ${all(({ file }) => file.toFixed(2))} MB, heap ${all(({ heap }) => heap.toFixed(0))} MB, records ${all(({ records }) => `${records}`)}; ${perDay.toFixed(4)} MB/day`,
  );
  console.info(`promise 58: oldest answer ${oldest.toFixed(1)} days`);
  for (const name of LET_GO) expect(last.by[name] ?? 0, name).toBeLessThan((first.by[name] ?? 0) * 1.1 + 20);
  expect(last.heap).toBeLessThan(first.heap + 10);
  expect(perDay).toBeLessThan(0.01);
  expect(oldest).toBeGreaterThan(85);
  expect(oldest).toBeLessThan(92);
  await store.close();
  folder.remove();
});
