/**
 * What people do, journalled before it is acknowledged and worked off afterwards. An event is written once, by its id;
 * heard again it changes nothing. After a crash the journal is worked off from where it stood.
 */
import { digest } from "./chance.ts";
import type { Clock } from "./clock.ts";
import { type Inbound, type Log, PlatformError } from "./platform.ts";
import { asWritten, type Collection, collection, type Id } from "./store/collection.ts";
import type { Store } from "./store/store.ts";

export interface Heard {
  readonly platform: string;
  readonly event: Inbound;
}

/** Between two tries of an event; the last for as long as it fails. Others of the same person do not wait meanwhile. */
const PAUSES = [2_000, 4_000, 60_000, 10 * 60_000, 3_600_000];
/** Tries that keep the person's next doings waiting, so that their order stays. */
const IN_ORDER = 3;

interface Entry {
  readonly id: string;
  readonly heard: Heard;
}

export class Inbox {
  readonly #store: Store;
  readonly #journal: Collection<Heard>;
  readonly #seen: Collection<number>;
  readonly #clock: Clock;
  readonly #log: Log;
  /** One person's doings are worked off in their order; different people do not wait for each other. */
  readonly #lines = new Map<string, Promise<void>>();
  /** Being written: heard twice at once, an event is written once, and both are told when. */
  readonly #taking = new Map<string, Promise<void>>();
  /** In a line, or waiting to be tried again. */
  readonly #waiting = new Set<string>();
  #work: ((heard: Heard) => Promise<void>) | undefined;

  constructor(around: { store: Store; clock: Clock; log: Log }) {
    this.#store = around.store;
    this.#clock = around.clock;
    this.#log = around.log;
    this.#journal = collection<Heard>(around.store, "journal", asWritten());
    this.#seen = collection<number>(around.store, "seen", asWritten());
  }

  /**
   * From now on `work` is called for each event, once it is durable; first for what an earlier life left over. What
   * came from a platform that is not here now is left for a life in which it is.
   */
  async open(platforms: ReadonlySet<string>, work: (heard: Heard) => Promise<void>): Promise<void> {
    this.#work = work;
    const left: Entry[] = [];
    for await (const { id, value } of this.#journal.all()) {
      if (platforms.has(value.platform)) left.push({ id: id[0], heard: value });
    }
    left.sort((a, b) => a.heard.event.at - b.heard.event.at);
    for (const entry of left) this.#enqueue(entry);
  }

  /** Resolves when the event is durable. Rejects when the store did not take it: then it must not be acknowledged. */
  take(platform: string, event: Inbound): Promise<void> {
    const id = digest(`${platform}/${event.event}`);
    const taking =
      this.#taking.get(id) ?? this.#write({ id, heard: { platform, event } }).finally(() => this.#taking.delete(id));
    this.#taking.set(id, taking);
    return taking;
  }

  /** Everything that was taken is worked off, or waits to be tried again. */
  async idle(): Promise<void> {
    while (this.#lines.size) await Promise.all(this.#lines.values());
  }

  async #write(entry: Entry): Promise<void> {
    const { id, heard } = entry;
    if ((await this.#seen.get(...seenId(entry))) === undefined) {
      const { at } = heard.event;
      await this.#store.batch([this.#seen.put(seenId(entry), at), this.#journal.put([id], heard)]);
    } else if (this.#waiting.has(id) || !(await this.#journal.get(id))) return;
    // Written by a commit whose answer was lost, an event is seen and yet in no line.
    this.#enqueue(entry);
  }

  #enqueue(entry: Entry, tried = 0): void {
    this.#waiting.add(entry.id);
    const line = `${entry.heard.platform}/${entry.heard.event.by.id}${tried < IN_ORDER ? "" : `/${entry.id}`}`;
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
      await this.#work?.(entry.heard);
      await this.#store.batch([this.#journal.erase([entry.id])]);
      this.#waiting.delete(entry.id);
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

/** By the day it happened, so that the old ones can be let go of without a walk over all. */
const seenId = ({ id, heard }: Entry): Id => [new Date(heard.event.at).toISOString().slice(0, 10), id];

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
