/** Our own messages: posted, found, changed, taken back; and the lists they stand in. */
import type { webApi } from "@slack/bolt";
import type {
  Found,
  Heard,
  Instant,
  Message,
  MessageRef,
  Page,
  Place,
  SendKey,
  Surroundings,
  Whisper,
} from "../../src/platform.ts";
import { CLOCK_ERROR, PlatformError } from "../../src/platform.ts";
import { type Here, listed, type Said } from "./hearing.ts";
import { isDirect, type Spot } from "./ids.ts";
import { filesOf, isKeyed, keyed, marked } from "./keys.ts";
import { render } from "./render.ts";
import { conversationOf } from "./rooms.ts";
import { addressOf } from "./whispers.ts";
import { asked, nextOf, PAGE, pages } from "./wire.ts";

/** Milliseconds that our own message may be older than the core thinks: two clocks. */
const SKEW = 60_000;
/** Milliseconds after which a shared file is looked for; Slack shows it when it has worked through it. */
const SHARED_AFTER = [0, 500, 1_500, 3_000];
/** A whisper with a file is nowhere looked for. */
const UNKEYED = "whisper" as SendKey;

interface Reading {
  readonly cursor?: string;
  readonly oldest?: string;
  readonly include_all_metadata?: boolean;
}

export class Messages {
  readonly #web: webApi.WebClient;
  readonly #here: Here;
  readonly #clock: Surroundings["clock"];

  constructor(web: webApi.WebClient, here: Here, clock: Surroundings["clock"]) {
    this.#web = web;
    this.#here = here;
    this.#clock = clock;
  }

  async post(place: Place, message: Message, key: SendKey): Promise<MessageRef> {
    const { ids } = this.#here;
    const spot = ids.spotOf(place);
    if (hasFiles(message)) {
      await this.#share(spot, message, key);
      return this.#shared(place, key);
    }
    const { ts } = await asked(this.#web.chat.postMessage({ ...this.#said(spot, message), ...keyed(key) }));
    if (!ts) throw new PlatformError("unknown", "Slack did not say which message it posted.");
    return ids.message(spot.channel, ts);
  }

  find(place: Place, key: SendKey, since: Instant): Promise<readonly Found[]> {
    return this.#keyed(place, key, since - CLOCK_ERROR);
  }

  /** Each with its thread: anybody may write under a message at any time, without one being opened first. */
  async #keyed(place: Place, key: SendKey, from: Instant): Promise<readonly Found[]> {
    const { ids, me } = this.#here;
    const spot = ids.spotOf(place);
    const { channel, thread } = spot;
    const wanted = { oldest: String(Math.max(0, from) / 1_000), include_all_metadata: true };
    const found = new Set<string>();
    for await (const { messages = [] } of pages((cursor) => this.#read(spot, { ...wanted, ...cursor })))
      for (const said of messages) if (said.user === me && isKeyed(said, key) && said.ts) found.add(said.ts);
    return [...found].sort().map((ts) => ({
      message: ids.message(channel, ts),
      ...(thread === undefined && { thread: ids.place({ channel, thread: ts }) }),
    }));
  }

  async edit(message: MessageRef, content: Message, key: SendKey): Promise<void> {
    const { ids } = this.#here;
    const { text, blocks } = render(content, ids.userOf);
    const what = { ...ids.messageOf(message), text, blocks: marked(blocks, key), ...keyed(key) };
    await asked(this.#web.chat.update(what));
  }

  /** Already gone counts as done. */
  async remove(message: MessageRef): Promise<void> {
    const where = this.#here.ids.messageOf(message);
    try {
      await asked(this.#web.chat.delete(where));
    } catch (error) {
      if (!isFault(error, "gone")) throw error;
    }
  }

  async whisper(to: Whisper, message: Message): Promise<void> {
    const { user, ...spot } = addressOf(to);
    if (hasFiles(message) || isDirect(spot.channel)) return this.#tellPrivately(user, spot, message);
    try {
      await asked(this.#web.chat.postEphemeral({ ...this.#said(spot, message), user }));
    } catch (error) {
      if (!isFault(error, "gone", "denied")) throw error;
      // A command typed where we are not, or by somebody who has left since: their own place is as private.
      await this.#tellPrivately(user, spot, message);
    }
  }

  /** A thread from its beginning on. A private place from its end backwards, since Slack pages so; each page oldest first. */
  async history(place: Place, next?: string): Promise<Page> {
    const spot = this.#here.ids.spotOf(place);
    const page = await asked(this.#read(spot, next === undefined ? {} : { cursor: next }));
    const said: Said[] = page.messages ?? [];
    // Slack begins every page of a thread with the message it hangs on.
    const fresh = said.filter((one) => next === undefined || one.ts !== spot.thread);
    const ordered = spot.thread === undefined ? fresh.reverse() : fresh;
    const heard = await Promise.all(ordered.map((one) => listed(spot.channel, one, this.#here)));
    const following = nextOf(page);
    const items = heard.filter((one): one is Heard => one !== undefined);
    return { items, ...(following !== undefined && { next: following }) };
  }

  #said({ channel, thread }: Spot, message: Message) {
    const inert = { unfurl_links: false, unfurl_media: false, link_names: false };
    return {
      channel,
      ...render(message, this.#here.ids.userOf),
      ...inert,
      ...(thread !== undefined && { thread_ts: thread }),
    };
  }

  #read({ channel, thread: ts }: Spot, reading: Reading) {
    const list = { channel, limit: PAGE, ...reading };
    return ts === undefined ? this.#web.conversations.history(list) : this.#web.conversations.replies({ ...list, ts });
  }

  async #share({ channel, thread }: Spot, message: Message, key: SendKey): Promise<void> {
    // The key stands in the first block, so there has to be one.
    const name = message.picture?.alt ?? message.file?.name ?? "";
    const worded = message.body.length > 0 ? message : { ...message, body: [{ kind: "text" as const, text: name }] };
    const blocks = marked(render(worded, this.#here.ids.userOf).blocks, key);
    const where = { channel_id: channel, ...(thread !== undefined && { thread_ts: thread }) };
    // A union of seven shapes, which a computed value cannot be told from.
    const upload = { ...where, blocks, file_uploads: filesOf(message) } as webApi.FilesUploadV2Arguments;
    await asked(this.#web.files.uploadV2(upload));
  }

  /** Slack makes the message by itself once it has the file, and does not say which: it is looked for by its key. */
  async #shared(place: Place, key: SendKey): Promise<MessageRef> {
    for (const pause of SHARED_AFTER) {
      if (pause > 0) await new Promise<void>((done) => this.#clock.after(pause, done));
      const [found] = await this.#keyed(place, key, this.#clock.now() - SKEW);
      if (found) return found.message;
    }
    throw new PlatformError("unknown", "Slack has taken the file but does not show it yet.");
  }

  async #tellPrivately(user: string, spot: Spot, message: Message): Promise<void> {
    const where = isDirect(spot.channel) ? spot : { channel: await conversationOf(this.#web, [user]) };
    if (hasFiles(message)) return this.#share(where, message, UNKEYED);
    await asked(this.#web.chat.postMessage(this.#said(where, message)));
  }
}

const hasFiles = ({ picture, file }: Message): boolean => picture !== undefined || file !== undefined;

const isFault = (error: unknown, ...faults: readonly string[]): boolean =>
  error instanceof PlatformError && faults.includes(error.fault);
