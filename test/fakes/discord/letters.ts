/** Messages as the REST API takes them: Discord's limits, mentions, nonces, files. */
import { PermissionFlagsBits } from "discord.js";
import { malformed, missing, Refusal, unknownThing } from "./refusals.ts";
import type { Account, Attachment, Letter, Room, Row } from "./shapes.ts";
import type { Town } from "./town.ts";

export interface Sent {
  readonly content?: string;
  readonly components?: readonly Row[];
  readonly allowed_mentions?: { readonly parse?: readonly string[]; readonly users?: readonly string[] };
  readonly attachments?: readonly { readonly id: string; readonly filename?: string; readonly description?: string }[];
  readonly flags?: number;
  readonly nonce?: string;
  readonly enforce_nonce?: boolean;
}

export type Files = ReadonlyMap<number, { readonly name: string; readonly data: Buffer }>;

/** "The past few minutes". */
const NONCE_MS = 4 * 60_000;

/** What of a letter comes from what was sent. */
export function compose(town: Town, sent: Sent, files: Files) {
  checkSizes(sent, files);
  const content = (sent.content ?? "").trim();
  const attachments = [...files].map(([id, { name, data }]): Attachment => {
    const description = sent.attachments?.find((one) => one.id === String(id))?.description;
    const attachment = town.snowflake();
    town.files.set(attachment, data);
    const url = `https://cdn.discordapp.com/attachments/${attachment}/${name}`;
    return {
      id: attachment,
      filename: name,
      size: data.length,
      url,
      proxy_url: url,
      ...(description ? { description } : {}),
    };
  });
  return {
    content,
    attachments,
    components: sent.components ?? [],
    mentions: notified(town, content, sent),
    flags: sent.flags ?? 0,
  };
}

/** Escaped or not: whoever is written `<@…>` and allowed is notified. */
function notified(town: Town, content: string, { allowed_mentions: allowed }: Sent): readonly Account[] {
  const everybody = !allowed || allowed.parse?.includes("users");
  return [...new Set([...content.matchAll(/<@!?(\d+)>/g)].map(([, id]) => id ?? ""))].flatMap((id) => {
    const account = town.accounts.get(id);
    return account && (everybody || allowed?.users?.includes(id)) ? [account] : [];
  });
}

function checkSizes(
  { content = "", components = [], nonce = "", allowed_mentions: allowed }: Sent,
  files: Files,
): void {
  if (content.length > 2_000) throw malformed("content[BASE_TYPE_MAX_LENGTH]");
  if (!content.trim() && !files.size && !components.length)
    throw new Refusal(400, 50006, "Cannot send an empty message");
  if (nonce.length > 25) throw malformed("nonce[BASE_TYPE_MAX_LENGTH]");
  if (components.length > 5) throw malformed("components[BASE_TYPE_BAD_LENGTH]");
  if (allowed?.parse?.includes("users") && allowed.users?.length)
    throw malformed("allowed_mentions[MUTUALLY_EXCLUSIVE]");
  const ids = new Set<string>();
  for (const button of components.flatMap((row) => row.components)) {
    if (button.label.length > 80 || !button.label)
      throw malformed("components[0].components[0].label[BASE_TYPE_BAD_LENGTH]");
    if (button.custom_id.length > 100 || !button.custom_id) throw malformed("custom_id[BASE_TYPE_BAD_LENGTH]");
    if (ids.has(button.custom_id)) throw malformed("custom_id[COMPONENT_CUSTOM_ID_DUPLICATED]");
    ids.add(button.custom_id);
  }
  for (const row of components)
    if (row.components.length > 5) throw malformed("components[0].components[BASE_TYPE_BAD_LENGTH]");
}

/** True: it is new. False: this nonce was sent in the past few minutes, and nothing more is posted. */
export function post(
  town: Town,
  at: Room,
  sent: Sent,
  files: Files,
): { readonly letter: Letter; readonly isNew: boolean } {
  const within = at.type === 11 || at.type === 12;
  if (!town.sees(town.bot.id, at)) throw new Refusal(403, 50001, "Missing Access");
  const needed = within ? PermissionFlagsBits.SendMessagesInThreads : PermissionFlagsBits.SendMessages;
  if (!town.may(town.bot.id, at, at.type === 1 ? 0n : needed)) throw missing();
  if (at.thread_metadata?.locked) throw new Refusal(400, 160005, "Thread is locked");
  if (at.thread_metadata?.archived) throw new Refusal(400, 50083, "Thread is archived");
  const before = sent.enforce_nonce ? sameNonce(town, at, sent.nonce) : undefined;
  if (before) return { letter: before, isNew: false };
  const nonce = sent.nonce ? { nonce: sent.nonce } : {};
  return { letter: town.letter(at, town.bot, { ...compose(town, sent, files), ...nonce }), isNew: true };
}

function sameNonce(town: Town, at: Room, nonce: string | undefined): Letter | undefined {
  const young = (letter: Letter) => town.now() - Date.parse(letter.timestamp) < NONCE_MS;
  return town.lettersIn(at.id).find((letter) => letter.nonce === nonce && letter.author === town.bot && young(letter));
}

export function letterIn(town: Town, at: Room, id: string): Letter {
  const letter = town.letters.get(id);
  if (!letter || letter.channel_id !== at.id) throw unknownThing(10008, "Message");
  return letter;
}
