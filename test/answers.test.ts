/** What people typed, in whatever order its versions reach us; and that what was taken back leaves the disk too. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fc, test as property } from "@fast-check/vitest";
import { afterAll, expect, test } from "vitest";
import { Answers } from "../src/answers.ts";
import { VirtualClock } from "../src/clock.ts";
import type { Log, MessageRef, Place } from "../src/platform.ts";
import type { Prompt } from "../src/prompts.ts";
import { Scrubber } from "../src/scrubber.ts";
import { memoryStore } from "../src/store/memory.ts";
import { newFolder, opening } from "./store/fresh.ts";

const START = Date.UTC(2027, 11, 6, 9);
const log: Log = { debug() {}, info() {}, warn() {}, error() {} };
const MESSAGE = "message" as MessageRef;
const PROMPT: Prompt = {
  id: "communitycommpromptprompt",
  community: "communitycomm",
  activity: "round",
  title: "Why are we here?",
  stems: [{ id: "because", text: "I'm here because …" }],
  message: "asked" as MessageRef,
  sentAs: "asked",
  thread: "thread" as Place,
  openedAt: START,
};
const typing = (text: string, version: number) => ({
  message: MESSAGE,
  text,
  version,
  at: START + version * 1_000,
  edited: version > 0,
});

/** A version of a message by its number, or that it was taken back. */
type Event = number | "gone";
const orders = fc
  .record({
    versions: fc.integer({ min: 1, max: 6 }),
    gone: fc.boolean(),
    repeats: fc.array(fc.nat(6), { maxLength: 4 }),
  })
  .chain(({ versions, gone, repeats }) => {
    const events: Event[] = [
      ...Array.from({ length: versions }, (_, version) => version),
      ...(gone ? ["gone" as const] : []),
    ];
    const again = repeats.flatMap((at) => events[at] ?? []);
    return fc.shuffledSubarray([...events, ...again], { minLength: events.length + again.length });
  });

let permutations = 0;
property.prop(
  { order: orders, waits: fc.array(fc.boolean(), { minLength: 12, maxLength: 12 }) },
  { numRuns: 300, seed: 7 },
)(
  "promise 19: in whatever order its versions come, the newest stands; and nothing where it was taken back",
  async ({ order, waits }) => {
    permutations++;
    const clock = new VirtualClock(START);
    const answers = new Answers(memoryStore(clock));
    const under: Promise<void>[] = [];
    for (const [nth, event] of order.entries()) {
      const heard =
        event === "gone"
          ? answers.retract(PROMPT.community, MESSAGE, START)
          : answers.hear(PROMPT, "ana", typing(`words of version ${event}`, event));
      under.push(heard);
      if (waits[nth]) await heard;
    }
    await Promise.all(under);
    const texts = (await answers.in(PROMPT.community)).map(({ text }) => text);
    const newest = Math.max(...order.map((event) => (event === "gone" ? 0 : event)));
    expect(texts).toEqual(order.includes("gone") ? [] : [`words of version ${newest}`]);
  },
);
afterAll(() => console.info(`promise 19: ${permutations} orders, of up to 6 versions with repeats`));

test("promise 20: the words of a message that was taken back are in no byte of the store within a minute", async () => {
  const folder = newFolder();
  const clock = new VirtualClock(START);
  const store = await opening(folder.file);
  const scrubber = new Scrubber({ store, clock, log });
  const answers = new Answers(store, () => scrubber.soon());
  const bytes = () =>
    readdirSync(folder.path)
      .map((name) => readFileSync(join(folder.path, name), "latin1"))
      .join("");
  await answers.hear(PROMPT, "ana", typing("a secret about the river", 0));
  await answers.hear(PROMPT, "ana", typing("a secret about the bridge", 1));
  expect(bytes()).toContain("about the bridge");
  await answers.retract(PROMPT.community, MESSAGE, START);
  let seconds = 0;
  for (; bytes().includes("a secret about") && seconds < 120; seconds++) {
    await clock.advance(1_000);
    // The sweep of a real file is not the clock's to hurry.
    await new Promise((done) => setTimeout(done, 1));
  }
  console.info(`promise 20: gone from every byte after ${seconds} s`);
  expect(seconds).toBeLessThanOrEqual(60);
  await store.close();
  folder.remove();
});

test("words that are dropped or taken back in whatever way ask for a sweep", async () => {
  const clock = new VirtualClock(START);
  let asked = 0;
  const answers = new Answers(memoryStore(clock), () => asked++);
  const sends = (text: string, taken: number) => answers.submit(PROMPT, "ana", { because: text }, START + taken);
  await sends("one", 1);
  await sends("another", 3);
  expect(asked).toBe(0);
  await sends("late", 2);
  expect(asked).toBe(1);
  await sends("", 4);
  expect(asked).toBe(2);
  await answers.retract(PROMPT.community, MESSAGE, START);
  await answers.hear(PROMPT, "ana", typing("read again", 1));
  expect(asked).toBe(3);
});
