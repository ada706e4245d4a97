/** Slack's refs: `slack/team/kind/…`. Only this file makes them or takes them apart. A thread's place is named by its root. */
import { type MessageRef, type Place, PlatformError, type UserId } from "../../src/platform.ts";

/** Where one can post: `channel` is any conversation's id; `thread` the `ts` of the message that a thread hangs on. */
export interface Spot {
  readonly channel: string;
  readonly thread?: string;
}

export interface Ids {
  user(id: string): UserId;
  place(spot: Spot): Place;
  message(channel: string, ts: string): MessageRef;
  /** The readers throw `gone` for a ref of another workspace, or of another kind. */
  userOf(ref: UserId): string;
  spotOf(ref: Place): Spot;
  messageOf(ref: MessageRef): { readonly channel: string; readonly ts: string };
}

export function newIds(team: string): Ids {
  const start = (kind: string) => `slack/${team}/${kind}/`;
  // The port's refs are branded strings; the adapter is the one who brands.
  const brand = <Ref extends string>(kind: string, parts: readonly string[]) => (start(kind) + parts.join("/")) as Ref;
  const read = (kind: string, ref: string) => {
    if (!ref.startsWith(start(kind)))
      throw new PlatformError("gone", `No ${kind} of this Slack workspace has that name.`);
    return ref.slice(start(kind).length).split("/");
  };
  return {
    user: (id) => brand("user", [id]),
    place: ({ channel, thread }) => brand("place", thread === undefined ? [channel] : [channel, thread]),
    message: (channel, ts) => brand("message", [channel, ts]),
    userOf: (ref) => read("user", ref)[0] ?? "",
    spotOf(ref) {
      const [channel = "", thread] = read("place", ref);
      return { channel, ...(thread !== undefined && { thread }) };
    },
    messageOf(ref) {
      const [channel = "", ts = ""] = read("message", ref);
      return { channel, ts };
    },
  };
}

/** A conversation with one person alone; Slack begins its id so. */
export const isDirect = (channel: string): boolean => channel.startsWith("D");

/** Slack's time stamps are seconds with six decimals; they also name a message within its channel. */
export const instantOf = (ts: string): number => Math.round(Number(ts) * 1_000);

/** Whole microseconds of the last edit, so that it grows with every one; 0 for what was never edited. */
export const versionOf = (edited: { readonly ts?: string } | undefined): number =>
  edited?.ts ? Math.round(Number(edited.ts) * 1_000_000) : 0;
