/** What was erased is in no byte of any file. `secure_delete` alone leaves a copy now and then, in a page's gap. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { uniformInt } from "pure-rand/distribution/uniformInt";
import { xoroshiro128plus } from "pure-rand/generator/xoroshiro128plus";
import { expect, test } from "vitest";
import type { Store, Write } from "../../src/store/store.ts";
import { newFolder, opening } from "./fresh.ts";

function bytesIn(folder: string): string {
  return readdirSync(folder)
    .map((name) => readFileSync(join(folder, name)).toString("latin1"))
    .join("");
}

/** Puts, replaces and erases at random; every value holds a mark of its own. The marks that must be there, and those that must not. */
async function live(
  store: Store,
  seed: number,
  steps: number,
): Promise<{ alive: readonly string[]; dead: readonly string[] }> {
  const chance = xoroshiro128plus(seed);
  const below = (limit: number) => uniformInt(chance, 0, limit - 1);
  const alive = new Map<string, string>();
  const dead: string[] = [];
  const step = (at: number): Write => {
    const keys = [...alive.keys()];
    const old = keys[below(Math.max(1, keys.length))];
    const key = old !== undefined && below(100) < 60 ? old : `person/${below(400)}/${"k".repeat(below(60))}`;
    const replaced = alive.get(key);
    if (replaced) dead.push(replaced);
    if (replaced && below(100) < 75) {
      alive.delete(key);
      return { key, erase: true };
    }
    const mark = `mark${seed}-${at}-`;
    alive.set(key, mark);
    return {
      key,
      value: { words: `${"f".repeat(below(at % 50 === 0 ? 9_000 : 500))}${mark}${"g".repeat(below(300))}` },
    };
  };
  for (let at = 0; at < steps; at += 10) await store.batch(Array.from({ length: 10 }, (_, more) => step(at + more)));
  return { alive: [...alive.values()], dead };
}

test("after a scrub the store's folder holds every mark that lives and none that was erased or replaced", async () => {
  let erased = 0;
  // Found by search: with 8 and 14 a page keeps a copy of an erased mark in its gap, until the file is rebuilt.
  for (const seed of [1, 2, 8, 14]) {
    const folder = newFolder();
    const store = await opening(folder.file);
    const { alive, dead } = await live(store, seed, 1_500);
    await store.scrub();
    const bytes = bytesIn(folder.path);
    expect(dead.filter((mark) => bytes.includes(mark))).toStrictEqual([]);
    expect(alive.filter((mark) => !bytes.includes(mark))).toStrictEqual([]);
    erased += dead.length;
    await store.close();
    folder.remove();
  }
  expect(erased).toBeGreaterThan(1_000);
});

test("before a scrub the log still holds what was erased, so the search would find it", async () => {
  const folder = newFolder();
  const store = await opening(folder.file);
  await store.batch([{ key: "a", value: "a mark to be erased" }]);
  await store.batch([{ key: "a", erase: true }]);
  expect(bytesIn(folder.path)).toContain("a mark to be erased");
  await store.scrub();
  expect(bytesIn(folder.path)).not.toContain("a mark to be erased");
  await store.close();
  folder.remove();
});
