/**
 * The codec of refs. Places and messages name their server, as Discord's own links do, with `@me` for a DM. A user
 * names none: an account is the same in every server and in DMs, where no event says which server is meant.
 */
import { ChannelType } from "discord.js";
import {
  type Button,
  type MessageRef,
  type Place,
  PlatformError,
  type SendKey,
  type UserId,
} from "../../src/platform.ts";

export interface Spot {
  readonly server: string;
  readonly channel: string;
  readonly thread?: string;
}

export const DIRECT = "@me";
const PLACE = /^discord:(@me|\d{1,20})\/(\d{1,20})(?:\/(\d{1,20}))?$/;
const MESSAGE = /^(discord:[^#]+)#(\d{1,20})$/;
const USER = /^discord:(\d{1,20})$/;

// The casts below are where refs are minted; nothing else makes one.
export const userId = (id: string): UserId => `discord:${id}` as UserId;

export function place(spot: Spot): Place {
  return `discord:${spot.server}/${spot.channel}${spot.thread ? `/${spot.thread}` : ""}` as Place;
}

export const isPlace = (ref: string): ref is Place => PLACE.test(ref);

/** The place of a channel as Discord describes it; `parent_id` of a thread is its channel. */
export function placeIn(
  server: string = DIRECT,
  channel: { id: string; type: ChannelType; parent_id?: string | null | undefined },
): Place {
  const within = isThread(channel.type) && channel.parent_id;
  if (within) return place({ server, channel: within, thread: channel.id });
  return place({ server, channel: channel.id });
}

export const isThread = (type: ChannelType): boolean =>
  [ChannelType.PublicThread, ChannelType.PrivateThread, ChannelType.AnnouncementThread].includes(type);

/** Of a thread its channel, of a channel itself. */
export function channelOf(at: Place): Place {
  const { server, channel } = spotOf(at);
  return place({ server, channel });
}

export const messageRef = (at: Place, id: string): MessageRef => `${at}#${id}` as MessageRef;

export function accountOf(user: UserId): string {
  return parts(USER, user, "user")[1] ?? "";
}

export function spotOf(at: Place): Spot {
  const [, server = "", channel = "", thread] = parts(PLACE, at, "place");
  return thread ? { server, channel, thread } : { server, channel };
}

/** The id that Discord posts to: a thread is a channel of its own. */
export const targetOf = (at: Place): string => spotOf(at).thread ?? spotOf(at).channel;

export function messageOf(ref: MessageRef): { readonly at: Place; readonly spot: Spot; readonly id: string } {
  const [, at = "", id = ""] = parts(MESSAGE, ref, "message");
  const spot = spotOf(at as Place);
  return { at: place(spot), spot, id };
}

function parts(shape: RegExp, ref: string, what: string): RegExpExecArray {
  const found = shape.exec(ref);
  if (!found) throw new PlatformError("invalid", `Not a Discord ${what}: ${ref}`);
  return found;
}

/** What stands in a button's custom_id (at most 100 characters): the send key, by which `find` knows the post, then what it does. */
export function buttonTag(key: SendKey | "", button: Button, message = ""): string {
  const { opens } = button;
  return opens ? `${key}>${formTag({ ...opens, message })}` : `${key}|${button.id}`;
}

export const isTagOf = (key: SendKey, tag: string): boolean => tag.startsWith(`${key}|`) || tag.startsWith(`${key}>`);

/** Which form it is, about which prompt, and the message whose button opened it first (empty: not told). */
export interface FormTag {
  readonly form: string;
  readonly about: string;
  readonly message: string;
}

/** `about` comes last: it is the only part that may hold a "|". */
export const formTag = (tag: FormTag): string => `${tag.form}|${tag.message}|${tag.about}`;

export function readFormTag(tag: string): FormTag | undefined {
  const [, form, message, about] = /^([a-z\d-]+)\|(\d*)\|(.*)$/.exec(tag) ?? [];
  return form === undefined || message === undefined || about === undefined ? undefined : { form, message, about };
}

export function readButtonTag(tag: string): { readonly button: string } | FormTag | undefined {
  const [, , mark, rest = ""] = /^([a-z2-7]*)([|>])(.+)$/.exec(tag) ?? [];
  if (mark === "|") return { button: rest };
  return mark === ">" ? readFormTag(rest) : undefined;
}
