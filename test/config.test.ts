/** What an operator may write, and what they are told when it is not right. */
import { resolve } from "node:path";
import { describe, expect, it } from "vitest";
import { ConfigError, readConfig } from "../src/config.ts";

type Values = Record<string, string | undefined>;
const NOW = Date.UTC(2026, 10, 22, 12);
const SLACK = { SLACK_BOT_TOKEN: "xoxb-1-a", SLACK_APP_TOKEN: "xapp-1-b", SLACK_CHANNEL: "#workshop" };
const DISCORD = { DISCORD_TOKEN: "a".repeat(26), DISCORD_CHANNEL: "123" };

const config = (values: Values) => readConfig(values, NOW).config;
const warnings = (values: Values) => readConfig(values, NOW).warnings.join("\n");
function problems(values: Values): string {
  try {
    readConfig(values, NOW);
  } catch (error) {
    if (error instanceof ConfigError) return error.message;
    throw error;
  }
  throw new Error("The settings were taken.");
}

describe("what is set", () => {
  it("is the room alone, when nothing is", () => {
    expect(config({ TZ: "Europe/London" })).toEqual({
      room: true,
      pack: "better-together",
      zone: "Europe/London",
      facilitators: [],
      databaseUrl: "sqlite:data/together.db",
      roomDatabaseUrl: `sqlite:${resolve("data/room.db")}`,
      host: "127.0.0.1",
      port: 3000,
      logLevel: "info",
    });
  });

  it("is both platforms with their own programmes, and then the room only when asked for", () => {
    const both = config({ ...SLACK, ...DISCORD, DISCORD_TYPED_REPLIES: "off", DISCORD_MEMBERS: "on" });
    expect(both.slack).toEqual({
      botToken: "xoxb-1-a",
      appToken: "xapp-1-b",
      channel: "workshop",
      programme: "workshop",
    });
    expect(both.discord).toMatchObject({ channel: "123", programme: "alumni", typedReplies: false, members: true });
    expect(config(DISCORD).discord).toMatchObject({ typedReplies: true, members: false });
    expect(both.room).toBe(false);
    expect(config({ ...SLACK, ROOM: "on" }).room).toBe(true);
  });

  it("takes Socket Mode where both ways are set, and says so", () => {
    const both = { ...SLACK, SLACK_SIGNING_SECRET: "shh" };
    expect(config(both).slack).not.toHaveProperty("signingSecret");
    expect(warnings(both)).toContain("I use the first, Socket Mode");
  });

  it("loses quotes and spaces around a value, with a warning that does not print it", () => {
    const quoted = { ...SLACK, SLACK_BOT_TOKEN: ' "xoxb-1-a"\n' };
    expect(config(quoted).slack?.botToken).toBe("xoxb-1-a");
    expect(warnings(quoted)).toMatch(/^SLACK_BOT_TOKEN: I left out/);
    expect(warnings(quoted)).not.toContain("xoxb-1-a");
  });

  it("has a second day after the first, and warns only of a workshop that is over", () => {
    expect(config({ WORKSHOP_DAY_ONE: "2027-02-28" })).toMatchObject({ dayOne: "2027-02-28", dayTwo: "2027-03-01" });
    expect(warnings({ WORKSHOP_DAY_ONE: "2026-11-21" })).toBe("");
    expect(warnings({ WORKSHOP_DAY_ONE: "2026-11-20" })).toContain("in the past: today is 2026-11-22");
  });

  it("names facilitators by platform and ID", () => {
    expect(config({ FACILITATORS: "slack:U1, discord:42 ,room:maggie" }).facilitators).toEqual([
      { platform: "slack", id: "U1" },
      { platform: "discord", id: "42" },
      { platform: "room", id: "maggie" },
    ]);
  });
});

