/**
 * Two messages of one key. A post may take effect after it was looked for in vain and sent again; so where a send was
 * in doubt, its place is looked at some more times. The message that was recorded stays, earlier or later, since the
 * prompt, its thread and what we show there hang on it; any other of the same key goes, once what people wrote under
 * it is kept. Nothing goes after a read that failed.
 */
import type { Hall } from "./activities/activity.ts";
import { wait } from "./clock.ts";
import { type Inbox, nameOf } from "./inbox.ts";
import type { Doubt } from "./outbox.ts";
import { type Found, type MessageRef, type Place, type Platform, PlatformError, type SendKey } from "./platform.ts";
import type { Prompt } from "./prompts.ts";
import { readReplies } from "./readback.ts";
import { asWritten, type Collection, collection } from "./store/collection.ts";

/** After the last doubt, and each after the one before: what takes effect in the first minute stands for less than one. */
const LOOKS = [20_000, 40_000, 9 * 60_000];
/** Before a look that could not be had is tried again. */
const AGAIN = [5_000, 15_000, 45_000];
/** The same where an operator has to act first. */
const DENIED = 5 * 60_000;
/** What was typed just now may be missing from a history for so long. */
const SETTLE = 5_000;
/** An older doubt is dropped: nothing takes effect so late, and the record that it was sent may be gone by then. */
const WEEK = 7 * 24 * 3_600_000;

interface Watch {
  readonly key: SendKey;
  readonly doubt: Doubt;
  /** The pauses between the looks. */
  readonly looks: readonly number[];
  readonly isOn: () => boolean;
}

export class Duplicates {
  readonly #hall: Hall;
  readonly #inbox: Inbox;
  readonly #platforms: ReadonlyMap<string, Platform>;
  readonly #doubts: Collection<Doubt>;
  /** Doubted again, a send is looked at from the beginning: each watch ends where a later one has begun. */
  readonly #watches = new Map<SendKey, object>();

  constructor(around: { hall: Hall; inbox: Inbox; platforms: ReadonlyMap<string, Platform> }) {
    this.#hall = around.hall;
    this.#inbox = around.inbox;
    this.#platforms = around.platforms;
    this.#doubts = collection<Doubt>(around.hall.store, "doubts", asWritten());
    around.hall.outbox.whenInDoubt(async (key, doubt) => {
      await this.#hall.store.batch([this.#doubts.put([key], doubt)]);
      this.#watch(key, doubt);
    });
  }

  /** Looks after what an earlier life left in doubt; soon, since it may have stood twice for as long as we were away. */
  async open(): Promise<void> {
    // The key is what the outbox wrote there.
    for await (const { id, value } of this.#doubts.all()) this.#watch(id[0] as SendKey, value, [SETTLE, ...LOOKS]);
  }

  #watch(key: SendKey, doubt: Doubt, looks = LOOKS): void {
    const platform = this.#platforms.get(doubt.platform);
    if (!platform) return;
    const watch = {};
    this.#watches.set(key, watch);
    const isOn = () => this.#watches.get(key) === watch;
    void this.#lookOn(platform, { key, doubt, looks, isOn }).catch((error: unknown) =>
      this.#hall.log.error("a send in doubt is looked at again after the next start", { error: nameOf(error) }),
    );
  }

  async #lookOn(platform: Platform, { key, doubt, looks, isOn }: Watch): Promise<void> {
    const { clock, store } = this.#hall;
    for (const pause of looks) {
      await wait(clock, pause);
      for (let tried = 0; isOn() && clock.now() - doubt.since < WEEK; tried++) {
        const again = await this.#looked(platform, key, doubt, tried);
        if (again === undefined) break;
        await wait(clock, again);
      }
    }
    if (!isOn()) return;
    this.#watches.delete(key);
    await store.batch([this.#doubts.erase([key])]);
  }

  /** Milliseconds after which the look has to be tried again; undefined when it was had. */
  async #looked(platform: Platform, key: SendKey, doubt: Doubt, tried: number): Promise<number | undefined> {
    try {
      await this.#look(platform, key, doubt);
      return undefined;
    } catch (error) {
      const fault = error instanceof PlatformError ? error.fault : undefined;
      // Where there is nothing to see, or where we may not look, nothing can be mended.
      if (fault === "gone" || fault === "unsupported") return undefined;
      this.#hall.log.warn("a send in doubt could not be looked for", { platform: platform.name, error: nameOf(error) });
      const asked = error instanceof PlatformError && fault === "busy" ? error.retryAfterMs : 0;
      const pause = fault === "denied" ? DENIED : AGAIN[Math.min(tried, AGAIN.length - 1)];
      return Math.max(pause ?? 0, asked);
    }
  }

  #look(platform: Platform, key: SendKey, doubt: Doubt): Promise<void> {
    return this.#hall.outbox.atRest(key, async (stands) => {
      const found = await platform.find(doubt.place, undefined, key, doubt.since);
      // Where it ended undecided, whoever tries it again takes the first for it.
      const stays = stands?.state === "intended" ? found[0]?.message : stands?.message;
      for (const { message, thread } of found.filter((one) => one.message !== stays)) {
        if (thread && stays) await this.#keepReplies(platform, doubt, { message, thread }, stays);
        await this.#remove(platform, message);
        this.#hall.log.warn("a second message of the same was removed", { platform: platform.name, key });
      }
    });
  }

  /** From now on what is typed there is heard; then what was typed before is read, and only a whole read will do. */
  async #keepReplies(platform: Platform, doubt: Doubt, second: Required<Found>, first: MessageRef): Promise<void> {
    if (!platform.can.history || !platform.can.hearsReplies) return;
    const prompt = await this.#promptOf(platform, doubt.place, first);
    if (!prompt && doubt.asks) throw new Error("The prompt is not written down yet.");
    if (!prompt) return;
    const { clock, outbox, prompts } = this.#hall;
    await prompts.hearAlso(prompt, second.thread);
    await wait(clock, SETTLE);
    const read = await readReplies({ outbox, inbox: this.#inbox, platform }, second.thread);
    if (!read.some(({ message }) => message === second.message)) throw new Error("The thread was not read whole.");
  }

  async #promptOf(platform: Platform, place: Place, sent: MessageRef): Promise<Prompt | undefined> {
    const { communities, prompts } = this.#hall;
    const community = await communities.at(platform.name, platform.channelOf(place));
    return community && (await prompts.of(community.id)).find(({ message }) => message === sent);
  }

  async #remove(platform: Platform, message: MessageRef): Promise<void> {
    await platform.remove(message).catch((error: unknown) => {
      if (!(error instanceof PlatformError) || error.fault !== "gone") throw error;
    });
  }
}
