/** What Slack, its SDK and the network answer → the port's closed faults. Messages name codes and remedies, never what was sent. */
import { webApi } from "@slack/bolt";
import { type Fault, PlatformError } from "../../src/platform.ts";

/** The codes that occur. Source: the error lists of the methods we call, docs.slack.dev/reference/methods. */
const FAULT_OF: Readonly<Record<string, Fault>> = {
  ...each("busy", "ratelimited", "rate_limited", "message_limit_exceeded"),
  ...each("unknown", "internal_error", "fatal_error", "request_timeout", "service_unavailable", "team_added_to_org"),
  ...each("gone", "channel_not_found", "is_archived", "message_not_found", "thread_not_found", "user_not_found"),
  ...each("gone", "users_not_found", "user_disabled", "user_not_visible", "cannot_dm_bot", "user_not_in_channel"),
  ...each("gone", "expired_trigger_id", "exchanged_trigger_id", "invalid_trigger_id", "trigger_expired"),
  ...each("invalid", "invalid_blocks", "invalid_blocks_format", "msg_too_long", "no_text", "invalid_arguments"),
  ...each("invalid", "invalid_arg_name", "invalid_array_arg", "invalid_form_data", "invalid_json", "invalid_cursor"),
  ...each("invalid", "invalid_metadata_format", "metadata_too_large", "too_many_attachments", "too_many_users"),
};

/** What an operator does about a code; every code that is in neither table asks for one, too. */
const REMEDY: Readonly<Record<string, string>> = {
  ...each(
    "Install the app anew and set SLACK_BOT_TOKEN.",
    "invalid_auth",
    "not_authed",
    "token_revoked",
    "token_expired",
  ),
  ...each("Install the app anew and set SLACK_BOT_TOKEN.", "account_inactive", "app_uninstalled"),
  ...each("SLACK_BOT_TOKEN has to start with xoxb-, SLACK_APP_TOKEN with xapp-.", "not_allowed_token_type"),
  ...each("Type /invite with my name in that channel, then repeat.", "not_in_channel"),
  ...each("That message is somebody else's.", "cant_update_message", "cant_delete_message"),
  ...each("Ask an admin of the workspace to let apps do this.", "restricted_action", "no_permission", "access_denied"),
};

/** What each scope is for, in the operator's words. `manifest.yaml` asks for all of them but the opt-in ones. */
export const SCOPES: Readonly<Record<string, string>> = {
  "chat:write": "post",
  commands: "hear /together",
  "files:write": "post pictures and the harvest",
  "channels:history": "read replies in channels and find my own posts",
  "channels:read": "find the channel and see who is in it",
  "users:read": "tell people from bots, and admins from others",
  "im:write": "write to a person privately",
  "im:history": "read what people answer me privately",
  "mpim:write": "bring pairs together in a group conversation",
  "groups:history": "read replies in private channels",
  "groups:read": "see who is in private channels",
  "connections:write": "listen (it belongs to the app-level token in SLACK_APP_TOKEN)",
};

/** Where nothing was said: nobody knows when the limit ends. */
const UNSAID_WAIT = 30_000;
const NOT_REACHED = new Set(["ECONNREFUSED", "ENOTFOUND", "EAI_AGAIN", "UND_ERR_CONNECT_TIMEOUT"]);

export function faultOf(error: unknown): PlatformError {
  if (error instanceof PlatformError) return error;
  if (error instanceof webApi.WebAPIPlatformError) return ofCode(error);
  if (error instanceof webApi.WebAPIRateLimitedError) return busy(error.retryAfter * 1_000, error);
  if (error instanceof webApi.WebAPIHTTPError) return ofStatus(error);
  if (error instanceof webApi.WebAPIRequestError) return ofNetwork(error.original, error);
  // The SDK's answer to a 429 without the header, as a plain error; p-retry hands it on unwrapped.
  if (error instanceof Error && error.message.startsWith("Retry header")) return busy(UNSAID_WAIT, error);
  return new PlatformError("unknown", "The connection to Slack failed.", { cause: error });
}

type Refusal = InstanceType<typeof webApi.WebAPIPlatformError>;

function ofCode(error: Refusal): PlatformError {
  const code = String(error.data.error);
  // The SDK puts a body that is no JSON (a proxy's HTML page, half an answer) where the code stands.
  if (!/^[a-z0-9_]+$/.test(code))
    return new PlatformError("unknown", "Slack's answer could not be read.", { cause: error });
  if (code === "missing_scope") return scopeMissing(error);
  const fault = FAULT_OF[code] ?? "denied";
  const { retryAfter } = error.data.response_metadata ?? {};
  if (fault === "busy") return busy(retryAfter === undefined ? UNSAID_WAIT : retryAfter * 1_000, error);
  const remedy = REMEDY[code] ?? (fault === "denied" ? "See docs.slack.dev for what it wants." : "");
  return new PlatformError(fault, `Slack answered ${code}. ${remedy}`.trim(), { cause: error });
}

function scopeMissing(cause: Refusal): PlatformError {
  const needed = "needed" in cause.data ? String(cause.data.needed) : "a scope it does not name";
  // Never asked for: what pairs write to each other stays unread, and what we said there cannot be looked for.
  if (needed === "mpim:history")
    return new PlatformError("unsupported", "I do not read pairs' conversations.", { cause });
  const purpose = needed.split(",").flatMap((scope) => SCOPES[scope] ?? [])[0] ?? "do this";
  const remedy = 'Add it under "OAuth & Permissions" of the Slack app and reinstall the app.';
  return new PlatformError("denied", `To ${purpose} I need ${needed}. ${remedy}`, { cause });
}

function ofStatus(error: InstanceType<typeof webApi.WebAPIHTTPError>): PlatformError {
  const answered = `Slack answered HTTP ${error.statusCode}.`;
  if (error.statusCode >= 500 || error.statusCode === 408)
    return new PlatformError("unknown", answered, { cause: error });
  return new PlatformError("denied", `${answered} Check SLACK_API_URL and what stands between.`, { cause: error });
}

/** Where no connection came about, nothing happened; everything later may have. */
function ofNetwork(original: Error, cause: unknown): PlatformError {
  const code =
    original.cause instanceof Error && "code" in original.cause ? String(original.cause.code) : original.name;
  if (NOT_REACHED.has(code))
    return new PlatformError("busy", `Slack cannot be reached (${code}).`, { retryAfterMs: 5_000, cause });
  return new PlatformError("unknown", `The connection to Slack broke (${code}).`, { cause });
}

const busy = (retryAfterMs: number, cause: unknown): PlatformError =>
  new PlatformError("busy", "Slack asks us to wait.", { retryAfterMs, cause });

function each<Value>(value: Value, ...codes: readonly string[]): Record<string, Value> {
  return Object.fromEntries(codes.map((code) => [code, value]));
}
