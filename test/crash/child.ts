/**
 * One life of a companion in the room, on a real file: it lives one chapter, and may be killed at a point of it. What a
 * person saw accepted is said on the standard output at once; the last life says what stands in the end.
 */
import { writeSync } from "node:fs";
import { join } from "node:path";
import { type Room, room } from "../../adapters/room/room.ts";
import type { MessageView } from "../../adapters/room/views.ts";
import { systemChance } from "../../src/chance.ts";
import { systemClock, VirtualClock } from "../../src/clock.ts";
import { Company } from "../../src/company.ts";
import { memoryIn } from "../../src/furnishing.ts";
import { loadPack } from "../../src/pack/load.ts";
import type { Ears, Log, Platform } from "../../src/platform.ts";
import { ROOT } from "../../src/root.ts";
import { phrases } from "../../src/sentences.ts";
import { openStore } from "../../src/store/open.ts";
import type { Store, Write } from "../../src/store/store.ts";
import { readSentences } from "../../src/texts.ts";

const { FILE = "", CHAPTER = "0", CRASH_AT = "", LAST } = process.env;
const MINUTE = 60_000;
/** Soon enough after the life before, that what it began is still wanted. */
const APART = 15 * MINUTE;
const START = Date.UTC(2027, 5, 1, 9);
const log: Log = { debug() {}, info() {}, warn() {}, error() {} };
const say = (kind: string, value: unknown) => writeSync(1, `${JSON.stringify([kind, value])}\n`);

const [deadly, nth = "1"] = CRASH_AT.split(":");
const passed = new Map<string, number>();

/** Passes a point by, or ends there, as a power cut does. */
function point(name: string): void {
  const times = (passed.get(name) ?? 0) + 1;
  passed.set(name, times);
  if (name === deadly && times === Number(nth)) process.kill(process.pid, "SIGKILL");
}

async function around<Result>(name: string, call: () => Promise<Result>): Promise<Result> {
  point(`${name} before`);
  const result = await call();
  point(`${name} after`);
  return result;
}

const ofKeys = (writes: readonly Write[]) => [...new Set(writes.map(({ key }) => key.split("/")[0]))].join("+");

function watchedStore(store: Store): Store {
  return {
    get: (key) => store.get(key),
    range: (prefix, after, limit) => store.range(prefix, after, limit),
    batch: (writes) => around(`write ${ofKeys(writes)}`, () => store.batch(writes)),
    claim: (key, value) => around(`claim ${key.split("/")[0]}`, () => store.claim(key, value)),
    scrub: () => around("scrub", () => store.scrub()),
    close: () => store.close(),
  };
}

const WATCHED = new Set<string | symbol>([
  "post",
  "find",
  "edit",
  "remove",
  "openThread",
  "openRoom",
  "privatePlace",
  "history",
]);

/** The room as the core calls it. Its own methods keep their own `this`. */
function watchedRoom(room: Room): Platform {
  return new Proxy(room, {
    get(target, name) {
      const member: unknown = Reflect.get(target, name, target);
      if (name === "start") return (ears: Ears) => target.start(watchedEars(ears));
      if (typeof member !== "function") return member;
      const call = (...given: unknown[]) => Reflect.apply(member, target, given);
      return WATCHED.has(name) ? (...given: unknown[]) => around(String(name), async () => call(...given)) : call;
    },
  });
}

const watchedEars = (ears: Ears): Ears => ({
  ...ears,
  take: (event) => around(`take ${event.kind}`, () => ears.take(event)),
  prefill: (...asked) => ears.prefill(...asked),
  connected: () => ears.connected(),
});

const plain = ({ body }: MessageView) => body.map((span) => ("text" in span ? span.text : "")).join("");

const base = await openStore({ url: `sqlite:${FILE}`, clock: systemClock, log });
const store = watchedStore(base);
const clock = new VirtualClock(START + Number(CHAPTER) * APART);
const memory = memoryIn(store);
const texts = readSentences(join(ROOT, "content", "sentences", "en.yaml"), "en-GB");
const people = [{ name: "Maggie", mayRunWorkshop: true }, { name: "Ana" }, { name: "Ben" }];
const chat = room({ channel: "together", memory, people }, { clock, log, phrases: phrases(texts), mount() {} });
const platform = watchedRoom(chat);
const company = new Company({
  store,
  clock,
  chance: systemChance,
  log,
  say: texts,
  pack: loadPack(join(ROOT, "content", "better-together")),
  platforms: [platform],
  facilitators: [],
  defaults: { zone: "UTC", programme: "alumni" },
});

async function rest(ms: number): Promise<void> {
  for (const end = clock.now() + ms; clock.now() < end; ) {
    await clock.advance(Math.min(10_000, end - clock.now()));
    await company.timekeeper.tick();
    await clock.settle();
  }
}

/** Somebody does something; once it was accepted, it has to last. */
async function does(what: string, act: () => Promise<unknown>): Promise<void> {
  await act();
  say("kept", what);
  await rest(MINUTE);
}

async function newest(words: string) {
  const view = await chat.views.of("ana");
  const message = view.messages.filter((one) => plain(one).includes(words) && !one.onlyYou).at(-1);
  return {
    message,
    thread: view.places.find(({ on }) => on !== undefined && on === message?.id)?.id,
    channel: view.places[0]?.id ?? "",
  };
}

await company.open();
await platform.start(await company.earsFor(platform));
await company.seed({ platform, channel: "together", programme: "alumni", zone: "UTC" });
await rest(3 * MINUTE);
if (!LAST) await chapter(Number(CHAPTER));
await rest(LAST ? 90 * MINUTE : 3 * MINUTE);
if (LAST)
  say(
    "stands",
    (await base.range("", undefined, 1_000_000)).filter(({ key }) => !key.startsWith("sends/")),
  );
say("points", [...passed]);
await base.close();
process.exit(0);

/** A round, answered by typing, changing, taking back, and with its form; a quote talked about; a round of pairs. */
async function chapter(number: number): Promise<void> {
  const { channel } = await newest("");
  await does(`round ${number}`, () => chat.doings.types("maggie", channel, "/together-run round"));
  const { message, thread } = await newest("Why are we here?");
  if (!message || !thread) return;
  let said = "";
  await does(`words:typed-${number}`, async () => {
    said = await chat.doings.says("ana", thread, `typed-${number}`);
  });
  await does(`words:changed-${number}`, () => chat.doings.edits("ana", said, `changed-${number}`));
  const other = await chat.doings.says("ben", thread, `secret-${number}`);
  await rest(MINUTE);
  await does(`gone:secret-${number}`, () => chat.doings.retracts("ben", other));
  const button = message.buttons.find(({ id }) => id.startsWith("open"));
  const form = button && (await chat.doings.presses("ben", message.id, button.id));
  const field = form?.fields[0]?.id;
  if (form && field)
    await does(`words:sent-${number}`, () =>
      chat.doings.submits("ben", { ...form, values: { [field]: `sent-${number}` } }),
    );
  await does(`quote ${number}`, () => chat.doings.types("maggie", channel, "/together-run quote"));
}
