import fc from "fast-check";
import { beforeEach, describe, expect, test } from "vitest";
import { z } from "zod";
import { systemClock } from "../../src/clock.ts";
import { asWritten, type Collection, collection, type Id } from "../../src/store/collection.ts";
import { memoryStore } from "../../src/store/memory.ts";
import type { Store } from "../../src/store/store.ts";

interface Answer {
  readonly words: string;
  readonly at?: number;
}
const parse = z.strictObject({ words: z.string(), at: z.number().exactOptional() }).parse;

let store: Store;
let answers: Collection<Answer>;
beforeEach(() => {
  store = memoryStore(systemClock);
  answers = collection(store, "answers", parse);
});

const words = (text: string): Answer => ({ words: text });
const put = (...ids: Id[]) => store.batch(ids.map((id) => answers.put(id, words(id.join("+")))));
async function gather<Value>(items: AsyncIterable<Value>): Promise<Value[]> {
  const all = [];
  for await (const item of items) all.push(item);
  return all;
}

test("puts, gets, claims and erases by id", async () => {
  await store.batch([answers.put(["c1", "p1"], words("one"))]);
  expect(await answers.get("c1", "p1")).toStrictEqual({ words: "one" });
  expect(await answers.get("c1")).toBeUndefined();
  expect(await answers.claim(["c1", "p1"], words("two"))).toBe(false);
  expect(await answers.claim(["c1", "p2"], words("two"))).toBe(true);
  await store.batch([answers.erase(["c1", "p1"])]);
  expect(await answers.get("c1", "p1")).toBeUndefined();
});

test("writes of two collections go into one batch", async () => {
  const numbers = collection(store, "numbers", z.number().parse);
  await store.batch([answers.put(["a"], words("a")), numbers.put(["a"], 1), answers.erase(["b"])]);
  expect(await numbers.get("a")).toBe(1);
  expect(await gather(answers.all())).toHaveLength(1);
});

test("a record that does not parse is damage, named by its key, and never quoted", async () => {
  await store.batch([{ key: answers.key("c1"), value: { words: 1, secret: "hush" } }]);
  for (const call of [() => answers.get("c1"), () => answers.list([], undefined, 1), () => gather(answers.all())])
    await expect(call()).rejects.toMatchObject({
      code: "damaged",
      message: expect.stringMatching(/^(?!.*hush).*answers\/c1/),
    });
});

test("a record may be read as it was written", async () => {
  const plain = collection(store, "plain", asWritten<Answer>());
  await store.batch([plain.put(["a"], { words: "x", at: 1 })]);
  expect(await plain.get("a")).toStrictEqual({ words: "x", at: 1 });
});

test("what is no JSON is refused by the store, since no type can refuse it", async () => {
  const dates = collection(store, "dates", asWritten<Date>());
  await expect(store.batch([dates.put(["a"], new Date(0))])).rejects.toMatchObject({ code: "value" });
});

test.each(["", "Answers", "a:b", "a/b", "a b", "1a"])("the name %j is refused", (name) => {
  expect(() => collection(store, name, parse)).toThrow(TypeError);
});

describe("prefixes", () => {
  test("are of whole parts, and of this collection alone", async () => {
    const more = collection(store, "answers-more", parse);
    await put(["team_1", "a"], ["team_10", "a"], ["team_1"], ["team_1", "b", "c"], ["teamX1", "a"]);
    await store.batch([more.put(["team_1", "z"], words("z"))]);
    const ids = (await answers.list(["team_1"], undefined, 10)).map(({ id }) => id);
    expect(ids).toStrictEqual([
      ["team_1", "a"],
      ["team_1", "b", "c"],
    ]);
    expect(await gather(answers.all())).toHaveLength(5);
  });

  test("page on from the last id", async () => {
    await put(["c", "1"], ["c", "2"], ["c", "3"]);
    const [first] = await answers.list(["c"], undefined, 1);
    expect((await answers.list(["c"], first?.id, 5)).map(({ value }) => value.words)).toStrictEqual(["c+2", "c+3"]);
  });

  test("are walked to the end, over many pages, also where it is erased on the way", async () => {
    await put(...Array.from({ length: 600 }, (_, at): Id => ["c", String(at)]), ["d", "1"]);
    expect(await gather(answers.all(["c"]))).toHaveLength(600);
    let seen = 0;
    for await (const { id } of answers.all(["c"])) {
      seen++;
      await store.batch([answers.erase(id)]);
    }
    expect(seen).toBe(600);
    expect(await gather(answers.all())).toHaveLength(1);
  });
});

test("parts may hold anything: each id has a key of its own, and comes back as it was", async () => {
  const unit = fc.oneof(
    fc.constantFrom("/", "%", "\0", "\ud800", "\udc00", "%0000", "%002F", "a", ":", "é", "👩🏽‍🚀"),
    fc.string({ unit: "binary", maxLength: 2 }),
  );
  const part = fc.array(unit, { maxLength: 5 }).map((units) => units.join(""));
  const id = fc.tuple(part, part, part).map(([first, ...others]): Id => [first, ...others]);
  await fc.assert(
    fc.asyncProperty(
      fc.uniqueArray(
        fc.oneof(
          id,
          part.map((one): Id => [one]),
        ),
        { maxLength: 12, selector: (one) => JSON.stringify(one) },
      ),
      async (ids) => {
        const fresh = memoryStore(systemClock);
        const any = collection(fresh, "any", asWritten<Id>());
        await fresh.batch(ids.map((one) => any.put(one, one)));
        const items = await gather(any.all());
        expect(items).toHaveLength(ids.length);
        for (const { id: kept, value } of items) expect(JSON.stringify(kept)).toBe(JSON.stringify(value));
        for (const one of ids) expect(JSON.stringify(await any.get(...one))).toBe(JSON.stringify(one));
        for (const [first] of ids) {
          const below = await gather(any.all([first]));
          expect(below).toHaveLength(ids.filter((other) => other.length > 1 && other[0] === first).length);
        }
      },
    ),
    { numRuns: 100 },
  );
});
