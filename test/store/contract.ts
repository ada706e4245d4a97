/** What every store promises: one suite, a fresh store for each test. */
import fc from "fast-check";
import { afterAll, afterEach, beforeEach, describe, expect, test } from "vitest";
import { type Json, type Store, StoreError } from "../../src/store/store.ts";

export interface Subject {
  readonly store: Store;
  /** Lets go of what the store was made of. */
  readonly remove: () => Promise<void>;
}

/** A call that no store can keep, whatever the compiler thinks of it. */
const anyway = (value: unknown) => value as Json;

/** JSON text tells apart what matchers do not: a field named `__proto__`, half a character. */
const written = (value: unknown) => JSON.stringify(value);

const KEYS: readonly (readonly [string, string])[] = [
  ["an underscore", "team_1/a"],
  ["a per cent sign", "100%/a"],
  ["a colon", "a:b:c"],
  ["a star", "a*b"],
  ["quotes", `a'b"c`],
  ["an emoji", "👩🏽‍🚀/ok"],
  ["white space and a line end", " a\t\n\r "],
  ["a backslash", "a\\b"],
  ["a name of Object's own", "__proto__"],
  ["another one", "constructor"],
  ["Keyv's own prefix", "keyv:a"],
  ["right-to-left marks", "\u202Eabc\u202C"],
  ["255 characters", "k".repeat(255)],
  ["255 characters of three bytes", "€".repeat(255)],
];

const VALUES: readonly (readonly [string, Json])[] = [
  ["null", null],
  ["false", false],
  ["an empty text", ""],
  ["zero", 0],
  ["the largest number", Number.MAX_VALUE],
  ["the smallest number", Number.MIN_VALUE],
  ["an empty list", []],
  ["an empty object", {}],
  ["half a character", "\ud800 and \udfff"],
  ["NUL", "a\0b"],
  ["Keyv's mark of a buffer", ":base64:aGVsbG8="],
  ["a leading colon", ":smile:"],
  ["two leading colons", "::x"],
  ["a colon within an object", { ":a": ":b", c: [":base64:"] }],
  ["line separators", "\u2028\u2029"],
  ["a field named value", { value: { value: 1 }, expires: 5 }],
  ["a text field named toJSON", { toJSON: "x" }],
  ["names of Object's own", JSON.parse('{"__proto__":{"polluted":1},"constructor":{"prototype":2}}')],
  ["100,000 characters", "x".repeat(100_000)],
  ["100 levels", JSON.parse("[".repeat(100) + "]".repeat(100))],
];

class Reflection {
  readonly words = "mine";
}
const loop: unknown[] = [];
loop.push(loop);

const UNFIT: readonly (readonly [string, unknown])[] = [
  ["undefined", undefined],
  ["undefined in a list", [undefined]],
  ["a hole in a list", Object.assign([1], { length: 3 })],
  ["NaN", Number.NaN],
  ["Infinity", { a: Number.POSITIVE_INFINITY }],
  ["a BigInt", { a: [1n] }],
  ["a Date", { a: new Date(0) }],
  ["a Map", new Map([[1, 2]])],
  ["a Set", new Set([1])],
  ["a Buffer", Buffer.from("a")],
  ["a function", { a: () => 1 }],
  ["a toJSON that is called", { toJSON: () => 1 }],
  ["a symbol", Symbol("a")],
  ["an object of a class", new Reflection()],
  ["a value within itself", loop],
  ["20,000 levels", JSON.parse("[".repeat(20_000) + "]".repeat(20_000))],
];

