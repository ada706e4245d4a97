/** Discord's codes, closings and network errors -> faults. What an operator must do stands in the message. */
import { DiscordAPIError, GatewayCloseCodes, HTTPError, RateLimitError } from "discord.js";
import { type Fault, PlatformError } from "../../src/platform.ts";

/** What we were about to do: names the permission that is likely to be missing. */
export type Doing = keyof typeof NEEDED;

const NEEDED = {
  post: "View Channel, Send Messages, Send Messages in Threads and, for pictures and files, Attach Files",
  read: "View Channel and Read Message History",
  thread: "Create Public Threads",
  room: "Create Private Threads and Send Messages in Threads",
  direct: "no permission; the person's privacy settings decide",
  person: "no permission; the bot has to be in the server",
  register: "the scope applications.commands; invite the bot again with the link in adapters/discord/README.md",
  answer: "no permission",
} as const;

/** https://discord.com/developers/docs/topics/opcodes-and-status-codes#json */
const CODES: Readonly<Record<number, readonly [Fault, string]>> = {
  10003: ["gone", "This channel or thread is no more."],
  10004: ["gone", "The bot is no longer in this server."],
  10007: ["gone", "This person is no longer in the server."],
  10008: ["gone", "This message is no more."],
  10013: ["gone", "This account is no more."],
  10015: ["gone", "The time to answer this is over."],
  10062: ["gone", "The time to answer this is over."],
  20009: ["denied", "Discord held a message back as explicit: look at the server's safety settings."],
  20016: ["busy", "The channel is in slow mode."],
  20026: ["denied", "Discord has flagged the bot: see the Developer Portal."],
  20028: ["busy", "Too many messages to this channel."],
  20029: ["busy", "Too many messages in this server."],
  30046: ["busy", "This old message was changed too often within an hour."],
  30033: ["denied", "This thread is full: make the rooms smaller."],
  40001: ["denied", "Discord no longer accepts the token: set DISCORD_TOKEN again."],
  40002: ["denied", "The bot's account needs verifying in the Developer Portal."],
  40003: ["busy", "Too many DMs were opened."],
  40062: ["busy", "Discord slows this down for everybody."],
  50001: ["denied", "The bot cannot see this place; if it was removed from the server, invite it again."],
  50006: ["invalid", "The message is empty."],
  50007: ["gone", "This person does not take DMs."],
  50013: ["denied", "The bot lacks a permission."],
  50014: ["denied", "Discord no longer accepts the token: set DISCORD_TOKEN again."],
  50024: ["denied", "This kind of channel cannot do that: choose a text channel."],
  50027: ["gone", "The time to answer this is over."],
  50035: ["invalid", "Discord found the request malformed."],
  50083: ["denied", "The thread is archived and cannot be opened again: somebody who manages threads has to."],
  50109: ["invalid", "Discord found the request malformed."],
  50278: ["gone", "This person shares no server with the bot."],
  130000: ["busy", "Discord is overloaded."],
  160005: ["denied", "The thread is locked: unlock it."],
  160006: ["denied", "The server has too many active threads: archive some."],
  200000: ["denied", "AutoMod held a message back: exempt the bot's role under Server Settings, AutoMod."],
  240000: ["denied", "Discord held a message back for a link in it: look at the pack's links."],
  200001: ["denied", "AutoMod held a title back: exempt the bot's role under Server Settings, AutoMod."],
};

/** Without a Retry-After header. */
const PATIENCE_MS = 30_000;
/** Nothing was sent: there was nobody to send it to. */
const UNREACHED = new Set(["ECONNREFUSED", "ENOTFOUND", "EAI_AGAIN"]);

/**
 * What Discord said, without the request: discord.js keeps the whole body (people's words) and the URL (tokens of
 * interactions) in its errors, and a cause may be logged.
 */
class DiscordError extends Error {
  override readonly name = "DiscordError";
  readonly code: number;

  constructor(message: string, code: number) {
    super(message);
    this.code = code;
  }
}

export const codeOf = (error: unknown): number | undefined =>
  error instanceof PlatformError && error.cause instanceof DiscordError ? error.cause.code : undefined;

/** The 15 minutes in which an interaction can be answered have passed, or Discord never heard our first answer. */
export const isOver = (error: unknown): boolean => [10008, 10015, 10062, 50027].includes(codeOf(error) ?? 0);

