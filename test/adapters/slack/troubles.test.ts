/** The core on Slack through what may befall it there: gaps in which nobody listened, channels that shut, people who left. */
import { expect, test } from "vitest";
import { BOT_TOKEN, type SlackServer } from "../../fakes/slack/server.ts";
import type { SlackChannel } from "../../fakes/slack/workspace.ts";
import { housed } from "./house.ts";
import { faultOf, key, says, stage } from "./stage.ts";

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;

test("promise 25: what was said in a gap of any length is there within two minutes of the reconnect", async () => {
  const { world, server, clock, texts, rest, handle } = await housed();
  const early = await world.says("ben", handle, "because of Ana");
  const said = ["because of Ana"];
  const gaps = [5 * SECOND, 12 * SECOND, 10 * MINUTE, 8 * HOUR];
  for (const [nth, gap] of gaps.entries()) {
    server.goesAway("reset");
    for (const who of ["ana", "cleo"]) said.push(`because of ${who} ${nth}`);
    for (const who of ["ana", "cleo"]) await world.says(who, handle, `because of ${who} ${nth}`);
    await world.edits("ben", early, `because of Ana, and ${nth}`);
    said[0] = `because of Ana, and ${nth}`;
    // In eight hours the machine sleeps; in the others every attempt is made.
    if (gap === 8 * HOUR) clock.sleep(gap);
    else await clock.pass(gap, server);
    expect(await texts()).not.toContain(`because of ana ${nth}`);
    server.comesBack();
    const late = await clock.secondsUntil(
      async () => (await texts()).sort().join() === [...said].sort().join(),
      server,
    );
    expect(late).toBeLessThanOrEqual(120);
    // What this reconnect began to read is read to its end before the next gap.
    await rest(3 * MINUTE);
    console.info(
      `promise 25: a gap of ${gap / SECOND} s: 2 of 2 replies and 1 of 1 edits ${late.toFixed(1)} s after it`,
    );
  }
});

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
    await beat(90);
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
      `promise 40: Slack's channel ${what} for 90 minutes of a workshop: 1 notice; opened, it goes on after ${minutes} minutes`,
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
  for (let passed = 0; passed < 90; passed += 5) {
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
