import { describe, expect, test } from "vitest";
import { tell } from "../src/activities/activity.ts";
import { Answers } from "../src/answers.ts";
import { seededChance } from "../src/chance.ts";
import { VirtualClock } from "../src/clock.ts";
import { Communities, type Community, communityIdOf } from "../src/communities.ts";
import { Occurrences } from "../src/occurrences.ts";
import { Outbox } from "../src/outbox.ts";
import type { Block, Does, Pack } from "../src/pack/pack.ts";
import { Facilitators } from "../src/people/facilitators.ts";
import { Roster } from "../src/people/roster.ts";
import { type Log, type Message, PlatformError } from "../src/platform.ts";
import { instantOf } from "../src/programme.ts";
import { Prompts } from "../src/prompts.ts";
import { Scrubber } from "../src/scrubber.ts";
import { memoryStore } from "../src/store/memory.ts";
import { StoreError } from "../src/store/store.ts";
import { type Activities, Timekeeper } from "../src/timekeeper.ts";
import { CHANNEL, scripted, type Turn } from "./scripted.ts";
import { say } from "./stories/stage.ts";

const ZONE = "Europe/London";
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const log: Log = { debug() {}, info() {}, warn() {}, error() {} };
const DOES: Record<"quote" | "remind" | "pairs", Does> = {
  quote: { activity: "quote", deck: "all" },
  remind: { activity: "remind", reminder: "r" },
  pairs: { activity: "pairs", size: 2, mode: "any" },
};
const WINDOWS = { quote: 720, remind: 30, pairs: 120 } as const;

const wordsOf = ({ body }: Message) => body.map((span) => ("text" in span ? span.text : "")).join("");

const block = (id: string, at: string, kind: keyof typeof DOES = "quote", pattern = "* * *"): Block => ({
  id,
  title: `The ${id}`,
  when: { kind: "every", pattern, at },
  does: DOES[kind],
  missed: { rule: kind === "remind" ? "skip" : "once", withinMinutes: WINDOWS[kind] },
});

/** Whose hands somebody may move; what is timed with it goes on. */
class WallClock extends VirtualClock {
  wrong = 0;
  override now(): number {
    return super.now() + this.wrong;
  }
}

/** One community of recurring blocks, over a platform that a test scripts. A `life` is a start of the whole. */
function house(blocks: readonly Block[], script: Partial<Record<string, Turn[]>> = {}, from = "08:00") {
  const clock = new WallClock(instantOf("2027-12-06", from, ZONE));
  const store = memoryStore(clock);
  const chat = scripted(script);
  const id = communityIdOf("scripted", CHANNEL);
  const programme = { id: "p", title: "P", blocks };
  const pack = { id: "pack", programmes: { p: programme } } as unknown as Pack; // what a timekeeper asks of a pack
  const community: Community = {
    id,
    platform: "scripted",
    place: CHANNEL,
    pack: "pack",
    programme: "p",
    dayOne: "",
    dayTwo: "",
    starts: "2027-12-06",
    zone: ZONE,
    run: 1,
    seed: "s",
    running: true,
    moved: {},
    cursor: clock.now(),
  };
  async function life(hold?: (part: (name: string) => Promise<unknown>, key: string) => Promise<void>) {
    const outbox = new Outbox({ store, clock, log });
    const communities = new Communities(store);
    const hall = {
      store,
      clock,
      log,
      say,
      outbox,
      communities,
      roster: new Roster(store, seededChance("t")),
      prompts: new Prompts(store),
      answers: new Answers(store),
      scrubber: new Scrubber({ store, clock, log }),
    };
    const one = {
      forms: [],
      pressed: {},
      submitted: {},
      hold: async (occasion: Parameters<Activities["quote"]["hold"]>[0]) => {
        const part = (name: string) =>
          tell(hall, occasion, name, { body: [{ kind: "text", text: `${occasion.block?.id ?? "by hand"}/${name}` }] });
        await (hold ? hold(part, occasion.key) : part("a"));
      },
    };
    const activities = Object.fromEntries(
      ["quote", "remind", "pairs", "show", "hunt", "round", "review"].map((name) => [name, one]),
    ) as unknown as Activities; // each by its name, all alike
    const facilitators = new Facilitators(hall, [{ platform: "scripted", id: "maggie" }]);
    const occurrences = new Occurrences(store);
    const setting = (community: Community) => ({ community, platform: chat.platform, pack });
    const timekeeper = new Timekeeper({ hall, occurrences, facilitators, activities, setting });
    if (!(await communities.get(id))) await store.batch([communities.put(community)]);
    await timekeeper.open();
    const beat = async (ms = 0) => {
      await clock.advance(ms);
      await timekeeper.tick();
      await clock.settle();
    };
    const rest = async (ms: number, step = 20_000) => {
      for (let passed = 0; passed < ms; passed += step) await beat(step);
    };
    const here = async () => setting((await communities.get(id)) ?? community);
    const states = async () =>
      (await occurrences.of(community)).map(
        ({ block, date, state, why }) => `${block} ${date.slice(8)} ${state}${why ? ` ${why}` : ""}`,
      );
    return { timekeeper, occurrences, beat, rest, here, states, communities, id };
  }
  const said = (place?: string) =>
    chat.posts
      .filter((one) => (place ? one.place === place : one.place === CHANNEL))
      .map(({ message }) => wordsOf(message));
  return { clock, store, life, said, ...chat, id };
}

