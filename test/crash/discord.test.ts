import { VirtualClock } from "../../src/clock.ts";
import { DiscordWorld } from "../contract/discord.world.ts";
import { FakeDiscord, TOKEN } from "../fakes/discord/discord.ts";
import { crash } from "./crash.ts";
import { START, type Stage } from "./stage.ts";

async function stage(): Promise<Stage> {
  const time = new VirtualClock(START);
  const fake = await FakeDiscord.open(() => time.now());
  const people = new DiscordWorld(fake, time);
  return {
    name: "discord",
    time,
    channel: people.channelName,
    settings: { token: TOKEN, apiUrl: fake.apiUrl },
    people,
    posted: () =>
      [...fake.town.letters.values()].flatMap(({ channel_id, nonce }) => (nonce ? [`${channel_id} ${nonce}`] : [])),
    close: () => people.stop(),
  };
}

crash(stage);
