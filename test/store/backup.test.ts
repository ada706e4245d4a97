import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { backup, backupAt, pruneBackups, restore } from "../../src/store/backup.ts";
import { connect } from "../../src/store/open.ts";
import { newestBackup } from "../../src/store/place.ts";
import type { Json, Store } from "../../src/store/store.ts";
import { newFolder, opening } from "./fresh.ts";

const NOON = Date.UTC(2026, 10, 22, 12);
const DAY = 86_400_000;

let folder: ReturnType<typeof newFolder>;
let copy: string;
beforeEach(() => {
  folder = newFolder();
  copy = join(folder.path, "copy.db");
});
afterEach(() => folder.remove());

async function using<Result>(file: string, work: (store: Store) => Promise<Result>): Promise<Result> {
  const store = await opening(file);
  try {
    return await work(store);
  } finally {
    await store.close();
  }
}
const put = (value: Json) => (store: Store) => store.batch([{ key: "a", value }]);
const get = (file: string) => using(file, (store) => store.get("a"));
const names = () => readdirSync(folder.path).filter((name) => !/-(wal|shm)$/.test(name));

test("promise 29: a backup of a store in use holds all that is kept, for this user alone", async () => {
  await using(folder.file, async (store) => {
    await put({ words: "before \ud800" })(store);
    expect(backup(folder.file, copy)).toBe(statSync(copy).size);
    await put("after")(store);
  });
  expect((statSync(copy).mode & 0o777).toString(8)).toBe("600");
  expect(await get(copy)).toStrictEqual({ words: "before \ud800" });
  expect(await get(folder.file)).toBe("after");
});

test("a backup holds nothing that was erased before it", async () => {
  await using(folder.file, async (store) => {
    await put("a mark to be erased")(store);
    await store.batch([{ key: "a", erase: true }]);
    backup(folder.file, copy);
  });
  expect(readFileSync(copy).includes("a mark to be erased")).toBe(false);
});

test("promise 29: a backup never replaces a file, and leaves nothing behind where it fails", async () => {
  await using(folder.file, put(1));
  writeFileSync(copy, "mine");
  expect(() => backup(folder.file, copy)).toThrow(/is there already\. Name another file/);
  expect(readFileSync(copy, "utf8")).toBe("mine");
  expect(() => backup(join(folder.path, "none.db"), join(folder.path, "b"))).toThrow(/There is no store at/);
  const damaged = join(folder.path, "damaged.db");
  writeFileSync(damaged, "no database at all".repeat(100));
  expect(() => backup(damaged, join(folder.path, "b"))).toThrow(/damaged/);
  expect(() => backup(folder.file, join(folder.path, "no", "b"))).toThrow(/no/);
  expect(names().sort()).toStrictEqual(["copy.db", "damaged.db", "together.db"]);
});

test("promise 29: restoring puts the backup in place, keeps what was there as a backup, and frees the lease it was made under", async () => {
  await using(folder.file, async (store) => {
    await put("old")(store);
    backup(folder.file, copy);
    await put("new")(store);
  });
  const aside = restore(copy, folder.file, NOON);
  expect(aside).toBe(`${folder.file}.2026-11-22T12-00-00.000Z.backup`);
  expect(await get(folder.file)).toBe("old");
  expect((statSync(folder.file).mode & 0o777).toString(8)).toBe("600");
  expect(newestBackup(folder.file)).toBe(aside);

  expect(restore(aside ?? "", folder.file, NOON + 1_000)).toBe(backupAt(folder.file, NOON + 1_000));
  expect(await get(folder.file)).toBe("new");
});

test("restoring to where nothing is", async () => {
  await using(folder.file, put(1));
  backup(folder.file, copy);
  const other = join(folder.path, "other.db");
  expect(restore(copy, other, NOON)).toBeUndefined();
  expect(await get(other)).toBe(1);
});

