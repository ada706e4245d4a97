import { expect, test } from "vitest";
import type { Hall } from "../src/activities/activity.ts";
import { digest, seededChance } from "../src/chance.ts";
import { VirtualClock } from "../src/clock.ts";
import { Company } from "../src/company.ts";
import { Inbox } from "../src/inbox.ts";
import { Outbox } from "../src/outbox.ts";
import {
  type Heard,
  type Log,
  type MessageRef,
  type Page,
  type Place,
  PlatformError,
  type UserId,
} from "../src/platform.ts";
import type { Prompt } from "../src/prompts.ts";
import { ReadBack } from "../src/readback.ts";
import { memoryStore } from "../src/store/memory.ts";
import { scripted } from "./scripted.ts";
import { pack, say } from "./stories/stage.ts";

const START = Date.UTC(2027, 11, 6, 9);
const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;
const log: Log = { debug() {}, info() {}, warn() {}, error() {} };
const PROMPT = { id: "prompt", community: "c", message: "m0", thread: "thread", openedAt: START } as unknown as Prompt; // what a reader asks of it

const item = (ref: string, at: number, mine = false, text = `words of ${ref}`): Heard => ({
  message: ref as MessageRef,
  by: (mine ? "bot" : "ana") as UserId,
  mine,
  human: !mine,
  text,
  at: START + at,
  version: 0,
});
const asked = item("m0", 0, true);
const later = item("m9", 9_000, true);

/** A reader over pages that a test writes; `known` are replies that are kept, with the instant they were typed at. */
function desk(
  pages: () => readonly Heard[] | "unknown" | "denied" | "invalid" | "unsupported",
  known: readonly Heard[] = [],
  perPage = 2,
  prompt = PROMPT,
) {
  const clock = new VirtualClock(START + MINUTE);
  const store = memoryStore(clock);
  const inbox = new Inbox({ store, clock, log });
  const { platform } = scripted();
  platform.history = async (_place: Place, next?: string): Promise<Page> => {
    const all = pages();
    if (typeof all === "string") throw new PlatformError(all, "a history");
    const from = Number(next ?? 0);
    return {
      items: all.slice(from, from + perPage),
      ...(from + perPage < all.length ? { next: String(from + perPage) } : {}),
    };
  };
  const retracted: string[] = [];
  const heard: string[] = [];
  const hall = {
    clock,
    log,
    outbox: new Outbox({ store, clock, log }),
    communities: { all: async () => [{ id: "c", platform: "scripted" }] },
    prompts: { of: async () => [prompt], get: async () => prompt, threadsOf: async () => [PROMPT.thread] },
    answers: {
      typedTo: async () => new Map(known.map(({ message, at }) => [digest(message), at])),
      retractSource: async (_community: string, source: string, _at: number) => void retracted.push(source),
    },
  } as unknown as Hall; // what a reader asks of the hall
  void inbox.open(new Set(["scripted"]), async ({ event }) => {
    if (event.kind === "replied") heard.push(event.text);
  });
  const told: string[] = [];
  const unread = async (_prompt: Prompt, why: string) => void told.push(why);
  return { clock, retracted, heard, told, reader: new ReadBack({ hall, inbox, platform, unread }) };
}

test("promise 18: replies typed while nobody listened are taken, page after page, within two minutes of the start", async () => {
  const replies = Array.from({ length: 31 }, (_, nth) => item(`r${nth}`, nth));
  const { clock, heard, reader } = desk(() => [asked, ...replies, later], [], 15);
  reader.all();
  await clock.advance(2 * MINUTE);
  await clock.settle(200);
  expect(heard).toEqual(replies.map(({ text }) => text));
  console.info(`promise 18: ${heard.length} of ${replies.length} replies recovered, in three pages`);
});

test.each([
  ["an hour ago", START - 60 * MINUTE, ["words of r1"]],
  ["two days ago", START - 48 * 60 * MINUTE, []],
])("promise 18: of a prompt that was closed %s", async (_when, closedAt, read) => {
  const { clock, heard, reader } = desk(() => [asked, item("r1", 1), later], [], 15, { ...PROMPT, closedAt });
  reader.all();
  await clock.advance(2 * MINUTE);
  await clock.settle(50);
  expect(heard).toEqual(read);
});

test("promise 25: every reconnect reads again, and one that comes while it reads is not forgotten", async () => {
  const all = [asked, item("r1", 1)];
  const { clock, heard, reader } = desk(() => all);
  reader.all();
  await clock.advance(70_000);
  all.push(item("r2", 2));
  reader.all();
  await clock.advance(10_000);
  all.push(item("r3", 3));
  reader.all();
  await clock.advance(5 * MINUTE);
  expect(heard).toEqual(["words of r1", "words of r2", "words of r3"]);
});

test("promise 20: what two whole reads lack was taken back, and is forgotten", async () => {
  const gone = item("r1", 1);
  const { clock, retracted, reader } = desk(() => [asked, item("r2", 2), later], [gone, item("r2", 2)]);
  reader.all();
  await clock.advance(3 * MINUTE);
  expect(retracted).toEqual([digest("r1")]);
});

