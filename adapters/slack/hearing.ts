/** What people say in Slack → what the core hears. Everything that is no human being's reply is dropped here, with its reason. */
import type { Heard, Inbound, UserId } from "../../src/platform.ts";
import { type Ids, instantOf, isDirect, type Spot, versionOf } from "./ids.ts";

/** A message as Slack's events and lists carry it; which parts are there depends on the subtype. */
export interface Said {
  readonly subtype?: string;
  readonly channel?: string;
  readonly channel_type?: string;
  readonly user?: string;
  readonly bot_id?: string;
  readonly text?: string;
  readonly ts?: string;
  readonly event_ts?: string;
  readonly thread_ts?: string;
  readonly edited?: { readonly ts?: string };
  readonly deleted_ts?: string;
  readonly message?: Said;
  readonly previous_message?: Said;
}

/** The workspace as we stand in it. */
export interface Here {
  readonly ids: Ids;
  /** Our own bot user. */
  readonly me: string;
  /** What people call somebody; undefined where Slack does not say in time. */
  nameOf(user: string): Promise<string | undefined>;
}

/** Also sent to the channel, `/me`, words with a picture. Other subtypes (joins, topics, bots, reminders) are nobody's words. */
const KEPT = new Set([undefined, "thread_broadcast", "me_message", "file_share"]);
/** Slack's own helper, which is a bot without saying so. */
const SLACKBOT = "USLACKBOT";

const isPersons = (said: Said, here: Here): said is Said & { user: string; ts: string } =>
  said.user !== undefined && said.ts !== undefined && !said.bot_id && said.user !== here.me && said.user !== SLACKBOT;

/** A picture without a word is no reply. */
const isReply = (said: Said, here: Here): said is Said & { user: string; ts: string } =>
  isPersons(said, here) && KEPT.has(said.subtype) && Boolean(said.text);

/** Undefined: nothing that the core should hear. */
export async function heardOf(event: string, said: Said, here: Here): Promise<Inbound | undefined> {
  // Pairs' group conversations stay unread, even where somebody gave us the scope.
  if (said.channel_type === "mpim") return undefined;
  if (said.subtype === "message_deleted") return retracted(event, said, here);
  if (said.subtype !== "message_changed") return replied(event, said, here);
  // A message that others answered is not deleted but turned into a tombstone.
  return said.message?.subtype === "tombstone" ? retracted(event, said, here) : edited(event, said, here);
}

async function replied(event: string, said: Said, here: Here): Promise<Inbound | undefined> {
  const spot = spotOf(said, said);
  if (!spot || !isReply(said, here)) return undefined;
  return { kind: "replied", version: 0, ...(await about(event, said, said, spot, here)) };
}

/** Slack also tells of a change when it unfolds a link; nobody edited anything then. */
async function edited(event: string, said: Said, here: Here): Promise<Inbound | undefined> {
  const { message = {}, previous_message: before } = said;
  const spot = spotOf(said, message);
  const version = versionOf(message.edited);
  if (!spot || !isPersons(message, here) || version === versionOf(before?.edited)) return undefined;
  return { kind: "edited", version, ...(await about(event, said, message, spot, here)) };
}

async function about(event: string, said: Said, message: Said & { user: string; ts: string }, spot: Spot, here: Here) {
  return {
    event,
    by: { id: here.ids.user(message.user) },
    at: instantOf(said.event_ts ?? said.ts ?? message.ts),
    place: here.ids.place(spot),
    message: here.ids.message(spot.channel, message.ts),
    text: await wordsOf(message.text ?? "", here),
  };
}

function retracted(event: string, said: Said, here: Here): Inbound | undefined {
  const { previous_message: before = {} } = said;
  const spot = spotOf(said, before);
  if (!spot || !isPersons(before, here)) return undefined;
  return {
    kind: "retracted",
    event,
    by: { id: here.ids.user(before.user) },
    at: instantOf(said.event_ts ?? said.ts ?? before.ts),
    place: here.ids.place(spot),
    message: here.ids.message(spot.channel, before.ts),
  };
}

/** The thread or private place a message stands in; undefined for what is said in a channel itself. */
function spotOf({ channel }: Said, { thread_ts: thread, ts }: Said): Spot | undefined {
  if (channel === undefined) return undefined;
  if (thread !== undefined && thread !== ts) return { channel, thread };
  return isDirect(channel) ? { channel } : undefined;
}

/** One message of a list; undefined for the mark that a deleted one leaves. */
export async function listed(channel: string, said: Said, here: Here): Promise<Heard | undefined> {
  if (said.ts === undefined || said.subtype === "tombstone") return undefined;
  return {
    message: here.ids.message(channel, said.ts),
    by: here.ids.user(said.user ?? said.bot_id ?? ""),
    mine: said.user === here.me,
    human: isReply(said, here),
    text: await wordsOf(said.text ?? "", here),
    at: instantOf(said.ts),
    version: versionOf(said.edited),
  };
}

const REFERENCE = /<([@#!]?)([^<>|\s]+)(?:\|([^<>]*))?>/g;

/** What the person saw while typing: Slack sends people, channels and addresses as references, and `&`, `<`, `>` escaped. */
export async function wordsOf(text: string, here: Here): Promise<string> {
  const people = [...text.matchAll(REFERENCE)].filter(([, sign]) => sign === "@").map(([, , id = ""]) => id);
  const names = new Map(
    await Promise.all([...new Set(people)].map(async (id) => [id, await here.nameOf(id)] as const)),
  );
  const plain = text.replace(REFERENCE, (_, sign: string, id: string, label?: string) => {
    if (sign === "@") return `@${names.get(id) ?? label ?? id}`;
    if (sign === "#") return `#${label ?? id}`;
    if (sign === "!") return label ?? `@${id.split("^")[0]}`;
    // Slack makes an address of what looks like one, and keeps what was typed as its label.
    return label === undefined || id.endsWith(label) ? (label ?? id) : `${label} (${id})`;
  });
  return plain.replace(/&lt;/g, "<").replace(/&gt;/g, ">").replace(/&amp;/g, "&");
}

const PERSON = /<@([A-Z0-9]+)(?:\|[^<>]*)?>/g;

/** A command's text with the people taken out, in the order they were named. */
export async function lineOf(text: string, here: Here): Promise<{ line: string; people: UserId[] }> {
  const people = [...text.matchAll(PERSON)].map(([, id = ""]) => here.ids.user(id));
  const words = text.split(/<@[A-Z0-9]+(?:\|[^<>]*)?>/).map((part) => part.trim());
  return { line: await wordsOf(words.filter(Boolean).join(" "), here), people };
}
