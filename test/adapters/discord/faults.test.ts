import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { Fault, Place } from "../../../src/platform.ts";
import { text } from "../../../src/words.ts";
import { Refusal } from "../../fakes/discord/refusals.ts";
import { DiscordStage, fault, key } from "./stage.ts";

const CANARY = "canary-words-of-a-person";
const POST = /^POST \/channels\/\d+\/messages$/;

describe("what goes wrong at Discord", () => {
  let stage: DiscordStage;
  let channel: Place;
  beforeEach(async () => {
    stage = await DiscordStage.open();
    channel = await stage.start();
  });
  afterEach(() => stage.close());

  const post = () => stage.platform.post(channel, { body: [text(CANARY)] }, key("post"));

  test.each<[status: number, code: number, Fault, remedy: RegExp]>([
    [404, 10003, "gone", /channel or thread is no more/],
    [404, 10008, "gone", /message is no more/],
    [404, 10013, "gone", /account is no more/],
    [403, 50001, "denied", /cannot see.*View Channel/],
    [403, 50007, "gone", /does not take DMs/],
    [403, 50013, "denied", /permission.*Send Messages/],
    [403, 50278, "gone", /shares no server/],
    [400, 50035, "invalid", /malformed/],
    [400, 50006, "invalid", /empty/],
    [400, 160005, "denied", /locked: unlock it/],
    [400, 160006, "denied", /too many active threads/],
    [401, 0, "denied", /DISCORD_TOKEN/],
    [401, 50014, "denied", /DISCORD_TOKEN/],
    [403, 200000, "denied", /AutoMod/],
    [403, 20016, "busy", /slow mode/],
    [400, 999999, "denied", /refused.*999999/],
    [500, 0, "unknown", /HTTP 500/],
    [502, 0, "unknown", /HTTP 502/],
  ])("HTTP %i with code %i is %s", async (status, code, kind, remedy) => {
    stage.fake.mishaps.push({ fits: POST, how: new Refusal(status, code, CANARY) });
    const error = await fault(post());
    expect(error.fault).toBe(kind);
    expect(error.message).toMatch(remedy);
    // Neither the error nor what a log makes of its causes holds what people wrote.
    expect(`${error.stack} ${String(error.cause)} ${JSON.stringify(error.cause)}`).not.toContain(CANARY);
    expect(stage.requests(POST)).toHaveLength(1);
  });

  test.each([
    ["says when to come back", { "retry-after": "900" }, 900_000],
    ["does not say when", {}, 30_000],
  ])("a rate limit that %s", async (_what, headers, wait) => {
    stage.fake.mishaps.push({ fits: POST, how: new Refusal(429, 0, "Slow down", headers) });
    const error = await fault(post());
    expect(error.fault).toBe("busy");
    expect(error.retryAfterMs).toBeGreaterThanOrEqual(wait);
    expect(error.retryAfterMs).toBeLessThan(wait + 1_000);
  });

  test.each([
    ["a cut socket", "cut" as const],
    ["an HTML page of a proxy", { status: 502, html: "<h1>Bad gateway</h1>" }],
    ["an HTML page that says 200", { status: 200, html: "<h1>Welcome</h1>" }],
  ])("%s leaves open what happened, and asking again within minutes gives the one post", async (_what, how) => {
    stage.fake.mishaps.push({ fits: POST, how, afterwards: true });
    expect((await fault(post())).fault).toBe("unknown");
    const ref = await post();
    expect(stage.fake.town.lettersIn(stage.fake.town.channel.id)).toHaveLength(1);
    expect(await stage.platform.find(channel, { body: [text(CANARY)] }, key("post"), 0)).toEqual([{ message: ref }]);
  });

  test("a proxy that forbids it is told to the operator", async () => {
    stage.fake.mishaps.push({ fits: POST, how: { status: 403, html: "<h1>Blocked</h1>" } });
    expect(await fault(post())).toMatchObject({ fault: "denied", message: expect.stringContaining("HTTP 403") });
  });

  test("after the nonce is forgotten the post is found by its button", async () => {
    const message = { body: [text("Once")], buttons: [{ id: "b", label: "B" }] };
    stage.fake.mishaps.push({ fits: POST, how: "cut", afterwards: true });
    await fault(stage.platform.post(channel, message, key("lost")));
    await stage.clock.advance(14 * 24 * 3_600_000);
    const since = stage.clock.now() - 15 * 24 * 3_600_000;
    const found = await stage.platform.find(channel, { body: [text("Else")] }, key("lost"), since);
    expect(found).toEqual([{ message: expect.stringContaining("#") }]);
    expect(await stage.platform.find(channel, message, key("lost"), stage.clock.now())).toEqual([]);
  });

  test("nobody listening is busy: nothing was sent", async () => {
    await stage.fake.stop();
    expect((await fault(post())).fault).toBe("busy");
    stage.fake.stop = async () => {};
  });
});