describe("promise 10: a missed block is held once within its window, or left out", () => {
  const kinds = ["quote", "pairs", "remind"] as const;
  const downtimes = (kind: (typeof kinds)[number]) => {
    const window = WINDOWS[kind] * MINUTE;
    return [
      ["0", 0, 1],
      ["1 minute", MINUTE, 1],
      ["the window less 1 s", window - 1_000, 1],
      ["the window and 1 s", window + 1_000, 0],
      ["1 day", DAY - HOUR, 0],
    ] as const;
  };
  test.each(kinds.flatMap((kind) => downtimes(kind).map(([name, away, held]) => [kind, name, away, held] as const)))(
    "%s, %s away after it was due: held %s",
    async (kind, _name, away, held) => {
      const { life, said, clock } = house([block("it", "09:00", kind)]);
      await life();
      await clock.advance(HOUR + away);
      const { beat, rest, states } = await life();
      await beat();
      await rest(2 * MINUTE);
      expect(said()).toHaveLength(held);
      expect((await states())[0]).toBe(held ? "it 06 sent" : "it 06 skipped missed");
      expect(said("private-maggie")).toHaveLength(held ? 0 : 1);
    },
  );

  test("after 30 days only the last of each block is held, no more than three in the first minute, and one notice says what was missed", async () => {
    const { life, said, clock } = house([
      block("one", "09:00"),
      block("two", "09:10"),
      block("three", "09:20"),
      block("four", "09:30"),
      block("five", "09:40"),
    ]);
    await life();
    await clock.advance(30 * DAY + 2 * HOUR);
    const { beat, rest, states } = await life();
    await beat();
    await rest(MINUTE - 20_000);
    const firstMinute = said().length;
    expect(firstMinute).toBeLessThanOrEqual(3);
    await rest(6 * MINUTE);
    expect(said()).toHaveLength(5);
    const all = await states();
    expect(all.filter((one) => one.endsWith("sent"))).toHaveLength(5);
    expect(all.filter((one) => one.endsWith("missed"))).toHaveLength(150);
    expect(said("private-maggie")).toHaveLength(1);
    const cells = kinds.length * (downtimes("quote").length + 1);
    console.info(`promise 10: ${cells} cells; messages in the first minute after 30 days ${firstMinute}, 3 at most`);
  });
});

