/**
 * The environment as a typed `Config`, or the whole list of what is wrong with it. The only reader of `process.env`
 * and `.env`. A token's value is never printed, only its length and how it begins.
 */
import { existsSync, readFileSync, statSync } from "node:fs";
import { dirname, join } from "node:path";
import { parseEnv } from "node:util";
import { systemClock } from "./clock.ts";
import { workshopDays } from "./days.ts";
import { Environment, type Problem } from "./environment.ts";
import type { Instant } from "./platform.ts";
import { storeFile } from "./store/place.ts";
import { token } from "./tokens.ts";

interface SlackSettings {
  readonly botToken: string;
  /** Present: Socket Mode. Absent: `signingSecret` is there, and events arrive over HTTP. */
  readonly appToken?: string;
  readonly signingSecret?: string;
  readonly apiUrl?: string;
  readonly channel: string;
  readonly programme: string;
}

interface DiscordSettings {
  readonly token: string;
  readonly apiUrl?: string;
  readonly channel: string;
  readonly programme: string;
  /** False: replies typed in threads are not read, and the privileged intent is not asked for. */
  readonly typedReplies: boolean;
  /** True: everybody in the channel can be paired, and the privileged intent for members is asked for. */
  readonly members: boolean;
}

export interface Config {
  readonly slack?: SlackSettings;
  readonly discord?: DiscordSettings;
  readonly room: boolean;
  readonly roomPassword?: string;
  /** A folder's name in `content/`, or a path. */
  readonly pack: string;
  /** Local dates, 2026-11-22. Both or neither. */
  readonly dayOne?: string;
  readonly dayTwo?: string;
  readonly zone: string;
  /** `id` is the platform's own, as an operator copies it. */
  readonly facilitators: readonly { readonly platform: string; readonly id: string }[];
  readonly databaseUrl: string;
  /** The room's own file, beside the other: its clock is pushed, and real people's never is. */
  readonly roomDatabaseUrl: string;
  readonly host: string;
  readonly port: number;
  readonly publicUrl?: string;
  readonly logLevel: LogLevel;
}

type LogLevel = (typeof LOG_LEVELS)[number];

const LOG_LEVELS = ["debug", "info", "warn", "error"] as const;
const PLATFORMS = ["slack", "discord", "room"];
const LOOPBACK = ["127.0.0.1", "localhost", "::1"];

/** Every setting there is. `.env.example` and the README's table are held against it. */
export const SETTINGS = [
  ...[
    "SLACK_BOT_TOKEN",
    "SLACK_APP_TOKEN",
    "SLACK_SIGNING_SECRET",
    "SLACK_CHANNEL",
    "SLACK_PROGRAMME",
    "SLACK_API_URL",
  ],
  ...[
    "DISCORD_TOKEN",
    "DISCORD_CHANNEL",
    "DISCORD_PROGRAMME",
    "DISCORD_API_URL",
    "DISCORD_TYPED_REPLIES",
    "DISCORD_MEMBERS",
  ],
  ...["WORKSHOP_PACK", "WORKSHOP_DAY_ONE", "WORKSHOP_DAY_TWO", "WORKSHOP_TIME_ZONE", "FACILITATORS"],
  ...["ROOM", "ROOM_PASSWORD", "DATABASE_URL", "HOST", "PORT", "PUBLIC_URL", "LOG_LEVEL"],
] as const;

type Setting = (typeof SETTINGS)[number];

export class ConfigError extends Error {
  override readonly name = "ConfigError";
  readonly problems: readonly Problem[];

  constructor(problems: readonly Problem[]) {
    super(problems.map(asLine).join("\n"));
    this.problems = problems;
  }
}

function asLine({ code, variable, what }: Problem): string {
  return what.includes(variable) ? `${code}: ${what}` : `${code}: ${variable}: ${what}`;
}

