/** What Slack answers → what the core may do about it. */
import { webApi } from "@slack/bolt";
import { expect, test } from "vitest";
import { faultOf as translated } from "../../../adapters/slack/faults.ts";
import type { Fault } from "../../../src/platform.ts";
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

test("promise 37: every answer has its one fault and its remedy, and none is tried twice", async () => {
  const { world, platform, channel } = await stage();
  for (const [what, answer, fault, message] of ANSWERS) {
    world.server.fails({ method: "chat.postMessage", answer });
    const error = await faultOf(platform.post(channel, says("Hello"), key("k")));
    expect([what, error.fault]).toEqual([what, fault]);
    expect(error.message).toMatch(message);
    expect(error.message).not.toContain("Hello");
  }
  // Not even the ambiguous ones: the SDK's own retries made four posts of one.
  expect(world.server.calls.filter(({ method }) => method === "chat.postMessage")).toHaveLength(ANSWERS.length);
});

test("promise 38: a wait is as long as Slack says, or half a minute", async () => {
  const { world, platform, channel } = await stage();
  const waits = [];
  const asked = ["0", "1", "30", "900", undefined, "soon"];
  for (const after of asked) {
    const headers: Record<string, string> = after === undefined ? {} : { "retry-after": after };
    world.server.fails({
      method: "chat.postMessage",
      answer: { status: 429, headers, body: "<html>slow down</html>" },
    });
    const { fault, retryAfterMs } = await faultOf(platform.post(channel, says("Hello"), key("k")));
    waits.push([fault, retryAfterMs]);
  }
  const expected = [0, 1_000, 30_000, 900_000, 30_000, 30_000];
  expect(waits).toEqual(expected.map((ms) => ["busy", ms]));
  expect(world.server.calls.filter(({ method }) => method === "chat.postMessage")).toHaveLength(asked.length);
  console.info(
    `promise 38: Retry-After of ${asked.map((after) => after ?? "nothing").join(", ")}: honoured, one request each`,
  );
});

/** What the core does about each fault, and which of Slack's codes say so. Whatever is not here has to be looked at by somebody. */
const DONE: readonly [string, Fault, readonly string[]][] = [
  ["waits as long as it is told, and posts again", "busy", ["ratelimited", "rate_limited", "message_limit_exceeded"]],
  [
    "looks whether it happened, and only then posts again",
    "unknown",
    ["internal_error", "fatal_error", "request_timeout", "service_unavailable", "team_added_to_org"],
  ],
  [
    "lets go of that address, and of the channel where it is its own",
    "gone",
    ["channel_not_found", "is_archived", "message_not_found", "thread_not_found", "user_not_found", "users_not_found"],
  ],
  ["brings the others together without them", "gone", ["user_disabled", "user_not_visible", "cannot_dm_bot"]],
  ["offers the form anew", "gone", ["expired_trigger_id", "exchanged_trigger_id", "invalid_trigger_id"]],
  ["says to invite us again, and waits for it", "denied", ["not_in_channel"]],
  [
    "says to install the app anew",
    "denied",
    ["invalid_auth", "not_authed", "token_revoked", "token_expired", "account_inactive"],
  ],
  ["says which scope is missing", "denied", ["missing_scope"]],
  [
    "pauses and tells",
    "denied",
    ["restricted_action", "no_permission", "access_denied", "not_allowed_token_type", "brand_new_code"],
  ],
  [
    "never posts it again",
    "invalid",
    ["invalid_blocks", "msg_too_long", "no_text", "invalid_arguments", "metadata_too_large"],
  ],
];

test.each(DONE)("promise 37: the core %s: %s", (_does, fault, codes) => {
  const refused = (error: string) => translated(refusalOf(error)).fault;
  expect(codes.map((code) => [code, refused(code)])).toEqual(codes.map((code) => [code, fault]));
});

test("promise 37: the ambiguous answers are these, and no other code of Slack's", () => {
  const ambiguous = DONE.flatMap(([, , codes]) => codes).filter(
    (code) => translated(refusalOf(code)).fault === "unknown",
  );
  expect(ambiguous).toEqual([
    "internal_error",
    "fatal_error",
    "request_timeout",
    "service_unavailable",
    "team_added_to_org",
  ]);
  const codes = new Set(DONE.flatMap(([, , codes]) => codes));
  console.info(
    `promise 37: ${codes.size} of Slack's codes, ${ANSWERS.length} answers over the wire; ${ambiguous.length} codes are ambiguous`,
  );
});

/** As the SDK throws it. */
const refusalOf = (error: string) => new webApi.WebAPIPlatformError({ ok: false, error });

test("where no connection came about, nothing can have happened; a time-out may have had its effect", () => {
  const refused = new TypeError("fetch failed", {
    cause: Object.assign(new Error("refused"), { code: "ECONNREFUSED" }),
  });
  const late = new DOMException("The operation was aborted due to timeout", "TimeoutError");
  expect(translated(new webApi.WebAPIRequestError(refused)).fault).toBe("busy");
  expect(translated(new webApi.WebAPIRequestError(late)).fault).toBe("unknown");
  expect(translated(undefined).fault).toBe("unknown");
});
