/** Two live messages of one key: how they come about, how soon the second is gone, and what becomes of what was written under it. */
import { expect, test } from "vitest";
import { TooLate } from "../src/outbox.ts";
import type { MessageRef } from "../src/platform.ts";
import { text } from "../src/words.ts";
import { House } from "./doubled.ts";
import { Random } from "./simulation/random.ts";

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const CASES = 40;

async function housed(): Promise<House> {
  const house = new House();
  await house.begin();
  return house;
}

/** A prompt that stands twice: the second time so many milliseconds after it was first asked for. */
async function doubled(house: House, late = 10 * SECOND): Promise<{ first: MessageRef; second: MessageRef }> {
  house.late = late;
  await house.asks("one");
  for (let waited = 0; waited < MINUTE; waited += SECOND) {
    const [first, second] = await house.live();
    if (first && second) return { first: first.message, second: second.message };
    await house.passes(SECOND);
  }
  throw new Error("It never stood twice.");
}

const left = async ({ store }: House) => (await store.range("doubts/", undefined, 10)).length;

/** One case: what it was, for how long it stood twice, and what was written meanwhile that is not kept. */
async function played(seed: number) {
  const random = new Random(seed);
  const house = await housed();
  const how = random.pick(["late", "late", "lag", "restart"] as const);
  house.late = how === "lag" ? 500 : random.int(8 * SECOND, 55 * SECOND);
  if (how === "lag") house.lagUntil = house.clock.now() + random.int(7, 19) * SECOND;
  await house.asks(`case ${seed}`);
  const written: string[] = [];
  let twiceSince: number | undefined;
  let twiceFor = 0;
  let restarts = 0;
  await house.passes(2 * MINUTE, async () => {
    const live = await house.live();
    if (live.length > 1) {
      twiceSince ??= house.clock.now();
      if (how === "restart" && random.chance(0.1) && restarts++ < 2) await house.begin();
      if (random.chance(0.1)) {
        written.push(`${seed}/${written.length}`);
        await house.writes(random.pick(live).message, written.at(-1) ?? "");
      }
    } else if (twiceSince !== undefined && twiceFor === 0) twiceFor = house.clock.now() - twiceSince;
  });
  const kept = await house.answers();
  const stands = (await house.live()).length;
  return {
    how,
    twiceFor,
    stands,
    posts: house.keys.length,
    lost: written.filter((one) => !kept.includes(one)),
    written,
  };
}

test("promise 8: of two messages of one key one is gone within 60 s, and every reply under both is kept", async () => {
  const cases = [];
  for (let seed = 1; seed <= CASES; seed++) cases.push(await played(seed));
  const twice = cases.map(({ twiceFor }) => twiceFor / SECOND).sort((a, b) => a - b);
  const [p99, written] = [twice.at(Math.ceil(CASES * 0.99) - 1) ?? 0, cases.flatMap((one) => one.written).length];
  expect(cases.filter(({ posts, stands }) => posts !== 2 || stands !== 1)).toEqual([]);
  expect(cases.flatMap(({ lost }) => lost)).toEqual([]);
  expect(p99).toBeLessThan(60);
  console.info(`promise 8: ${CASES} duplicates, gone after p99 ${p99} s, ${written} replies under them, lost 0`);
});

test("promise 8: the one on record stays, whichever came first", async () => {
  for (const how of ["late", "lag"]) {
    const house = await housed();
    if (how === "lag") house.lagUntil = house.clock.now() + 8 * SECOND;
    const { first, second } = await doubled(house, how === "lag" ? 500 : undefined);
    await house.passes(MINUTE);
    expect(await house.live()).toMatchObject([{ message: how === "lag" ? second : first }]);
    const [community] = await house.company.office.communities.all();
    const [prompt] = await house.company.office.prompts.of(community?.id ?? "");
    expect(prompt?.message).toBe(how === "lag" ? second : first);
    await house.writes(prompt?.message ?? first, "under the one that stays");
    await house.passes(10 * MINUTE);
    expect(await house.answers()).toEqual(["under the one that stays"]);
    expect(await left(house)).toBe(0);
  }
});

test("promise 8: what is written after the thread was read, and before its message goes, is kept too, and what is mended there", async () => {
  const house = await housed();
  const { second } = await doubled(house);
  await house.writes(second, "early");
  house.afterRead = async () => {
    house.afterRead = async () => {};
    await house.writes(second, "late");
  };
  await house.passes(MINUTE);
  expect(await house.live()).toHaveLength(1);
  expect([...(await house.answers())].sort()).toEqual(["early", "late"]);
});

test.each(["unknown", "denied", "empty"] as const)(
  "promise 8: while its thread cannot be read (%s) it stays; later it goes",
  async (how) => {
    const house = await housed();
    const { second } = await doubled(house);
    await house.writes(second, "not to be lost");
    house.unreadable = how;
    await house.passes(3 * MINUTE);
    expect(await house.live()).toHaveLength(2);
    house.unreadable = undefined;
    await house.passes(6 * MINUTE);
    expect(await house.live()).toHaveLength(1);
    expect(await house.answers()).toEqual(["not to be lost"]);
  },
);

test("promise 8: read again after a reconnect, what was written under it stays kept, though no thread of the prompt's has it", async () => {
  const house = await housed();
  const { second } = await doubled(house);
  await house.writes(second, "under the second");
  await house.passes(MINUTE);
  const [community] = await house.company.office.communities.all();
  const [prompt] = await house.company.office.prompts.of(community?.id ?? "");
  if (!prompt) throw new Error("There is no prompt.");
  await house.company.office.outbox.send({
    platform: house.room,
    place: prompt.thread,
    message: { body: [text("A later word of ours")] },
    name: "later",
  });
  await house.begin();
  await house.passes(3 * MINUTE);
  expect(await house.answers()).toEqual(["under the second"]);
});

test("promise 8: a form opened from the second is an answer to the one prompt", async () => {
  const house = await housed();
  const { second } = await doubled(house);
  const form = await house.room.doings.presses("ana", second, "open:round");
  if (!form) throw new Error("No form opened.");
  await house.passes(MINUTE);
  const field = form.fields[0]?.id ?? "";
  expect(await house.room.doings.submits("ana", { ...form, values: { [field]: "by form" } })).toBeUndefined();
  await house.passes(5 * SECOND);
  expect(await house.answers()).toEqual(["by form"]);
});

test("promise 8: what was given up, and told so, does not stand there later", async () => {
  const house = await housed();
  const { outbox } = house.company.office;
  house.late = 15 * SECOND;
  const place = house.channel;
  const message = { body: [text("Not any more")] };
  // The companion's own way to the room, with the network between.
  const platform = house.platform;
  const sent = outbox.send({ platform, place, message, name: "given up", until: house.clock.now() + 2 * SECOND });
  const ends = expect(sent).rejects.toBeInstanceOf(TooLate);
  await house.passes(16 * SECOND);
  await ends;
  expect(await house.live()).toHaveLength(1);
  await house.passes(MINUTE);
  expect(await house.live()).toEqual([]);
});
