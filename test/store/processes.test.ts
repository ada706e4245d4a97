/** What needs more than one process: kills, races, the lease. */
import { type ChildProcess, fork } from "node:child_process";
import { createHash } from "node:crypto";
import { once } from "node:events";
import { chmodSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, expect, test } from "vitest";
import { VirtualClock } from "../../src/clock.ts";
import { backup, restore } from "../../src/store/backup.ts";
import { newFolder, opening } from "./fresh.ts";

/** How many keys are raced for: by four processes; 10,000 by eight in continuous integration. */
const { CLAIMS = "500" } = process.env;
const CHILD = fileURLToPath(new URL("./child.ts", import.meta.url));
const NAMES = ["one", "two", "three"];

let folder: ReturnType<typeof newFolder>;
const children = new Set<ChildProcess>();
beforeEach(() => {
  folder = newFolder();
});
afterEach(() => {
  for (const child of children) child.kill("SIGKILL");
  children.clear();
  folder.remove();
});

function start(task: string, file = folder.file): ChildProcess {
  const child = fork(CHILD, [task, file, CLAIMS], {
    execArgv: ["--import", "tsx"],
    stdio: ["ignore", "ignore", "inherit", "ipc"],
  });
  children.add(child);
  return child;
}

const word = async (child: ChildProcess): Promise<unknown> => (await once(child, "message"))[0];

async function kill(child: ChildProcess): Promise<void> {
  child.kill("SIGKILL");
  await once(child, "exit");
}

/** Every batch of a child's writing is of one turn; the oldest turn among them. */
async function wholeTurn(file: string): Promise<number> {
  const store = await opening(file, { readOnly: file.includes("copy") });
  const turns: number[] = [];
  for (const name of NAMES) {
    const kept = await store.range(`${name}/`, undefined, 10);
    const numbers = kept.map(({ value }) => (value as [number, string])[0]);
    expect(numbers).toHaveLength(5);
    expect(new Set(numbers).size, `a torn batch: ${numbers}`).toBe(1);
    turns.push(...numbers);
  }
  await store.close();
  return Math.min(...turns);
}

/** Lets a child write, kills it when it has said so many turns, and reads what is there. The turns it said last. */
async function killAt(turns: number): Promise<number> {
  const file = join(folder.path, `${turns}.db`);
  const child = start("write", file);
  let said = 0;
  const gone = once(child, "exit");
  child.on("message", (turn: number) => {
    said = turn;
    if (turn === turns) child.kill("SIGKILL");
  });
  await gone;
  expect(await wholeTurn(file)).toBeGreaterThanOrEqual(said);
  return said;
}

test("promise 32: ten kills: no kept write is lost, no batch torn, and the next process writes at once", async () => {
  const kills = await Promise.all([1, 2, 3, 5, 8].map(killAt));
  kills.push(...(await Promise.all([13, 21, 34, 55, 89].map(killAt))));
  expect(kills).toHaveLength(10);
  expect(Math.min(...kills)).toBeGreaterThan(0);
}, 60_000);

/** All that is kept under a prefix, in one number: keys in their order, values as JSON. */
async function hashOf(file: string, prefix: string): Promise<string> {
  const store = await opening(file, { readOnly: true });
  const hash = createHash("sha256");
  for (const { key, value } of await store.range(prefix, undefined, 20_000)) hash.update(JSON.stringify([key, value]));
  await store.close();
  return hash.digest("hex");
}

test("promise 30: 10,000 records are the same after a backup and its restore, also while another process writes and erases", async () => {
  const store = await opening(folder.file);
  const odd = ["plain", "%_:*", "🧶", "\u202e", '"; DROP TABLE keyv; --', "x".repeat(200), ""];
  const record = (at: number) => ({
    key: `record/${odd[at % 6]}/${at}`,
    value: { at, words: odd[at % 7] ?? "", [`k${at}`]: [at / 7, null] },
  });
  await store.batch(Array.from({ length: 12_000 }, (_, at) => record(at)));
  await store.batch(Array.from({ length: 2_000 }, (_, at) => ({ key: record(at * 6).key, erase: true as const })));
  await store.close();
  const before = await hashOf(folder.file, "record/");
  const writer = start("write");
  let turns = 0;
  writer.on("message", () => turns++);
  await word(writer);
  const [copy, begun, from] = [join(folder.path, "copy.db"), performance.now(), turns];
  const size = backup(folder.file, copy);
  const seconds = (performance.now() - begun) / 1_000;
  await word(writer);
  const meanwhile = (turns - from) * 3;
  await kill(writer);
  expect(await wholeTurn(copy)).toBeGreaterThan(0);
  const whole = await hashOf(copy, "");
  restore(copy, folder.file, Date.now());
  const restored = await opening(folder.file);
  expect(await restored.range("record/", undefined, 20_000)).toHaveLength(10_000);
  await restored.close();
  expect([await hashOf(copy, "record/"), await hashOf(folder.file, "record/"), await hashOf(folder.file, "")]).toEqual([
    before,
    before,
    whole,
  ]);
  console.info("promise 30: 10,000 records, mismatches 0");
  console.info(
    `promise 29: ${(size / 2 ** 20).toFixed(1)} MB in ${seconds.toFixed(2)} s, ${meanwhile} batches written meanwhile`,
  );
}, 60_000);

