/** Which messages are replies, in whatever order they and their changes arrive, and however many there are. */
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { Place } from "../../../src/platform.ts";
import type { Letter, Room } from "../../fakes/discord/shapes.ts";
import { DiscordStage, fault } from "./stage.ts";

const READ_MESSAGE_HISTORY = String(1 << 16);
const PICTURE = { id: "1", filename: "p.png", size: 1, url: "https://x/p.png", proxy_url: "https://x/p.png" };
const STICKER = { id: "2", name: "Wave", format_type: 1 };

describe("replies on Discord", () => {
  let stage: DiscordStage;
  let thread: Place;
  let room: Room;
  beforeEach(async () => {
    stage = await DiscordStage.open();
    ({ thread, room } = await stage.openThread());
  });
  afterEach(() => stage.close());

  const letter = (more: object): Letter => ({
    ...stage.fake.town.letter(room, stage.ben, { content: "words" }),
    ...more,
  });
  const dispatch = async (t: string, d: object) => {
    stage.fake.gateway.dispatch(t, { guild_id: stage.fake.town.guildId, channel_id: room.id, ...d });
    await stage.fake.settle();
  };

  const EMPTY = { content: "" };
  const KINDS: readonly (readonly [what: string, more: () => object, text?: string])[] = [
    ["words", () => ({}), "words"],
    ["words in answer to somebody", () => ({ type: 19 }), "words"],
    ["words with a picture", () => ({ attachments: [PICTURE] }), "words"],
    ["words with a sticker", () => ({ sticker_items: [STICKER] }), "words"],
    ["words with a preview under a link", () => ({ embeds: [{ type: "link" }] }), "words"],
    ["a picture alone", () => ({ ...EMPTY, attachments: [PICTURE] })],
    ["a sticker alone", () => ({ ...EMPTY, sticker_items: [STICKER] })],
    ["a poll", () => ({ ...EMPTY, poll: { question: { text: "?" } } })],
    ["a message handed on from elsewhere", () => ({ ...EMPTY, message_snapshots: [{ message: { content: "old" } }] })],
    ["nothing at all", () => EMPTY],
    ["a bot's words", () => ({ author: { ...stage.ben, bot: true } })],
    ["a webhook's words", () => ({ webhook_id: "1" })],
    ["Discord's own words", () => ({ author: { ...stage.ben, system: true } })],
    ["our own words", () => ({ author: stage.fake.town.bot })],
    ["somebody was added to the thread", () => ({ ...EMPTY, type: 1 })],
    ["the thread was renamed", () => ({ type: 4 })],
    ["something was pinned", () => ({ ...EMPTY, type: 6 })],
    ["somebody joined the server", () => ({ ...EMPTY, type: 7 })],
    ["the server was boosted", () => ({ ...EMPTY, type: 8 })],
    ["a thread was opened", () => ({ type: 18 })],
    ["a slash command's answer", () => ({ type: 20, author: { ...stage.ben, bot: true } })],
    ["the message that the thread hangs on", () => ({ ...EMPTY, type: 21 })],
    ["AutoMod's notice", () => ({ type: 24 })],
    ["a poll's result", () => ({ ...EMPTY, type: 46 })],
    ["a kind yet to come", () => ({ type: 4_711 })],
  ];

  test("promise 23: each kind of message is a reply or none, as documented", async () => {
    for (const [what, more, text] of KINDS) {
      stage.ears.taken.length = 0;
      await dispatch("MESSAGE_CREATE", letter(more()));
      const heard = text === undefined ? [] : [{ kind: "replied", place: thread, text }];
      expect(stage.ears.taken, what).toMatchObject(heard);
    }
    const counted = KINDS.filter(([, , text]) => text !== undefined).length;
    console.info(`promise 23: Discord: ${KINDS.length} kinds of messages, ${counted} of them replies`);
  });

  test("promise 23: changed to a picture without words, it says nothing any more", async () => {
    const edited_timestamp = new Date(stage.clock.now() + 1).toISOString();
    await dispatch("MESSAGE_UPDATE", letter({ ...EMPTY, edited_timestamp, attachments: [PICTURE] }));
    expect(stage.ears.taken).toMatchObject([{ kind: "edited", text: "" }]);
  });

  test("promise 19: in any order, the newest version is the largest, and a retraction is of the same message", async () => {
    const { town } = stage.fake;
    const first = { ...town.letter(room, stage.ben, { content: "one" }) };
    const at = (ms: number) => new Date(stage.clock.now() + ms).toISOString();
    const events = [
      ["MESSAGE_CREATE", first],
      ["MESSAGE_UPDATE", { ...first, content: "two", edited_timestamp: at(1) }],
      ["MESSAGE_UPDATE", { ...first, content: "three", edited_timestamp: at(2) }],
      ["MESSAGE_DELETE", { id: first.id }],
    ] as const;
    const orders = permutations(events);
    for (const order of orders) {
      stage.ears.taken.length = 0;
      for (const [t, d] of order) await dispatch(t, d);
      const said = [...stage.ears.heard("replied"), ...stage.ears.heard("edited")];
      expect(said.sort((a, b) => a.version - b.version).map(({ text }) => text)).toEqual(["one", "two", "three"]);
      expect(new Set(stage.ears.taken.map((one) => "message" in one && one.message)).size).toBe(1);
    }
    console.info(`promise 19: Discord: ${orders.length} orders of a reply, two edits and its deletion`);
  });

  test("promise 17: what comes twice bears the same event", async () => {
    const said = stage.fake.acts.says(stage.ben, room, "once");
    for (const act of [() => {}, () => stage.fake.acts.edits(said, "twice"), () => stage.fake.acts.retracts(said)]) {
      act();
      stage.fake.acts.repeats();
      await stage.fake.settle();
    }
    expect(stage.ears.taken).toHaveLength(6);
    expect(new Set(stage.ears.taken.map(({ event }) => event)).size).toBe(3);
  });

  test("promise 18: typed while we were away, all of it is read, also where the thread sleeps", async () => {
    await stage.platform.stop();
    for (let nth = 0; nth < 250; nth++) stage.fake.acts.says(stage.ben, room, `reply ${nth}`);
    if (room.thread_metadata) room.thread_metadata.archived = true;
    stage.adapter();
    await stage.start();
    const read = await all();
    expect(read).toEqual(Array.from({ length: 250 }, (_, nth) => `reply ${nth}`));
    console.info(`promise 18: Discord: ${read.length} of 250 replies recovered from a sleeping thread`);
  });

  test("promise 21: 100 replies are read whole or not at all", async () => {
    for (let nth = 0; nth < 100; nth++) stage.fake.acts.says(stage.ben, room, `reply ${nth}`);
    await stage.fake.settle();
    const { permission_overwrites: overwrites } = stage.fake.town.channel;
    const refusal = { id: stage.fake.town.guildId, type: 0 as const, allow: "0", deny: READ_MESSAGE_HISTORY };
    // Discord has taken the permission away, and we have not heard of it yet: the page is empty, and says nothing.
    overwrites.push(refusal);
    expect(await fault(all())).toMatchObject({
      fault: "denied",
      message: expect.stringContaining("Read Message History"),
    });
    overwrites.pop();
    expect(await all()).toHaveLength(100);
    console.info("promise 21: Discord: 100 replies behind a page that is empty without an error, 0 taken for deleted");
  });

  async function all(): Promise<readonly string[]> {
    const texts: string[] = [];
    let next: string | undefined;
    do {
      const page = await stage.platform.history(thread, next);
      texts.push(...page.items.filter(({ mine }) => !mine).map(({ text }) => text));
      next = page.next;
    } while (next !== undefined);
    return texts;
  }
});

function permutations<Item>(items: readonly Item[]): readonly (readonly Item[])[] {
  if (items.length < 2) return [items];
  return items.flatMap((item) => permutations(items.filter((one) => one !== item)).map((rest) => [item, ...rest]));
}
