/** HTTP mode takes what Slack signed within five minutes, to either side, and nothing else. */
import fc from "fast-check";
import { expect, test } from "vitest";
import { isFromSlack } from "../../../adapters/slack/signature.ts";
import { VirtualClock } from "../../../src/clock.ts";
import { SIGNING_SECRET, signed } from "../../fakes/slack/server.ts";
import { stage } from "./stage.ts";

const NOW = 1_764_000_000;
const event = { type: "event_callback", event_id: "Ev1", team_id: "T0TEAM000" };
const body = JSON.stringify({ ...event, event: { type: "message", user: "U1", channel: "D1", ts: "1.0", text: "hi" } });

const judged = async (request: Request) =>
  isFromSlack(SIGNING_SECRET, request.headers, await request.text(), NOW * 1_000);

test.each([
  ["now", 0, true],
  ["five minutes old", -300, true],
  ["a second older", -301, false],
  ["from five minutes ahead", 300, true],
  ["from a second further ahead", 301, false],
])("a signature %s", async (_age, seconds, accepted) => {
  expect(await judged(signed(body, "application/json", NOW + seconds))).toBe(accepted);
});

test("a signature with another secret, another body or another time is refused", async () => {
  expect(await judged(signed(body, "application/json", NOW, "another"))).toBe(false);
  const { headers } = signed(body, "application/json", NOW);
  expect(isFromSlack(SIGNING_SECRET, headers, `${body} `, NOW * 1_000)).toBe(false);
  headers.set("x-slack-request-timestamp", String(NOW + 1));
  expect(isFromSlack(SIGNING_SECRET, headers, body, NOW * 1_000)).toBe(false);
});

test("2,000 forged requests are all 401 and reach nobody; the true one does", async () => {
  const { world, ears } = await stage("http");
  const { app } = world.server;
  if (!app) throw new Error("Nothing was mounted.");
  const times = fc.oneof(fc.constantFrom("", "abc", "NaN", "Infinity", "1e9", "-1", " ", "0x10"), fc.nat().map(String));
  const hex = fc.string({ unit: fc.constantFrom(..."0123456789abcdef"), minLength: 64, maxLength: 64 });
  const signatures = fc.oneof(
    hex.map((digits) => `v0=${digits}`),
    fc.constantFrom("", "v0=", "v1=00"),
    fc.base64String(),
  );
  const forged = fc.record({
    time: fc.oneof(times, fc.constant(undefined)),
    signature: fc.oneof(signatures, fc.constant(undefined)),
  });
  await fc.assert(
    fc.asyncProperty(forged, async ({ time, signature }) => {
      const request = signed(body, "application/json");
      const now = request.headers.get("x-slack-request-timestamp") ?? "";
      // Half of them with a time that would do.
      request.headers.set("x-slack-request-timestamp", time === undefined ? now : time);
      if (signature === undefined) request.headers.delete("x-slack-signature");
      else request.headers.set("x-slack-signature", signature);
      return (await app(request)).status === 401;
    }),
    { numRuns: 2_000, seed: 42 },
  );
  expect(ears.taken).toEqual([]);
  expect((await app(signed(body, "application/json"))).status).toBe(200);
  expect(ears.only("replied").text).toBe("hi");
});

test("a request may only be a POST with something readable in it, and Slack's own greeting is answered", async () => {
  const { world } = await stage("http");
  const ask = async (request: Request) => (await world.server.app?.(request))?.status;
  expect(await ask(new Request("http://app.example/slack/events"))).toBe(405);
  expect(await ask(signed("{", "application/json"))).toBe(400);
  expect(await ask(signed("[]", "application/json"))).toBe(400);
  expect(await ask(signed("payload=%7B", "application/x-www-form-urlencoded"))).toBe(400);
  expect(await ask(signed("x".repeat(1_000_001), "application/json"))).toBe(413);
  const greeting = signed(JSON.stringify({ type: "url_verification", challenge: "abc" }), "application/json");
  expect(await (await world.server.app?.(greeting))?.json()).toEqual({ challenge: "abc" });
});

test("promise 25: by HTTP, where nobody connects, it is read what may not have come each hour and when something comes again", async () => {
  const clock = new VirtualClock(Date.now());
  const { world, ears } = await stage("http", { clock });
  await world.saysInChannel("ana", "once");
  expect(ears.connections).toBe(1);
  await world.repeats();
  expect(ears.connections).toBe(2);
  await clock.advance(8 * 3_600_000);
  expect(ears.connections).toBe(10);
});

test("what is not for the core is acknowledged all the same, and what Slack held back is asked for", async () => {
  const { world, ears } = await stage("http");
  const ask = async (body: string, type = "application/json") => (await world.server.app?.(signed(body, type)))?.status;
  const event = (inner: object) => JSON.stringify({ type: "event_callback", event_id: "Ev1", event: inner });
  expect(await ask("ssl_check=1&token=t", "application/x-www-form-urlencoded")).toBe(200);
  expect(await ask(event({ type: "app_home_opened", user: "U1", channel: "D1" }))).toBe(200);
  expect(await ask(event({ type: "a_kind_of_next_year" }))).toBe(200);
  expect(await ask(JSON.stringify({ type: "event_callback", event_id: "Ev2" }))).toBe(200);
  expect([ears.taken, ears.connections]).toEqual([[], 1]);
  expect(await ask(JSON.stringify({ type: "app_rate_limited", minute_rate_limited: 1_518_467_820 }))).toBe(200);
  expect(ears.connections).toBe(2);
});