test("promise 29: a backup taken while another process writes holds whole batches", async () => {
  const writer = start("write");
  await word(writer);
  const copies = [1, 2, 3].map((number) => join(folder.path, `copy${number}.db`));
  for (const copy of copies) {
    const turn = (await word(writer)) as number;
    backup(folder.file, copy);
    expect(await wholeTurn(copy)).toBeGreaterThanOrEqual(turn);
  }
}, 60_000);

test(`promise 32: of processes that claim the same ${CLAIMS} keys each key has one owner`, async () => {
  await (await opening(folder.file)).close();
  const racers = Array.from({ length: Number(CLAIMS) < 10_000 ? 4 : 8 }, () => start("claim"));
  await Promise.all(racers.map(word));
  const answers = racers.map(word);
  for (const racer of racers) racer.send("go");
  const owned = (await Promise.all(answers)).flat() as number[];
  expect(owned.sort((a, b) => a - b)).toStrictEqual(Array.from({ length: Number(CLAIMS) }, (_, at) => at));
  console.info(`promise 32: ${racers.length} processes, ${CLAIMS} claims, double claims 0`);
}, 120_000);

test("promise 14: a second process is refused by name while the first lives, reads beside it, and writes once it is dead", async () => {
  const holder = start("hold");
  await word(holder);
  const begun = performance.now();
  await expect(opening(folder.file)).rejects.toMatchObject({
    code: "held",
    message: expect.stringContaining(`in use by process ${holder.pid} on `),
  });
  const refusedIn = performance.now() - begun;
  const reader = await opening(folder.file, { readOnly: true });
  expect(await reader.range("", undefined, 10)).toStrictEqual([]);
  await reader.close();
  await kill(holder);
  const died = performance.now();
  const store = await opening(folder.file);
  await store.batch([{ key: "a", value: 1 }]);
  const takenIn = performance.now() - died;
  await store.close();
  console.info(`promise 14: refused in ${refusedIn.toFixed(0)} ms, taken over ${takenIn.toFixed(0)} ms after a kill`);
  expect(refusedIn).toBeLessThan(5_000);
  expect(takenIn).toBeLessThan(60_000);
}, 60_000);

test("promise 14: a holder that is paused while others take over can write nothing when it goes on", async () => {
  const paused = start("obey");
  await word(paused);
  paused.send(1);
  expect(await word(paused)).toBe("kept");
  paused.kill("SIGSTOP");
  paused.send(2);
  const takeOver = () => opening(folder.file, { clock: new VirtualClock(Date.now() + 31_000) });
  // Past the end of its lease; before that nobody takes a store from a process that lives.
  await expect(opening(folder.file)).rejects.toMatchObject({ code: "held" });
  for (let taken = 1; taken <= 2; taken++) await (await takeOver()).close();
  const store = await takeOver();
  paused.kill("SIGCONT");
  expect(await word(paused)).toMatchObject({ code: "held", message: expect.stringContaining("taken over") });
  expect(await store.get("obeyed")).toBe(1);
  await store.close();
  console.info("promise 14: 3 take-overs from a paused holder, writes of its old number afterwards 0");
}, 60_000);

test("a folder that this user may not write in is named with what to do", async () => {
  const shut = join(folder.path, "shut");
  mkdirSync(shut, { mode: 0o500 });
  chmodSync(folder.path, 0o755);
  const refusal = await word(start("denied", join(shut, "data", "together.db")));
  expect(refusal).toStrictEqual({
    code: "path",
    message: expect.stringMatching(/shut.*may not be written by this user/),
  });
}, 60_000);
