import { describe, expect, test } from "vitest";
import { VirtualClock } from "../src/clock.ts";
import { keyOf, Outbox, TooLate } from "../src/outbox.ts";
import { type Log, type MessageRef, PlatformError } from "../src/platform.ts";
import { collection } from "../src/store/collection.ts";
import { memoryStore } from "../src/store/memory.ts";
import { type Store, StoreError } from "../src/store/store.ts";
import { text } from "../src/words.ts";
import { CHANNEL, scripted, type Turn } from "./scripted.ts";

const START = Date.UTC(2027, 11, 6, 9);
const MINUTE = 60_000;
const log: Log = { debug() {}, info() {}, warn() {}, error() {} };
const message = { body: [text("Good morning")] };

function desk(script: Partial<Record<string, Turn[]>> = {}, more: { store?: Store; clock?: VirtualClock } = {}) {
  const clock = more.clock ?? new VirtualClock(START);
  const store = more.store ?? memoryStore(clock);
  const chat = scripted(script);
  const outbox = new Outbox({ store, clock, log });
  const send = (name = "a", until?: number) =>
    outbox.send({ platform: chat.platform, place: CHANNEL, message, name, ...(until === undefined ? {} : { until }) });
  return { clock, store, outbox, send, ...chat };
}

/** Lets time pass until it is settled, and says how it ended and after how long. */
async function ends<Result>(clock: VirtualClock, promise: Promise<Result>) {
  const begun = clock.now();
  let outcome: { result?: Result; error?: unknown } | undefined;
  promise.then(
    (result) => {
      outcome = { result };
    },
    (error: unknown) => {
      outcome = { error };
    },
  );
  for (let turn = 0; turn < 4_000 && !outcome; turn++) await clock.advance(500);
  return { ...outcome, after: clock.now() - begun };
}

const record = (store: Store, name: string) =>
  collection<{ state: string }>(store, "sends", (stored) => stored as { state: string }).get(keyOf(name));