test("promise 29: restoring is refused while a bot writes, naming it, and changes nothing", async () => {
  await using(folder.file, async (store) => {
    await put("old")(store);
    backup(folder.file, copy);
    await put("new")(store);
    const before = names();
    expect(() => restore(copy, folder.file, Date.now())).toThrow(new RegExp(`in use by process ${process.pid}`));
    expect(names()).toStrictEqual(before);
    await put("newer")(store);
  });
  expect(await get(folder.file)).toBe("newer");
});

test("restoring over a damaged store moves it aside as it is, and not as a backup", async () => {
  await using(folder.file, put("old"));
  backup(folder.file, copy);
  const damaged = join(folder.path, "damaged", "together.db");
  mkdirSync(join(folder.path, "damaged"));
  const bytes = readFileSync(copy).fill(0xa5, 50);
  writeFileSync(damaged, bytes);
  const aside = restore(copy, damaged, NOON);
  expect(aside).toBe(`${damaged}.2026-11-22T12-00-00.000Z.damaged`);
  expect(readFileSync(aside ?? "").equals(bytes)).toBe(true);
  expect(newestBackup(damaged)).toBeUndefined();
  expect(await get(damaged)).toBe("old");
});

test("restoring over a store with damage behind a sound header moves it aside too", async () => {
  await using(folder.file, (store) =>
    store.batch(Array.from({ length: 300 }, (_, at) => ({ key: `a/${at}`, value: "v".repeat(200) }))),
  );
  backup(folder.file, copy);
  const damaged = join(folder.path, "other.db");
  const bytes = readFileSync(copy);
  writeFileSync(damaged, bytes.fill(0xa5, bytes.length - 3 * 4_096));
  expect(restore(copy, damaged, NOON)).toBe(`${damaged}.2026-11-22T12-00-00.000Z.damaged`);
  await using(damaged, async (store) => expect(await store.range("a/", undefined, 1_000)).toHaveLength(300));
});

test("what is no backup is refused before anything is touched", async () => {
  await using(folder.file, put(1));
  writeFileSync(copy, "no database at all".repeat(100));
  expect(() => restore(copy, folder.file, NOON)).toThrow(/damaged/);
  writeFileSync(join(folder.path, "empty.db"), "");
  expect(() => restore(join(folder.path, "empty.db"), folder.file, NOON)).toThrow(/no backup of a store of Together/);
  expect(() => restore(join(folder.path, "none.db"), folder.file, NOON)).toThrow(/There is no store at/);
  const theirs = connect(join(folder.path, "theirs.db"), false);
  theirs.exec("CREATE TABLE theirs (a)");
  theirs.close();
  expect(() => restore(join(folder.path, "theirs.db"), folder.file, NOON)).toThrow(/another program/);
  expect(await get(folder.file)).toBe(1);
  expect(existsSync(`${folder.file}.part`)).toBe(false);
});

test("the log of the store that was there is never played into the one put in its place", async () => {
  await using(folder.file, put("old"));
  backup(folder.file, copy);
  const log = `${folder.file}-wal`;
  const writer = await opening(folder.file);
  await put("new")(writer);
  const left = readFileSync(log);
  await writer.close();
  // As a killed bot leaves it.
  writeFileSync(log, left);
  restore(copy, folder.file, NOON);
  expect(await get(folder.file)).toBe("old");
});

test("promise 29: copies older than their time are removed, the damaged ones and their logs too, and nothing else", () => {
  const at = (days: number) => backupAt(folder.file, NOON - days * DAY);
  const old = [
    at(31),
    at(40),
    `${folder.file}.2026-10-01T00-00-00.000Z.damaged`,
    `${folder.file}.2026-10-01T00-00-00.000Z.damaged-wal`,
  ];
  const kept = [
    at(29),
    at(0),
    folder.file,
    join(folder.path, "other.db.2020-01-01T00-00-00.000Z.backup"),
    `${folder.file}.2020.notes`,
  ];
  for (const name of [...old, ...kept]) writeFileSync(name, "");
  expect([...pruneBackups(folder.file, NOON - 30 * DAY)].sort()).toStrictEqual([...old].sort());
  expect(names().sort()).toStrictEqual(kept.map((name) => basename(name)).sort());
});