/** From `.env` in the working directory, where there is one, under what the process was started with. */
export function loadConfig(): { config: Config; warnings: readonly string[] } {
  // parseEnv rather than loadEnvFile: tokens stay out of the environment that child processes inherit.
  const file = existsSync(".env") ? parseEnv(readFileSync(".env", "utf8").replace(/^\uFEFF/, "")) : {};
  const { config, warnings } = readConfig({ ...file, ...process.env });
  const secret = config.slack !== undefined || config.discord !== undefined;
  const open = secret && existsSync(".env") && (statSync(".env").mode & 0o077) !== 0 && process.platform !== "win32";
  return { config, warnings: open ? [...warnings, "Others on this machine can read .env: chmod 600 .env"] : warnings };
}

/** Rejects with every problem at once. Warnings are for the log and change nothing else. */
export function readConfig(
  values: Readonly<Record<string, string | undefined>>,
  now: Instant = systemClock.now(),
): { config: Config; warnings: readonly string[] } {
  const env = new Environment(values);
  const config = settled(env, now);
  env.unknownNames(SETTINGS, "WORKSHOP_", true);
  // Other programs have names that begin so too; only a near miss is taken for a slip.
  env.unknownNames(SETTINGS, "SLACK_", false);
  env.unknownNames(SETTINGS, "DISCORD_", false);
  if (env.problems.length > 0) throw new ConfigError(env.problems);
  return { config, warnings: env.warnings };
}

function settled(env: Environment, now: Instant): Config {
  const slack = slackSettings(env);
  const discord = discordSettings(env);
  // The workshop's own, else the machine's.
  const zone = env.zone(env.has("WORKSHOP_TIME_ZONE") ? "WORKSHOP_TIME_ZONE" : "TZ");
  return {
    ...(slack && { slack }),
    ...(discord && { discord }),
    ...roomSettings(env, slack !== undefined || discord !== undefined),
    pack: env.text("WORKSHOP_PACK") ?? "better-together",
    ...workshopDays(env, now, zone),
    zone,
    facilitators: facilitators(env),
    ...stores(env),
    port: env.port("PORT", 3000),
    ...optional("publicUrl", env.url("PUBLIC_URL")?.replace(/\/$/, "")),
    logLevel: env.choice("LOG_LEVEL", LOG_LEVELS, "info"),
  };
}

/** Where we are, in an operator's words. */
export function placesOf({ slack, discord, room }: Config): string {
  return [slack && "Slack", discord && "Discord", room && "the room"].filter(Boolean).join(", ");
}

/** The stores of what is configured, the platforms' first. */
export function storeUrls({ slack, discord, room, databaseUrl, roomDatabaseUrl }: Config): readonly string[] {
  return [...(slack || discord ? [databaseUrl] : []), ...(room ? [roomDatabaseUrl] : [])];
}

function slackSettings(env: Environment): SlackSettings | undefined {
  const botToken = token(env, "SLACK_BOT_TOKEN");
  const appToken = token(env, "SLACK_APP_TOKEN");
  const signingSecret = token(env, "SLACK_SIGNING_SECRET");
  const apiUrl = env.url("SLACK_API_URL", "/api/");
  const programme = env.text("SLACK_PROGRAMME") ?? "workshop";
  if (botToken === undefined) return withoutToken(env, "SLACK_BOT_TOKEN", "SLACK_");
  const channel = channelOf(env, "SLACK_CHANNEL", "a channel's name, or its ID from the channel's details");
  if (appToken === undefined && signingSecret === undefined)
    env.problem(
      "E_ENV_MISSING",
      "SLACK_APP_TOKEN",
      "Set it (it starts with xapp-), or SLACK_SIGNING_SECRET for events over HTTP.",
    );
  if (appToken !== undefined && signingSecret !== undefined)
    env.warnings.push("SLACK_APP_TOKEN and SLACK_SIGNING_SECRET are both set: I use the first, Socket Mode.");
  if (appToken === undefined && !env.has("PUBLIC_URL"))
    env.warnings.push("Events over HTTP without PUBLIC_URL: I hear only what is sent to this machine's own name.");
  const hearing = appToken === undefined ? optional("signingSecret", signingSecret) : { appToken };
  return { botToken, ...hearing, ...optional("apiUrl", apiUrl), channel, programme };
}

