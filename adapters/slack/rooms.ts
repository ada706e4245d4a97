/** Channels and private conversations, as Slack names them. */
import type { webApi } from "@slack/bolt";
import { PlatformError } from "../../src/platform.ts";
import { asked, PAGE, pages } from "./wire.ts";

/** The id of a channel that we are in, named by its id or its name. `name` is what people call us. */
export async function channelNamed(web: webApi.WebClient, wanted: string, name: string): Promise<string> {
  const bare = wanted.replace(/^#/, "");
  const isId = /^[CG][A-Z0-9]{8,}$/.test(bare);
  const channel = isId ? (await asked(web.conversations.info({ channel: bare }))).channel : await listed(web, bare);
  if (!channel?.id || channel.is_archived) {
    throw new PlatformError("gone", `There is no channel ${wanted} that I can see.`);
  }
  if (channel.is_member) return channel.id;
  throw new PlatformError("denied", `I am not in #${channel.name} yet. Type /invite @${name} there, then repeat.`);
}

/** Private channels are not looked through: that takes a scope of its own. Their id works once it is granted. */
async function listed(web: webApi.WebClient, name: string) {
  const list = { limit: PAGE, exclude_archived: true, types: "public_channel" };
  for await (const { channels = [] } of pages((cursor) => web.conversations.list({ ...list, ...cursor }))) {
    const found = channels.find((channel) => channel.name === name.toLowerCase());
    if (found) return found;
  }
  return undefined;
}

/** The conversation that we have with these people, opened where there is none. The order does not matter. */
export async function conversationOf(web: webApi.WebClient, users: readonly string[]): Promise<string> {
  const { channel } = await asked(web.conversations.open({ users: users.join(",") }));
  if (!channel?.id) throw new PlatformError("unknown", "Slack did not say which conversation it opened.");
  return channel.id;
}

export async function membersOf(web: webApi.WebClient, channel: string): Promise<string[]> {
  const found: string[] = [];
  const list = { channel, limit: PAGE };
  for await (const { members = [] } of pages((cursor) => web.conversations.members({ ...list, ...cursor }))) {
    found.push(...members);
  }
  return found;
}
