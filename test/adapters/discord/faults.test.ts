import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import type { Fault, Message, Place } from "../../../src/platform.ts";
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

  // busy: waited for. unknown: looked for, then sent again. gone: that address is dropped. denied: paused, and told with
  // what to do. invalid: never sent again.
  const CODES: readonly (readonly [status: number, code: number, Fault, remedy: RegExp])[] = [
    [404, 10003, "gone", /channel or thread is no more/],
    [404, 10004, "gone", /no longer in this server/],
    [404, 10007, "gone", /person is no longer in the server/],
    [404, 10008, "gone", /message is no more/],
    [404, 10013, "gone", /account is no more/],
    [404, 10062, "gone", /time to answer this is over/],
    [403, 50001, "denied", /cannot see.*invite it again.*View Channel/],
    [403, 50007, "gone", /does not take DMs/],
    [403, 50013, "denied", /permission.*Send Messages/],
    [403, 50278, "gone", /shares no server/],
    [400, 50035, "invalid", /malformed/],
    [400, 50006, "invalid", /empty/],
    [400, 30033, "denied", /thread is full/],
    [429, 30046, "busy", /slow down/],
    [400, 160005, "denied", /locked: unlock it/],
    [400, 160006, "denied", /too many active threads/],
    [401, 0, "denied", /DISCORD_TOKEN/],
    [401, 50014, "denied", /DISCORD_TOKEN/],
    [403, 40001, "denied", /DISCORD_TOKEN/],
    [403, 200000, "denied", /AutoMod/],
    [403, 20016, "busy", /slow mode/],
    [403, 20028, "busy", /Too many messages/],
    [400, 40003, "busy", /Too many DMs/],
    [400, 130000, "busy", /overloaded/],
    [400, 999999, "denied", /refused.*999999/],
    [500, 0, "unknown", /HTTP 500/],
    [502, 0, "unknown", /HTTP 502/],
    [503, 0, "unknown", /HTTP 503/],
  ];

  test.each(CODES)("promise 37: HTTP %i with code %i is %s", async (status, code, kind, remedy) => {
    stage.fake.mishaps.push({ fits: POST, how: new Refusal(status, code, CANARY) });
    const error = await fault(post());
    expect(error.fault).toBe(kind);
    expect(error.message).toMatch(remedy);
    // Nobody is asked again at once, but where Discord says when.
    if (kind === "busy") expect(error.retryAfterMs).toBeGreaterThanOrEqual(30_000);
    // Neither the error nor what a log makes of its causes holds what people wrote.
    expect(`${error.stack} ${String(error.cause)} ${JSON.stringify(error.cause)}`).not.toContain(CANARY);
    expect(stage.requests(POST)).toHaveLength(1);
  });

  test.each([
    ["says when to come back", { "retry-after": "900" }, 900_000],
    ["does not say when", {}, 30_000],
  ])("promise 38: a rate limit that %s", async (_what, headers, wait) => {
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
  ])(
    "promise 6: %s leaves open what happened, and asking again within minutes gives the one post",
    async (_what, how) => {
      stage.fake.mishaps.push({ fits: POST, how, afterwards: true });
      expect((await fault(post())).fault).toBe("unknown");
      const ref = await post();
      expect(stage.fake.town.lettersIn(stage.fake.town.channel.id)).toHaveLength(1);
      expect(await stage.platform.find(channel, { body: [text(CANARY)] }, key("post"), 0)).toEqual([{ message: ref }]);
    },
  );

  test("a proxy that forbids it is told to the operator", async () => {
    stage.fake.mishaps.push({ fits: POST, how: { status: 403, html: "<h1>Blocked</h1>" } });
    expect(await fault(post())).toMatchObject({ fault: "denied", message: expect.stringContaining("HTTP 403") });
  });

  const MINUTE = 60_000;
  const DAY = 24 * 60 * MINUTE;
  const MESSAGES: readonly (readonly [what: string, message: Message])[] = [
    ["a button", { body: [text("Once")], buttons: [{ id: "b", label: "B" }] }],
    ["words alone", { body: [text("Once")] }],
    ["a file", { body: [], file: { name: "harvest.md", text: "# Harvest" } }],
  ];

  test.each(MESSAGES)(
    "promise 7: with %s a post is found however long after the nonce is forgotten",
    async (what, message) => {
      for (const [nth, away] of [14 * DAY, DAY, 60 * MINUTE, 10 * MINUTE].entries()) {
        const since = stage.clock.now();
        stage.fake.mishaps.push({ fits: POST, how: "cut", afterwards: true });
        await fault(stage.platform.post(channel, message, key(`lost${"abcd"[nth]}`)));
        await stage.platform.stop();
        await stage.clock.advance(away);
        stage.adapter();
        await stage.start();
        const found = await stage.platform.find(channel, message, key(`lost${"abcd"[nth]}`), since);
        expect(found).toEqual([{ message: expect.stringContaining("#") }]);
      }
      console.info(`promise 7: Discord: with ${what}: 4 cases, 10 minutes to 14 days, duplicates 0`);
    },
  );

  test("promise 7: equal words of another day are another message, and a key is told from words", async () => {
    const message = { body: [text("Bring a pen")] };
    await stage.platform.post(channel, message, key("monday"));
    await stage.platform.stop();
    await stage.clock.advance(DAY);
    stage.adapter();
    await stage.start();
    expect(await stage.platform.find(channel, message, key("tuesday"), stage.clock.now())).toEqual([]);
    const ref = await stage.platform.post(channel, message, key("tuesday"));
    const found = (said?: Message) => stage.platform.find(channel, said, key("tuesday"), stage.clock.now());
    expect(await found(message)).toEqual([{ message: ref }]);
    // What is to be removed has to be certain.
    expect(await found()).toEqual([]);
  });

  test("promise 37: each code is told apart", () => {
    const faults = new Map(CODES.map(([, , kind]) => [kind, CODES.filter((one) => one[2] === kind).length]));
    const told = [...faults].map(([kind, count]) => `${count} ${kind}`).join(", ");
    console.info(`promise 37: Discord: ${CODES.length} answers, ${told}; an unknown code is for the operator`);
    expect([...faults.keys()].sort()).toEqual(["busy", "denied", "gone", "invalid", "unknown"]);
  });

  test("promise 38: thrown out while much is due, it is refused less than 100 times in ten minutes", async () => {
    const due = Array.from({ length: 100 }, (_, nth) => key(`due${"abcdefghij"[nth % 10]}${"x".repeat(nth / 10)}`));
    stage.fake.town.leave();
    const { requests } = stage.fake;
    const refusedIn = async (minutes: number) => {
      const before = requests.filter(({ status }) => [401, 403, 429].includes(status)).length;
      for (let round = 0; round < 4; round++) {
        const posts = due.map((one) => stage.platform.post(channel, { body: [text("due")] }, one));
        await Promise.allSettled(posts);
        // discord.js lets 50 a second through, by its own clock.
        vi.useFakeTimers({ toFake: ["Date"], now: Date.now() + 1_100 });
        await stage.clock.advance((minutes / 4) * 60_000 - 1);
      }
      return requests.filter(({ status }) => [401, 403, 429].includes(status)).length - before;
    };
    const refused = [await refusedIn(10), await refusedIn(10)];
    vi.useRealTimers();
    console.info(
      `promise 38: Discord: 800 posts tried in 20 minutes by a bot that was thrown out, ${refused.join(" and ")} refused in each ten`,
    );
    for (const count of refused) {
      expect(count).toBeGreaterThan(0);
      expect(count).toBeLessThan(100);
    }
    expect((await fault(post())).fault).toBe("busy");
  });

  test("nobody listening is busy: nothing was sent", async () => {
    await stage.fake.stop();
    expect((await fault(post())).fault).toBe("busy");
    stage.fake.stop = async () => {};
  });
});