function discordSettings(env: Environment): DiscordSettings | undefined {
  const value = token(env, "DISCORD_TOKEN");
  const apiUrl = env.url("DISCORD_API_URL", "/api");
  const typedReplies = env.choice("DISCORD_TYPED_REPLIES", ["on", "off"], "on") === "on";
  const programme = env.text("DISCORD_PROGRAMME") ?? "alumni";
  const members = env.choice("DISCORD_MEMBERS", ["on", "off"], "off") === "on";
  if (value === undefined) return withoutToken(env, "DISCORD_TOKEN", "DISCORD_");
  const channel = channelOf(
    env,
    "DISCORD_CHANNEL",
    "the channel's ID (Developer Mode on, right click, Copy Channel ID)",
  );
  return { token: value, ...optional("apiUrl", apiUrl), channel, programme, typedReplies, members };
}

function withoutToken(env: Environment, missing: Setting, prefix: string): undefined {
  const idle = SETTINGS.filter((name) => name.startsWith(prefix) && name !== missing && env.has(name));
  if (idle.length > 0) env.warnings.push(`${idle.join(", ")} without ${missing}: nothing comes of it.`);
}

function channelOf(env: Environment, name: Setting, how: string): string {
  const channel = env.text(name);
  if (channel === undefined) env.problem("E_ENV_MISSING", name, `Name the workshop's channel: ${how}.`);
  return channel?.replace(/^#/, "") ?? "";
}

function roomSettings(env: Environment, hasToken: boolean): Pick<Config, "room" | "roomPassword" | "host"> {
  const room = env.choice("ROOM", ["on", "off"], hasToken ? "off" : "on") === "on";
  const host = env.text("HOST") ?? "127.0.0.1";
  const roomPassword = env.text("ROOM_PASSWORD");
  if (!room && !hasToken)
    env.problem("E_ENV_MISSING", "ROOM", "It is off and no token is set, so there is nowhere to be. Set one.");
  if (room && !LOOPBACK.includes(host) && roomPassword === undefined)
    env.problem(
      "E_ROOM_PASSWORD",
      "ROOM_PASSWORD",
      `Others can reach ${host}. Set a password for the room, or HOST=127.0.0.1, or ROOM=off.`,
    );
  return { room, ...optional("roomPassword", roomPassword), host };
}

/** Only what is written is looked at here; whether the files can be used is found out when they are opened. */
function stores(env: Environment): Pick<Config, "databaseUrl" | "roomDatabaseUrl"> {
  const databaseUrl = env.text("DATABASE_URL") ?? "sqlite:data/together.db";
  try {
    return { databaseUrl, roomDatabaseUrl: `sqlite:${join(dirname(storeFile(databaseUrl)), "room.db")}` };
  } catch {
    // The value is not printed: other databases have their password in it.
    const what = databaseUrl.startsWith("sqlite:")
      ? "It names no file."
      : "This version supports only sqlite: and a file.";
    env.problem("E_STORE_PATH", "DATABASE_URL", `${what} Example: sqlite:data/together.db.`);
    return { databaseUrl, roomDatabaseUrl: databaseUrl };
  }
}

function facilitators(env: Environment): Config["facilitators"] {
  const entries = (env.text("FACILITATORS") ?? "").split(",").map((entry) => entry.trim());
  return entries.filter(Boolean).map((entry) => {
    const [platform = "", id = "", ...more] = entry.split(":");
    if (!PLATFORMS.includes(platform) || !/^[\w-]+$/.test(id) || more.length > 0)
      env.problem(
        "E_FACILITATORS",
        "FACILITATORS",
        `"${entry}" is not a platform and a member's ID, as in slack:U012AB3CD or discord:80351110224678912.`,
      );
    return { platform, id };
  });
}

function optional<Key extends string>(key: Key, value: string | undefined): { [K in Key]?: string } {
  // The cast: a computed key widens to an index signature.
  return value === undefined ? {} : ({ [key]: value } as { [K in Key]?: string });
}
