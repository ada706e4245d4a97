/** A store that is slow, that fails, and that may or may not have written what a crash interrupted. */
import type { Json, Store, Write } from "../../src/store/store.ts";
import type { Core } from "./core.ts";
import type { Life, Loop } from "./loop.ts";
import type { Random } from "./random.ts";

export interface DiskFaults {
  /** Probability that a call finds the file locked, full or failing. */
  readonly fails: number;
}

export class Disk {
  readonly #base: Store;
  readonly #core: Core;
  readonly #loop: Loop;
  readonly #random: Random;
  readonly #faults: () => DiskFaults;
  /** Writes take effect in the order in which they were asked for. */
  #lastWrite = 0;
  /** A process asks for something: where it may also be cut off. */
  onCall: (life: Life) => void = () => {};
  /** The jobs that stand, and when they are due. */
  readonly jobs = new Map<string, number>();
  readonly counts = { calls: 0, failed: 0, torn: 0 };

  constructor(around: { core: Core; loop: Loop; random: Random; faults: () => DiskFaults }) {
    this.#core = around.core;
    this.#loop = around.loop;
    this.#random = around.random;
    this.#faults = around.faults;
    this.#base = around.core.memoryStore({ endOfTurn: (call) => queueMicrotask(call) });
  }

  /** What is written down, without delay or fault: for those who judge. */
  get truth(): Store {
    return this.#base;
  }

  /** As a process sees it. Answers of a life that has ended never arrive. */
  of(life: Life): Store {
    return {
      get: (key) => this.#read(life, () => this.#base.get(key)),
      range: (prefix, after, limit) => this.#read(life, () => this.#base.range(prefix, after, limit)),
      batch: (writes: readonly Write[]) =>
        this.#write(life, () => {
          for (const write of writes) {
            if (!write.key.startsWith("jobs/")) continue;
            if ("erase" in write) this.jobs.delete(write.key);
            else this.jobs.set(write.key, (write.value as { at: number }).at);
          }
          return this.#base.batch(writes);
        }),
      claim: (key: string, value: Json) => this.#write(life, () => this.#base.claim(key, value)),
      scrub: async () => {},
      close: async () => {},
    };
  }

  #read<Result>(life: Life, call: () => Promise<Result>): Promise<Result> {
    this.onCall(life);
    return new Promise((done, failed) => {
      const fault = this.#fault();
      this.#loop.after(this.#random.int(0, 3), () => (fault ? failed(fault) : call().then(done, failed)), life);
    });
  }

  #write<Result>(life: Life, call: () => Promise<Result>): Promise<Result> {
    this.onCall(life);
    return new Promise((done, failed) => {
      const fault = this.#fault();
      this.#lastWrite = Math.max(this.#lastWrite, this.#loop.now + this.#random.int(0, 5));
      const answer = this.#random.int(0, 2);
      // The life may have ended by then: a write under way lands or does not.
      this.#loop.after(this.#lastWrite - this.#loop.now, () => {
        if (!life.alive && this.#random.chance(0.5)) return void this.counts.torn++;
        if (fault) return void this.#loop.after(answer, () => failed(fault), life);
        void call().then((result) => this.#loop.after(answer, () => done(result), life), failed);
      });
    });
  }

  #fault(): Error | undefined {
    this.counts.calls++;
    if (!this.#random.chance(this.#faults().fails)) return undefined;
    this.counts.failed++;
    return new this.#core.StoreError(this.#random.pick(["locked", "full", "failed"] as const), "a simulated fault");
  }
}
