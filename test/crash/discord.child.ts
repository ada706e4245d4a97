import { discord } from "../../adapters/discord/discord.ts";
import { live } from "./child.ts";

await live(({ settings, ...around }) => {
  const { token = "", apiUrl = "" } = settings;
  return { platform: discord({ token, apiUrl, typedReplies: true, members: true }, around) };
});
