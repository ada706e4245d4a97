/** What Discord's gateway may do to a connection that stood: it is away, forgets us, talks nonsense, or falls silent. */
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { DiscordStage } from "./stage.ts";

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

describe("a connection to Discord that stood", () => {
  let stage: DiscordStage;
  beforeEach(async () => {
    stage = await DiscordStage.open();
  });
  afterEach(() => stage.close());

  test("promise 35: is back within 60 s after the service is, however long it was away", async () => {
    const outages = [20_000, 10 * MINUTE, 24 * HOUR].flatMap((ms) => [["cut", ms] as const, ["502", ms] as const]);
    const seconds = await Promise.all(outages.map(([how, ms]) => secondsAfter(how, ms)));
    console.info(
      `promise 35: Discord: ${outages.length} outages of 20 s to 24 h, back ${Math.max(...seconds).toFixed(1)} s after the service at the latest`,
    );
    expect(Math.max(...seconds)).toBeLessThan(60);
  });

  async function secondsAfter(outage: "cut" | "502", ms: number): Promise<number> {
    const its = await DiscordStage.open();
    const { gateway } = its.fake;
    await its.start();
    gateway.outage = outage;
    its.fake.down = true;
    gateway.hangUp(4000);
    await its.until(() => gateway.refused === 2);
    expect(its.platform.connection()).toMatchObject({ connected: false });
    await its.clock.advance(ms);
    gateway.outage = "none";
    its.fake.down = false;
    const back = performance.now();
    await its.until(() => its.ears.connections === 2);
    expect(its.platform.connection()).toEqual({ connected: true });
    // What was refused connections begins anew; what was a proxy's 502 is taken up again.
    expect(gateway.identified).toBe(outage === "cut" ? 2 : 1);
    await its.close();
    return (performance.now() - back) / 1_000;
  }

  test("promise 36: whatever it hears ends nothing", async () => {
    const letter = stage.fake.town.letter(stage.fake.town.channel, stage.ben, { content: "Hello" });
    await stage.start();
    const events: readonly (readonly [string, unknown])[] = [
      ["NOT_YET_INVENTED", { id: "1" }],
      ...["MESSAGE_CREATE", "MESSAGE_UPDATE", "MESSAGE_DELETE", "MESSAGE_DELETE_BULK", "INTERACTION_CREATE"].flatMap(
        (t) =>
          [undefined, null, {}, { id: "1", channel_id: "2", guild_id: stage.fake.town.guildId }].map(
            (d) => [t, d] as const,
          ),
      ),
      ...["THREAD_CREATE", "CHANNEL_UPDATE", "GUILD_MEMBER_ADD", "GUILD_DELETE"].map((t) => [t, {}] as const),
      ["MESSAGE_CREATE", { ...letter, guild_id: stage.fake.town.guildId, type: 4_711 }],
      ["INTERACTION_CREATE", { id: "1", token: "t", type: 99, data: {} }],
    ];
    for (const [t, d] of events) {
      stage.fake.gateway.dispatch(t, d);
      await stage.fake.settle();
    }
    for (const raw of ["", "no json", "[]", "{}", '{"op":99,"d":{}}', '{"op":11}']) stage.fake.gateway.utter(raw);
    await stage.fake.settle();
    expect(stage.platform.connection()).toEqual({ connected: true });
    expect(stage.ears.heard("replied")).toEqual([]);
    console.info(`promise 36: Discord: ${events.length + 6} events of no sense heard, 0 unhandled`);
  });

  test("promise 25: whatever ended a session, what was missed is read", async () => {
    const ends = [
      ["taken up again", "taken", 4000, 1],
      ["to be begun anew: opcode 9", "invalid", 4000, 2],
      ["closed as usual", "taken", 1000, 2],
      ["out of step", "taken", 4007, 2],
    ] as const;
    const read = await Promise.all(ends.map(([, resumes, code]) => afterEnding(resumes, code)));
    expect(read).toEqual(ends.map(([, , , sessions]) => ({ sessions, state: { connected: true } })));
    console.info(`promise 25: Discord: ${ends.length} ways in which a session ends, each followed by reading back`);
  });

  async function afterEnding(resumes: "taken" | "invalid", code: number) {
    const its = await DiscordStage.open();
    const { gateway } = its.fake;
    await its.start();
    gateway.resumes = resumes;
    // Two new sessions are five seconds apart.
    await its.clock.advance(5_000);
    gateway.hangUp(code);
    await its.until(() => its.ears.connections === 2);
    const ended = { sessions: gateway.identified, state: its.platform.connection() };
    await its.close();
    return ended;
  }

  test.each([
    ["that was out of Discord's reach", { unavailable: true }],
    ["that had removed us", {}],
  ])("promise 25: a server %s is read up when it is back", async (_what, how) => {
    const { town, gateway } = stage.fake;
    await stage.start();
    gateway.dispatch("GUILD_DELETE", { id: town.guildId, ...how });
    await stage.fake.settle();
    gateway.dispatch("GUILD_CREATE", town.guild());
    await stage.fake.settle();
    expect(stage.ears.connections).toBe(2);
  });

  test.each([
    [4004, /DISCORD_TOKEN/],
    [4013, /update Together/],
    [4014, /"Message Content" under Bot/],
  ])("promise 36: closed for good (%i), it waits for the operator with one line", async (code, remedy) => {
    await stage.start();
    stage.fake.gateway.hangUp(code);
    await stage.until(() => stage.logged.some(({ message }) => message.includes("closed for good")));
    await stage.clock.advance(24 * HOUR);
    expect(stage.platform.connection()).toMatchObject({ connected: false, why: expect.stringMatching(remedy) });
    expect(stage.logged.filter(({ message }) => message.includes("closed for good"))).toHaveLength(1);
    expect(stage.fake.gateway.identified).toBe(1);
  });

  test("promise 41: of which nothing is heard for five minutes, it is made anew", async () => {
    const { gateway } = stage.fake;
    await stage.start();
    // Heartbeats are echoed, but what was asked for is never answered.
    gateway.resumes = "ignored";
    gateway.hangUp(4000);
    await stage.until(() => !stage.platform.connection().connected && gateway.hasClient);
    await stage.fake.settle();
    await stage.clock.advance(10 * MINUTE);
    expect(stage.ears.connections).toBe(1);
    // discord.js tells the time by itself.
    vi.useFakeTimers({ toFake: ["Date"], now: Date.now() + 6 * MINUTE });
    await stage.clock.advance(MINUTE);
    await stage.until(() => stage.ears.connections === 2);
    vi.useRealTimers();
    expect(stage.platform.connection()).toEqual({ connected: true });
    expect(gateway.identified).toBe(2);
  });

  test.each(["echoes", "events"])("promise 41: of which only %s are heard, it is left alone", async (heard) => {
    const { gateway } = stage.fake;
    gateway.heartbeatMs = heard === "echoes" ? 10 : gateway.heartbeatMs;
    await stage.start();
    vi.useFakeTimers({ toFake: ["Date"], now: Date.now() + 6 * MINUTE });
    const { echoes } = gateway;
    if (heard === "echoes") await stage.until(() => gateway.echoes > echoes + 2);
    else gateway.dispatch("TYPING_START", {});
    await stage.fake.settle();
    await stage.clock.advance(MINUTE);
    vi.useRealTimers();
    expect(gateway.identified).toBe(1);
    expect(stage.ears.connections).toBe(1);
  });
});
