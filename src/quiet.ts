/** How long a heartbeat need not look, since it knows when the next thing is due: a second in which nothing is costs nothing. */
import type { Instant } from "./platform.ts";

export class Quiet {
  #until: Instant = 0;

  /** Looks, unless it is still quiet. `look` resolves with the next instant at which there is something to do. */
  async orElse(now: Instant, look: () => Promise<Instant>): Promise<void> {
    if (now < this.#until) return;
    this.#until = Number.POSITIVE_INFINITY;
    try {
      const next = await look();
      this.#until = Math.min(this.#until, next);
    } catch (error) {
      this.end();
      throw error;
    }
  }

  /** Something has changed: the next beat looks, also where one is looking now and may have missed it. */
  end(): void {
    this.#until = 0;
  }
}
