import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { Place } from "../../../src/platform.ts";
import { text } from "../../../src/words.ts";
import { unknownThing } from "../../fakes/discord/refusals.ts";
import type { Room } from "../../fakes/discord/shapes.ts";
import { DiscordStage, fault, key } from "./stage.ts";

describe("what people type on Discord", () => {
  let stage: DiscordStage;
  let thread: Place;
  let room: Room;
  beforeEach(async () => {
    stage = await DiscordStage.open();
    ({ thread, room } = await stage.openThread());
  });
  afterEach(() => stage.close());

  const say = async (words: string) => {
    const letter = stage.fake.acts.says(stage.ben, room, words);
    await stage.fake.settle();
    return letter;
  };
  const dispatch = async (t: string, d: object) => {
    stage.fake.gateway.dispatch(t, { guild_id: stage.fake.town.guildId, channel_id: room.id, ...d });
    await stage.fake.settle();
  };

  test("is tried again until the store takes it, once", async () => {
    stage.ears.refusals = 2;
    await say("do not lose me");
    expect(stage.ears.taken).toEqual([]);
    await stage.clock.advance(1_000);
    await stage.clock.advance(5_000);
    await stage.clock.advance(600_000);
    expect(stage.ears.taken).toMatchObject([{ kind: "replied", text: "do not lose me", place: thread }]);
    expect(JSON.stringify(stage.logged)).not.toContain("do not lose me");
  });

  test("is left to be read up when the store stays full", async () => {
    stage.ears.refusals = 100;
    await say("later");
    await stage.clock.advance(600_000);
    expect(stage.ears.connections).toBe(2);
    const { items } = await stage.platform.history(thread);
    expect(items.map((item) => item.text)).toEqual(["Why are you here?", "later"]);
  });

  test("is not waited for when we stop", async () => {
    stage.ears.refusals = 100;
    await say("later");
    await stage.platform.stop();
    expect(stage.ears.connections).toBe(1);
  });

  test("is heard in threads that discord.js has forgotten", async () => {
    room.thread_metadata = { archived: true, locked: false, auto_archive_duration: 60, archive_timestamp: "" };
    await stage.platform.stop();
    stage.adapter();
    await stage.start();
    await say("after a long sleep");
    expect(stage.ears.only("replied")).toMatchObject({ text: "after a long sleep", place: thread });
  });

  test("reads as it was typed where Discord puts numbers for names", async () => {
    const { ana, fake } = stage;
    const named = `<@${ana.id}> <@!${ana.id}> in <#${fake.town.channel.id}> with <@&${fake.town.managers}> <:wave:7> <a:spin:8> <@1> <t:0>`;
    const letter = await say(named);
    letter.mentions = [ana];
    stage.fake.acts.edits(letter, named);
    await stage.fake.settle();
    const read = "@ana @ana in #better-together with @Hosts :wave: :spin: <@1> <t:0>";
    expect(stage.ears.only("edited").text).toBe(read);
    expect((await stage.platform.history(thread)).items.at(-1)?.text).toBe(read);
  });

  test("a preview under a link is no edit, and an edit without its text is looked up", async () => {
    const letter = await say("see https://example.org");
    await dispatch("MESSAGE_UPDATE", { id: letter.id, edited_timestamp: null, embeds: [] });
    await dispatch("MESSAGE_UPDATE", { id: letter.id, embeds: [] });
    expect(stage.ears.heard("edited")).toEqual([]);
    stage.fake.town.rewrite(letter, "see the page");
    await dispatch("MESSAGE_UPDATE", { id: letter.id, edited_timestamp: letter.edited_timestamp });
    expect(stage.ears.only("edited").text).toBe("see the page");
  });

  test("an edit whose message is gone by then changes nothing", async () => {
    const letter = await say("fleeting");
    stage.fake.mishaps.push({ fits: /^GET \/channels\/\d+\/messages\/\d+$/, how: unknownThing(10008, "Message") });
    await dispatch("MESSAGE_UPDATE", {
      id: letter.id,
      edited_timestamp: new Date(stage.clock.now() + 1).toISOString(),
    });
    expect(stage.ears.heard("edited")).toEqual([]);
    expect(stage.logged).toEqual([]);
  });

  test("promise 21: an empty text without a file says nothing and overwrites nothing, and alerts once", async () => {
    const letter = await say("kept");
    stage.fake.acts.edits(letter, "");
    await dispatch("MESSAGE_CREATE", { ...letter, id: stage.fake.town.snowflake(), content: "" });
    await dispatch("MESSAGE_CREATE", { ...letter, id: stage.fake.town.snowflake(), content: "" });
    expect(stage.ears.taken.map((event) => event.kind)).toEqual(["replied"]);
    expect(stage.logged).toEqual([{ message: expect.stringContaining('"Message Content"'), facts: undefined }]);
  });

  test("promise 20: many deleted at once are each taken back, ours not", async () => {
    const one = await say("one");
    const two = await say("two");
    const ours = await stage.platform.post(thread, { body: [text("ours")] }, key("ours"));
    await stage.fake.settle();
    await dispatch("MESSAGE_DELETE_BULK", { ids: [one.id, two.id, ours.split("#")[1]] });
    const [first, second] = stage.ears.heard("replied");
    expect(stage.ears.heard("retracted").map((event) => event.message)).toEqual([first?.message, second?.message]);
    expect(stage.ears.heard("retracted")[0]?.by).toEqual({ id: stage.platform.user(stage.ben.id) });
  });

  test("taken back by somebody we no longer remember names nobody", async () => {
    const letter = await say("long ago");
    await stage.platform.stop();
    stage.adapter();
    await stage.start();
    stage.fake.acts.retracts(letter);
    await stage.fake.settle();
    expect(stage.ears.only("retracted").message).toBe(stage.ears.only("replied").message);
  });

  test("promise 21: is never called absent by whoever may not read", async () => {
    await say("there all the while");
    const { permission_overwrites: overwrites } = stage.fake.town.channel;
    const READ_MESSAGE_HISTORY = String(1 << 16);
    overwrites.push({ id: stage.fake.town.guildId, type: 0, allow: "0", deny: READ_MESSAGE_HISTORY });
    stage.fake.gateway.dispatch("CHANNEL_UPDATE", { ...stage.fake.town.channel, position: 0 });
    await stage.fake.settle();
    const reading = await fault(stage.platform.history(thread));
    expect(reading).toMatchObject({ fault: "denied", message: expect.stringContaining("Read Message History") });
    const finding = stage.platform.find(thread, { body: [text("x")] }, key("x"), 0);
    expect((await fault(finding)).fault).toBe("denied");
    const channel = await fault(stage.platform.channel("better-together"));
    expect(channel).toMatchObject({ fault: "denied", message: expect.stringContaining("ReadMessageHistory") });
  });
});