describe("promise 12: a clock that is set wrong, or stands still", () => {
  const steps: readonly (readonly [string, number])[] = [
    ["an hour forward", HOUR],
    ["an hour back", -HOUR],
    ["a day forward", DAY],
    ["a day back", -DAY],
  ];
  const moments = ["08:30", "08:59", "09:00", "09:01", "09:30"];
  const cells = steps.flatMap(([name, by]) => moments.map((at) => [name, at, by] as const));

  test.each(cells)(
    "%s at %s, for 45 minutes: nothing twice, nothing early, all of it accounted for",
    async (_name, at, by) => {
      const { life, clock, posts } = house([block("it", "09:00"), block("late", "17:00", "remind")]);
      const { beat, states } = await life();
      const times: string[] = [];
      const until = async (end: number) => {
        for (let left = 1; left > 0; ) {
          left = end - (clock.now() - clock.wrong);
          await beat(Math.max(0, Math.min(10 * MINUTE, left)));
          const wall = new Date(clock.now()).toISOString().slice(11, 16);
          for (const { place, message } of posts.slice(times.length))
            times.push(place === CHANNEL ? `${wordsOf(message)} ${wall}` : "a notice");
        }
      };
      await until(instantOf("2027-12-06", at, ZONE));
      clock.wrong = by;
      await until(clock.now() - by + 45 * MINUTE);
      clock.wrong = 0;
      await until(instantOf("2027-12-09", "18:00", ZONE));
      const [ends, held] = [await states(), times.filter((one) => one !== "a notice")];
      const occurrences = ends.map((one) => one.split(" ").slice(0, 2).join(" "));
      for (const day of ["06", "07", "08", "09"])
        expect(occurrences).toEqual(expect.arrayContaining([`it ${day}`, `late ${day}`]));
      expect(new Set(occurrences).size).toBe(ends.length);
      expect(held).toHaveLength(ends.filter((one) => one.endsWith("sent")).length);
      expect(held.filter((one) => one < (one.startsWith("it") ? "it/a 09:00" : "late/a 17:00"))).toEqual([]);
    },
  );

  test.each([
    ["a quote, in its window of 12 hours", "quote", 1],
    ["a reminder, over its window of 30 minutes", "remind", 0],
  ] as const)("8 hours of sleep, and %s: held %s times within a minute of waking", async (_name, kind, held) => {
    const { life, said, clock } = house([block("it", "09:00", kind)]);
    const { beat } = await life();
    await clock.advance(8 * HOUR);
    await beat(MINUTE);
    expect(said()).toHaveLength(held);
    await beat(HOUR);
    expect(said()).toHaveLength(held);
  });

  test("cases", () => console.info(`promise 12: ${cells.length} clock steps, 2 sleeps; twice 0, early 0`));
});

test("promise 12: a clock set back or forward an hour repeats nothing", async () => {
  const { life, said, clock, store } = house([block("it", "09:00")]);
  const one = await life();
  await one.beat(HOUR);
  expect(said()).toHaveLength(1);
  // A later life whose clock stands an hour earlier.
  const earlier = house([block("it", "09:00")]);
  for (const { key, value } of await store.range("", undefined, 1_000)) await earlier.store.batch([{ key, value }]);
  const { beat, rest } = await earlier.life();
  await beat();
  await rest(2 * HOUR, MINUTE);
  expect(earlier.said()).toHaveLength(0);
  expect(clock.now()).toBeGreaterThan(0);
});

test("promise 12: what fell due by a clock that was ahead waits for its time once the clock is right", async () => {
  const { life, said, clock } = house([block("it", "09:00")]);
  const right = clock.now.bind(clock);
  clock.now = () => right() + HOUR;
  const { beat, rest, states } = await life(async (part) => {
    if (clock.now() === right()) return void (await part("a"));
    clock.now = right;
    throw new PlatformError("busy", "Not now.");
  });
  await beat(1);
  await rest(50 * MINUTE, MINUTE);
  expect({ said: said(), states: await states() }).toEqual({ said: [], states: ["it 06 begun"] });
  await rest(20 * MINUTE, MINUTE);
  expect(said()).toEqual(["it/a"]);
});

