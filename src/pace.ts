/** Turns for each of many, so far apart. Measured by a clock that is never set back. */
import { type Clock, wait } from "./clock.ts";
import { InTurn } from "./in-turn.ts";

/** So many names are remembered before those that are free again are forgotten. */
const MANY = 1_000;

export class Pace {
  readonly #clock: Clock;
  /** When each name is free again. */
  readonly #free = new Map<string, number>();
  readonly #lines = new InTurn();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /**
   * Resolves when it is this caller's turn, in the order of asking, and `ready` is done; the next one's comes so many
   * milliseconds after that. Where `ready` rejects, the turn was not taken.
   */
  turn(name: string, spacing: number, ready: () => Promise<void> = async () => {}): Promise<void> {
    return this.#lines.do(name, async () => {
      const pause = (this.#free.get(name) ?? 0) - this.#clock.elapsed();
      if (pause > 0) await wait(this.#clock, pause);
      await ready();
      if (this.#free.size >= MANY) this.#forget();
      this.#free.set(name, this.#clock.elapsed() + spacing);
    });
  }

  #forget(): void {
    const now = this.#clock.elapsed();
    for (const [name, free] of this.#free) if (free <= now) this.#free.delete(name);
  }
}