const KNOWN = Array.from({ length: 100 }, (_, nth) => item(`k${nth}`, nth));

test.each<[string, () => readonly Heard[] | "unknown" | "denied" | "invalid" | "unsupported", string[]]>([
  ["an empty history", () => [], [""]],
  ["a history without our prompt", () => [item("r2", 2), later], [""]],
  ["a history that is refused", () => "denied", ["a history"]],
  ["a history that does not answer", () => "unknown", [""]],
  ["a history that is asked for wrongly", () => "invalid", ["a history"]],
  ["a history that there is not", () => "unsupported", ["a history"]],
  // The page that has it may still come.
  ["no later message of ours", () => [asked, item("r2", 2)], []],
])("promise 21: %s takes nothing back, and is told once where somebody may mend it", async (_what, pages, why) => {
  const { clock, retracted, told, reader } = desk(pages, KNOWN);
  reader.all();
  await clock.advance(80 * MINUTE);
  reader.all();
  await clock.advance(10 * MINUTE);
  expect([retracted, told]).toEqual([[], why]);
});

test("promise 21: one read that lacks it, and one that has it, take nothing back", async () => {
  let reads = 0;
  const reply = item("r1", 1);
  const { clock, retracted, reader } = desk(
    () => (reads++ === 0 ? [asked, later] : [asked, reply, later]),
    [reply],
    50,
  );
  reader.all();
  await clock.advance(3 * MINUTE);
  expect([reads, retracted]).toEqual([2, []]);
});

test("promise 21: a thread that answers late is no matter for anybody", async () => {
  let fails = 2;
  const { clock, told, reader } = desk(() => (fails-- > 0 ? "unknown" : [asked, later]));
  reader.all();
  await clock.advance(80 * MINUTE);
  expect(told).toEqual([]);
});

test("promise 21: a text that we may not read is no empty reply", async () => {
  const { clock, heard, reader } = desk(() => [asked, item("r1", 1, false, ""), item("r2", 2)]);
  reader.all();
  await clock.advance(3 * MINUTE);
  expect(heard).toEqual(["words of r2"]);
});

test("a thread that could not be read has another turn", async () => {
  let fails = 40;
  const { clock, heard, reader } = desk(() => (fails-- > 0 ? "unknown" : [asked, item("r1", 1)]));
  reader.one(PROMPT);
  await clock.advance(3 * 60 * MINUTE);
  expect(heard).toEqual(["words of r1"]);
});

test.each(["unknown", "invalid", "unsupported"] as const)(
  "promise 21: a thread that always answers %s is read a bounded number of times, however often we connect",
  async (fault) => {
    let reads = 0;
    const count = () => {
      reads++;
      return fault;
    };
    // Too old on the fifth day of the week.
    const old = { ...PROMPT, openedAt: START - (21 - 5) * DAY };
    const { clock, reader } = desk(count, [], 2, old);
    const days: number[] = [];
    for (let day = 0; day < 7; day++, reads = 0) {
      for (let hour = 0; hour < 24; hour++) {
        reader.all();
        await clock.advance(60 * MINUTE);
      }
      days.push(reads);
    }
    // One pair an hour; where waiting may mend it, each of the pair is tried for a quarter of an hour, twenty times.
    expect(Math.max(...days)).toBeLessThanOrEqual(24 * 2 * (fault === "unknown" ? 21 : 1));
    expect(days.slice(6)).toEqual([0]);
    console.info(`promise 21: hourly connects over a thread that answers ${fault}: ${Math.max(...days)} reads a day`);
  },
);

test("promise 21: the facilitators read which prompt it is, once, however often we connect", async () => {
  const clock = new VirtualClock(START);
  // Its history is always empty: as on a platform that shows nothing to whoever may not read.
  const { platform, posts } = scripted();
  const store = memoryStore(clock);
  const defaults = { zone: "UTC", programme: "workshop" };
  const facilitators = [{ platform: "scripted", id: "maggie" }];
  const around = { store, clock, chance: seededChance("unread"), log, say, pack, facilitators, defaults };
  const company = new Company({ ...around, platforms: [platform] });
  await company.open();
  const ears = await company.earsFor(platform);
  const days = { dayOne: "2027-12-06", dayTwo: "2027-12-07" };
  const community = await company.seed({ platform, channel: "c", programme: "workshop", zone: "UTC", ...days });
  const setting = company.setting(community);
  if (setting) await company.timekeeper.byHand(setting, { activity: "round" }, "A round", "event");
  for (let connects = 0; connects < 3; connects++) {
    ears.connected();
    for (let nth = 0; nth < 30; nth++) {
      await clock.advance(5_000);
      await company.timekeeper.tick();
    }
  }
  const told = posts.filter(({ place }) => place === "private-maggie").map(({ message }) => JSON.stringify(message));
  expect(told).toEqual([expect.stringContaining("I cannot read what is said under")]);
});
