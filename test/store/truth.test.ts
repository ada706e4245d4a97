/** Whatever is wrong with the file, every call gives the truth or an error: never "not found", never half, never "yours". */
import { readFileSync, writeFileSync } from "node:fs";
import { DatabaseSync, type DatabaseSyncInstance } from "@photostructure/sqlite";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { systemClock } from "../../src/clock.ts";
import { storeOver } from "../../src/store/driver.ts";
import { SqliteDriver } from "../../src/store/sqlite.ts";
import { type Store, StoreError } from "../../src/store/store.ts";
import { newFolder, opening } from "./fresh.ts";

const LARGE = "x".repeat(50_000);
const PAGE = 4_096;
let folder: ReturnType<typeof newFolder>;
let db: DatabaseSyncInstance;
let other: DatabaseSyncInstance | undefined;
/** A sound store of a few pages, made once. */
let sound: Buffer;
beforeAll(async () => {
  const made = newFolder();
  const store = await opening(made.file);
  const more = Array.from({ length: 300 }, (_, at) => ({ key: `b/${at}`, value: LARGE.slice(0, 150) }));
  await store.batch([{ key: "a", value: 1 }, ...more]);
  await store.close();
  sound = readFileSync(made.file);
  made.remove();
});
beforeEach(() => {
  folder = newFolder();
  writeFileSync(folder.file, sound);
});
afterEach(() => {
  other?.close();
  other = undefined;
  if (db.isOpen) db.close();
  folder.remove();
});

function open(options: { readOnly?: boolean } = {}): Store {
  db = new DatabaseSync(folder.file, { timeout: 0, ...options });
  return storeOver(new SqliteDriver(db, folder.file, systemClock));
}

const spoilt = (from: number, to?: number) => () => {
  writeFileSync(folder.file, readFileSync(folder.file).fill(0xa5, from, to));
  return open();
};
function lockedBy(how: string): Store {
  const store = open();
  other = new DatabaseSync(folder.file, { timeout: 0 });
  other.exec(how);
  return store;
}
function altered(statement: string): Store {
  const store = open();
  db.exec(statement);
  return store;
}

const FAULTS: Readonly<Record<string, () => Store>> = {
  "locked by a writer": () => lockedBy("BEGIN IMMEDIATE"),
  "locked whole": () => lockedBy("BEGIN EXCLUSIVE"),
  full: () => altered("PRAGMA max_page_count = 1"),
  "opened for reading only": () => open({ readOnly: true }),
  "made for reading only": () => altered("PRAGMA query_only = ON"),
  "with its first leaf damaged": spoilt(PAGE, 2 * PAGE),
  "with all but its header damaged": spoilt(PAGE),
  "with its schema damaged": spoilt(100, PAGE),
  "no database": spoilt(0),
  "with records that are no JSON": () => altered("UPDATE keyv SET value = '{half'"),
  "without its table": () => altered("ALTER TABLE keyv RENAME TO elsewhere"),
  closed: () => {
    const store = open();
    db.close();
    return store;
  },
};

/** What each call may answer, where it answers. */
const CALLS: Readonly<Record<string, (store: Store) => Promise<boolean>>> = {
  get: async (store) => (await store.get("a")) === 1,
  range: async (store) => (await store.range("b/", undefined, 1_000)).length === 300,
  batch: async (store) => {
    await store.batch([
      { key: "a", value: 2 },
      { key: "c", value: LARGE },
    ]);
    return (await store.get("a")) === 2 && (await store.get("c")) === LARGE;
  },
  erase: async (store) => {
    await store.batch([{ key: "a", erase: true }]);
    return (await store.get("a")) === undefined;
  },
  "claim of what is free": async (store) => (await store.claim("d", LARGE)) && (await store.get("d")) === LARGE,
  "claim of what is taken": async (store) => !(await store.claim("a", 2)) && (await store.get("a")) === 1,
  scrub: async (store) => {
    await store.scrub();
    return (await store.get("a")) === 1;
  },
};

let refused = 0;
const cells = Object.keys(FAULTS).flatMap((fault) => Object.keys(CALLS).map((call) => [fault, call] as const));

describe("promise 26: a store", () => {
  test.each(cells)("%s, %s", async (fault, call) => {
    try {
      // Where nothing can even be read, the opening of it says so.
      const store = FAULTS[fault]?.();
      expect(store && (await CALLS[call]?.(store))).toBe(true);
    } catch (error) {
      if (!(error instanceof StoreError)) throw error;
      refused++;
      expect(error.message).not.toContain(LARGE);
    }
  });
  afterAll(() =>
    console.info(
      `promise 26: ${Object.keys(FAULTS).length} faults × ${Object.keys(CALLS).length} calls, ${refused} refused by a store error, untrue answers 0`,
    ),
  );
});
