/** What only Slack has: names and memberships of channels, pages, people of all kinds, files that show up late. */
import { expect, test } from "vitest";
import { CLOCK_ERROR, type MessageRef, type Place, type UserId } from "../../../src/platform.ts";
import { faultOf, hurried, key, prompted, says, stage, worldOf } from "./stage.ts";

test("a channel is found by id, by name on any page, and by its own place", async () => {
  const { world, platform, channel } = await stage();
  for (let n = 0; n < 120; n++) world.server.workspace.addChannel(`room-${n}`, "public", []);
  const late = world.server.workspace.addChannel("late", "public", [world.server.workspace.bot.id]);
  expect(platform.channelOf(await platform.channel("#late"))).toBe(await platform.channel(late.id));
  expect(await platform.channel("Better-Together")).toBe(channel);
  expect(await platform.channel(channel)).toBe(channel);
});

test("promise 40: a channel where we are not, or that is archived, says what to do", async () => {
  const { world, platform } = await stage();
  const error = await faultOf(platform.channel("#elsewhere"));
  expect([error.fault, error.message]).toEqual([
    "denied",
    "I am not in #elsewhere yet. Type /invite @together there, then repeat.",
  ]);
  const old = world.server.workspace.addChannel("old", "public", [world.server.workspace.bot.id]);
  old.archived = true;
  expect((await faultOf(platform.channel(old.id))).fault).toBe("gone");
  expect((await faultOf(platform.channel("C0NOSUCH00"))).fault).toBe("gone");
});

test("promise 7: a post is found by its metadata, pages back, and not before its time", async () => {
  const { world, platform, channel } = await stage();
  const ref = await platform.post(channel, says("First"), key("first"));
  const { workspace } = world.server;
  for (let n = 0; n < 130; n++) await world.saysInChannel("ana", `chatter ${n}`);
  expect(await platform.find(channel, says("First"), key("first"), 0)).toMatchObject([{ message: ref }]);
  expect(await platform.find(channel, says("First"), key("first"), Date.now())).toMatchObject([{ message: ref }]);
  expect(await platform.find(channel, says("First"), key("first"), Date.now() + CLOCK_ERROR + 60_000)).toEqual([]);
  await platform.edit(ref, says("First, edited"), key("first"));
  expect(workspace.messages[0]?.metadata).toEqual({ event_type: "together", event_payload: { key: key("first") } });
});

test("somebody else's message with our key is not ours", async () => {
  const { world, platform, channel } = await stage();
  const robot = world.idOf("robot");
  const metadata = { event_type: "together", event_payload: { key: key("k") } };
  world.server.workspace.add({
    channel: world.server.workspace.messages[0]?.channel ?? "C00000006",
    user: robot,
    text: "x",
    metadata,
  });
  expect(await platform.find(channel, says("x"), key("k"), 0)).toEqual([]);
});

test("refs of another workspace, or of another kind, are gone", async () => {
  const { platform } = await stage();
  // Strings as another workspace's adapter would have branded them.
  const place = "slack/T0OTHER/place/C1" as Place;
  const message = "slack/T0OTHER/message/C1/1.0" as MessageRef;
  expect((await faultOf(platform.post(place, says("x"), key("k")))).fault).toBe("gone");
  expect((await faultOf(platform.remove(message))).fault).toBe("gone");
  expect((await faultOf(platform.person("room/x/user/ana" as UserId))).fault).toBe("gone");
});

test("people of every kind", async () => {
  const { world, platform } = await stage();
  const { workspace } = world.server;
  const kinds = [
    workspace.addUser("guest", { guest: true, admin: true }),
    workspace.addUser("left", { deleted: true, admin: true }),
    workspace.addUser("bot", { bot: true, admin: true }),
    workspace.addUser("boss", { admin: true, locale: "de-DE" }),
  ];
  const people = await Promise.all(kinds.map(({ id }) => platform.person(platform.user(id))));
  expect(people.map(({ kind, mayRunWorkshop, language }) => [kind, mayRunWorkshop, language])).toEqual([
    ["guest", false, undefined],
    ["gone", false, undefined],
    ["bot", false, undefined],
    ["person", true, "de-DE"],
  ]);
  expect((await faultOf(platform.person(platform.user("U0NOBODY0")))).fault).toBe("gone");
});

test("a room holds eight people; nine are refused before anything is sent", async () => {
  const { world, platform, channel } = await stage();
  const people = Array.from({ length: 9 }, (_, n) => platform.user(world.server.workspace.addUser(`p${n}`).id));
  const room = await platform.openRoom(channel, people.slice(0, 8), "Eight");
  expect(await platform.openRoom(channel, people.slice(0, 8).reverse(), "Eight again")).toBe(room);
  expect((await faultOf(platform.openRoom(channel, people, "Nine"))).fault).toBe("invalid");
});

test("a whisper where we cannot be heard goes to the person's own place", async () => {
  const { world, platform, ears } = await stage();
  await world.commands("ana", "together", "help");
  await world.leaves("ana");
  await platform.whisper(ears.only("commanded").whisper, says("Only you"));
  expect((await world.sees("ana")).map(({ where, text }) => [where, text])).toEqual([["private:ana", "Only you"]]);
});

test("a whisper with a file goes to the person's own place", async () => {
  const { world, platform, ears } = await stage();
  await world.commands("ana", "together", "my-data");
  const file = { name: "my-data.json", text: "{}" };
  await platform.whisper(ears.only("commanded").whisper, { ...says("All I keep"), file });
  expect((await world.sees("ana")).map((seen) => [seen.where, seen.file])).toEqual([["private:ana", file]]);
});

