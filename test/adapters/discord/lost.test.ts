/** Places, messages and people that are no more, or let us in no more: what becomes of what we wanted there. */
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { Fault, MessageRef, Place } from "../../../src/platform.ts";
import { text } from "../../../src/words.ts";
import { Refusal, unknownThing } from "../../fakes/discord/refusals.ts";
import type { Room } from "../../fakes/discord/shapes.ts";
import { DiscordStage, fault, key } from "./stage.ts";

const POST = /^POST \/channels\/\d+\/messages$/;
const VIEW_CHANNEL = String(1 << 10);
const SEND_IN_THREADS = String(1n << 38n);

describe("what is lost on Discord", () => {
  let stage: DiscordStage;
  let channel: Place;
  let thread: Place;
  let prompt: MessageRef;
  let room: Room;
  beforeEach(async () => {
    stage = await DiscordStage.open();
    ({ thread, prompt, room } = await stage.openThread());
    channel = stage.platform.channelOf(thread);
  });
  afterEach(() => stage.close());

  const post = (at: Place) => stage.platform.post(at, { body: [text("x")] }, key("x"));
  const dispatch = async (t: string, d: object) => {
    stage.fake.gateway.dispatch(t, { guild_id: stage.fake.town.guildId, ...d });
    await stage.fake.settle();
  };
  const removed = async () => {
    stage.fake.town.leave();
    await dispatch("GUILD_DELETE", { id: stage.fake.town.guildId });
  };
  const deleted = async ({ id }: Room) => {
    stage.fake.town.rooms.delete(id);
    await dispatch(id === room.id ? "THREAD_DELETE" : "CHANNEL_DELETE", { id, type: 0 });
  };
  const denied = async (deny: string) => {
    stage.fake.town.channel.permission_overwrites.push({ id: stage.fake.town.guildId, type: 0, allow: "0", deny });
    await dispatch("CHANNEL_UPDATE", { ...stage.fake.town.channel, position: 0 });
  };
  const refused = (fits: RegExp, status: number, code: number) =>
    stage.fake.mishaps.push({
      fits,
      how: code === 10_007 ? unknownThing(code, "Member") : new Refusal(status, code, ""),
    });
  const ana = () => stage.platform.user(stage.ana.id);
  const openRoom = () => stage.platform.openRoom(channel, [ana()], "Ana and Ben");

  const CASES: readonly (readonly [
    what: string,
    lose: () => unknown,
    wanted: () => Promise<unknown>,
    Fault,
    said: RegExp,
  ])[] = [
    ["a channel was deleted: post", () => deleted(stage.fake.town.channel), () => post(channel), "gone", /no more/],
    [
      "a channel was deleted: is it there",
      () => deleted(stage.fake.town.channel),
      () => stage.platform.channel(channel),
      "gone",
      /no text channel/,
    ],
    ["a thread was deleted: post", () => deleted(room), () => post(thread), "gone", /no more/],
    ["a thread was deleted: read", () => deleted(room), () => stage.platform.history(thread), "gone", /no more/],
    [
      "a thread was locked: post",
      () => room.thread_metadata && Object.assign(room.thread_metadata, { locked: true }),
      () => post(thread),
      "denied",
      /unlock/,
    ],
    [
      "a thread sleeps and may not be woken: post",
      () => {
        if (room.thread_metadata) room.thread_metadata.archived = true;
        refused(/^PATCH \/channels/, 403, 50_013);
      },
      () => post(thread),
      "denied",
      /permission/,
    ],
    ["the bot was removed: post", removed, () => post(channel), "denied", /invite it again/],
    ["the bot was removed: is it there", removed, () => stage.platform.channel(channel), "denied", /Invite it: https/],
    [
      "the channel was hidden from the bot: post",
      () => denied(VIEW_CHANNEL),
      () => post(channel),
      "denied",
      /Needed: View Channel/,
    ],
    [
      "the channel was hidden from the bot: is it there",
      () => denied(VIEW_CHANNEL),
      () => stage.platform.channel(channel),
      "denied",
      /lacks ViewChannel/,
    ],
    [
      "the bot may not speak in threads: post",
      () => denied(SEND_IN_THREADS),
      () => post(thread),
      "denied",
      /Send Messages in Threads/,
    ],
    [
      "a prompt was deleted: its thread",
      () => stage.fake.town.letters.delete(prompt.split("#")[1] ?? ""),
      () => stage.platform.openThread(prompt, "again"),
      "gone",
      /message is no more/,
    ],
    [
      "a post was deleted: change it",
      () => stage.fake.town.letters.delete(prompt.split("#")[1] ?? ""),
      () => stage.platform.edit(prompt, { body: [text("y")] }, key("prompt")),
      "gone",
      /message is no more/,
    ],
    ["DMs are closed: write", () => refused(POST, 403, 50_007), () => post(channel), "gone", /does not take DMs/],
    ["no server is shared: write", () => refused(POST, 403, 50_278), () => post(channel), "gone", /shares no server/],
    [
      "an account is gone: write",
      () => stage.fake.town.accounts.delete(stage.ana.id),
      () => stage.platform.privatePlace(ana()),
      "gone",
      /account is no more/,
    ],
    [
      "a member has left: a room with them",
      () => refused(/^PUT .*thread-members/, 404, 10_007),
      openRoom,
      "gone",
      /no longer in the server/,
    ],
    [
      "private rooms are not allowed: a room",
      () => refused(/^POST \/channels\/\d+\/threads$/, 403, 50_013),
      openRoom,
      "denied",
      /Create Private Threads/,
    ],
  ];

  for (const [what, lose, wanted, kind, said] of CASES)
    test(`promise 40: ${what}: ${kind}`, async () => {
      await lose();
      expect(await fault(wanted())).toMatchObject({ fault: kind, message: expect.stringMatching(said) });
    });

  test("promise 40: where one of a pair has left, the other is not left alone in their room", async () => {
    const pair = [stage.ben, stage.ana].map(({ id }) => stage.platform.user(id));
    refused(new RegExp(`^PUT .*thread-members/${stage.ana.id}$`), 404, 10_007);
    expect((await fault(stage.platform.openRoom(channel, pair, "Ben and Ana"))).fault).toBe("gone");
    const made = [...stage.fake.town.rooms.values()].find(({ name }) => name === "Ben and Ana");
    expect([...(stage.fake.town.within.get(made?.id ?? "") ?? [])]).toEqual([stage.fake.town.bot.id]);
    // A room that stood before keeps its people.
    const at = await stage.platform.openRoom(channel, pair, "Ben and Ana");
    refused(new RegExp(`^PUT .*thread-members/${stage.ana.id}$`), 404, 10_007);
    expect((await fault(stage.platform.openRoom(channel, pair, "Ben and Ana"))).fault).toBe("gone");
    const within = stage.fake.town.within.get(at.split("/").at(-1) ?? "");
    expect([...(within ?? [])]).toEqual([stage.fake.town.bot.id, stage.ben.id, stage.ana.id]);
  });

  test("promise 40: a sleeping thread is woken; what is renamed is the same", async () => {
    if (room.thread_metadata) room.thread_metadata.archived = true;
    await post(thread);
    await dispatch("CHANNEL_UPDATE", { ...stage.fake.town.channel, name: "better-still", position: 0 });
    expect(await stage.platform.channel(channel)).toBe(channel);
    console.info(`promise 40: Discord: ${CASES.length + 2} cases of what is lost, each with its fault and its remedy`);
  });
});
