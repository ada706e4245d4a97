/** The adapter is a whole Keyv store: what Keyv writes, the store reads, and the other way round. */
import { DatabaseSync } from "@photostructure/sqlite";
import { afterEach, beforeEach, expect, test } from "vitest";
import { systemClock } from "../../src/clock.ts";
import { type Driver, keyvOver, storeOver } from "../../src/store/driver.ts";
import { SqliteDriver } from "../../src/store/sqlite.ts";
import { newFolder, opening } from "./fresh.ts";

let folder: ReturnType<typeof newFolder>;
let driver: Driver;
beforeEach(async () => {
  folder = newFolder();
  await (await opening(folder.file)).close();
  driver = new SqliteDriver(new DatabaseSync(folder.file, { timeout: 0 }), folder.file, systemClock);
});
afterEach(async () => {
  await driver.close();
  folder.remove();
});

test("sets, gets, deletes and clears, beside the store's own calls", async () => {
  const keyv = keyvOver(driver);
  const store = storeOver(driver);
  await keyv.set("a", { words: ":base64:x", half: "\ud800" });
  expect(await store.get("a")).toStrictEqual({ words: ":base64:x", half: "\ud800" });
  await store.batch([{ key: "b", value: [1] }]);
  expect(await keyv.get("b")).toStrictEqual([1]);
  expect(await keyv.get(["a", "b", "c"])).toHaveLength(3);
  expect(await keyv.has("b")).toBe(true);
  expect([await keyv.delete("b"), await keyv.delete("b")]).toStrictEqual([true, false]);
  expect(await store.get("b")).toBeUndefined();
  await keyv.clear();
  expect(await store.range("", undefined, 10)).toStrictEqual([]);
});

test("a failing store is an error of every call, never an absence", async () => {
  const keyv = keyvOver(driver);
  const other = new DatabaseSync(folder.file, { timeout: 0 });
  other.exec("BEGIN IMMEDIATE");
  await expect(keyv.set("a", 1)).rejects.toMatchObject({ code: "locked" });
  await expect(keyv.delete("a")).rejects.toMatchObject({ code: "locked" });
  other.close();
  await driver.close();
  await expect(keyv.get("a")).rejects.toMatchObject({ code: "failed" });
});

test("what is no JSON is refused by Keyv's set too", async () => {
  await expect(keyvOver(driver).set("a", new Map())).rejects.toMatchObject({ code: "value" });
});
