/** What we write: posted, found again, edited, removed, and read. */
import {
  type APIMessage,
  type Client,
  ComponentType,
  MessageFlags,
  PermissionFlagsBits,
  Routes,
  SnowflakeUtil,
} from "discord.js";
import {
  CLOCK_ERROR,
  type Found,
  type Instant,
  type Message,
  type MessageRef,
  type Page,
  type Place,
  PlatformError,
  type SendKey,
  type Whisper,
} from "../../src/platform.ts";
import { codeOf, denied, isOver } from "./faults.ts";
import { channelOf, DIRECT, isTagOf, messageOf, messageRef, place, spotOf, targetOf, userId } from "./ids.ts";
import type { Address } from "./interactions.ts";
import { heard, isWritten } from "./messages.ts";
import { type Rendered, render } from "./render.ts";
import { direct } from "./rooms.ts";
import type { Wire } from "./wire.ts";

/** Messages in one page: the most that Discord gives. */
const PAGE = 100;
const ARCHIVED = 50083;
/** What says the same and is older than its send by more milliseconds is another message: a reminder of the day before. */
const ALIKE = 5 * 60_000;
const READING = [PermissionFlagsBits.ViewChannel, PermissionFlagsBits.ReadMessageHistory];

/** The nonce makes a second post of one key within minutes the first one; later, `find` knows it by its buttons. */
export async function post(wire: Wire, at: Place, message: Message, key: SendKey): Promise<MessageRef> {
  const { body, files } = render(message, key);
  const call = { body: { ...body, nonce: key, enforce_nonce: true }, files };
  return messageRef(at, await awake(wire, at, () => wire.make("post", Routes.channelMessages(targetOf(at)), call)));
}

export async function find(
  { client, wire }: Reader,
  at: Place,
  sought: { readonly message: Message | undefined; readonly key: SendKey; readonly since: Instant },
): Promise<readonly Found[]> {
  const { message, key, since } = sought;
  const alike = message && { body: render(message, key).body, after: BigInt(snowflake(since - ALIKE)) };
  const found: Found[] = [];
  for (let after = snowflake(since - CLOCK_ERROR); ; ) {
    const page = await read({ client, wire }, at, after);
    const ours = page.filter((one) => one.author.id === client.user.id && carries(one, key, alike));
    found.push(...ours.map((one) => foundAs(at, one)));
    const last = page.at(-1);
    if (!last || page.length < PAGE) return found;
    after = last.id;
  }
}

const foundAs = (at: Place, { id, thread }: APIMessage): Found => ({
  message: messageRef(at, id),
  ...(thread && { thread: place({ ...spotOf(at), thread: thread.id }) }),
});

export async function edit(wire: Wire, message: MessageRef, content: Message, key: SendKey): Promise<void> {
  const { at, id } = messageOf(message);
  const route = Routes.channelMessage(targetOf(at), id);
  await awake(wire, at, () => wire.call("post", "PATCH", route, render(content, key)));
}

/** Looks whose it is first: a bot with too many permissions could remove anybody's words. */
export async function remove({ client, wire }: Reader, message: MessageRef): Promise<void> {
  const { at, id } = messageOf(message);
  const route = Routes.channelMessage(targetOf(at), id);
  const found = await wire.found<APIMessage>("read", route);
  if (!found) return;
  if (found.author.id !== client.user.id) throw new PlatformError("invalid", "Discord: not our own message.");
  await awake(wire, at, () => wire.found("post", route, "DELETE"));
}

export async function whisper(wire: Wire, to: Whisper, message: Message): Promise<void> {
  // The address is what interactions.ts wrote.
  await tell(wire, JSON.parse(to.address) as Address, render(message, ""));
}

/** The first one after a command takes the place of "thinking …" by itself. Where the time is over, a DM does it. */
export async function tell(wire: Wire, { app, token, user }: Address, { body, files }: Rendered): Promise<void> {
  const flags = body.flags | MessageFlags.Ephemeral;
  try {
    await wire.call("answer", "POST", Routes.webhook(app, token), { body: { ...body, flags }, files, auth: false });
  } catch (error) {
    if (!isOver(error)) throw error;
    const at = await direct(wire, userId(user));
    await wire.make("direct", Routes.channelMessages(targetOf(at)), { body, files });
  }
}

/** The first page of a thread begins with the message that it hangs on, which Discord keeps in the channel. */
export async function history({ client, wire }: Reader, at: Place, next: string | undefined): Promise<Page> {
  const page = await read({ client, wire }, at, next ?? "0");
  const items = page.filter(isWritten).map((message) => heard(message, at, client));
  const { thread } = spotOf(at);
  const above = channelOf(at);
  if (thread && next === undefined) {
    const top = await wire.found<APIMessage>("read", Routes.channelMessage(targetOf(above), thread));
    if (top) items.unshift(heard(top, above, client));
  }
  const last = page.at(-1);
  return last && page.length === PAGE ? { items, next: last.id } : { items };
}

/** A thread falls asleep after a week; nothing has happened then, so the call may be made again. */
export async function awake<Answer>(wire: Wire, at: Place, call: () => Promise<Answer>): Promise<Answer> {
  try {
    return await call();
  } catch (error) {
    if (codeOf(error) !== ARCHIVED) throw error;
    await wire.call("thread", "PATCH", Routes.channel(targetOf(at)), { body: { archived: false } });
    return await call();
  }
}

export interface Reader {
  readonly client: Client<true>;
  readonly wire: Wire;
}

/** A page, oldest first. Whoever may not read is shown an empty one: that must never pass for silence. */
async function read({ client, wire }: Reader, at: Place, after: string): Promise<readonly APIMessage[]> {
  const { server, channel: id } = spotOf(at);
  const channel = server === DIRECT ? undefined : client.channels.cache.get(id);
  if (channel && !channel.isDMBased() && !channel.permissionsFor(client.user)?.has(READING)) {
    throw denied(`In #${channel.name} the bot lacks View Channel or Read Message History: give it both there.`);
  }
  const query = { after, limit: String(PAGE) };
  const page = await wire.list<APIMessage>("read", Routes.channelMessages(targetOf(at)), query);
  return [...page].sort((a, b) => (BigInt(a.id) < BigInt(b.id) ? -1 : 1));
}

interface Alike {
  readonly body: Rendered["body"];
  readonly after: bigint;
}

/** By its buttons, which bear the key; a message without buttons by equal words and files, and about its time. */
function carries(message: APIMessage, key: SendKey, alike: Alike | undefined): boolean {
  const tags = (message.components ?? []).flatMap((row) =>
    row.type === ComponentType.ActionRow ? row.components.map((one) => ("custom_id" in one ? one.custom_id : "")) : [],
  );
  if (tags.length) return tags.some((tag) => isTagOf(key, tag));
  if (!alike || BigInt(message.id) < alike.after) return false;
  const files = message.attachments.map(({ filename }) => filename).join("/");
  const wantedFiles = alike.body.attachments.map(({ filename }) => filename).join("/");
  return message.content + files !== "" && message.content === alike.body.content && files === wantedFiles;
}

/** Discord's ids grow with time: the smallest one of an instant. */
function snowflake(at: Instant): string {
  const timestamp = Math.max(at, Number(SnowflakeUtil.epoch));
  return String(SnowflakeUtil.generate({ timestamp, increment: 0n, workerId: 0n, processId: 0n }));
}
