/**
 * Discord shuts out an address that it has to refuse (401, 403, 429) 10,000 times in ten minutes. A bot that was
 * thrown out while much is due stays far below: it waits before it could be refused more than 90 times.
 */
import { type REST, RESTEvents } from "discord.js";
import type { Surroundings } from "../../src/platform.ts";
import { busy } from "./faults.ts";

const WINDOW_MS = 10 * 60_000;
const AT_MOST = 90;

export class Restraint {
  readonly #clock: Surroundings["clock"];
  #refused: readonly number[] = [];
  /** Each of them might be refused too. */
  #underWay = 0;

  constructor(clock: Surroundings["clock"]) {
    this.#clock = clock;
  }

  /** Needs the option `invalidRequestWarningInterval: 1`: each refusal is told. */
  watch(rest: REST): REST {
    return rest.on(RESTEvents.InvalidRequestWarning, () => {
      this.#refused = [...this.#lately(), this.#clock.now()];
    });
  }

  async within<Answer>(ask: () => Promise<Answer>): Promise<Answer> {
    const refused = this.#lately();
    const [first] = refused;
    if (refused.length + this.#underWay >= AT_MOST) {
      const full = first !== undefined && refused.length >= AT_MOST;
      throw busy("Discord has refused too much lately.", full ? first + WINDOW_MS - this.#clock.now() : 1_000);
    }
    this.#underWay++;
    try {
      return await ask();
    } finally {
      this.#underWay--;
    }
  }

  #lately(): readonly number[] {
    const since = this.#clock.now() - WINDOW_MS;
    return this.#refused.filter((at) => at > since);
  }
}
