/** A connection that always comes back, and says once why it is away. */
import { readFileSync } from "node:fs";
import { describe, expect, onTestFinished, test } from "vitest";
import { slack } from "../../../adapters/slack/slack.ts";
import { failureOf } from "../../../src/cli/failure.ts";
import type { Log } from "../../../src/platform.ts";
import { Listener, PHRASES } from "../../contract/listener.ts";
import { APP_TOKEN, BOT_TOKEN, type Failure, SlackServer } from "../../fakes/slack/server.ts";
import { OutageClock } from "./outage-clock.ts";
import { faultOf, stage, worldOf } from "./stage.ts";

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;

/** A log that keeps what an operator has to read. */
function noted() {
  const lines: [string, unknown][] = [];
  const note = (message: string, facts?: unknown) => void lines.push([message, facts]);
  const log: Log = { debug() {}, info() {}, warn: note, error: note };
  return { lines, log };
}

async function connected() {
  const clock = new OutageClock();
  const { lines, log } = noted();
  const here = await stage("socket", { clock }, log);
  return { ...here, clock, lines, server: here.world.server };
}

test("Slack's planned change of sockets is over at once, and what was missed is asked for", async () => {
  const { ears, platform, clock, server } = await connected();
  server.refresh();
  await clock.secondsUntil(() => ears.connections === 2, server);
  expect(platform.connection()).toEqual({ connected: true });
  expect(server.connected).toBe(1);
});

const AWAY: readonly [string, Failure["answer"] | "mute"][] = [
  ["hangs up", "reset"],
  ["answers 503", { status: 503, body: "<html>" }],
  ["shows a page of HTML", { body: "<html>" }],
  ["asks to wait", { status: 429, headers: { "retry-after": "30" }, body: "" }],
  ["opens sockets on which nothing is said", "mute"],
];
/** `.ci/run` makes every attempt of a day, too. */
const LONG = process.env["OUTAGES"] === "all" ? [HOUR, 24 * HOUR] : [];
const OUTAGES = [
  ...AWAY.map(([what, answer]) => [what, 20, answer] as const),
  ...[10 * MINUTE, ...LONG].map((ms) => ["hangs up", ms / SECOND, "reset"] as const),
];

test.each(OUTAGES)(
  "promise 35: Slack %s for %i s, and is reached within a minute of its return",
  async (...outage) => {
    const [what, seconds, answer] = outage;
    const { ears, platform, clock, lines, server } = await connected();
    server.goesAway(answer === "mute" ? "reset" : answer);
    if (answer === "mute") server.comesBack();
    server.mute = answer === "mute";
    await clock.pass(seconds * SECOND, server);
    expect(platform.connection()).toMatchObject({ connected: false });
    server.comesBack();
    server.mute = false;
    const late = await clock.secondsUntil(() => ears.connections === 2, server);
    expect(late).toBeLessThanOrEqual(60);
    expect(server.connected).toBe(1);
    // Said once for each reason, however often it was tried.
    expect(lines.length).toBeLessThanOrEqual(2);
    console.info(`promise 35: Slack ${what} for ${seconds} s: reached ${late.toFixed(1)} s after its return`);
  },
  120_000,
);

test("promise 35: after a day of sleep, and a socket that died in it", async () => {
  const { ears, clock, server } = await connected();
  clock.sleep(24 * HOUR);
  server.goesAway("reset");
  server.comesBack();
  const late = await clock.secondsUntil(() => ears.connections === 2, server);
  expect(late).toBeLessThanOrEqual(60);
  console.info(`promise 35: the machine slept for 24 h: reached ${late.toFixed(1)} s after it woke`);
});

test("promise 35: a server that is not there at all", async () => {
  const { ears, platform, clock, server } = await connected();
  const { port } = server;
  await server.close();
  await clock.pass(20 * SECOND, server);
  expect(platform.connection()).toMatchObject({ connected: false, why: expect.stringContaining("ECONNREFUSED") });
  const back = new SlackServer();
  await back.listen(port);
  onTestFinished(() => back.close());
  expect(await clock.secondsUntil(() => ears.connections === 2, back)).toBeLessThanOrEqual(60);
});