test("what was asked for by hand is held once, also when it is asked again in the next run", async () => {
  const { life, said } = house([block("it", "09:00")]);
  const { timekeeper, rest, here, communities, id } = await life();
  const ask = async () => await timekeeper.byHand(await here(), DOES.quote, "By hand", "one-event");
  await ask();
  await rest(MINUTE);
  await communities.change(id, (now) => ({ ...now, run: now.run + 1 }));
  await ask();
  await rest(MINUTE);
  expect(said()).toEqual(["by hand/a"]);
});

describe("promise 9: every occurrence ends, and says how", () => {
  test.each([
    ["stands: it counts as sent", { after: "unknown" } as const, "it 06 sent", 1],
    ["does not: it is left out", "unknown" as const, "it 06 skipped by-facilitator", 0],
  ])("stopped while it was in doubt whether it stands; it %s", async (_what, turn, state, posts) => {
    const find = Array<Turn>(30).fill("unknown");
    const { life, said, store } = house([block("it", "09:00")], { post: [turn], find });
    const { beat, rest, states, communities, id } = await life();
    await beat(HOUR);
    await rest(10 * MINUTE, MINUTE);
    await communities.change(id, (now) => ({ ...now, running: false }));
    expect(await states()).toEqual(["it 06 begun"]);
    await rest(2 * HOUR, MINUTE);
    expect({ states: await states(), posts: said().length }).toEqual({ states: [state], posts });
    expect(JSON.stringify(await store.range("sends/", undefined, 9))).not.toContain("intended");
  });

  test("begun when the store was full, and stopped before it could be made a job: it is left out", async () => {
    const { life, said, store } = house([block("it", "09:00")]);
    const { beat, rest, states, communities, id } = await life();
    const batch = store.batch;
    store.batch = async (writes) => {
      if (writes.some(({ key }) => key.startsWith("jobs/"))) throw new StoreError("full", "The disk is full.");
      return await batch(writes);
    };
    await beat(HOUR);
    expect(await states()).toEqual(["it 06 begun"]);
    await communities.change(id, (now) => ({ ...now, running: false }));
    store.batch = batch;
    await rest(2 * MINUTE);
    expect(await states()).toEqual(["it 06 skipped by-facilitator"]);
    expect(said()).toEqual([]);
  });

  test.each(["denied", "gone", "invalid"] as const)("%s: failed, and a facilitator is told once", async (fault) => {
    const { life, said } = house([block("it", "09:00")], { post: [fault] });
    const { beat, rest, states } = await life();
    await beat(HOUR);
    await rest(10 * MINUTE, MINUTE);
    expect(await states()).toEqual([`it 06 failed ${fault}`]);
    expect(said("private-maggie")).toHaveLength(1);
  });

  test("what waiting mends is tried again, for as long as the window is open", async () => {
    const { life, said } = house([block("it", "09:00")], { find: Array<Turn>(120).fill("unknown"), post: ["unknown"] });
    const { beat, rest, states } = await life();
    await beat(HOUR);
    await rest(5 * HOUR, MINUTE);
    expect([said(), await states()]).toEqual([["it/a"], ["it 06 sent"]]);
  });

  test("part of its messages sent, then denied: failed, told, and nothing is sent twice by `redo`'s next attempt", async () => {
    const { life, said } = house([block("it", "09:00")], { post: ["well", "denied"] });
    const { beat, rest, states, timekeeper, here } = await life(async (part) => {
      await part("a");
      await part("b");
    });
    await beat(HOUR);
    await rest(MINUTE);
    expect([said(), await states()]).toEqual([["it/a"], ["it 06 failed denied"]]);
    await timekeeper.redo(await here(), "event");
    await timekeeper.redo(await here(), "event");
    await rest(MINUTE);
    expect(said()).toEqual(["it/a", "it/a", "it/b"]);
    expect((await states()).filter((one) => one.endsWith("sent"))).toHaveLength(1);
  });

  test("what was begun in time is finished after its window", async () => {
    const away = Array<Turn>(12).fill({ busy: 5 * MINUTE });
    const { life, said } = house([block("it", "09:00", "remind")], { post: ["well", ...away] });
    const { beat, rest, states } = await life(async (part) => {
      await part("a");
      await part("b");
    });
    await beat(HOUR);
    await rest(2 * HOUR, MINUTE);
    expect([said(), await states()]).toEqual([["it/a", "it/b"], ["it 06 sent"]]);
  });

  test("a notice that cannot be sent at once is sent later, once", async () => {
    const { life, said } = house([block("it", "09:00")], { post: ["denied"], privatePlace: Array(90).fill("unknown") });
    const { beat, rest } = await life();
    await beat(HOUR);
    await rest(12 * HOUR, MINUTE);
    expect(said("private-maggie")).toHaveLength(1);
  });
});

