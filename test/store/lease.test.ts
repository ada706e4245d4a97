import { spawnSync } from "node:child_process";
import { hostname } from "node:os";
import { DatabaseSync } from "@photostructure/sqlite";
import { afterEach, beforeEach, expect, test } from "vitest";
import { VirtualClock } from "../../src/clock.ts";
import type { Log } from "../../src/platform.ts";
import { Lease } from "../../src/store/lease.ts";
import { connect } from "../../src/store/open.ts";
import type { Store } from "../../src/store/store.ts";
import { newFolder, opening, quiet } from "./fresh.ts";

const NOON = Date.UTC(2026, 10, 22, 12);
const SECOND = 1_000;

let folder: ReturnType<typeof newFolder>;
beforeEach(async () => {
  folder = newFolder();
  await (await opening(folder.file)).close();
});
afterEach(() => folder.remove());

const openAt = (instant: number, log: Log = quiet) => opening(folder.file, { clock: new VirtualClock(instant), log });
const put = (store: Store, value: number) => store.batch([{ key: "a", value }]);

/** As if a process elsewhere held the store. */
function leave(holder: { host: string; pid: number; until: number }): void {
  const db = connect(folder.file, false);
  db.prepare("UPDATE lease SET host = ?, pid = ?, until = ?").run(holder.host, holder.pid, holder.until);
  db.close();
}

function gonePid(): number {
  return spawnSync("true").pid;
}

test("promise 14: a second opening in the same process is refused too", async () => {
  const first = await openAt(NOON);
  await expect(openAt(NOON)).rejects.toMatchObject({
    code: "held",
    message: expect.stringContaining(`process ${process.pid} on ${hostname()}`),
  });
  await put(first, 1);
  await first.close();
  await (await openAt(NOON)).close();
});

test("promise 14: a holder on another host is named and waited for until its lease ends", async () => {
  leave({ host: "elsewhere", pid: 7, until: NOON + 20 * SECOND });
  await expect(openAt(NOON)).rejects.toMatchObject({
    code: "held",
    message: expect.stringContaining("process 7 on elsewhere"),
  });
  await expect(openAt(NOON + 19 * SECOND)).rejects.toMatchObject({ code: "held" });
  await (await openAt(NOON + 20 * SECOND)).close();
});

test("promise 14: a holder that died on this host is not waited for", async () => {
  leave({ host: hostname(), pid: gonePid(), until: NOON + 20 * SECOND });
  await (await openAt(NOON)).close();
});

test("a dead holder that had our own process number is not waited for", async () => {
  leave({ host: hostname(), pid: process.pid, until: NOON + 20 * SECOND });
  await (await openAt(NOON)).close();
});

test("a lease further ahead than any, left by a clock that went back, counts as ended", async () => {
  leave({ host: "elsewhere", pid: 7, until: NOON + 86_400 * SECOND });
  await (await openAt(NOON)).close();
});

test("a living holder renews, for as long as it lives", async () => {
  const clock = new VirtualClock(NOON);
  const first = await opening(folder.file, { clock });
  await clock.advance(600 * SECOND);
  await expect(openAt(NOON + 600 * SECOND)).rejects.toMatchObject({ code: "held" });
  await first.close();
});

test("a holder that slept past its lease, while nobody came, goes on", async () => {
  const clock = new VirtualClock(NOON);
  const first = await opening(folder.file, { clock });
  leave({ host: hostname(), pid: process.pid, until: NOON - 1 });
  await put(first, 1);
  expect(await first.get("a")).toBe(1);
  await first.close();
});

test("promise 14: a holder that slept while another took over can write nothing, by any call, and is told", async () => {
  const lost: string[] = [];
  const clock = new VirtualClock(NOON);
  const sleeper = await opening(folder.file, { clock, lost: ({ message }) => void lost.push(message) });
  const second = await openAt(NOON + 31 * SECOND);
  await put(second, 2);
  await expect(put(sleeper, 1)).rejects.toMatchObject({ code: "held", message: expect.stringContaining("taken over") });
  await expect(sleeper.claim("b", 1)).rejects.toMatchObject({ code: "held" });
  await expect(sleeper.scrub()).rejects.toMatchObject({ code: "held" });
  expect(await sleeper.get("a")).toBe(2);
  await clock.advance(60 * SECOND);
  expect(lost).toEqual([expect.stringContaining(`taken over by process ${process.pid} on ${hostname()}`)]);

  await sleeper.close();
  await put(second, 3);
  await second.close();
});

test("promise 14: the lease's number only grows", async () => {
  const number = () => {
    const db = connect(folder.file, true);
    const row: unknown = db.prepare("SELECT number FROM lease").get();
    db.close();
    return Number(Reflect.get(Object(row), "number"));
  };
  const before = number();
  for (let opened = 1; opened <= 3; opened++) {
    await (await openAt(NOON)).close();
    expect(number()).toBe(before + opened);
  }
});

test("a lease that could not be renewed is tried again", async () => {
  const warnings: string[] = [];
  const clock = new VirtualClock(NOON);
  const db = new DatabaseSync(folder.file, { timeout: 0 });
  const lease = new Lease(db, folder.file, clock, { ...quiet, warn: (message) => void warnings.push(message) });
  const other = new DatabaseSync(folder.file, { timeout: 0 });
  other.exec("BEGIN IMMEDIATE");
  await clock.advance(10 * SECOND);
  other.exec("ROLLBACK");
  other.close();
  expect(warnings).toHaveLength(1);
  await clock.advance(10 * SECOND);
  expect(warnings).toHaveLength(1);
  await expect(openAt(NOON + 45 * SECOND)).rejects.toMatchObject({ code: "held" });
  lease.release();
  db.close();
});
