import { VirtualClock } from "../../src/clock.ts";
import { SlackWorld } from "../contract/slack.world.ts";
import { APP_TOKEN, BOT_TOKEN, SlackServer } from "../fakes/slack/server.ts";
import { crash } from "./crash.ts";
import { START, type Stage } from "./stage.ts";

async function stage(): Promise<Stage> {
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
    posted: () =>
      server.workspace.messages.flatMap(({ channel, metadata }) =>
        metadata ? [`${channel} ${JSON.stringify(metadata)}`] : [],
      ),
    close: () => people.stop(),
  };
}

crash(stage);
