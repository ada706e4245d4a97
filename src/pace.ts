/** Turns for each of many, so far apart. Measured by a clock that is never set back. */
import { type Clock, wait } from "./clock.ts";

/** So many names are remembered before those that are free again are forgotten. */
const MANY = 1_000;

export class Pace {
  readonly #clock: Clock;
  /** When each name is free again. */
  readonly #free = new Map<string, number>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Resolves when it is this caller's turn, in the order of asking; the next one's comes so many milliseconds later. */
  async turn(name: string, spacing: number): Promise<void> {
    const now = this.#clock.elapsed();
    const at = Math.max(now, this.#free.get(name) ?? now);
    if (this.#free.size >= MANY) this.#forget(now);
    this.#free.set(name, at + spacing);
    if (at > now) await wait(this.#clock, at - now);
  }

  #forget(now: number): void {
    for (const [name, free] of this.#free) if (free <= now) this.#free.delete(name);
  }
}
