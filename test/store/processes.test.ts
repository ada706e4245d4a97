/** What needs more than one process: kills, races, the lease. */
import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { chmodSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, expect, test } from "vitest";
import { backup } from "../../src/store/backup.ts";
import { newFolder, opening } from "./fresh.ts";

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
  const child = fork(CHILD, [task, file], {
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

test("ten kills: no kept write is lost, no batch torn, and the next process writes at once", async () => {
  const kills = await Promise.all([1, 2, 3, 5, 8].map(killAt));
  kills.push(...(await Promise.all([13, 21, 34, 55, 89].map(killAt))));
  expect(kills).toHaveLength(10);
  expect(Math.min(...kills)).toBeGreaterThan(0);
}, 60_000);

test("a backup taken while another process writes holds whole batches", async () => {
  const writer = start("write");
  await word(writer);
  const copies = [1, 2, 3].map((number) => join(folder.path, `copy${number}.db`));
  for (const copy of copies) {
    const turn = (await word(writer)) as number;
    backup(folder.file, copy);
    expect(await wholeTurn(copy)).toBeGreaterThanOrEqual(turn);
  }
}, 60_000);

test("four processes that claim the same 500 keys own each once", async () => {
  await (await opening(folder.file)).close();
  const racers = Array.from({ length: 4 }, () => start("claim"));
  await Promise.all(racers.map(word));
  const answers = racers.map(word);
  for (const racer of racers) racer.send("go");
  const owned = (await Promise.all(answers)).flat() as number[];
  expect(owned.sort((a, b) => a - b)).toStrictEqual(Array.from({ length: 500 }, (_, at) => at));
}, 60_000);

test("a second process is refused by name while the first lives, reads beside it, and writes once it is dead", async () => {
  const holder = start("hold");
  await word(holder);
  await expect(opening(folder.file)).rejects.toMatchObject({
    code: "held",
    message: expect.stringContaining(`in use by process ${holder.pid} on `),
  });
  const reader = await opening(folder.file, { readOnly: true });
  expect(await reader.range("", undefined, 10)).toStrictEqual([]);
  await reader.close();
  await kill(holder);
  const store = await opening(folder.file);
  await store.batch([{ key: "a", value: 1 }]);
  await store.close();
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