export function fault(error: unknown, doing: Doing): PlatformError {
  if (error instanceof PlatformError) return error;
  if (error instanceof RateLimitError) return busy("Discord asks us to slow down.", error.retryAfter || PATIENCE_MS);
  if (error instanceof DiscordAPIError) return refused(error, doing);
  if (error instanceof HTTPError) return unknown(`Discord failed (HTTP ${error.status}).`);
  const network = networkCode(error);
  if (network && UNREACHED.has(network)) return busy(`Discord cannot be reached (${network}).`, 5_000);
  if (isOutOfSessions(error)) return busy("Discord lets the bot begin no more sessions today.", PATIENCE_MS);
  if (isTokenless(error)) return denied("Discord no longer accepts the token: set DISCORD_TOKEN again.");
  return unknown(`Discord gave no clear answer (${network ?? (error instanceof Error ? error.name : "?")}).`);
}

/** An unknown code is something an operator has to look at: it is neither repeated nor taken for our bug. */
function refused(error: DiscordAPIError, doing: Doing): PlatformError {
  // A proxy's page has no code.
  const code = Number(error.code ?? 0);
  if (error.status === 401 && !CODES[code])
    return denied("Discord no longer accepts the token: set DISCORD_TOKEN again.");
  const [kind, said] = CODES[code] ?? uncoded(error.status);
  const permission = code === 50001 || code === 50013 ? ` Needed: ${NEEDED[doing]}.` : "";
  const fields = code === 50035 ? fieldsOf(error) : "";
  const cause = new DiscordError(`${doing}: HTTP ${error.status}, code ${code}${fields}`, code);
  return new PlatformError(kind, `${said}${permission} (${doing}, code ${code})`, {
    retryAfterMs: PATIENCE_MS,
    cause,
  });
}

/** A server that lacks a route says 404 without a code; any other code that we do not know is for the operator. */
function uncoded(status: number): readonly [Fault, string] {
  return status === 404 ? ["gone", "Discord knows nothing of this."] : ["denied", `Discord refused (HTTP ${status}).`];
}

/** The paths Discord complains about; their values are people's words and stay out. */
function fieldsOf(error: DiscordAPIError): string {
  const paths = [...error.message.matchAll(/^([\w.[\]]+)\[[A-Z_]+\]:/gm)].map((found) => found[1]);
  return paths.length ? ` at ${paths.join(", ")}` : "";
}

/** discord.js drops its token after a 401 and then says so by name only. */
function isTokenless(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  return ("code" in error && error.code === "TokenInvalid") || /^Expected token to be set/.test(error.message);
}

/** discord.js asks how many of the day's 1,000 are left before it begins one. */
const isOutOfSessions = (error: unknown): boolean =>
  error instanceof Error && /^Not enough sessions remaining/.test(error.message);

function networkCode(error: unknown): string | undefined {
  for (let at = error; at instanceof Error; at = at.cause) {
    if ("code" in at && typeof at.code === "string") return at.code;
  }
  return undefined;
}

/** The gateway closed for good: only an operator can mend that. `undefined`: it will be opened again. */
export function closing(code: number, asked: { typedReplies: boolean; members?: boolean }): PlatformError | undefined {
  switch (code) {
    case GatewayCloseCodes.AuthenticationFailed:
      return denied("Discord does not accept DISCORD_TOKEN (4004). Copy it again: Developer Portal, Bot, Reset Token.");
    case GatewayCloseCodes.DisallowedIntents: {
      const switches = [asked.typedReplies && '"Message Content"', asked.members && '"Server Members"'].filter(Boolean);
      const instead = asked.typedReplies ? ", or set DISCORD_TYPED_REPLIES=off" : "";
      return denied(
        `Discord refuses a privileged intent (4014): switch on ${switches.join(" and ")} under Bot in the Developer Portal${instead}.`,
      );
    }
    case GatewayCloseCodes.InvalidIntents:
    case GatewayCloseCodes.InvalidShard:
    case GatewayCloseCodes.InvalidAPIVersion:
    case GatewayCloseCodes.ShardingRequired:
      return denied(`Discord no longer takes this kind of connection (${code}): update Together.`);
    default:
      return undefined;
  }
}

export const denied = (message: string): PlatformError => new PlatformError("denied", message);
export const unknown = (message: string): PlatformError => new PlatformError("unknown", message);
export const busy = (message: string, retryAfterMs: number) => new PlatformError("busy", message, { retryAfterMs });
