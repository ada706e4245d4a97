/**
 * The only caller of `platform.post`. The send rule: claim the occasion, write `intended`, post with the key, write
 * `sent`. After a restart or an ambiguous answer: settle, look for the key, and only then send again. Nothing is
 * concluded from a look that failed. The one exception, where we may not read: repeated once after the settle, counted.
 * What takes effect after the look is duplicates.ts's to mend.
 */
import { digest } from "./chance.ts";
import { type Clock, wait } from "./clock.ts";
import { InTurn } from "./in-turn.ts";
import { Pace } from "./pace.ts";
import {
  type Instant,
  LIMITS,
  type Log,
  type Message,
  type MessageRef,
  type Place,
  type Platform,
  PlatformError,
  type SendKey,
  type UserId,
} from "./platform.ts";
import { asWritten, type Collection, collection } from "./store/collection.ts";
import type { Store } from "./store/store.ts";
import { mustFit } from "./words.ts";

/** How long an ambiguous send may take to show in the place's history in the platforms measured: at least 5 s. */
const SETTLE = 5_000;
/** After so long of busy or ambiguous answers the send is given back to whoever asked for it. */
const PATIENCE = 15 * 60_000;
/** A platform that says to try again at once is believed half: no loop without a pause. */
const LEAST_PAUSE = 500;
/** A platform that is away is asked no more than once a minute. */
const LONGEST_PAUSE = 60_000;

/** `repeated`, where we may not read: whatever became of it, it is not posted a third time. */
type Intended = { state: "intended"; place: Place; at: Instant; repeated?: boolean };
type SendRecord = Intended | { state: "sent"; place: Place; at: Instant; message: MessageRef };

export interface Sending {
  readonly platform: Platform;
  readonly place: Place;
  readonly message: Message;
  /** Names the intended message for ever: the same name is the same message. */
  readonly name: string;
  /** After this instant it is not sent any more (checked after looking whether it was). */
  readonly until?: Instant;
}

/** A send of which more than one message may stand, sooner or later. */
export interface Doubt {
  readonly platform: string;
  readonly place: Place;
  /** When it was first intended. */
  readonly since: Instant;
  /** Its button opens a form: people answer it, with the form and under it. */
  readonly asks: boolean;
}

/** Something that may have been sent; without its message only what is certain is found. */
type Sought = Omit<Sending, "message" | "until"> & { readonly message?: Message };

/** The send's deadline passed before it could be made. */
export class TooLate extends Error {
  override readonly name = "TooLate";
}

export class Outbox {
  readonly #sends: Collection<SendRecord>;
  readonly #store: Store;
  readonly #clock: Clock;
  readonly #log: Log;
  readonly #pace: Pace;
  /** Asked for twice at once, a message is still sent once. */
  readonly #underWay = new Map<SendKey, Promise<MessageRef>>();
  readonly #inTurn = new InTurn();
  #whenInDoubt: (key: SendKey, doubt: Doubt) => Promise<void> = async () => {};
  /** Sends that could not be looked for and were repeated: the counted exception. */
  unreadableRepeats = 0;

  constructor(around: { store: Store; clock: Clock; log: Log }) {
    this.#store = around.store;
    this.#clock = around.clock;
    this.#log = around.log;
    this.#pace = new Pace(around.clock);
    this.#sends = collection<SendRecord>(around.store, "sends", asWritten());
  }

  /** Resolves with the one message of this name, sent now or earlier. Rejects with `TooLate` or a `PlatformError`; after busy, nothing of it stands. */
  async send(sending: Sending): Promise<MessageRef> {
    mustFit(sending.message);
    const key = keyOf(sending.name);
    const once = () => this.#inTurn.do(key, () => this.#sendOnce(sending, key));
    const underWay = this.#underWay.get(key) ?? once().finally(() => this.#underWay.delete(key));
    this.#underWay.set(key, underWay);
    return await underWay;
  }

  /** `call` hears of each send that was in doubt, before anything follows from the look for it. */
  whenInDoubt(call: (key: SendKey, doubt: Doubt) => Promise<void>): void {
    this.#whenInDoubt = call;
  }

  /** Calls with what is known of a send, while nothing else is done about it. */
  atRest<Result>(key: SendKey, call: (stands: SendRecord | undefined) => Promise<Result>): Promise<Result> {
    return this.#inTurn.do(key, async () => await call(await this.#sends.get(key)));
  }

  async #sendOnce(sending: Sending, key: SendKey): Promise<MessageRef> {
    const before = await this.#sends.get(key);
    if (before?.state === "sent") return before.message;
    // What an earlier life or try intended may stand in the place already.
    const look = before ? await this.#lookOrRepeat(sending, key, before) : { repeated: false };
    return look.found ?? (await this.#post(sending, key, look.repeated));
  }

