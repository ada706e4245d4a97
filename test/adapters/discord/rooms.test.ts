import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { Place } from "../../../src/platform.ts";
import { text } from "../../../src/words.ts";
import { broken, Refusal, unknownThing } from "../../fakes/discord/refusals.ts";
import { DiscordStage, fault, key } from "./stage.ts";

describe("places on Discord", () => {
  let stage: DiscordStage;
  let channel: Place;
  beforeEach(async () => {
    stage = await DiscordStage.open();
    channel = await stage.start();
  });
  afterEach(() => stage.close());

  const people = () => [stage.ana, stage.ben].map(({ id }) => stage.platform.user(id));
  const openRoom = () => stage.platform.openRoom(channel, people(), "Ana and Ben");
  const rooms = () => [...stage.fake.town.rooms.values()].filter((room) => room.type === 12);

  test("a private room is a closed thread with its people and us", async () => {
    await openRoom();
    const [room] = rooms();
    expect(room).toMatchObject({ name: "Ana and Ben", parent_id: stage.fake.town.channel.id });
    expect(room?.thread_metadata).toMatchObject({ invitable: false, auto_archive_duration: 10_080 });
    const within = [...(stage.fake.town.within.get(room?.id ?? "") ?? [])];
    expect(within).toEqual([stage.fake.town.bot.id, stage.ana.id, stage.ben.id]);
  });

  test.each(["a lost answer", "an answer without an id"])("after %s the same room is opened", async (what) => {
    const how = what === "a lost answer" ? broken() : { status: 200, html: "<p>?</p>" };
    stage.fake.mishaps.push({ fits: /^POST \/channels\/\d+\/threads$/, how, afterwards: true });
    expect((await fault(openRoom())).fault).toBe("unknown");
    await openRoom();
    expect(rooms()).toHaveLength(1);
  });

  test("promise 7: after weeks the same room is found by its owner and title, woken, and written into", async () => {
    const at = await openRoom();
    const [room] = rooms();
    if (room?.thread_metadata) room.thread_metadata.archived = true;
    expect(await openRoom()).toBe(at);
    if (room?.thread_metadata) room.thread_metadata.archived = true;
    await stage.platform.post(at, { body: [text("Hello again")] }, key("again"));
    expect(room?.thread_metadata?.archived).toBe(false);
    expect(rooms()).toHaveLength(1);
  });

  test("another title, another owner or another channel is another room", async () => {
    const at = await openRoom();
    const [room] = rooms();
    stage.fake.town.rooms.set("1", {
      ...room,
      id: "1",
      owner_id: stage.ana.id,
      name: "Cleo and Dev",
    } as typeof rooms extends () => (infer R)[] ? R : never);
    expect(await stage.platform.openRoom(channel, people(), "Cleo and Dev")).not.toBe(at);
    expect(rooms().map(({ id }) => id)).toHaveLength(3);
  });

  test("a locked thread is for the operator", async () => {
    const at = await openRoom();
    const [room] = rooms();
    if (room?.thread_metadata) room.thread_metadata.locked = true;
    const error = await fault(stage.platform.post(at, { body: [text("x")] }, key("x")));
    expect(error).toMatchObject({ fault: "denied", message: expect.stringContaining("unlock") });
  });

  test("a person who has left cannot be asked in", async () => {
    stage.fake.mishaps.push({ fits: /^PUT \/channels\/\d+\/thread-members/, how: unknownThing(10007, "Member") });
    expect((await fault(openRoom())).fault).toBe("gone");
  });

  test("closed DMs are gone", async () => {
    const at = await stage.platform.privatePlace(stage.platform.user(stage.ana.id));
    const how = new Refusal(403, 50007, "Cannot send messages to this user");
    stage.fake.mishaps.push({ fits: /^POST \/channels\/\d+\/messages$/, how });
    expect((await fault(stage.platform.post(at, { body: [text("x")] }, key("x")))).fault).toBe("gone");
  });

  test("a channel is found by name, hash, id or mention; two of one name are not guessed at", async () => {
    const { id } = stage.fake.town.channel;
    for (const said of ["better-together", "#better-together", ` ${id} `, `<#${id}>`]) {
      expect(await stage.platform.channel(said)).toBe(channel);
    }
    const twin = stage.fake.town.room({ type: 0, name: "better-together", parent_id: null });
    stage.fake.gateway.dispatch("CHANNEL_CREATE", { ...twin, position: 1 });
    await stage.fake.settle();
    expect(await fault(stage.platform.channel("better-together"))).toMatchObject({ fault: "denied" });
    expect(await stage.platform.channel(twin.id)).not.toBe(channel);
  });

  test("who is who: managers, owners, guests, bots, those who left", async () => {
    const { town } = stage.fake;
    const cleo = town.account("cleo");
    const who = (id: string) => stage.platform.person(stage.platform.user(id));
    expect(await who(stage.ana.id)).toEqual({ name: "ana", kind: "person", mayRunWorkshop: true });
    expect(await who(town.owner.id)).toMatchObject({ kind: "person", mayRunWorkshop: true });
    expect(await who(stage.ben.id)).toMatchObject({ mayRunWorkshop: false });
    expect(await who(cleo.id)).toEqual({ name: "cleo", kind: "gone", mayRunWorkshop: false });
    expect(await who("1")).toEqual({ name: "", kind: "gone", mayRunWorkshop: false });
    expect(() => stage.platform.user("@ana")).toThrow(expect.objectContaining({ fault: "denied" }));
  });
});
