/** A store that is slow, that fails, and that may or may not have written what a crash interrupted. */
import type { Community } from "../../src/communities.ts";
import type { SendKey } from "../../src/platform.ts";
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
  /** A call of a process fails. */
  onFault: () => void = () => {};
  /** What a community is from now on. */
  onCommunity: (now: Community) => void = () => {};
  /** When an account was forgotten, by its UserId. */
  readonly forgottenAt = new Map<string, number>();
  /** The one process that may write, as the real store's lease says it. */
  holder: Life | undefined;
  /** The jobs that stand, and when they are due. */
  readonly jobs = new Map<string, number>();
  readonly counts = { calls: 0, failed: 0, torn: 0, fenced: 0 };
  /** By key of a send: who was last told that it is intended, and nothing else of it since. */
  readonly #intended = new Map<string, Life>();

  constructor(around: { core: Core; loop: Loop; random: Random; faults: () => DiskFaults }) {
    this.#core = around.core;
    this.#loop = around.loop;
    this.#random = around.random;
    this.#faults = around.faults;
    this.#base = around.core.memoryStore({ endOfTurn: (call) => void Promise.resolve().then(call) });
  }

  /** What is written down, without delay or fault: for those who judge. */
  get truth(): Store {
    return this.#base;
  }

  /** Whether the last word that a process had from the store about a send is that it is intended. */
  isIntended(life: Life, key: SendKey): boolean {
    return this.#intended.get(`sends/${key}`) === life;
  }

  /** As a process sees it. Answers of a life that has ended never arrive. */
  of(life: Life): Store {
    return {
      get: (key) =>
        this.#told(
          life,
          [],
          this.#read(life, () => this.#base.get(key)),
          key,
        ),
      range: (prefix, after, limit) => this.#read(life, () => this.#base.range(prefix, after, limit)),
      batch: (writes: readonly Write[]) => {
        const written = this.#write(life, () => {
          for (const write of writes) this.#notice(write);
          return this.#base.batch(writes);
        });
        return this.#told(life, writes, written);
      },
      claim: (key: string, value: Json) => this.#write(life, () => this.#base.claim(key, value)),
      scrub: async () => {},
      close: async () => {},
    };
  }

  #notice(write: Write): void {
    const { key } = write;
    const value: unknown = "erase" in write ? undefined : write.value;
    if (key.startsWith("jobs/")) {
      if (value === undefined) this.jobs.delete(key);
      else this.jobs.set(key, (value as { at: number }).at);
    } else if (key.startsWith("accounts/") && value === undefined) {
      this.forgottenAt.set(decodeURIComponent(key.slice("accounts/".length)), this.#loop.now);
    } else if (key.startsWith("communities/") && value !== undefined) this.onCommunity(value as unknown as Community);
  }

  /** Keeps in mind what a process was told about its sends. */
  async #told<Result>(life: Life, writes: readonly Write[], answer: Promise<Result>, read?: string): Promise<Result> {
    try {
      const result = await answer;
      for (const write of writes) {
        const isIntent = "value" in write && (write.value as { state?: string }).state === "intended";
        if (write.key.startsWith("sends/") && isIntent) this.#intended.set(write.key, life);
        else this.#intended.delete(write.key);
      }
      return result;
    } catch (error) {
      for (const key of [...writes.map((write) => write.key), ...(read === undefined ? [] : [read])])
        this.#intended.delete(key);
      throw error;
    }
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
        const refused = fault ?? this.#fenced(life);
        if (refused) return void this.#loop.after(answer, () => failed(refused), life);
        void call().then((result) => this.#loop.after(answer, () => done(result), life), failed);
      });
    });
  }

  /** I12: who was taken over changes nothing any more. */
  #fenced(life: Life): Error | undefined {
    if (life === this.holder) return undefined;
    this.counts.fenced++;
    return new this.#core.StoreError("held", "simulated: another process has taken over");
  }

  #fault(): Error | undefined {
    this.counts.calls++;
    if (!this.#random.chance(this.#faults().fails)) return undefined;
    this.counts.failed++;
    this.onFault();
    return new this.#core.StoreError(this.#random.pick(["locked", "full", "failed"] as const), "a simulated fault");
  }
}
