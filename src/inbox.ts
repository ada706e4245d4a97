/**
 * What people do, journalled before it is acknowledged and worked off afterwards. An event is written once, by its id;
 * heard again it changes nothing. After a crash the journal is worked off from where it stood.
 */
import { digest } from "./chance.ts";
import type { Clock } from "./clock.ts";
import type { Inbound, Log } from "./platform.ts";
import { asWritten, type Collection, collection } from "./store/collection.ts";
import type { Store } from "./store/store.ts";

export interface Heard {
  readonly platform: string;
  readonly event: Inbound;
}

/** A failing event is tried so often in one life, then left in the journal for the next one. */
const TRIES = 3;
const PAUSE = 2_000;

export class Inbox {
  readonly #store: Store;
  readonly #journal: Collection<Heard>;
  readonly #seen: Collection<number>;
  readonly #clock: Clock;
  readonly #log: Log;
  /** One person's doings are worked off in their order; different people do not wait for each other. */
  readonly #lines = new Map<string, Promise<void>>();
  #work: ((heard: Heard) => Promise<void>) | undefined;

  constructor(around: { store: Store; clock: Clock; log: Log }) {
    this.#store = around.store;
    this.#clock = around.clock;
    this.#log = around.log;
    this.#journal = collection<Heard>(around.store, "journal", asWritten());
    this.#seen = collection<number>(around.store, "seen", asWritten());
  }

  /** From now on `work` is called for each event, once it is durable; first for what an earlier life left over. */
  async open(work: (heard: Heard) => Promise<void>): Promise<void> {
    this.#work = work;
    const left: { id: string; heard: Heard }[] = [];
    for await (const { id, value } of this.#journal.all()) left.push({ id: id[0], heard: value });
    left.sort((a, b) => a.heard.event.at - b.heard.event.at);
    for (const { id, heard } of left) this.#enqueue(id, heard);
  }

  /** Resolves when the event is durable. Rejects when the store did not take it: then it must not be acknowledged. */
  async take(platform: string, event: Inbound): Promise<void> {
    const id = digest(`${platform}/${event.event}`);
    const heard: Heard = { platform, event };
    // Both are asked for in one turn, so they are one commit: never seen without being journalled.
    const [fresh] = await Promise.all([
      this.#seen.claim([id], event.at),
      this.#store.batch([this.#journal.put([id], heard)]),
    ]);
    if (fresh) this.#enqueue(id, heard);
    else if (!this.#waiting.has(id)) await this.#store.batch([this.#journal.erase([id])]);
  }

  /** Everything that was taken is worked off. */
  async idle(): Promise<void> {
    while (this.#lines.size) await Promise.all(this.#lines.values());
  }

  readonly #waiting = new Set<string>();

  #enqueue(id: string, heard: Heard): void {
    this.#waiting.add(id);
    const line = `${heard.platform}/${heard.event.by.id}`;
    const before = this.#lines.get(line) ?? Promise.resolve();
    const now = before.then(() => this.#workOff(id, heard));
    this.#lines.set(line, now);
    void now.finally(() => {
      this.#waiting.delete(id);
      if (this.#lines.get(line) === now) this.#lines.delete(line);
    });
  }

  async #workOff(id: string, heard: Heard): Promise<void> {
    for (let tried = 1; tried <= TRIES; tried++) {
      try {
        await this.#work?.(heard);
        return await this.#store.batch([this.#journal.erase([id])]);
      } catch (error) {
        this.#log.error("an event could not be worked off", { kind: heard.event.kind, tried, error: nameOf(error) });
        if (tried < TRIES) await new Promise<void>((done) => this.#clock.after(PAUSE * tried, done));
      }
    }
  }
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