export function storeContract(name: string, fresh: () => Promise<Subject>): void {
  describe(`promise 32: ${name}, a store`, () => {
    let store: Store;
    let remove: () => Promise<void>;
    let cases = 0;
    beforeEach(async () => {
      cases++;
      ({ store, remove } = await fresh());
    });
    afterEach(() => remove());
    afterAll(() => console.info(`promise 32: ${name}, ${cases} cases`));

    const put = (key: string, value: Json) => store.batch([{ key, value }]);
    const keys = async (prefix: string, after?: string, limit = 1_000) =>
      (await store.range(prefix, after, limit)).map((entry) => entry.key);
    const refused = (call: Promise<unknown>, code: StoreError["code"]) =>
      expect(call).rejects.toSatisfy((error) => error instanceof StoreError && error.code === code);

    describe("keeps", () => {
      test("nothing that was not put", async () => expect(await store.get("a")).toBeUndefined());

      test.each(KEYS)("a key with %s", async (_, key) => {
        await put(key, { kept: key });
        expect(await store.get(key)).toStrictEqual({ kept: key });
        expect(await keys(key)).toStrictEqual([key]);
        await store.batch([{ key, erase: true }]);
        expect(await store.get(key)).toBeUndefined();
      });

      test.each(VALUES)("%s", async (_, value) => {
        await put("a", value);
        expect(written(await store.get("a"))).toBe(written(value));
        expect(written(await store.range("a", undefined, 1))).toBe(written([{ key: "a", value }]));
      });

      test("any JSON, exactly, and leaves Object.prototype as it was", async () => {
        const before = Object.getOwnPropertyNames(Object.prototype);
        const text = fc.string({ unit: "binary", maxLength: 30 });
        const halves = fc.array(fc.integer({ min: 0, max: 0xffff })).map((units) => String.fromCharCode(...units));
        const json = fc.jsonValue({ noUnicodeString: false, maxDepth: 4 });
        const named = fc.dictionary(fc.constantFrom("__proto__", "constructor", "toJSON", ":a", ""), text);
        await fc.assert(
          fc.asyncProperty(fc.oneof(json, text, halves, named), async (value) => {
            await put("a", anyway(value));
            expect(written(await store.get("a"))).toBe(written(value));
          }),
          { numRuns: 300 },
        );
        expect(Object.getOwnPropertyNames(Object.prototype)).toStrictEqual(before);
      });

      test("the names of Object's own as plain fields", async () => {
        await put("a", JSON.parse('{"__proto__":{"admin":true}}') as Json);
        const kept = await store.get("a");
        expect(Object.keys(kept ?? {})).toStrictEqual(["__proto__"]);
        expect((kept as { admin?: boolean }).admin).toBeUndefined();
      });

      test("an undefined field as no field", async () => {
        await put("a", { b: undefined, c: 1 });
        expect(Object.keys((await store.get("a")) ?? {})).toStrictEqual(["c"]);
      });

      test("the last of several values", async () => {
        await put("a", 1);
        await put("a", 2);
        expect(await store.get("a")).toBe(2);
      });

      test("a copy: later changes of the object given or got do not reach it", async () => {
        const given = { list: [1] };
        const kept = put("a", given);
        given.list.push(2);
        await kept;
        ((await store.get("a")) as { list: number[] }).list.push(3);
        expect(await store.get("a")).toStrictEqual({ list: [1] });
      });
    });

    describe("refuses", () => {
      test.each(UNFIT)("%s, and keeps nothing of its batch", async (_, value) => {
        await refused(
          store.batch([
            { key: "a", value: 1 },
            { key: "b", value: anyway(value) },
          ]),
          "value",
        );
        await refused(store.claim("c", anyway(value)), "value");
        expect(await keys("")).toStrictEqual([]);
      });

      test("to quote a value in its refusal", async () => {
        const error = await put("a", anyway({ secret: ["hush", new Reflection()] })).catch(String);
        expect(error).toMatch(/value of a has an object of a class at \/secret\/1/);
      });

      test.each([
        ["256 characters", "k".repeat(256)],
        ["no character", ""],
        ["NUL", "a\0b"],
        ["half a character", "a\ud800"],
      ])("a key of %s, in every call", async (_, key) => {
        await refused(put(key, 1), "value");
        await refused(
          store.batch([
            { key: "a", value: 1 },
            { key, erase: true },
          ]),
          "value",
        );
        await refused(store.claim(key, 1), "value");
        await refused(store.get(key), "value");
        expect(await keys("")).toStrictEqual([]);
      });

      test.each([0, -1, 1.5, Number.NaN, Number.POSITIVE_INFINITY])("a range of at most %s", async (limit) => {
        await refused(store.range("", undefined, limit), "value");
      });
    });

    describe("batches", () => {
      test("all of it, across collections, puts and erasures", async () => {
        await put("old/1", 1);
        await store.batch([
          { key: "new/1", value: 1 },
          { key: "old/1", erase: true },
          { key: "new/2", value: 2 },
        ]);
        expect(await keys("")).toStrictEqual(["new/1", "new/2"]);
      });

      test("nothing at all", async () => expect(await store.batch([])).toBeUndefined());

      test("1,000 writes", async () => {
        await store.batch(Array.from({ length: 1_000 }, (_, at) => ({ key: `a/${at}`, value: at })));
        expect(await keys("a/", undefined, 2_000)).toHaveLength(1_000);
      });

      test("in their order, where one key comes twice", async () => {
        await store.batch([
          { key: "a", value: 1 },
          { key: "a", erase: true },
          { key: "a", value: 2 },
          { key: "b", value: 1 },
          { key: "b", erase: true },
        ]);
        expect(await keys("")).toStrictEqual(["a"]);
        expect(await store.get("a")).toBe(2);
      });

      test("an erasure of what is not there", async () => {
        await store.batch([{ key: "a", erase: true }]);
        expect(await store.get("a")).toBeUndefined();
      });

      test("and the next one in the order of asking, awaited or not", async () => {
        const asked = [
          put("a", 1),
          store.batch([
            { key: "a", value: 2 },
            { key: "b", value: 2 },
          ]),
          put("b", 3),
          store.claim("b", 4),
          store.batch([{ key: "b", erase: true }]),
          store.claim("b", 5),
        ];
        expect(await Promise.all(asked)).toStrictEqual([undefined, undefined, undefined, false, undefined, true]);
        expect([await store.get("a"), await store.get("b")]).toStrictEqual([2, 5]);
      });

      test("so that a refused one leaves its neighbours alone", async () => {
        const [first, second, third] = await Promise.allSettled([put("a", 1), put("b", anyway(1n)), put("c", 3)]);
        expect([first.status, second.status, third.status]).toStrictEqual(["fulfilled", "rejected", "fulfilled"]);
        expect(await keys("")).toStrictEqual(["a", "c"]);
      });

      test("unseen until they are kept", async () => {
        const kept = put("a", 1);
        expect(await store.get("a")).toBeUndefined();
        await kept;
        expect(await store.get("a")).toBe(1);
      });
    });

    describe("claims", () => {
      test("for the first caller only", async () => {
        expect(await store.claim("a", 1)).toBe(true);
        expect(await store.claim("a", 2)).toBe(false);
        expect(await store.get("a")).toBe(1);
      });

      test("not what is there", async () => {
        await put("a", null);
        expect(await store.claim("a", 1)).toBe(false);
        expect(await store.get("a")).toBeNull();
      });

      test("again what was erased", async () => {
        await store.claim("a", 1);
        await store.batch([{ key: "a", erase: true }]);
        expect(await store.claim("a", 2)).toBe(true);
      });

      test("once among 500 callers in one turn", async () => {
        const claims = await Promise.all(Array.from({ length: 500 }, (_, at) => store.claim("a", at)));
        expect(claims.indexOf(true)).toBe(0);
        expect(claims.filter(Boolean)).toHaveLength(1);
      });

      test("once among callers in many turns", async () => {
        const later = async (turns: number) => {
          for (let turn = 0; turn < turns; turn++) await new Promise((done) => setImmediate(done));
          return store.claim("a", turns);
        };
        const claims = await Promise.all(Array.from({ length: 50 }, (_, at) => later(at % 7)));
        expect(claims.filter(Boolean)).toHaveLength(1);
      });
    });

    describe("ranges", () => {
      const fill = (...names: string[]) => store.batch(names.map((key) => ({ key, value: key })));

      test("nothing where nothing is", async () => expect(await store.range("a", undefined, 10)).toStrictEqual([]));

      test("over the prefix alone, taken literally", async () => {
        await fill("team_1/a", "teamX1/a", "team_10/a", "team%/a", "team", "tean", "Team_1/a");
        expect(await keys("team_1/")).toStrictEqual(["team_1/a"]);
        expect(await keys("team%")).toStrictEqual(["team%/a"]);
        expect(await keys("team_")).toStrictEqual(["team_1/a", "team_10/a"]);
      });

      test("with the key that is the prefix itself", async () => {
        await fill("a", "a/b");
        expect(await keys("a")).toStrictEqual(["a", "a/b"]);
      });

      test("in pages, without a gap or a repeat", async () => {
        await store.batch(Array.from({ length: 95 }, (_, at) => ({ key: `a/${at}`, value: at })));
        const seen: string[] = [];
        for (let page = await keys("a/", undefined, 10); page.length > 0; page = await keys("a/", page.at(-1), 10))
          seen.push(...page);
        expect(seen).toHaveLength(95);
        expect(new Set(seen).size).toBe(95);
        expect(seen).toStrictEqual([...seen].sort());
      });

      test("from a key that is gone", async () => {
        await fill("a/1", "a/3");
        expect(await keys("a/", "a/2")).toStrictEqual(["a/3"]);
      });

      test("all of the prefix after a key before it, nothing after a key behind it", async () => {
        await fill("b/1", "b/2");
        expect(await keys("b/", "a")).toStrictEqual(["b/1", "b/2"]);
        expect(await keys("b/", "c")).toStrictEqual([]);
      });

      test("in the order of UTF-8 bytes, where UTF-16 has another", async () => {
        await fill("\uffff", "😀", "é", "z", "\ue000", "\u{10ffff}", "\ud7ff");
        expect(await keys("")).toStrictEqual(["z", "é", "\ud7ff", "\ue000", "\uffff", "😀", "\u{10ffff}"]);
      });

      test("below the last character of Unicode", async () => {
        await fill("a\u{10ffff}\u{10ffff}b", "a\u{10ffff}", "b");
        expect(await keys("a\u{10ffff}")).toStrictEqual(["a\u{10ffff}", "a\u{10ffff}\u{10ffff}b"]);
      });

      test("as a plain sorted list would, over any keys", async () => {
        const key = fc.string({
          unit: fc.constantFrom("a", "b", "/", "%", "_", "é", "\uffff", "😀"),
          minLength: 1,
          maxLength: 5,
        });
        const bytes = (one: string, other: string) => Buffer.compare(Buffer.from(one), Buffer.from(other));
        await fc.assert(
          fc.asyncProperty(
            fc.uniqueArray(key, { maxLength: 30 }),
            key,
            fc.option(key, { nil: undefined }),
            async (all, prefix, after) => {
              await fill(...all);
              const expected = all
                .filter((one) => one.startsWith(prefix) && (after === undefined || bytes(one, after) > 0))
                .sort(bytes);
              expect(await keys(prefix, after, 100)).toStrictEqual(expected);
              await store.batch(all.map((one) => ({ key: one, erase: true })));
              expect(await keys("")).toStrictEqual([]);
            },
          ),
          { numRuns: 150 },
        );
      });
    });

    describe("closing", () => {
      test("keeps what was asked for before, and refuses everything after", async () => {
        const kept = put("a", 1);
        await store.close();
        await kept;
        for (const call of [
          () => store.get("a"),
          () => put("a", 2),
          () => store.claim("b", 1),
          () => store.range("", undefined, 1),
          () => store.scrub(),
        ])
          await refused(call(), "failed");
      });

      test("twice is closing once", async () => {
        await store.close();
        expect(await store.close()).toBeUndefined();
      });
    });

    test("scrubbing keeps what was not erased, and what was asked for in the same turn", async () => {
      await put("a", 1);
      await put("b", 1);
      const erased = store.batch([{ key: "b", erase: true }]);
      await store.scrub();
      await erased;
      expect(await keys("")).toStrictEqual(["a"]);
    });
  });
}
