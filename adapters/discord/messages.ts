/** What people type: Discord's messages -> replies, edits, retractions and the items of a history. */
import { type APIMessage, MessageType, SnowflakeUtil } from "discord.js";
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

export function reply(message: APIMessage, place: Place): Inbound {
  const version = versionOf(message);
  const edited = message.edited_timestamp !== null;
  return {
    kind: edited ? "edited" : "replied",
    event: `message-${message.id}-${version}`,
    by: { id: userId(message.author.id) },
    at: version,
    place,
    message: messageRef(place, message.id),
    text: message.content,
    version,
  };
}

/** Discord says neither who wrote a deleted message nor when it went; `author` is what we may happen to remember. */
export function retraction(id: string, author: string | undefined, at: number, place: Place): Inbound {
  const by = { id: userId(author ?? "0") };
  return { kind: "retracted", event: `deletion-${id}`, by, at, place, message: messageRef(place, id) };
}

export function heard(message: APIMessage, place: Place, me: string): Heard {
  const mine = message.author.id === me;
  return {
    message: messageRef(place, message.id),
    by: userId(message.author.id),
    mine,
    human: isHuman(message),
    text: message.content,
    at: SnowflakeUtil.timestampFrom(message.id),
    version: versionOf(message),
  };
}

/** Epoch milliseconds of the last edit, or of the message itself. */
const versionOf = (message: APIMessage): number => Date.parse(message.edited_timestamp ?? message.timestamp);
