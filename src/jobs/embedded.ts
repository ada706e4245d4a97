/**
 * Jobs kept in the store. There is one process to a store (its lease says so and fences off an older holder's writes),
 * so a claim is a place in this process's line. A due list in order of time stands beside the jobs, written with them.
 */
import { digest } from "../chance.ts";
import type { Clock } from "../clock.ts";
import { nameOf } from "../inbox.ts";
import type { Instant, Log } from "../platform.ts";
import { Quiet } from "../quiet.ts";
import { asWritten, type Collection, collection } from "../store/collection.ts";
import type { Store, Write } from "../store/store.ts";
import type { Job, Jobs, Worker } from "./jobs.ts";

/** Between two tries of work that rejected: quick where a store was busy for a moment, patient where it is not. */
const PAUSES = [2_000, 10_000, 30_000, 60_000, 300_000];
const PAGE = 100;
/** Wide enough for every instant a date can hold, so that the keys' order is the order of time. */
const DIGITS = 16;

interface Kept<Work> extends Job<Work> {
  readonly tried: number;
}

export class EmbeddedJobs<Work> implements Jobs<Work> {
  readonly #store: Store;
  readonly #clock: Clock;
  readonly #log: Log;
  readonly #jobs: Collection<Kept<Work>>;
  readonly #due: Collection<string>;
  readonly #lines = new Map<string, Promise<void>>();
  /** In a line of this life already. */
  readonly #underWay = new Set<string>();
  /** Takes back the waiting for a job's next try, by its id. */
  readonly #waiting = new Map<string, () => void>();
  /** Until the first job that stands and is not due. */
  readonly #quiet = new Quiet();
  #work: Worker<Work> | undefined;

  constructor(around: { store: Store; clock: Clock; log: Log }) {
    this.#store = around.store;
    this.#clock = around.clock;
    this.#log = around.log;
    this.#jobs = collection<Kept<Work>>(around.store, "jobs", asWritten());
    this.#due = collection<string>(around.store, "due", asWritten());
  }

  async add(job: Job<Work>): Promise<void> {
    try {
      if (!(await this.#jobs.get(job.id))) await this.#store.batch(this.#put({ ...job, tried: 0 }));
    } finally {
      this.#quiet.end();
    }
    await this.#tickIfOpen();
  }

  async open(work: Worker<Work>): Promise<void> {
    this.#work = work;
    await this.tick();
  }

  async tick(): Promise<void> {
    const now = this.#clock.now();
    await this.#quiet.orElse(now, () => this.#look(now));
  }

  /** Begins what is due. Resolves with when the next is. */
  async #look(now: Instant): Promise<Instant> {
    let after: readonly [string, string] | undefined;
    for (;;) {
      const page = await this.#due.list([], after, PAGE);
      for (const { id, value } of page) {
        const at = Number(id[0]);
        if (at > now) return at;
        if (!this.#underWay.has(value)) await this.#begin(value);
      }
      const last = page.at(-1);
      if (!last || page.length < PAGE) return Number.POSITIVE_INFINITY;
      after = [last.id[0], last.id[1] ?? ""];
    }
  }

  async idle(): Promise<void> {
    while (this.#lines.size) await Promise.all(this.#lines.values());
  }

  async #tickIfOpen(): Promise<void> {
    if (this.#work) await this.tick();
  }

  async #begin(id: string): Promise<void> {
    this.#underWay.add(id);
    this.#waiting.get(id)?.();
    this.#waiting.delete(id);
    try {
      const kept = await this.#jobs.get(id);
      if (kept) return this.#inLine(kept);
    } catch (error) {
      this.#underWay.delete(id);
      throw error;
    }
    this.#underWay.delete(id);
  }

  #inLine(kept: Kept<Work>): void {
    const before = this.#lines.get(kept.line) ?? Promise.resolve();
    const now = before
      .then(() => this.#do(kept))
      .catch((error: unknown) => this.#log.error("a job could not be kept", { error: nameOf(error) }))
      .finally(() => {
        this.#underWay.delete(kept.id);
        this.#quiet.end();
        if (this.#lines.get(kept.line) === now) this.#lines.delete(kept.line);
      });
    this.#lines.set(kept.line, now);
  }

  /** The try is counted before the work begins, so that work which takes the process down with it is known by its count. */
  async #do(kept: Kept<Work>): Promise<void> {
    const trying = { ...kept, tried: kept.tried + 1 };
    await this.#store.batch([this.#jobs.put([kept.id], trying)]);
    const outcome = await this.#tried(kept);
    if (outcome === "done")
      return await this.#store.batch([this.#jobs.erase([kept.id]), this.#due.erase(placeOf(kept))]);
    const later = { ...trying, at: outcome.again };
    const pause = outcome.again - this.#clock.now();
    await this.#store.batch([this.#due.erase(placeOf(kept)), ...this.#put(later)]);
    this.#waiting.set(
      kept.id,
      this.#clock.after(pause, () => void this.#again(kept.id)),
    );
  }

  /** Also where the clock has been set back since, and does not show the time yet. */
  async #again(id: string): Promise<void> {
    if (this.#underWay.has(id)) return;
    await this.#begin(id).catch((error: unknown) =>
      this.#log.error("a job is looked at again with the next beat", { error: nameOf(error) }),
    );
  }

  async #tried(kept: Kept<Work>) {
    try {
      return (await this.#work?.(kept, kept.tried)) ?? { again: this.#clock.now() };
    } catch (error) {
      this.#log.error("a job is tried again later", { tried: kept.tried, error: nameOf(error) });
      return { again: this.#clock.now() + (PAUSES[Math.min(kept.tried, PAUSES.length - 1)] ?? 0) };
    }
  }

  #put(kept: Kept<Work>): Write[] {
    return [this.#jobs.put([kept.id], kept), this.#due.put(placeOf(kept), kept.id)];
  }
}

/** A digest, since a key has less room than two ids. */
const placeOf = ({ at, id }: { at: Instant; id: string }) =>
  [String(Math.max(0, Math.round(at))).padStart(DIGITS, "0"), digest(id)] as const;
