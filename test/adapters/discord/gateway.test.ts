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

  test("promise 36: a token that Discord does not know is for the operator, and is never logged", async () => {
    stage.adapter({ token: TOKEN.replace("fake", "fool") });
    const error = await fault(stage.platform.start(stage.ears));
    expect(error).toMatchObject({ fault: "denied", message: expect.stringContaining("DISCORD_TOKEN") });
    expect(stage.platform.connection()).toEqual({ connected: false, why: error.message });
    expect(JSON.stringify(stage.logged)).not.toContain("fool");
  });

  test("promise 36: an intent that is switched off says which, and what to do instead", async () => {
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

  test("promise 35: away at start, it says so at once, so that another attempt may follow soon", async () => {
    stage.fake.down = true;
    for (let attempt = 0; attempt < 3; attempt++) {
      expect((await fault(stage.platform.start(stage.ears))).fault).toBe("unknown");
      expect(stage.platform.connection()).toMatchObject({ connected: false, why: expect.stringContaining("Discord") });
    }
    stage.fake.down = false;
    await stage.start();
    expect(stage.ears.connections).toBe(1);
  });

  test("commands that cannot be registered name the scope", async () => {
    stage.fake.mishaps.push({
      fits: /^PUT \/applications/,
      how: Object.assign(broken(), { status: 403, code: 50001 }),
    });
    expect((await fault(stage.platform.start(stage.ears))).message).toMatch(/applications\.commands/);
  });

  test("stopped within an outage it does not come back", async () => {
    const { gateway } = stage.fake;
    await stage.start();
    gateway.outage = "cut";
    gateway.hangUp(4000);
    await stage.until(() => gateway.refused === 1);
    await stage.platform.stop();
    gateway.outage = "none";
    // A new adapter connects later than the old one would have.
    stage.adapter();
    await stage.start();
    expect(gateway.identified).toBe(2);
    await stage.platform.stop();
    expect(gateway.hasClient).toBe(false);
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