describe("the send rule", () => {
  test("a message is intended before it is posted, and sent once however often it is asked for", async () => {
    const { clock, store, send, posts, platform } = desk();
    const seen: (string | undefined)[] = [];
    const { post } = platform;
    platform.post = async (...asked) => {
      seen.push((await record(store, "a"))?.state);
      return await post(...asked);
    };
    const [one, other] = await Promise.all([send(), send()].map((sent) => ends(clock, sent)));
    expect([one?.result, other?.result, (await ends(clock, send())).result]).toEqual(Array(3).fill("message-1"));
    expect(seen).toEqual(["intended"]);
    expect((await record(store, "a"))?.state).toBe("sent");
    expect(posts).toHaveLength(1);
  });

  test("the same name sends once in a later life too", async () => {
    const first = desk();
    await ends(first.clock, first.send());
    const second = desk({}, first);
    expect((await ends(second.clock, second.send())).result).toBe("message-1");
    expect(second.calls).toEqual([]);
  });

  test("busy: it waits as long as it is told and sends again, without looking", async () => {
    const { clock, send, calls } = desk({ post: [{ busy: 7_000 }, { busy: 0 }] });
    const { result, after } = await ends(clock, send());
    expect(result).toBe("message-1");
    expect(after).toBeGreaterThanOrEqual(7_000);
    expect(calls).toEqual(["post", "post", "post"]);
  });

  test("promise 5: an ambiguous send that had its effect is found after settling, and not repeated", async () => {
    const { clock, send, posts, calls } = desk({ post: [{ after: "unknown" }] });
    const { result, after } = await ends(clock, send());
    expect(result).toBe("message-1");
    expect(after).toBeGreaterThanOrEqual(5_000);
    expect(calls).toEqual(["post", "find"]);
    expect(posts).toHaveLength(1);
  });

  test.each([1, 2, 3, 4, 5])(
    "promise 5: %i ambiguous sends without effect are each looked for, then sent",
    async (times) => {
      const { clock, send, posts, calls } = desk({ post: Array<Turn>(times).fill("unknown") });
      expect((await ends(clock, send())).result).toBe("message-1");
      expect(calls.filter((call) => call === "find")).toHaveLength(times);
      expect(posts).toHaveLength(1);
    },
  );

  test("promise 5: whichever of five tries had its effect, and however late it shows, it is not repeated", async () => {
    let [ambiguous, repeated] = [0, 0];
    for (const times of [1, 2, 3, 4, 5]) {
      for (const lag of [0, 1_000, 2_000, 3_000]) {
        const script: Turn[] = [...Array<Turn>(times - 1).fill("unknown"), { after: "unknown" }];
        const { clock, send, posts, platform } = desk({ post: script });
        const { post, find } = platform;
        let posted = 0;
        platform.post = (...asked) => {
          posted = clock.now();
          return post(...asked);
        };
        platform.find = async (...asked) => (clock.now() - posted < lag ? [] : await find(...asked));
        expect((await ends(clock, send())).result).toBe("message-1");
        ambiguous += times;
        repeated += posts.length - 1;
      }
    }
    expect(repeated).toBe(0);
    console.info(`promise 5: ${ambiguous} ambiguous sends, shown 0 to 3 s late, duplicates ${repeated}`);
  });

  test("a look that failed is no answer: it looks again, and nothing is sent meanwhile", async () => {
    const { clock, send, calls, posts } = desk({ post: [{ after: "unknown" }], find: ["unknown", { busy: 3_000 }] });
    expect((await ends(clock, send())).result).toBe("message-1");
    expect(calls).toEqual(["post", "find", "find", "find"]);
    expect(posts).toHaveLength(1);
  });

  test("a look that is forbidden ends the send; the intention stays, so that a later try looks first", async () => {
    const first = desk({ post: [{ after: "unknown" }], find: ["denied"] });
    expect((await ends(first.clock, first.send())).error).toMatchObject({ fault: "denied" });
    expect((await record(first.store, "a"))?.state).toBe("intended");
    const again = await ends(first.clock, first.send());
    expect(again.result).toBe("message-1");
    expect(first.calls).toEqual(["post", "find", "find"]);
  });

  test("an intention of an earlier life is looked for first: found, it is recorded; not found, it is sent", async () => {
    for (const effect of [true, false]) {
      const first = desk();
      first.platform.post = (_place, _message, key) => {
        if (effect) first.posts.push({ place: CHANNEL, message, key, ref: "there" as MessageRef });
        return new Promise(() => {}); // the process dies here
      };
      void first.send();
      await first.clock.settle();
      const second = desk({}, first);
      second.posts.push(...first.posts);
      const { result, after } = await ends(second.clock, second.send());
      expect(second.calls).toEqual(effect ? ["find"] : ["find", "post"]);
      expect(result).toBe(effect ? "there" : "message-1");
      expect(after).toBeGreaterThanOrEqual(5_000);
    }
  });

  test("promise 5: where we may not read, an ambiguous send is repeated once, counted, and never a third time", async () => {
    const blind = { find: Array<Turn>(9).fill("unsupported") };
    const first = desk({ post: ["unknown", "unknown"], ...blind });
    expect((await ends(first.clock, first.send())).error).toMatchObject({
      name: "PlatformError",
      fault: "unsupported",
    });
    expect(first.calls).toEqual(["post", "find", "post", "find"]);
    expect(first.outbox.unreadableRepeats).toBe(1);
    const second = desk(blind, first);
    for (const life of [first, second])
      expect((await ends(life.clock, life.send())).error).toMatchObject({ fault: "unsupported" });
    expect(second.calls).toEqual(["find"]);
    expect([first, second].flatMap(({ calls }) => calls).filter((call) => call === "post")).toHaveLength(2);
  });

  test("promise 5: killed again and again where we may not read, it is posted twice at most", async () => {
    let [life, asked] = [desk(), 0];
    for (let lives = 1; lives <= 5; lives++) {
      life = desk({ find: ["unsupported"] }, life);
      life.platform.post = () => {
        asked++;
        return new Promise(() => {}); // the process dies here
      };
      void life.send().catch(() => {});
      for (let turn = 0; turn < 20; turn++) await life.clock.advance(500);
    }
    expect(asked).toBe(2);
    console.info(`promise 5: killed in 5 lives where we may not read, posted ${asked} times, repeated once`);
  });

  test.each(["denied", { busy: 3_600_000 }] as const)(
    "promise 5: a repeat that was refused leaves the first in doubt, so nothing is posted a third time: %j",
    async (refusal) => {
      const { clock, send, calls } = desk({ post: ["unknown", refusal], find: ["unsupported", "unsupported"] });
      await ends(clock, send());
      expect((await ends(clock, send())).error).toMatchObject({ fault: "unsupported" });
      expect(calls).toEqual(["post", "find", "post", "find"]);
    },
  );

  test.each(["gone", "denied", "invalid"] as const)(
    "%s: no waiting mends it, and nothing is left over",
    async (fault) => {
      const { clock, send, store, calls } = desk({ post: [fault] });
      expect((await ends(clock, send())).error).toMatchObject({ fault });
      expect(await record(store, "a")).toBeUndefined();
      expect(calls).toEqual(["post"]);
    },
  );
});

