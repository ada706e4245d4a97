/** What the built bot takes while it stands idle with both platforms connected, each a wire of our own. The room is in `start.ts`. */
import { Bot } from "../counterparts/bot.ts";
import { FakeDiscord, TOKEN } from "../fakes/discord/discord.ts";
import { APP_TOKEN, BOT_TOKEN, SlackServer } from "../fakes/slack/server.ts";
import { hold, rounded, verdict } from "./with/figures.ts";

const BOUND = 180;
/** Milliseconds until what was only needed to start has been let go. */
const SETTLE = 10_000;

const slack = new SlackServer();
await slack.listen();
slack.workspace.addChannel("better-together", "public", [slack.workspace.bot.id]);
const discord = await FakeDiscord.open(Date.now);
const channel = { SLACK_CHANNEL: "better-together", DISCORD_CHANNEL: discord.town.channel.id };
const bot = new Bot({
  ...channel,
  SLACK_BOT_TOKEN: BOT_TOKEN,
  SLACK_APP_TOKEN: APP_TOKEN,
  SLACK_API_URL: slack.apiUrl,
  DISCORD_TOKEN: TOKEN,
  DISCORD_API_URL: discord.apiUrl,
});
await bot.start();
await new Promise((idle) => setTimeout(idle, SETTLE));
const idle = bot.megabytes;
const connected = slack.connected;
await bot.stop();
await Promise.all([slack.close(), discord.stop()]);

console.table({ "idle with both platforms, MB": { measured: rounded(idle, 1), bound: BOUND } });
hold(connected === 1, "the bot was not connected to Slack any more");
hold(idle <= BOUND, `idle with both platforms: ${rounded(idle, 1)} MB, at most ${BOUND}`);
verdict();
