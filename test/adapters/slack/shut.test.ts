/** The workshop's channel is archived, deleted or closed to us: told once, left alone, and gone on with when it opens. */
import { expect, test } from "vitest";
import { BOT_TOKEN, type SlackServer } from "../../fakes/slack/server.ts";
import type { SlackChannel } from "../../fakes/slack/workspace.ts";
import { housed } from "./house.ts";
import { faultOf, key, says, stage } from "./stage.ts";

const MINUTE = 60_000;

interface Change {
  shut(server: SlackServer, channel: SlackChannel): void;
  open(server: SlackServer, channel: SlackChannel): void;
}

const CHANGES: readonly [string, RegExp, Change][] = [
  [
    "archived",
    /There is no channel/,
    {
      shut: (_server, channel) => void Object.assign(channel, { archived: true }),
      open: (_server, channel) => void Object.assign(channel, { archived: false }),
    },
  ],
  [
    "deleted, and brought back by its owner",
    /channel_not_found/,
    {
      shut: ({ workspace }, channel) => void workspace.channels.delete(channel.id),
      open: ({ workspace }, channel) => void workspace.channels.set(channel.id, channel),
    },
  ],
  [
    "closed to us, since we were thrown out",
    /Type \/invite @together there/,
    {
      shut: ({ workspace }, channel) => void channel.members.delete(workspace.bot.id),
      open: ({ workspace }, channel) => void channel.members.add(workspace.bot.id),
    },
  ],
];

const DAYS = { dayOne: "2027-12-06", dayTwo: "2027-12-07" };

test.each(CHANGES)(
  "promise 40: a channel that is %s: one notice, nothing tried, and on it goes",
  async (what, remedy, change) => {
    const { world, server, company, clock, rest } = await housed(DAYS);
    const channel = [...server.workspace.channels.values()].find(({ name }) => `#${name}` === world.channelName);
    if (!channel) throw new Error("There is no such channel.");
    const beat = async (minutes: number) => {
      for (let passed = 0; passed < minutes; passed += 5) {
        await rest(5 * MINUTE);
        await company.timekeeper.tick();
      }
      await rest(MINUTE);
    };
    const ours = () =>
      server.workspace.messages.filter(
        ({ channel: id, user }) => id === channel.id && user === server.workspace.bot.id,
      );
    const notices = async () =>
      (await world.sees("ana")).filter(({ where, text }) => where === "private:ana" && /could not be held/.test(text));
    change.shut(server, channel);
    const before = ours().length;
    await beat(180);
    const [notice, ...more] = await notices();
    expect([notice?.text, more]).toEqual([expect.stringMatching(remedy), []]);
    expect(ours()).toHaveLength(before);
    const due = (await company.office.communities.all())[0];
    expect(due?.shut?.why).toMatch(remedy);
    change.open(server, channel);
    const begun = clock.now();
    while (ours().length === before) await beat(5);
    const minutes = (clock.now() - begun) / MINUTE;
    expect(minutes).toBeLessThan(25);
    expect(await notices()).toHaveLength(1);
    console.info(
      `promise 40: Slack's channel ${what} for 3 h of a workshop: 1 notice; opened, it goes on after ${minutes} minutes`,
    );
  },
);

test("promise 40: a channel with another name is the same channel", async () => {
  const { world, platform, channel } = await stage();
  const { workspace } = world.server;
  const there = [...workspace.channels.values()].find(({ name }) => `#${name}` === world.channelName);
  if (there) workspace.channels.set(there.id, { ...there, name: "bowling-together" });
  await platform.post(channel, says("Still here"), key("k"));
  expect(await platform.channel(channel)).toBe(channel);
});

test("promise 40: somebody who has left the workspace is gone, alone and in a pair", async () => {
  const { world, platform, channel } = await stage();
  const left = platform.user(world.server.workspace.addUser("left", { deleted: true }).id);
  const robot = platform.user(world.idOf("robot"));
  const ana = platform.user(world.idOf("ana"));
  expect((await platform.person(left)).kind).toBe("gone");
  const calls = [
    platform.privatePlace(left),
    platform.openRoom(channel, [ana, left], "Two"),
    platform.privatePlace(robot),
  ];
  expect(await Promise.all(calls.map(async (call) => (await faultOf(call)).fault))).toEqual(["gone", "gone", "gone"]);
});

test("promise 36: a bot token that is revoked while we run: the operator reads one line, and with a new leave it goes on", async () => {
  const { server, company, rest, lines } = await housed(DAYS);
  server.revoked.set(BOT_TOKEN, "token_revoked");
  const before = lines.length;
  for (let passed = 0; passed < 180; passed += 5) {
    await rest(5 * MINUTE);
    await company.timekeeper.tick();
  }
  const said = lines.slice(before).filter((line) => /Install the app anew and set SLACK_BOT_TOKEN/.test(line));
  expect(said).toHaveLength(1);
  server.revoked.clear();
  for (let passed = 0; passed < 30; passed += 5) {
    await rest(5 * MINUTE);
    await company.timekeeper.tick();
  }
  expect((await company.office.communities.all())[0]?.shut).toBeUndefined();
});
