/** A store that fails says so, in every call: an error is never "not found", and what failed is not half kept. */
import { copyFileSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync, type DatabaseSyncInstance } from "@photostructure/sqlite";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { systemClock, VirtualClock } from "../../src/clock.ts";
import { storeOver } from "../../src/store/driver.ts";
import { storeError } from "../../src/store/faults.ts";
import { SqliteDriver } from "../../src/store/sqlite.ts";
import { type Store, StoreError } from "../../src/store/store.ts";
import { newFolder, opening } from "./fresh.ts";

let folder: ReturnType<typeof newFolder>;
let db: DatabaseSyncInstance;
let store: Store;
/** Opens the file as the product does, but keeps the connection in the test's hands and waits for no lock. */
function open(file = folder.file): void {
  db = new DatabaseSync(file, { timeout: 0 });
  store = storeOver(new SqliteDriver(db, file, systemClock));
}
beforeEach(async () => {
  folder = newFolder();
  const first = await opening(folder.file);
  await first.batch([{ key: "a", value: 1 }]);
  await first.close();
  open();
});
afterEach(async () => {
  await store.close();
  folder.remove();
});

const put = (key: string, value: string | number) => store.batch([{ key, value }]);
const fails = (call: Promise<unknown>, code: StoreError["code"], words: RegExp) =>
  expect(call).rejects.toSatisfy(
    (error) =>
      error instanceof StoreError && error.code === code && words.test(error.message) && error.cause !== undefined,
  );

describe("promise 26: a locked store", () => {
  let other: DatabaseSyncInstance;
  beforeEach(() => {
    other = new DatabaseSync(folder.file, { timeout: 0 });
    other.exec("BEGIN IMMEDIATE");
  });
  afterEach(() => other.close());

  test("refuses to write, reads on, and writes again once it is free", async () => {
    const words = /being written by another program\. Close that program/;
    await fails(put("a", 2), "locked", words);
    await fails(store.claim("b", 2), "locked", words);
    await fails(store.scrub(), "locked", words);
    expect(await store.get("a")).toBe(1);
    other.exec("ROLLBACK");
    expect(await store.claim("b", 2)).toBe(true);
  });

  test("refuses all of a turn", async () => {
    const turn = await Promise.allSettled([put("a", 2), put("b", 2), store.claim("c", 2)]);
    expect(turn.map(({ status }) => status)).toStrictEqual(["rejected", "rejected", "rejected"]);
    other.exec("ROLLBACK");
    expect(await store.range("", undefined, 10)).toStrictEqual([{ key: "a", value: 1 }]);
  });
});

describe("promise 27: a full store", () => {
  beforeEach(() => db.exec("PRAGMA max_page_count = 8"));
  const large = "x".repeat(100_000);

  test("refuses to write, reads on, and writes again once there is room, without a restart", async () => {
    await fails(put("b", large), "full", /no room left.*no restart is needed/);
    await fails(store.claim("b", large), "full", /no room left/);
    expect(await store.get("a")).toBe(1);
    expect(await store.get("b")).toBeUndefined();
    await put("c", 1);
    db.exec("PRAGMA max_page_count = 1000");
    await put("b", large);
    expect(await store.get("b")).toBe(large);
  });

  test("keeps no part of a batch, nor of its turn", async () => {
    const batch = store.batch([
      { key: "a", value: 2 },
      { key: "b", value: large },
    ]);
    const turn = await Promise.allSettled([put("c", 1), batch, put("d", 1)]);
    expect(turn.map(({ status }) => status)).toStrictEqual(["rejected", "rejected", "rejected"]);
    expect(await store.range("", undefined, 10)).toStrictEqual([{ key: "a", value: 1 }]);
  });
});

test("one batch that cannot be kept is undone alone, where the database itself goes on", async () => {
  db.exec("CREATE TRIGGER strict_one BEFORE INSERT ON keyv WHEN NEW.key = 'bad' BEGIN SELECT RAISE(ABORT, 'no'); END");
  const bad = store.batch([
    { key: "a", value: 2 },
    { key: "bad", value: 1 },
  ]);
  const turn = await Promise.allSettled([put("b", 1), bad, put("c", 1)]);
  expect(turn.map(({ status }) => status)).toStrictEqual(["fulfilled", "rejected", "fulfilled"]);
  const kept = await store.range("", undefined, 10);
  expect(kept.map(({ key, value }) => [key, value])).toStrictEqual([
    ["a", 1],
    ["b", 1],
    ["c", 1],
  ]);
});