describe("the deadline", () => {
  test("is looked at after looking: what was sent in time is sent, however late that is known", async () => {
    const { clock, send } = desk({ post: [{ after: "unknown" }] });
    expect((await ends(clock, send("a", START + 2_000))).result).toBe("message-1");
  });

  test("passed while nothing stood: it is not sent, and nothing is left over", async () => {
    const { clock, send, store, posts } = desk({ post: ["unknown"] });
    expect((await ends(clock, send("a", START + 2_000))).error).toBeInstanceOf(TooLate);
    expect([posts.length, await record(store, "a")]).toEqual([0, undefined]);
  });

  test("a wait that is longer than patience is handed back at once, with what was asked, and nothing left over", async () => {
    const { clock, send, store, calls } = desk({ post: [{ busy: 3_600_000 }] });
    const { error, after } = await ends(clock, send("a", START + 600 * MINUTE));
    expect(error).toMatchObject({ fault: "busy", retryAfterMs: 3_600_000 });
    expect([after, calls, await record(store, "a")]).toEqual([500, ["post"], undefined]);
  });
});

describe("promise 26: a store error is never read as not found", () => {
  const failing = (store: Store, call: "get" | "batch", times: number): Store => {
    let left = times;
    const fail = () => {
      if (left-- > 0) throw new StoreError("locked", "another program is writing");
    };
    return {
      ...store,
      async get(key) {
        if (call === "get") fail();
        return await store.get(key);
      },
      async batch(writes) {
        if (call === "batch") fail();
        return await store.batch(writes);
      },
    };
  };

  test.each(["get", "batch"] as const)("no send follows a failed %s", async (call) => {
    const clock = new VirtualClock(START);
    const { send, posts } = desk({}, { clock, store: failing(memoryStore(clock), call, 1) });
    expect((await ends(clock, send())).error).toBeInstanceOf(StoreError);
    expect(posts).toHaveLength(0);
    expect((await ends(clock, send())).result).toBe("message-1");
  });

  test("a record that could not be written after the post is found again, not sent again", async () => {
    const clock = new VirtualClock(START);
    const store = memoryStore(clock);
    let writes = 0;
    const torn: Store = {
      ...store,
      async batch(lines) {
        if (++writes === 2) throw new StoreError("full", "the disk is full");
        await store.batch(lines);
      },
    };
    const { send, posts, calls } = desk({}, { clock, store: torn });
    expect((await ends(clock, send())).error).toBeInstanceOf(StoreError);
    expect((await ends(clock, send())).result).toBe("message-1");
    expect([posts.length, calls]).toEqual([1, ["post", "find"]]);
  });
});

