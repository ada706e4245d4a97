/** What Slack answers → what the core may do about it. */
import { webApi } from "@slack/bolt";
import { expect, test } from "vitest";
import { faultOf as translated } from "../../../adapters/slack/faults.ts";
import type { Failure } from "../../fakes/slack/server.ts";
import { faultOf, key, says, stage } from "./stage.ts";

const refusal = (error: string, more = {}): Failure["answer"] => ({
  body: JSON.stringify({ ok: false, error, ...more }),
});

const ANSWERS: readonly [string, Failure["answer"], string, RegExp][] = [
  ["a limit", { status: 429, headers: { "retry-after": "7" }, body: "" }, "busy", /wait/],
  ["a limit without a time", { status: 429, body: "<html>" }, "busy", /wait/],
  ["a limit in the body", refusal("ratelimited"), "busy", /wait/],
  ["internal_error", refusal("internal_error"), "unknown", /internal_error/],
  ["fatal_error", refusal("fatal_error"), "unknown", /fatal_error/],
  ["a cut connection", "reset", "unknown", /broke/],
  ["HTTP 500", { status: 500, body: "no" }, "unknown", /500/],
  ["HTTP 504", { status: 504, body: "<html>" }, "unknown", /504/],
  ["an HTML page", { body: "<html><body>Proxy</body></html>" }, "unknown", /could not be read/],
  ["half an answer", { body: '{"ok":true,"ts":"17' }, "unknown", /could not be read/],
  ["an empty answer", { body: "" }, "unknown", /could not be read/],
  ["an answer without the message", { body: '{"ok":true}' }, "unknown", /which message/],
  ["an unknown channel", refusal("channel_not_found"), "gone", /channel_not_found/],
  ["an archived channel", refusal("is_archived"), "gone", /is_archived/],
  ["a deleted thread", refusal("thread_not_found"), "gone", /thread_not_found/],
  ["a channel we are not in", refusal("not_in_channel"), "denied", /\/invite/],
  [
    "a missing scope",
    refusal("missing_scope", { needed: "channels:history" }),
    "denied",
    /To read replies .* I need channels:history/,
  ],
  ["a revoked token", refusal("token_revoked"), "denied", /SLACK_BOT_TOKEN/],
  ["a disabled app", refusal("account_inactive"), "denied", /Install the app anew/],
  ["an admin's rule", refusal("restricted_action"), "denied", /admin/],
  ["a code nobody knows", refusal("brand_new_code"), "denied", /brand_new_code/],
  ["HTTP 403", { status: 403, body: "" }, "denied", /SLACK_API_URL/],
  ["bad blocks", refusal("invalid_blocks"), "invalid", /invalid_blocks/],
  ["too long a text", refusal("msg_too_long"), "invalid", /msg_too_long/],
];

test("every answer has its one fault and its remedy", async () => {
  const { world, platform, channel } = await stage();
  for (const [what, answer, fault, message] of ANSWERS) {
    world.server.fails({ method: "chat.postMessage", answer });
    const error = await faultOf(platform.post(channel, says("Hello"), key("k")));
    expect([what, error.fault]).toEqual([what, fault]);
    expect(error.message).toMatch(message);
    expect(error.message).not.toContain("Hello");
  }
  // None was tried twice.
  expect(world.server.calls.filter(({ method }) => method === "chat.postMessage")).toHaveLength(ANSWERS.length);
});

test("a wait is as long as Slack says, or half a minute", async () => {
  const { world, platform, channel } = await stage();
  const waits = [];
  for (const headers of [{ "retry-after": "0" }, { "retry-after": "900" }, {}] as Record<string, string>[]) {
    world.server.fails({ method: "chat.postMessage", answer: { status: 429, headers, body: "" } });
    waits.push((await faultOf(platform.post(channel, says("Hello"), key("k")))).retryAfterMs);
  }
  expect(waits).toEqual([0, 900_000, 30_000]);
});

test("where no connection came about, nothing can have happened; a time-out may have had its effect", () => {
  const refused = new TypeError("fetch failed", {
    cause: Object.assign(new Error("refused"), { code: "ECONNREFUSED" }),
  });
  const late = new DOMException("The operation was aborted due to timeout", "TimeoutError");
  expect(translated(new webApi.WebAPIRequestError(refused)).fault).toBe("busy");
  expect(translated(new webApi.WebAPIRequestError(late)).fault).toBe("unknown");
  expect(translated(undefined).fault).toBe("unknown");
});
