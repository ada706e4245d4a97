import { GatewayIntentBits } from "discord.js";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { TOKEN } from "../../fakes/discord/discord.ts";
import { broken } from "../../fakes/discord/refusals.ts";
import { DiscordStage, fault } from "./stage.ts";

describe("the connection to Discord", () => {
  let stage: DiscordStage;
  beforeEach(async () => {
    stage = await DiscordStage.open();
  });
  afterEach(() => stage.close());

  const until = async (is: () => boolean) => {
    while (!is()) await new Promise((turn) => setImmediate(turn));
  };

  test("a token that Discord does not know is for the operator, and is never logged", async () => {
    stage.adapter({ token: TOKEN.replace("fake", "fool") });
    const error = await fault(stage.platform.start(stage.ears));
    expect(error).toMatchObject({ fault: "denied", message: expect.stringContaining("DISCORD_TOKEN") });
    expect(stage.platform.connection()).toEqual({ connected: false, why: error.message });
    expect(JSON.stringify(stage.logged)).not.toContain("fool");
  });

  test("an intent that is switched off says which, and what to do instead", async () => {
    stage.fake.gateway.allowed = 0;
    const error = await fault(stage.platform.start(stage.ears));
    expect(error.fault).toBe("denied");
    expect(error.message).toMatch(/"Message Content".*Developer Portal.*DISCORD_TYPED_REPLIES=off/);
    stage.adapter({ typedReplies: false, members: true });
    expect((await fault(stage.platform.start(stage.ears))).message).toMatch(/"Server Members" under Bot/);
  });

  test("without typed replies no privileged intent is asked for, and nothing is read", async () => {
    stage.fake.gateway.allowed = 0;
    stage.adapter({ typedReplies: false });
    const channel = await stage.start();
    expect(stage.platform.can).toMatchObject({ hearsReplies: false, history: false, members: false });
    expect(stage.fake.gateway.hears(GatewayIntentBits.GuildMessages)).toBe(false);
    expect((await fault(stage.platform.history(channel))).fault).toBe("unsupported");
    expect((await fault(stage.platform.members(channel))).fault).toBe("unsupported");
  });

  test("Discord failing at start leaves room for another attempt", async () => {
    stage.fake.mishaps.push({ fits: /^GET \/gateway\/bot$/, how: broken() });
    expect((await fault(stage.platform.start(stage.ears))).fault).toBe("unknown");
    expect(stage.ears.connections).toBe(0);
    await stage.start();
    expect(stage.platform.connection()).toEqual({ connected: true });
    expect(stage.ears.connections).toBe(1);
  });

  test("commands that cannot be registered name the scope", async () => {
    stage.fake.mishaps.push({
      fits: /^PUT \/applications/,
      how: Object.assign(broken(), { status: 403, code: 50001 }),
    });
    expect((await fault(stage.platform.start(stage.ears))).message).toMatch(/applications\.commands/);
  });

  test("a session that is taken up again reads what was missed", async () => {
    await stage.start();
    stage.fake.gateway.hangUp(4000);
    await until(() => stage.ears.connections === 2);
    expect(stage.platform.connection()).toEqual({ connected: true });
    expect(stage.fake.gateway.identified).toBe(1);
  });

  // discord.js waits five seconds between two new sessions; only what has to begin anew takes so long.
  test.each([
    ["refused connections", "cut" as const, 2],
    ["a proxy's 502", "502" as const, 1],
  ])("after an outage (%s) it comes back by itself", async (_what, outage, sessions) => {
    const { gateway } = stage.fake;
    await stage.start();
    gateway.outage = outage;
    gateway.hangUp(4000);
    await until(() => gateway.refused === 2);
    expect(stage.platform.connection()).toMatchObject({ connected: false });
    gateway.outage = "none";
    await until(() => stage.ears.connections === 2);
    expect(stage.platform.connection()).toEqual({ connected: true });
    expect(gateway.identified).toBe(sessions);
  });

  test("stopped within an outage it does not come back", async () => {
    const { gateway } = stage.fake;
    await stage.start();
    gateway.outage = "cut";
    gateway.hangUp(4000);
    await until(() => gateway.refused === 1);
    await stage.platform.stop();
    gateway.outage = "none";
    // A new adapter connects later than the old one would have.
    stage.adapter();
    await stage.start();
    expect(gateway.identified).toBe(2);
    await stage.platform.stop();
    expect(gateway.hasClient).toBe(false);
  });

  test("a connection closed for good is told, not thrown", async () => {
    await stage.start();
    stage.fake.gateway.hangUp(4014);
    await until(() => !stage.platform.connection().connected);
    expect(stage.platform.connection()).toMatchObject({ why: expect.stringContaining("Message Content") });
    expect(stage.logged.map(({ message }) => message)).toContain("Discord: the connection is closed for good.");
  });

  test("a bot in no server is told how to be invited", async () => {
    stage.fake.town.leave();
    const error = await fault(stage.platform.start(stage.ears));
    expect(error.message).toMatch(/client_id=\d+&scope=bot\+applications\.commands&permissions=\d+/);
  });

  test("commands are registered at start, and only when something has changed", async () => {
    await stage.start();
    expect(stage.fake.rest.registrations).toBe(1);
    await stage.platform.stop();
    stage.adapter();
    await stage.start();
    expect(stage.fake.rest.registrations).toBe(1);
    await stage.platform.stop();
    stage.adapter();
    const [everyone, run] = stage.ears.commands;
    if (!everyone || !run) throw new Error("There are two commands.");
    Object.assign(stage.ears, { commands: [everyone, { ...run, hidden: true }] });
    await stage.start();
    expect(stage.fake.rest.registrations).toBe(2);
    expect(stage.fake.rest.commands).toMatchObject([
      { name: "together", default_member_permissions: null, contexts: [0] },
      { name: "together-run", default_member_permissions: "32" },
    ]);
  });
});