test("a crash in the middle of an occurrence: the next life finishes what is missing of it", async () => {
  const { life, said, clock } = house([block("it", "09:00")]);
  const first = await life(async (part) => {
    await part("a");
    await new Promise(() => {}); // the process dies here
  });
  await first.beat(HOUR);
  expect(said()).toEqual(["it/a"]);
  await clock.advance(13 * HOUR);
  const second = await life(async (part) => {
    await part("a");
    await part("b");
  });
  await second.rest(MINUTE);
  expect([said(), await second.states()]).toEqual([["it/a", "it/b"], ["it 06 sent"]]);
});

test("promise 13: one that takes longer than the time to the next does not run beside it", async () => {
  const { life } = house([block("one", "09:00"), block("two", "09:01")]);
  let running = 0;
  let most = 0;
  const { beat, rest, states } = await life(async (part) => {
    most = Math.max(most, ++running);
    await part("a");
    for (let nth = 0; nth < 200; nth++) await part(`more-${nth}`);
    running--;
  });
  await beat(HOUR);
  await rest(20 * MINUTE, 1_000);
  expect([most, await states()]).toEqual([1, ["one 06 sent", "two 06 sent"]]);
});

describe("by hand", () => {
  const blocks = [block("one", "09:00"), block("two", "10:00")];

  test("skip and next, heard twice, do what they did and no more; when their time comes nothing happens", async () => {
    const { life, said } = house(blocks);
    const { timekeeper, here, rest, states } = await life();
    for (let heard = 0; heard < 2; heard++) {
      await timekeeper.ahead(await here(), "skip", "event-1");
      await timekeeper.ahead(await here(), "hold", "event-2");
    }
    await rest(MINUTE);
    expect([said(), await states()]).toEqual([["two/a"], ["one 06 skipped by-facilitator", "two 06 sent"]]);
    await rest(4 * HOUR, MINUTE);
    expect(said()).toEqual(["two/a"]);
  });

  test("something out of turn, heard twice, is held once", async () => {
    const { life, said } = house(blocks);
    const { timekeeper, here, rest } = await life();
    for (let heard = 0; heard < 2; heard++) await timekeeper.byHand(await here(), DOES.quote, "A quote", "event-1");
    await rest(MINUTE);
    expect(said()).toEqual(["by hand/a"]);
  });

  test("stopped while something waits to be tried again: it is not held any more", async () => {
    const { life, said, id } = house([block("it", "09:00")], { post: Array<Turn>(20).fill({ busy: 20 * MINUTE }) });
    const { beat, rest, states, communities } = await life();
    await beat(HOUR);
    await communities.change(id, (now) => ({ ...now, running: false, run: now.run }));
    await rest(12 * HOUR, 5 * MINUTE);
    expect(said()).toHaveLength(0);
    expect(await states()).not.toEqual(["it 06 begun"]);
  });
});

