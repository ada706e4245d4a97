/**
 * What people do, journalled before it is acknowledged and worked off afterwards. An event is written once, by its id;
 * heard again it changes nothing. After a crash the journal is worked off from where it stood.
 */
import { digest } from "./chance.ts";
import type { Clock } from "./clock.ts";
import { type Inbound, type Instant, type Log, PlatformError, type UserId } from "./platform.ts";
import { asWritten, type Collection, collection, type Id } from "./store/collection.ts";
import type { Store, Write } from "./store/store.ts";

export interface Heard {
  readonly platform: string;
  readonly event: Inbound;
}

/** Between two tries of an event; the last for as long as it fails. Others of the same person do not wait meanwhile. */
const PAUSES = [2_000, 4_000, 60_000, 10 * 60_000, 3_600_000];
/** Tries that keep the person's next doings waiting, so that their order stays. */
const IN_ORDER = 3;

/** So that keys sort as the numbers do. */
const DIGITS = 16;

interface Entry {
  /** In the journal, in the order of taking; the disk too writes side by side what follows one another. */
  readonly place: string;
  readonly heard: Heard;
}

export class Inbox {
  readonly #store: Store;
  readonly #journal: Collection<Heard>;
  readonly #seen: Collection<Instant>;
  readonly #clock: Clock;
  readonly #log: Log;
  /** One person's doings are worked off in their order; different people do not wait for each other. */
  readonly #lines = new Map<string, Promise<void>>();
  /** Being written: heard twice at once, an event is written once, and both are told when. */
  readonly #taking = new Map<string, Promise<void>>();
  /** In a line, or waiting to be tried again. */
  readonly #waiting = new Set<string>();
  /** When the last one was taken; no two at the same instant. */
  #last: Instant = 0;
  #work: ((heard: Heard) => Promise<void>) | undefined;

  constructor(around: { store: Store; clock: Clock; log: Log }) {
    this.#store = around.store;
    this.#clock = around.clock;
    this.#log = around.log;
    this.#journal = collection<Heard>(around.store, "journal", asWritten());
    this.#seen = collection<Instant>(around.store, "seen", asWritten());
  }

  /**
   * From now on `work` is called for each event, once it is durable; first for what an earlier life left over. What
   * came from a platform that is not here now is left for a life in which it is.
   */
  async open(platforms: ReadonlySet<string>, work: (heard: Heard) => Promise<void>): Promise<void> {
    this.#work = work;
    const left: Entry[] = [];
    for await (const { id, value } of this.#journal.all()) {
      const [place] = id;
      // What comes now is behind it, also where the clock was ahead then. (A place of an earlier version is no number.)
      this.#last = Math.max(this.#last, Number(place) || 0);
      if (platforms.has(value.platform)) left.push({ place, heard: value });
    }
    for (const entry of left) this.#enqueue(entry);
  }

  /** Resolves when the event is durable. Rejects when the store did not take it: then it must not be acknowledged. */
  take(platform: string, event: Inbound): Promise<void> {
    const mark = markOf(platform, event);
    const key = this.#seen.key(...mark);
    const taking =
      this.#taking.get(key) ?? this.#write(mark, { platform, event }).finally(() => this.#taking.delete(key));
    this.#taking.set(key, taking);
    return taking;
  }

  /** Everything that was taken is worked off, or waits to be tried again. */
  async idle(): Promise<void> {
    while (this.#lines.size) await Promise.all(this.#lines.values());
  }

  async #write(mark: Id, heard: Heard): Promise<void> {
    const taken = await this.#seen.get(...mark);
    if (taken === undefined) return this.#writeFirst(mark, heard);
    const place = placeOf(taken);
    if (this.#waiting.has(place)) return;
    // Written by a commit whose answer was lost, an event is seen and yet in no line.
    const left = await this.#journal.get(place);
    if (left) this.#enqueue({ place, heard: left });
  }

  async #writeFirst(mark: Id, heard: Heard): Promise<void> {
    const taken = Math.max(this.#last + 1, Math.floor(this.#clock.now()));
    this.#last = taken;
    const place = placeOf(taken);
    await this.#store.batch([this.#seen.put(mark, taken), this.#journal.put([place], heard)]);
    this.#enqueue({ place, heard });
  }

  #enqueue(entry: Entry, tried = 0): void {
    this.#waiting.add(entry.place);
    const line = `${entry.heard.platform}/${entry.heard.event.by.id}${tried < IN_ORDER ? "" : `/${entry.place}`}`;
    const before = this.#lines.get(line) ?? Promise.resolve();
    const now = before
      .then(() => this.#workOff(entry, tried))
      .finally(() => {
        if (this.#lines.get(line) === now) this.#lines.delete(line);
      });
    this.#lines.set(line, now);
  }

  async #workOff(entry: Entry, tried: number): Promise<void> {
    try {
      // Meanwhile it may have been forgotten, or its time was over.
      const stands = tried === 0 || (await this.#journal.get(entry.place)) !== undefined;
      if (stands) await this.#work?.(entry.heard);
      if (stands) await this.#store.batch([this.#journal.erase([entry.place])]);
      this.#waiting.delete(entry.place);
    } catch (error) {
      const { kind } = entry.heard.event;
      this.#log.error("an event could not be worked off", { kind, tried, error: nameOf(error) });
      await this.#again(entry, tried + 1, error instanceof PlatformError ? error.retryAfterMs : 0);
    }
  }

  /** At least as long after as the platform asked for. */
  async #again(entry: Entry, tried: number, asked: number): Promise<void> {
    const pause = Math.max(PAUSES[Math.min(tried, PAUSES.length) - 1] ?? 0, asked);
    if (tried >= IN_ORDER) {
      this.#clock.after(pause, () => this.#enqueue(entry, tried));
      return;
    }
    await new Promise<void>((done) => this.#clock.after(pause, done));
    await this.#workOff(entry, tried);
  }
}

const placeOf = (taken: Instant): string => String(taken).padStart(DIGITS, "0");

const COUNTED = /^[\w-]{1,100}$/;

/**
 * By what an event is known when it comes again: by its own id alone, since its time may be that of our clock when we
 * heard it. Platforms count up the ids of words, which are most of what comes: left as they are, they stand side by
 * side on the disk. Another doing's id may name who acted, and a mark outlives their being forgotten.
 */
function markOf(platform: string, { kind, event }: Inbound): Id {
  const isWords = kind === "replied" || kind === "edited" || kind === "retracted";
  return [platform, isWords && COUNTED.test(event) ? event : digest(event)];
}

/** What went wrong, without the words of people that a message may hold. */
export function nameOf(error: unknown): string {
  if (!(error instanceof Error)) return typeof error;
  const where =
    error.stack
      ?.split("\n")
      .find((line) => line.includes(" at "))
      ?.trim() ?? "";
  const fault = "fault" in error ? `/${String(error.fault)}` : "";
  return `${error.name}${fault} ${where}`;
}

/** The writes that forget what these accounts did up to an instant and what still waits to be worked off, but for one event. */
export async function withoutWaiting(
  store: Store,
  users: ReadonlySet<UserId>,
  until: Instant,
  but: string,
): Promise<Write[]> {
  const journal = collection<Heard>(store, "journal", asWritten());
  const writes: Write[] = [];
  for await (const { id, value } of journal.all()) {
    const { by, at, event } = value.event;
    if (users.has(by.id) && at <= until && event !== but) writes.push(journal.erase(id));
  }
  return writes;
}
