/** The store in memory: the specification of the contract, for tests and the simulation. Nothing survives it. */
import type { Clock } from "../clock.ts";
import { type Driver, type Line, storeOver } from "./driver.ts";
import { type Store, StoreError } from "./store.ts";
import { type Outcome, Turn } from "./turn.ts";

export const memoryStore = (clock: Pick<Clock, "endOfTurn">): Store => storeOver(new MemoryDriver(clock));

type Job = { readonly lines: readonly Line[] } | { readonly claim: string; readonly text: string };

class MemoryDriver implements Driver {
  readonly dialect = "memory";
  readonly #texts = new Map<string, string>();
  /** The keys of `#texts`, in the order of their UTF-8 bytes. */
  readonly #keys: string[] = [];
  readonly #turn: Turn<Job, boolean>;
  #open = true;

  constructor(clock: Pick<Clock, "endOfTurn">) {
    this.#turn = new Turn(clock, (jobs) => jobs.map((job) => this.#keep(job)));
  }

  read(key: string): string | undefined {
    this.#check();
    return this.#texts.get(key);
  }

  async write(lines: readonly Line[]): Promise<void> {
    this.#check();
    if (lines.length > 0) await this.#turn.add({ lines });
  }

  async claim(key: string, text: string): Promise<boolean> {
    this.#check();
    return this.#turn.add({ claim: key, text });
  }

  range(prefix: string, after: string | undefined, limit: number) {
    this.#check();
    const rows = [];
    const from =
      after !== undefined && compare(after, prefix) >= 0 ? this.#place(after, true) : this.#place(prefix, false);
    for (let at = from; at < this.#keys.length && rows.length < limit; at++) {
      const key = this.#keys[at] ?? "";
      const text = this.#texts.get(key);
      if (text === undefined || !key.startsWith(prefix)) break;
      rows.push({ key, text });
    }
    return rows;
  }

  async scrub(): Promise<void> {
    this.#check();
  }

  async close(): Promise<void> {
    this.#turn.end();
    this.#open = false;
  }

  #check(): void {
    if (!this.#open) throw new StoreError("failed", "The store is closed.");
  }

  #keep(job: Job): Outcome<boolean> {
    if ("lines" in job) {
      for (const line of job.lines) this.#set(line.key, line.text);
      return { result: true };
    }
    if (this.#texts.has(job.claim)) return { result: false };
    this.#set(job.claim, job.text);
    return { result: true };
  }

  #set(key: string, text: string | undefined): void {
    const known = this.#texts.has(key);
    if (text === undefined) {
      if (known) this.#keys.splice(this.#place(key, false), 1);
      this.#texts.delete(key);
      return;
    }
    if (!known) this.#keys.splice(this.#place(key, false), 0, key);
    this.#texts.set(key, text);
  }

  /** Where a key stands or would stand; `behind` it, where it is there. */
  #place(key: string, behind: boolean): number {
    let low = 0;
    let high = this.#keys.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      const order = compare(this.#keys[middle] ?? "", key);
      if (order < 0 || (behind && order === 0)) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}

/** As their UTF-8 bytes compare: like UTF-16 units, but that surrogates come last, not before U+E000. */
function compare(one: string, other: string): number {
  const length = Math.min(one.length, other.length);
  for (let at = 0; at < length; at++) {
    const order = weight(one.charCodeAt(at)) - weight(other.charCodeAt(at));
    if (order !== 0) return order;
  }
  return one.length - other.length;
}

const weight = (unit: number): number => (unit >= 0xe000 ? unit - 0x800 : unit >= 0xd800 ? unit + 0x2000 : unit);