describe("what is wrong", () => {
  it.each<[string, Values, string]>([
    [
      "an app-level token for a bot's",
      { SLACK_BOT_TOKEN: "xapp-1-zzz" },
      "E_ENV_TOKEN_KIND: SLACK_BOT_TOKEN starts with xapp- (an app-level token). It belongs in SLACK_APP_TOKEN; the bot token starts with xoxb-.",
    ],
    ["a person's token", { SLACK_BOT_TOKEN: "xoxp-1-zzz" }, "E_ENV_TOKEN_KIND: SLACK_BOT_TOKEN starts with xox"],
    ["the other platform's", { DISCORD_TOKEN: "xoxb-1-zzz" }, "It belongs in SLACK_BOT_TOKEN."],
    [
      "a space inside",
      { DISCORD_TOKEN: "Bot zzz" },
      "E_ENV_TOKEN_FORM: DISCORD_TOKEN: There is a space inside it (7 char",
    ],
    [
      "no token at all",
      { SLACK_BOT_TOKEN: "zzz" },
      "E_ENV_TOKEN_FORM: SLACK_BOT_TOKEN: It does not start with xoxb- (3 char",
    ],
    ["half of it", { SLACK_BOT_TOKEN: "xoxb-1" }, "E_ENV_MISSING: SLACK_APP_TOKEN: Set it"],
    ["no channel", { DISCORD_TOKEN: "t" }, "E_ENV_MISSING: DISCORD_CHANNEL: Name the workshop's channel"],
    [
      "an unknown zone",
      { WORKSHOP_TIME_ZONE: "Europe/Londn" },
      'E_TZ: WORKSHOP_TIME_ZONE: Unknown time zone "Europe/Londn". Nearest: Europe/London.',
    ],
    [
      "the machine's unknown zone",
      { TZ: "Mars/Olympus" },
      'E_TZ: TZ: Unknown time zone "Mars/Olympus". Nearest: none. Example: Europe/London.',
    ],
    ["a low port", { PORT: "80" }, 'E_PORT: PORT: "80" is not a port to use. Set a number from 1024 to 65535.'],
    ["a high port", { PORT: "70000" }, "E_PORT"],
    ["a word for a port", { PORT: "abc" }, "E_PORT"],
    ["no such day", { WORKSHOP_DAY_ONE: "2026-02-31" }, "E_DATE: WORKSHOP_DAY_ONE: 31 February does not exist"],
    ["another way to write it", { WORKSHOP_DAY_ONE: "18/01/2027" }, "Write it as year-month-day"],
    [
      "day two before day one",
      { WORKSHOP_DAY_ONE: "2027-01-18", WORKSHOP_DAY_TWO: "2027-01-18" },
      "E_DATE: WORKSHOP_DAY_TWO: 2027-01-18 is not after",
    ],
    ["day two alone", { WORKSHOP_DAY_TWO: "2027-01-18" }, "E_DATE: WORKSHOP_DAY_ONE: Set it too"],
    ["no path", { DATABASE_URL: "sqlite:" }, "E_STORE_PATH: DATABASE_URL: It names no file."],
    [
      "another database",
      { DATABASE_URL: "postgres://u:zzz@h/d" },
      "E_STORE_PATH: DATABASE_URL: This version supports only sqlite:",
    ],
    [
      "a name that is not ours",
      { WORKSHOP_DAYONE: "x" },
      "E_ENV_UNKNOWN: WORKSHOP_DAYONE: There is no such setting. Did you mean WORKSHOP_DAY_ONE?",
    ],
    [
      "nor near to any",
      { WORKSHOP_LUNCH: "x" },
      "E_ENV_UNKNOWN: WORKSHOP_LUNCH: There is no such setting. .env.example",
    ],
    ["a slip in a platform's", { DISCORD_BOT_TOKEN: "x" }, "Did you mean DISCORD_TOKEN?"],
    ["an address cut short", { SLACK_API_URL: "http://h:1/api" }, "has to end in /api/, e.g. http://h:1/api/."],
    ["an address with too much", { DISCORD_API_URL: "http://h:1/api/v10" }, "has to end in /api, e.g. http://h:1/api."],
    ["no address", { PUBLIC_URL: "example.org" }, "E_URL: PUBLIC_URL"],
    ["an open room", { HOST: "0.0.0.0" }, "E_ROOM_PASSWORD: ROOM_PASSWORD: Others"],
    ["nowhere to be", { ROOM: "off" }, "E_ENV_MISSING: ROOM: It is off and no token is set"],
    ["neither on nor off", { ROOM: "maybe" }, 'E_CHOICE: ROOM: "maybe" is not one of on, off.'],
    ["an unknown log level", { LOG_LEVEL: "loud" }, "is not one of debug, info, warn, error."],
    ["a name for an ID", { FACILITATORS: "slack:@maggie" }, 'E_FACILITATORS: FACILITATORS: "slack:@maggie" is not'],
    ["no platform", { FACILITATORS: "U1" }, "as in slack:U012AB3CD"],
  ])("%s", (_name, values, told) => {
    expect(problems(values)).toContain(told);
    expect(problems(values)).not.toContain("zzz");
  });

  it("is told all at once", () => {
    expect(problems({ SLACK_BOT_TOKEN: "xapp-1", PORT: "80", TZ: "Mars/Olympus" }).match(/^E_\w+/gm)).toEqual([
      ...["E_ENV_TOKEN_KIND", "E_ENV_MISSING", "E_ENV_MISSING", "E_TZ", "E_PORT"],
    ]);
  });

  it("is not what other programs set, nor a room behind a password", () => {
    expect(warnings({ SLACK_WEBHOOK_ADDRESS: "x" })).toContain("no setting of mine");
    expect(config({ HOST: "0.0.0.0", ROOM_PASSWORD: "a long one" }).roomPassword).toBe("a long one");
    expect(config({ HOST: "0.0.0.0", ...SLACK }).room).toBe(false);
  });

  it("warns of settings that nothing comes of", () => {
    expect(warnings({ SLACK_CHANNEL: "x", DISCORD_PROGRAMME: "y" })).toContain("SLACK_CHANNEL without SLACK_BOT_TOKEN");
  });
});
