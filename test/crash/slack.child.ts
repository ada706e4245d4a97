import { slack } from "../../adapters/slack/slack.ts";
import { live } from "./child.ts";

await live(({ settings, ...around }) => {
  const { botToken = "", appToken = "", apiUrl = "" } = settings;
  return { platform: slack({ botToken, appToken, apiUrl }, around) };
});