/** Commits in SQLite's log, which is a header of 32 bytes, then frames: 24 bytes, the second number not 0 at a commit, and a page. */
function commits(): number {
  const log = readFileSync(`${folder.file}-wal`);
  const page = log.readUInt32BE(8);
  let count = 0;
  for (let frame = 32; frame < log.length; frame += 24 + page) if (log.readUInt32BE(frame + 4) !== 0) count++;
  return count;
}

test("what arrives in one turn is one commit, and two turns are two", async () => {
  await put("a", 0);
  expect(commits()).toBe(1);
  const claims = Array.from({ length: 20 }, (_, at) => store.claim(`c/${at}`, at));
  await Promise.all([...claims, ...Array.from({ length: 200 }, (_, at) => put(`b/${at}`, at))]);
  expect(commits()).toBe(2);
});

test("promise 26: damage met while running is an error in every read", async () => {
  await store.batch(Array.from({ length: 400 }, (_, at) => ({ key: `b/${at}`, value: "v".repeat(100) })));
  await store.scrub();
  const file = join(folder.path, "damaged.db");
  copyFileSync(folder.file, file);
  const bytes = readFileSync(file);
  // The first page, which holds the schema, is spared, so that the damage is met only by a read.
  writeFileSync(file, bytes.fill(0xa5, 4_096));
  await store.close();
  open(file);
  await fails(store.get("a"), "damaged", /npx together restore/);
  await fails(store.range("", undefined, 1), "damaged", /npx together restore/);
  await fails(store.claim("z", 1), "damaged", /npx together restore/);
});

test("promise 26: a record that is not JSON any more is damage, not absence, and is not quoted", async () => {
  for (const text of ["{half", "null", '"private"', "{}", ""]) {
    db.exec(`UPDATE keyv SET value = '${text}' WHERE key = 'a'`);
    for (const call of [() => store.get("a"), () => store.range("", undefined, 1)])
      await expect(call()).rejects.toSatisfy(
        (error) => error instanceof StoreError && error.code === "damaged" && !error.message.includes("private"),
      );
  }
});

test("scrubbing waits for a reader, and says so where it waits in vain", async () => {
  const clock = new VirtualClock(0);
  const waiting = storeOver(new SqliteDriver(db, folder.file, clock));
  const reader = new DatabaseSync(folder.file, { readOnly: true, timeout: 0 });
  reader.exec("BEGIN");
  reader.prepare("SELECT value FROM keyv").get();
  const written = waiting.batch([{ key: "a", erase: true }]);
  await clock.settle();
  await written;

  const soon = waiting.scrub();
  await clock.advance(1_000);
  reader.exec("COMMIT; BEGIN");
  await clock.advance(1_000);
  expect(await soon).toBeUndefined();

  reader.prepare("SELECT count(*) FROM keyv").get();
  const late = expect(waiting.scrub()).rejects.toMatchObject({
    code: "locked",
    message: expect.stringContaining("still in its log"),
  });
  await clock.advance(31_000);
  await late;
  reader.close();
});

test.each([
  [3, "path"],
  [5, "locked"],
  [6, "locked"],
  [261, "locked"],
  [8, "readonly"],
  [1_032, "readonly"],
  [11, "damaged"],
  [267, "damaged"],
  [26, "damaged"],
  [13, "full"],
  [14, "path"],
  [10, "failed"],
  [1, "failed"],
])("SQLite's code %i is %s, and says what to do about which file", (errcode, code) => {
  const cause = Object.assign(new Error("words of SQLite"), { errcode });
  const error = storeError(cause, "/srv/x.db");
  expect(error).toMatchObject({ code, cause, message: expect.stringContaining("/srv/x.db") });
  expect(error.message).toMatch(/Close|Let this user|Restore|Free|restart/);
});

test("the binding's errors without a code are known by SQLite's words", () => {
  expect(storeError(new Error("database is locked"), "x").code).toBe("locked");
  expect(storeError(new Error("database disk image is malformed"), "x").code).toBe("damaged");
  expect(storeError(new Error("something else"), "x").code).toBe("failed");
});