test("promise 7: a picture without words is found by its key all the same", async () => {
  const { world, platform, channel } = await stage();
  const message = { body: [], picture: { png: "iVBORw0KGgo=", alt: "Two points and a thread" } };
  const ref = await platform.post(channel, message, key("p"));
  expect(await platform.find(channel, message, key("p"), 0)).toMatchObject([{ message: ref }]);
  expect((await world.sees("ben")).map(({ text, picture }) => [text, picture])).toEqual([
    [message.picture.alt, message.picture.alt],
  ]);
});

test("a file that Slack never shows is an open question, not a success", async () => {
  const { world, platform, channel } = await stage("socket", { clock: hurried });
  world.server.fails({ method: "files.completeUploadExternal", answer: { body: '{"ok":true,"files":[]}' } });
  const file = { name: "harvest.md", text: "# Harvest" };
  expect((await faultOf(platform.post(channel, { ...says("Home"), file }, key("h")))).fault).toBe("unknown");
  const ref = await platform.post(channel, { ...says("Home"), file }, key("h"));
  expect(await platform.find(channel, { ...says("Home"), file }, key("h"), 0)).toMatchObject([{ message: ref }]);
  await platform.edit(ref, says("Taken home"), key("h"));
  expect(await platform.find(channel, says("Taken home"), key("h"), 0)).toMatchObject([{ message: ref }]);
});

test("promise 39: a form that can no longer be opened is offered again", async () => {
  const { world, platform, channel, ears } = await stage();
  const opens = { form: "short", about: "a1" };
  await platform.post(channel, { ...says("Write"), buttons: [{ id: "w", label: "Write", opens }] }, key("w"));
  const [seen] = await world.sees("ana");
  const expired = { method: "views.open", answer: { body: '{"ok":false,"error":"expired_trigger_id"}' } };
  // Once with what is known, once empty.
  world.server.fails(expired);
  world.server.fails(expired);
  expect(await world.presses("ana", seen?.handle ?? "", "Write")).toBeUndefined();
  const again = (await world.sees("ana")).find(({ onlyFor }) => onlyFor === "ana");
  expect(again?.buttons).toEqual(["Open again"]);
  const form = await world.presses("ana", again?.handle ?? "", "Open again");
  await world.submits("ana", form ?? { title: "", fields: [], token: {} }, { words: "at last" });
  expect(ears.only("submitted")).toMatchObject({ about: "a1", values: { words: "at last" } });
});

test("a form that Slack refuses as it was filled opens empty", async () => {
  const { world, platform, channel, ears } = await stage();
  ears.prefilled = async () => ({ values: { who: "slack/T0OTHER/user/U1", words: "so far" } });
  const opens = { form: "short", about: "a1" };
  await platform.post(channel, { ...says("Write"), buttons: [{ id: "w", label: "Write", opens }] }, key("w"));
  const [seen] = await world.sees("ana");
  const form = await world.presses("ana", seen?.handle ?? "", "Write");
  expect(form?.fields.map(({ value }) => value)).toEqual(["", "", ""]);
});

test("a form whose prefill takes too long opens empty", async () => {
  const { world, platform, channel, ears } = await stage("socket", { clock: hurried });
  ears.prefilled = () => new Promise(() => {});
  const opens = { form: "short", about: "a1" };
  await platform.post(channel, { ...says("Write"), buttons: [{ id: "w", label: "Write", opens }] }, key("w"));
  const [seen] = await world.sees("ana");
  expect((await world.presses("ana", seen?.handle ?? "", "Write"))?.title).toBe("A minute");
});

test("a form or button that we do not know is out of date, and nothing is lost", async () => {
  const { world, platform, channel, ears } = await stage();
  const opens = { form: "no-longer", about: "a1" };
  await platform.post(channel, { ...says("Old"), buttons: [{ id: "o", label: "Old", opens }] }, key("o"));
  const [seen] = await world.sees("ana");
  expect(await world.presses("ana", seen?.handle ?? "", "Old")).toBeUndefined();
  expect((await world.sees("ana")).at(-1)?.text).toBe("That form is out of date. Open it again.");
  const token = {
    callback_id: "short",
    private_metadata: "made by hand",
    id: "V1",
    blocks: [{ type: "input", block_id: "words", element: { type: "plain_text_input", action_id: "input" } }],
  };
  const { errors } = await world.submits("ana", { title: "", fields: [], token }, { words: "x" });
  expect(errors).toEqual({ words: "That form is out of date. Open it again." });
  expect(ears.taken).toEqual([]);
});

test("bots that come and go are nobody", async () => {
  const { world, ears } = await stage();
  await world.leaves("robot");
  await world.joins("robot");
  expect(ears.taken).toEqual([]);
});

test("what is asked before the start waits for it", async () => {
  const world = await worldOf();
  const early = world.adapter();
  expect(() => early.user(world.idOf("ana"))).toThrow(/not connected yet/);
  expect(() => early.user("@ana")).toThrow(/Copy member ID/);
  // A ref of a former start, as the store gives it back.
  const place = "slack/T0TEAM000/place/C1" as Place;
  expect((await faultOf(early.post(place, says("x"), key("k")))).fault).toBe("busy");
});

test("what we said in a pair's conversation cannot be looked for", async () => {
  const { world, platform, channel } = await stage();
  const room = await platform.openRoom(
    channel,
    ["ana", "ben"].map((who) => platform.user(world.idOf(who))),
    "Two",
  );
  expect((await faultOf(platform.find(room, says("x"), key("k"), 0))).fault).toBe("unsupported");
  expect((await faultOf(platform.history(room))).fault).toBe("unsupported");
});

test("a thread on a message that is gone is gone", async () => {
  const here = await stage();
  const { ref } = await prompted(here);
  await here.platform.remove(ref);
  expect((await faultOf(here.platform.openThread(ref, "Why"))).fault).toBe("gone");
});