  /** Takes back what was sent under a name, also where it only may have been. */
  withdraw(sending: Sought): Promise<void> {
    const key = keyOf(sending.name);
    return this.#inTurn.do(key, async () => {
      const record = await this.#sends.get(key);
      const message =
        record?.state === "intended" ? await this.#lookAfterSettling(sending, key, record.at) : record?.message;
      if (message) await this.remove(sending.platform, message);
      await this.#store.batch([this.#sends.erase([key])]);
    });
  }

  async edit(platform: Platform, message: MessageRef, content: Message, name: string): Promise<void> {
    mustFit(content);
    return await this.patiently(() => platform.edit(message, content, keyOf(name)));
  }

  remove(platform: Platform, message: MessageRef): Promise<void> {
    return this.patiently(() => platform.remove(message)).catch(goneIsDone);
  }

  openThread(platform: Platform, on: MessageRef, title: string): Promise<Place> {
    return this.patiently(() => platform.openThread(on, title.slice(0, LIMITS.threadTitle)));
  }

  openRoom(platform: Platform, channel: Place, people: readonly UserId[], title: string): Promise<Place> {
    return this.patiently(() => platform.openRoom(channel, people, title.slice(0, LIMITS.threadTitle)));
  }

  /** Repeats a call that may safely be made twice until it is done or no waiting mends it. */
  async patiently<Result>(call: () => Promise<Result>): Promise<Result> {
    // By the clock that nobody sets: patience does not grow by a day when a wrong clock is set right.
    const giveUp = this.#clock.elapsed() + PATIENCE;
    for (let tried = 0; ; tried++) {
      try {
        return await call();
      } catch (error) {
        const pause = pauseAfter(error, tried);
        if (pause === undefined || this.#clock.elapsed() + pause > giveUp) throw error;
        await wait(this.#clock, pause);
      }
    }
  }

  async #post(sending: Sending, key: SendKey, again: boolean): Promise<MessageRef> {
    const { platform, place, message, until } = sending;
    const [at, giveUp] = [this.#clock.now(), this.#clock.elapsed() + PATIENCE];
    let repeated = again;
    // Written after every wait: a process that slept in it and was taken over is refused here, and sends nothing.
    const intend = async () => {
      if (until !== undefined && this.#clock.now() > until) return await this.#forgo(key);
      await this.#store.batch([this.#sends.put([key], { state: "intended", place, at, repeated })]);
    };
    for (;;) {
      await this.#pace.turn(platform.channelOf(place), platform.can.postEveryMs, intend);
      try {
        return await this.#record(key, place, await platform.post(place, message, key));
      } catch (error) {
        if (!(error instanceof PlatformError)) throw error;
        if (error.fault !== "busy" && error.fault !== "unknown") return await this.#refused(key, error, repeated);
        if (error.fault === "unknown") {
          const look = await this.#lookOrRepeat(sending, key, { at, repeated });
          if (look.found) return look.found;
          ({ repeated } = look);
        }
        const pause = error.fault === "busy" ? Math.max(error.retryAfterMs, LEAST_PAUSE) : 0;
        // Nothing of it stands, so whoever asked may decide anew whether it is still wanted.
        if (this.#clock.elapsed() + pause > giveUp) return await this.#refused(key, error, repeated);
        await wait(this.#clock, pause);
      }
    }
  }

  /** Where we may not read, it is repeated once; a look that failed otherwise says nothing, so nothing follows it. */
  async #lookOrRepeat(sending: Sending, key: SendKey, { at, repeated = false }: Pick<Intended, "at" | "repeated">) {
    try {
      return { found: await this.#lookAfterSettling(sending, key, at), repeated };
    } catch (why) {
      if (!(why instanceof Unreadable) || repeated) throw why;
      this.unreadableRepeats++;
      this.#log.warn("an ambiguous send in a place that we may not read is repeated once", { key });
      return { repeated: true };
    }
  }

  /** Looks for a message that may have been sent. `undefined` is certain: it was not. Rejects when it cannot be known. */
  async #lookAfterSettling(sending: Sought, key: SendKey, since: Instant): Promise<MessageRef | undefined> {
    await wait(this.#clock, SETTLE);
    const { platform, place, message } = sending;
    const look = () => platform.find(place, message, key, since);
    const [found] = await this.patiently(look).catch((error: unknown) => {
      throw error instanceof PlatformError && error.fault === "unsupported"
        ? new Unreadable(error.fault, error.message)
        : error;
    });
    const asks = message?.buttons?.some(({ opens }) => opens !== undefined) ?? false;
    await this.#whenInDoubt(key, { platform: platform.name, place, since, asks });
    return found && this.#record(key, place, found.message);
  }

  async #record(key: SendKey, place: Place, message: MessageRef): Promise<MessageRef> {
    await this.#store.batch([this.#sends.put([key], { state: "sent", place, at: this.#clock.now(), message })]);
    return message;
  }

  /** What was repeated may stand all the same: forgotten, it would be posted a third time. */
  async #refused(key: SendKey, error: PlatformError, repeated: boolean): Promise<never> {
    if (!repeated) await this.#store.batch([this.#sends.erase([key])]);
    throw error;
  }

  async #forgo(key: SendKey): Promise<never> {
    await this.#store.batch([this.#sends.erase([key])]);
    throw new TooLate("The time for this message has passed.");
  }
}

/** Whether a message stands cannot be known. */
class Unreadable extends PlatformError {}

/** The key of a name. A digest: a key may be read by anybody in the place, so it says nothing. */
export function keyOf(name: string): SendKey {
  // `digest` gives 25 characters of a-z and 2-7, which is what a SendKey is.
  return digest(name) as SendKey;
}

/** Milliseconds until a repeatable call may be tried again; undefined when no waiting mends it. */
function pauseAfter(error: unknown, tried: number): number | undefined {
  if (!(error instanceof PlatformError)) return undefined;
  if (error.fault === "busy") return Math.max(error.retryAfterMs, LEAST_PAUSE);
  return error.fault === "unknown" ? Math.min(SETTLE * 2 ** tried, LONGEST_PAUSE) : undefined;
}

function goneIsDone(error: unknown): void {
  if (!(error instanceof PlatformError) || error.fault !== "gone") throw error;
}
