/** A process of its own for the tests that need one: it is killed, raced, or refused. Speaks over the IPC channel. */
import { systemClock } from "../../src/clock.ts";
import { storeOver } from "../../src/store/driver.ts";
import { connect } from "../../src/store/open.ts";
import { SqliteDriver } from "../../src/store/sqlite.ts";
import type { Store } from "../../src/store/store.ts";
import { opening } from "./fresh.ts";

const [task = "", file = "", claims = "0"] = process.argv.slice(2);
const say = (word: unknown) => process.send?.(word);
const go = new Promise((heard) => process.once("message", heard));

/** Three batches a turn, each of five keys with one number; says a turn's number once it is kept. For ever. */
async function write(): Promise<void> {
  const store = await opening(file);
  for (let turn = 1; ; turn++) {
    const batch = (name: string) =>
      store.batch(["a", "b", "c", "d", "e"].map((key) => ({ key: `${name}/${key}`, value: [turn, "x".repeat(700)] })));
    await Promise.all(["one", "two", "three"].map(batch));
    say(turn);
  }
}

/** Claims so many keys, ten a turn, beside others who do the same; says which were its own. */
async function claim(): Promise<void> {
  const store: Store = storeOver(new SqliteDriver(connect(file, false), file, systemClock));
  say("ready");
  await go;
  const mine: number[] = [];
  for (let first = 0; first < Number(claims); first += 10) {
    const tens = Array.from({ length: 10 }, (_, at) => first + at);
    const claims = await Promise.all(tens.map((key) => store.claim(`claims/${key}`, process.pid)));
    mine.push(...tens.filter((_, at) => claims[at]));
  }
  say(mine);
}

async function hold(): Promise<void> {
  await opening(file);
  say("held");
}

/** Writes once whenever it is told to; says how that went. */
async function obey(): Promise<void> {
  const store = await opening(file);
  process.on("message", (value: number) =>
    store.batch([{ key: "obeyed", value }]).then(
      () => say("kept"),
      (error: unknown) => say({ code: Reflect.get(Object(error), "code"), message: String(error) }),
    ),
  );
  say("ready");
}

/** As a user who may not write here: root may everywhere, so it becomes nobody first. */
async function denied(): Promise<void> {
  if (process.getuid?.() === 0) process.setuid?.(65_534);
  const error: unknown = await opening(file).catch((reason: unknown) => reason);
  say({ code: Reflect.get(Object(error), "code"), message: String(error) });
}

process.once("disconnect", () => process.exit());
const tasks: Readonly<Record<string, () => Promise<void>>> = { write, claim, hold, obey, denied };
await tasks[task]?.();
