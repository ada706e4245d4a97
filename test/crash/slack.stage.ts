import { VirtualClock } from "../../src/clock.ts";
import { SlackWorld } from "../contract/slack.world.ts";
import { APP_TOKEN, BOT_TOKEN, SlackServer } from "../fakes/slack/server.ts";
import { START, type Stage } from "./stage.ts";

export async function slackStage(): Promise<Stage> {
  const time = new VirtualClock(START);
  const server = new SlackServer(() => time.now());
  server.insists = true;
  await server.listen();
  const people = new SlackWorld(server);
  return {
    name: "slack",
    time,
    channel: people.channelName,
    settings: { botToken: BOT_TOKEN, appToken: APP_TOKEN, apiUrl: server.apiUrl },
    people,
    posted: () => postedIn(server),
    close: () => people.stop(),
  };
}

/** The key stands in the metadata. */
const postedIn = ({ workspace }: SlackServer): string[] =>
  workspace.messages.flatMap(({ channel, metadata }) => (metadata ? [`${channel} ${JSON.stringify(metadata)}`] : []));