test("a socket that is hung up on as soon as it stands is not asked for without end", async () => {
  const { ears, clock, server } = await connected();
  for (let nth = 1; nth <= 8; nth++) {
    server.refresh();
    await clock.secondsUntil(() => ears.connections === nth + 1, server);
  }
  // At once, they would be calls without end, which Slack rates once a minute.
  expect(clock.elapsed()).toBeGreaterThan(40 * SECOND);
});

describe("promise 36: what an operator has to mend is said in one line", () => {
  test.each([
    ["a revoked bot token", BOT_TOKEN, "token_revoked", /token_revoked.*set SLACK_BOT_TOKEN/],
    ["a revoked app-level token", APP_TOKEN, "token_revoked", /token_revoked/],
    ["a rotated token", BOT_TOKEN, "token_expired", /token_expired.*set SLACK_BOT_TOKEN/],
    ["a token of another app", BOT_TOKEN, "invalid_auth", /invalid_auth.*set SLACK_BOT_TOKEN/],
    ["a disabled app", BOT_TOKEN, "account_inactive", /account_inactive.*Install the app anew/],
    ["Socket Mode switched off", APP_TOKEN, "forbidden_team", /forbidden_team/],
  ])("%s refuses the start", async (_what, token, code, line) => {
    const world = await worldOf();
    world.server.revoked.set(token, code);
    const error = await faultOf(world.adapter().start(new Listener()));
    expect(error.fault).toBe("denied");
    expect(error.message).toMatch(line);
    expect(failureOf(error)).toMatchObject({ exit: 78, lines: error.message });
    expect(error.message).not.toMatch(/canary|\n/);
  });

  test("no token at all refuses the start", async () => {
    const world = await worldOf();
    const { apiUrl } = world.server;
    const around = { clock: new OutageClock(), log: noted().log, phrases: PHRASES, mount() {} };
    const error = await faultOf(slack({ botToken: BOT_TOKEN, apiUrl }, around).start(new Listener()));
    expect(failureOf(error)).toMatchObject({ exit: 78, lines: expect.stringContaining("Set SLACK_APP_TOKEN") });
  });

  test.each(["token_revoked", "account_inactive", "invalid_auth"])(
    "%s while we run: told once a reason, asked once a minute, and mended without a restart",
    async (code) => {
      const { platform, ears, clock, lines, server } = await connected();
      server.revoked.set(APP_TOKEN, code);
      server.refresh();
      await clock.pass(10 * MINUTE, server);
      expect(lines.map(([message]) => message)).toEqual(Array(2).fill("The connection to Slack is lost."));
      expect(platform.connection()).toMatchObject({ why: expect.stringContaining("Install the app anew") });
      expect(server.calls.filter(({ method }) => method === "apps.connections.open").length).toBeLessThan(15);
      server.revoked.clear();
      expect(await clock.secondsUntil(() => ears.connections === 2, server)).toBeLessThanOrEqual(60);
    },
  );
});

test("promise 15: a second process on the same app is told at its greeting that Slack splits events between them", async () => {
  const { world, server, clock } = await connected();
  const { lines, log } = noted();
  const second = world.adapter({ clock, log });
  onTestFinished(() => second.stop());
  const begun = clock.now();
  await second.start(new Listener());
  expect(lines).toEqual([[expect.stringContaining("Slack splits events between them"), { connections: 2 }]]);
  expect(server.connected).toBe(2);
  console.info(`promise 15: warned ${(clock.now() - begun) / SECOND} s after the second one connected`);
});

test("promise 36: nothing in the whole suite lets an unhandled rejection pass", () => {
  // The runner fails on one by itself, unless it is told otherwise.
  const configs = ["", "browser/", "counterparts/"].map(
    (folder) => new URL(`../../${folder}vitest.config.ts`, import.meta.url),
  );
  for (const config of configs) expect(readFileSync(config, "utf8")).not.toMatch(/unhandled/i);
  expect(readFileSync(new URL("../../../package.json", import.meta.url), "utf8")).not.toMatch(/unhandled/i);
});