describe("taking back", () => {
  const undecided = (...find: Turn[]) => desk({ post: [{ after: "unknown" }], find });
  const withdraw = ({ outbox, platform }: Pick<ReturnType<typeof desk>, "outbox" | "platform">) =>
    outbox.withdraw({ platform, place: CHANNEL, message, name: "a" });

  test("what was sent is removed, and nothing of it is known any more", async () => {
    const { clock, store, send, removed, ...rest } = desk();
    await ends(clock, send());
    await ends(clock, withdraw(rest));
    expect(removed).toEqual(["message-1"]);
    expect(await record(store, "a")).toBeUndefined();
  });

  test("what may have been sent is looked for once more, and removed where it stands", async () => {
    const { clock, store, send, removed, ...rest } = undecided("denied");
    expect((await ends(clock, send())).error).toBeInstanceOf(PlatformError);
    await ends(clock, withdraw(rest));
    expect(removed).toEqual(["message-1"]);
    expect(await record(store, "a")).toBeUndefined();
  });

  test("while it cannot be looked for it is not forgotten", async () => {
    const { clock, store, send, removed, ...rest } = undecided("denied", "denied");
    await ends(clock, send());
    expect((await ends(clock, withdraw(rest))).error).toBeInstanceOf(PlatformError);
    expect({ removed, state: (await record(store, "a"))?.state }).toEqual({ removed: [], state: "intended" });
  });
});

test("promise 12: patience is no longer when a clock that was a day ahead is set right", async () => {
  const { clock, send } = desk({ post: Array<Turn>(9_000).fill({ busy: 1_000 }) });
  const right = clock.now.bind(clock);
  clock.now = () => right() + 24 * 60 * MINUTE;
  const ending = ends(clock, send());
  await clock.advance(MINUTE);
  clock.now = right;
  const { error, after } = await ending;
  expect(error).toMatchObject({ fault: "busy" });
  expect(Math.abs(after)).toBeLessThan(24 * 60 * MINUTE + 16 * MINUTE);
  expect(clock.elapsed()).toBeLessThan(16 * MINUTE);
});

test("whoever was taken over while they waited for their turn sends nothing", async () => {
  const { clock, store, send, posts } = desk();
  const all = [send("a"), send("b")].map((sent) => ends(clock, sent));
  await clock.settle();
  store.batch = () => Promise.reject(new StoreError("held", "Taken over."));
  const [, other] = await Promise.all(all);
  expect(other?.error).toBeInstanceOf(StoreError);
  expect(posts).toHaveLength(1);
});

test("promise 38: one message a second to a channel, and channels do not wait for each other", async () => {
  const { clock, outbox, platform } = desk();
  const at: Record<string, number[]> = {};
  const { post } = platform;
  platform.post = (place, ...rest) => {
    at[place] = [...(at[place] ?? []), clock.now() - START];
    return post(place, ...rest);
  };
  const places = ["one", "one", "one", "other"] as const;
  const sends = places.map((place, nth) =>
    outbox.send({ platform, place: place as typeof CHANNEL, message, name: `${nth}` }),
  );
  await ends(clock, Promise.all(sends));
  expect(at).toEqual({ one: [0, 1_000, 2_000], other: [0] });
});

test("edits, removals and threads are tried again while that may help; what is gone is removed", async () => {
  const { clock, outbox, platform, calls } = desk({
    edit: ["unknown", { busy: 2_000 }],
    remove: ["gone"],
    openThread: ["busy"],
  });
  const ref = "message-1" as MessageRef;
  await ends(clock, outbox.edit(platform, ref, message, "a"));
  await ends(clock, outbox.remove(platform, ref));
  expect((await ends(clock, outbox.openThread(platform, ref, "x".repeat(200)))).result).toBe("thread-on-message-1");
  expect(calls).toEqual(["edit", "edit", "edit", "remove", "openThread", "openThread"]);
});

test("what is over the limits is refused before anything is written", async () => {
  const { outbox, platform, store } = desk();
  const long = { body: [text("x".repeat(2_000))] };
  const sent = outbox.send({ platform, place: CHANNEL, message: long, name: "a" });
  await expect(sent).rejects.toBeInstanceOf(PlatformError);
  expect(await record(store, "a")).toBeUndefined();
});
