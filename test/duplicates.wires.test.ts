/** The same over each adapter and its wire: a second message of one key, with words under it. */
import { expect, onTestFinished, test } from "vitest";
import type { Hall } from "../src/activities/activity.ts";
import { Answers } from "../src/answers.ts";
import type { Clock } from "../src/clock.ts";
import { Communities, communityIdOf } from "../src/communities.ts";
import { Duplicates } from "../src/duplicates.ts";
import { Inbox } from "../src/inbox.ts";
import { keyOf, Outbox } from "../src/outbox.ts";
import type { Log, Message } from "../src/platform.ts";
import { type Prompt, Prompts } from "../src/prompts.ts";
import { memoryStore } from "../src/store/memory.ts";
import { text } from "../src/words.ts";
import { DiscordWorld, newDiscordWorld } from "./contract/discord.world.ts";
import { Listener } from "./contract/listener.ts";
import { newRoomWorld } from "./contract/room.world.ts";
import { newSlackWorld } from "./contract/slack.world.ts";
import type { World } from "./contract/world.ts";

const log: Log = { debug() {}, info() {}, warn() {}, error() {} };
const NAME = "the prompt";
const message: Message = {
  body: [text("Why are you here?")],
  buttons: [{ id: "open", label: "Write it here", opens: { form: "short", about: "a1" } }],
};
/** Every wait is over at once. */
const hurried: Clock = {
  now: () => Date.now(),
  elapsed: () => performance.now(),
  endOfTurn: (call) => void setImmediate(call),
  after(_ms, call) {
    const timer = setImmediate(call);
    return () => clearImmediate(timer);
  },
};

/** The core's parts that a duplicate concerns, over a world's adapter. */
async function desk(world: World) {
  const store = memoryStore(hurried);
  const platform = world.adapter();
  onTestFinished(async () => {
    await platform.stop();
    await world.stop();
  });
  await platform.start(new Listener());
  const place = await platform.channel(world.channelName);
  const inbox = new Inbox({ store, clock: hurried, log });
  const read: string[] = [];
  await inbox.open(
    new Set([platform.name]),
    async ({ event }) => void (event.kind === "replied" && read.push(event.text)),
  );
  const parts = { store, clock: hurried, log, outbox: new Outbox({ store, clock: hurried, log }) };
  const prompts = new Prompts(store);
  // What the mending of duplicates asks of the hall.
  const hall = {
    ...parts,
    prompts,
    communities: new Communities(store),
    answers: new Answers(store),
  } as unknown as Hall;
  const duplicates = new Duplicates({ hall, inbox, platforms: new Map([[platform.name, platform]]) });
  return { store, platform, place, read, hall, prompts, duplicates };
}

/** As a late effect or another process makes it. Discord itself gives none within minutes. */
async function again(world: World, { platform, place }: Awaited<ReturnType<typeof desk>>): Promise<void> {
  if (!(world instanceof DiscordWorld)) return void (await platform.post(place, message, keyOf(NAME)));
  const { town } = world.fake;
  const [letter] = town.lettersIn(town.channel.id);
  if (letter) town.letter(town.channel, town.bot, { content: letter.content, components: letter.components });
}

test.each([
  ["the room", newRoomWorld],
  ["Slack", newSlackWorld],
  ["Discord", newDiscordWorld],
] as const)(
  "promise 8: in %s the second goes, its replies are read, and its thread is heard from then on",
  async (_name, newWorld) => {
    const world = await newWorld();
    const house = await desk(world);
    const { store, platform, place, hall, prompts } = house;
    const first = await hall.outbox.send({ platform, place, message, name: NAME });
    const thread = await platform.openThread(first, "Why");
    const community = communityIdOf(platform.name, place);
    await store.batch([hall.communities.put({ id: community, platform: platform.name, place } as never)]); // what is asked of it
    await prompts.add({ id: `${community}one`, community, message: first, thread } as Prompt); // what is asked of it
    await again(world, house);
    const [, second] = await platform.find(place, undefined, keyOf(NAME), 0);
    if (!second) throw new Error("It does not stand twice.");
    const under = await platform.openThread(second.message, "Why");
    const [, seen] = await world.sees("ana");
    await world.says("ana", seen?.handle ?? "", "to listen");
    await store.batch([
      { key: `doubts/${keyOf(NAME)}`, value: { platform: platform.name, place, since: Date.now(), asks: true } },
    ]);
    await house.duplicates.open();
    while ((await store.range("doubts/", undefined, 1)).length) await new Promise((turn) => setTimeout(turn, 2));
    expect((await platform.find(place, undefined, keyOf(NAME), 0)).map((one) => one.message)).toEqual([first]);
    expect(house.read).toEqual(["to listen"]);
    expect(await prompts.threadsOf({ id: `${community}one`, thread } as Prompt)).toEqual([thread, under]);
    expect((await prompts.in(under))?.message).toBe(first);
  },
);
