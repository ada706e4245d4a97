/** What people type: Discord's messages -> replies, edits, retractions and the items of a history. */
import { type APIMessage, type APIUser, type Client, MessageType, SnowflakeUtil } from "discord.js";
import type { Heard, Inbound, Place } from "../../src/platform.ts";
import { messageRef, userId } from "./ids.ts";

/** Not one of Discord's own notices ("Ana joined the thread"). */
export const isWritten = ({ type }: APIMessage): boolean => type === MessageType.Default || type === MessageType.Reply;

export function isHuman(message: APIMessage): boolean {
  return isWritten(message) && !message.author.bot && !message.author.system && !message.webhook_id;
}

/**
 * Without the intent every text is empty, so an empty one says something only where there is a file instead of words.
 * A new message without words is nothing to keep.
 */
export function saysSomething(message: APIMessage): boolean {
  return message.content !== "" || (message.edited_timestamp !== null && message.attachments.length > 0);
}

/** Nothing at all is in it: nobody can send that, so its text was kept from us. */
export function isWithheld({ content, attachments, embeds, ...more }: APIMessage): boolean {
  const elses = [attachments, embeds, more.sticker_items, more.components, more.message_snapshots];
  return content === "" && !more.poll && elses.every((one) => !one?.length);
}

/** What Discord has put in the place of names is turned back into what was typed; what is unknown stays as it is. */
function words({ content, mentions }: APIMessage, client: Client): string {
  return content.replaceAll(/<(@!?|@&|#|a?:\w+:)(\d+)>/g, (written, mark: string, id: string) => {
    if (mark.endsWith(":")) return mark.slice(mark.indexOf(":"));
    const name = mark === "@" || mark === "@!" ? nameIn(mentions, id) : nameOf(client, mark, id);
    return name === undefined ? written : `${mark.charAt(0)}${name}`;
  });
}

function nameIn(mentions: readonly APIUser[], id: string): string | undefined {
  const user = mentions.find((one) => one.id === id);
  return user && (user.global_name ?? user.username);
}

function nameOf({ channels, guilds }: Client, mark: string, id: string): string | undefined {
  if (mark === "@&") return guilds.cache.find(({ roles }) => roles.cache.has(id))?.roles.cache.get(id)?.name;
  const channel = channels.cache.get(id);
  return channel && "name" in channel ? (channel.name ?? undefined) : undefined;
}

export function reply(message: APIMessage, place: Place, client: Client): Inbound {
  const version = versionOf(message);
  const edited = message.edited_timestamp !== null;
  return {
    kind: edited ? "edited" : "replied",
    event: `message-${message.id}-${version}`,
    by: { id: userId(message.author.id) },
    at: version,
    place,
    message: messageRef(place, message.id),
    text: words(message, client),
    version,
  };
}

/** Discord says neither who wrote a deleted message nor when it went; `author` is what we may happen to remember. */
export function retraction(id: string, author: string | undefined, at: number, place: Place): Inbound {
  const by = { id: userId(author ?? "0") };
  return { kind: "retracted", event: `deletion-${id}`, by, at, place, message: messageRef(place, id) };
}

export function heard(message: APIMessage, place: Place, client: Client<true>): Heard {
  return {
    message: messageRef(place, message.id),
    by: userId(message.author.id),
    mine: message.author.id === client.user.id,
    human: isHuman(message),
    text: words(message, client),
    at: SnowflakeUtil.timestampFrom(message.id),
    version: versionOf(message),
  };
}

/** Epoch milliseconds of the last edit, or of the message itself. */
const versionOf = (message: APIMessage): number => Date.parse(message.edited_timestamp ?? message.timestamp);
