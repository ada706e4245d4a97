import { discord } from "../../adapters/discord/discord.ts";
import { live } from "./child.ts";

await live(({ settings, ...around }) => {
  // discord.js sends no more than 50 requests in a second, of the time that passes here.
  Date.now = () => around.clock.now();
  const { token = "", apiUrl = "" } = settings;
  return { platform: discord({ token, apiUrl, typedReplies: true, members: true }, around) };
});
