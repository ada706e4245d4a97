/** Makes what was erased leave every byte of the store's files, soon: many erasures within a moment are one sweep. */
import type { Clock } from "./clock.ts";
import type { Log } from "./platform.ts";
import { type Store, StoreError } from "./store/store.ts";

/** What is promised is 60 s. A sweep rewrites the file, so it waits for what comes with the first. */
const SOON = 10_000;
const AGAIN = 20_000;

export class Scrubber {
  readonly #store: Store;
  readonly #clock: Clock;
  readonly #log: Log;
  #waiting: (() => void) | undefined;

  constructor(around: { store: Store; clock: Clock; log: Log }) {
    this.#store = around.store;
    this.#clock = around.clock;
    this.#log = around.log;
  }

  /** Something was erased that must be gone. */
  soon(): void {
    this.#after(SOON);
  }

  /** Sweeps at once what still waits. Rejects where it could not be swept: then it is tried again by itself, too. */
  async now(): Promise<void> {
    if (this.#waiting) await this.#sweep();
  }

  #after(ms: number): void {
    this.#waiting ??= this.#clock.after(ms, () => void this.#sweep().catch(() => {}));
  }

  async #sweep(): Promise<void> {
    this.#waiting?.();
    this.#waiting = undefined;
    try {
      await this.#store.scrub();
    } catch (error) {
      this.#log.warn("erased words could not be swept out of the file yet", {
        code: error instanceof StoreError ? error.code : "error",
      });
      this.#after(AGAIN);
      throw error;
    }
  }
}