describe("promise 40: a channel that does not let us in is left alone until it does", () => {
  const DAILY = [block("one", "09:00"), block("two", "09:10"), block("three", "09:20", "remind")];

  test.each(["gone", "denied"] as const)("%s for three days: told once, nothing tried meanwhile", async (fault) => {
    const away = Array<Turn>(1_000).fill(fault);
    const { life, said, calls } = house(DAILY, { post: [fault], channel: away });
    const { rest, states, here } = await life();
    await rest(3 * DAY, 5 * MINUTE);
    expect(await states()).toEqual([`one 06 failed ${fault}`]);
    expect(said("private-maggie")).toEqual([
      `The one could not be held. channel: ${fault} Until then I hold nothing there, and I go on by myself when I am let in again.`,
    ]);
    expect([calls.filter((call) => call === "post").length, (await here()).community.shut?.why]).toEqual([
      2,
      `channel: ${fault}`,
    ]);
    const knocks = calls.filter((call) => call === "channel").length;
    expect(knocks).toBeLessThan(400);
    console.info(`promise 40: ${fault} for 3 days: 1 notice, 1 failed block, 0 more posts, asked ${knocks} times`);
  });

  test("let in again: what may still be held is held, what was missed is told once, and all goes on", async () => {
    const shut = Array<Turn>(26).fill("denied");
    const { life, said } = house(DAILY, { post: ["denied"], channel: shut });
    const { beat, rest, states, here } = await life();
    await beat(HOUR);
    await rest(90 * MINUTE, MINUTE);
    expect((await here()).community.shut).toBeUndefined();
    expect(await states()).toEqual(["one 06 failed denied", "two 06 sent", "three 06 skipped missed"]);
    expect(said()).toEqual(["two/a"]);
    expect(said("private-maggie")).toHaveLength(2);
    await rest(DAY, 5 * MINUTE);
    expect((await states()).slice(3)).toEqual(["one 07 sent", "two 07 sent", "three 07 sent"]);
  });

  test("a start while it is shut knocks at once", async () => {
    const { life, said, clock } = house(DAILY, { post: ["gone"], channel: Array<Turn>(3).fill("gone") });
    const first = await life();
    await first.beat(HOUR);
    await first.rest(2 * MINUTE, 1_000);
    await clock.advance(30_000);
    const { rest, states } = await life();
    await rest(20 * MINUTE, MINUTE);
    expect(await states()).toEqual(["one 06 failed gone", "two 06 sent", "three 06 sent"]);
    expect(said("private-maggie")).toHaveLength(1);
  });

  test("one block that is refused in a channel that lets us in shuts nothing", async () => {
    const { life, said } = house(DAILY, { post: ["denied"] });
    const { beat, rest, states, here } = await life();
    await beat(HOUR);
    await rest(HOUR, MINUTE);
    expect([(await here()).community.shut, await states()]).toEqual([
      undefined,
      ["one 06 failed denied", "two 06 sent", "three 06 sent"],
    ]);
    expect(said("private-maggie")).toHaveLength(1);
  });

  test("a platform that does not answer whether it lets us in shuts nothing", async () => {
    const { life } = house(DAILY, { post: ["gone"], channel: Array<Turn>(200).fill("unknown") });
    const { beat, rest, states, here } = await life();
    await beat(HOUR);
    await rest(2 * HOUR, MINUTE);
    expect((await here()).community.shut).toBeUndefined();
    expect((await states())[0]).toBe("one 06 failed gone");
  });
});

test("a second in which nothing is due asks the store for nothing, and what falls due is held all the same", async () => {
  const { life, store, said } = house([block("one", "09:00"), block("two", "09:30")]);
  const { beat } = await life();
  await beat(1_000);
  await beat(1_000);
  const { get, range } = store;
  let asked = 0;
  const counted = <Asked extends unknown[], Result>(call: (...asked: Asked) => Result) => {
    return (...args: Asked) => {
      asked++;
      return call(...args);
    };
  };
  Object.assign(store, { get: counted(get), range: counted(range) });
  for (let second = 0; second < 500; second++) await beat(1_000);
  expect(asked).toBe(0);
  await beat(HOUR);
  expect(said()).toEqual(["one/a"]);
  await beat(30 * MINUTE);
  expect(said()).toEqual(["one/a", "two/a"]);
});
