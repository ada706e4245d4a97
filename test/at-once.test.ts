import { expect, test } from "vitest";
import { atOnce } from "../src/at-once.ts";

/** Work that ends when told to, item by item. */
function heldWork() {
  const [begun, end] = [[] as number[], new Map<number, { done(): void; failed(error: Error): void }>()];
  const work = (item: number) =>
    new Promise<void>((done, failed) => {
      begun.push(item);
      end.set(item, { done, failed });
    });
  return { begun, end, work };
}

const turn = () => new Promise((next) => setImmediate(next));

test("so many at once, in their order, and no more", async () => {
  const { begun, end, work } = heldWork();
  const all = atOnce(2, [0, 1, 2, 3], work);
  expect(begun).toEqual([0, 1]);
  end.get(1)?.done();
  await turn();
  expect(begun).toEqual([0, 1, 2]);
  for (const item of [0, 2]) end.get(item)?.done();
  await turn();
  end.get(3)?.done();
  await all;
  expect(begun).toEqual([0, 1, 2, 3]);
});

test("after a failure nothing is begun, and it is told when the others have ended", async () => {
  const { begun, end, work } = heldWork();
  let told: unknown;
  const all = atOnce(2, [0, 1, 2, 3], work).catch((error: unknown) => {
    told = error;
  });
  end.get(0)?.failed(new Error("The store is locked."));
  await turn();
  expect(told).toBeUndefined();
  end.get(1)?.done();
  await all;
  expect(told).toEqual(new Error("The store is locked."));
  expect(begun).toEqual([0, 1]);
});

test("of nothing, nothing is done", async () => {
  await atOnce(4, [], () => Promise.reject(new Error("There is nothing to do.")));
});
