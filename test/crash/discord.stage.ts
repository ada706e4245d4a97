import { VirtualClock } from "../../src/clock.ts";
import { DiscordWorld } from "../contract/discord.world.ts";
import { FakeDiscord, TOKEN } from "../fakes/discord/discord.ts";
import { START, type Stage } from "./stage.ts";

export async function discordStage(): Promise<Stage> {
  const time = new VirtualClock(START);
  const fake = await FakeDiscord.open(() => time.now());
  const people = new DiscordWorld(fake, time);
  return {
    name: "discord",
    time,
    channel: people.channelName,
    settings: { token: TOKEN, apiUrl: fake.apiUrl },
    people,
    posted: () => postedIn(fake),
    close: () => people.stop(),
  };
}

/** The key is the nonce. */
const postedIn = ({ town }: FakeDiscord): string[] =>
  [...town.letters.values()].flatMap(({ channel_id, nonce }) => (nonce ? [`${channel_id} ${nonce}`] : []));
