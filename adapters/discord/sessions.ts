/**
 * When a new session may be begun. Discord resets the token of a bot that begins 1,000 a day, and turns away one that
 * comes within five seconds of another. When they were begun outlives the program, so that one which falls down and is
 * started again and again does not use them up. Resuming a session counts for nothing.
 */
import type { Surroundings } from "../../src/platform.ts";

/** What survives a restart. */
export interface Memory {
  load(): Promise<readonly { readonly key: string; readonly value?: string }[]>;
  save(changes: readonly { readonly key: string; readonly value: string }[]): Promise<void>;
}

export const SPACING_MS = 5_000;
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
/** Within an hour: so many without a wait, for an operator who tries this and that; and so many at all. */
const FREELY = 5;
const AT_MOST = 10;
const KEY = "sessions-begun";

export class Sessions {
  readonly #memory: Memory | undefined;
  readonly #around: Surroundings;
  #begun: readonly number[] | undefined;

  constructor(memory: Memory | undefined, around: Surroundings) {
    this.#memory = memory;
    this.#around = around;
  }

  /** Milliseconds until another may be begun: twice as many after each, where they do not stop. */
  async pause(): Promise<number> {
    const begun = await this.#lately();
    const last = begun.at(-1);
    if (last === undefined) return 0;
    const spaced = last + (begun.length < FREELY ? SPACING_MS : MINUTE * 2 ** (begun.length - FREELY));
    const first = begun.at(-AT_MOST);
    return Math.max(0, (first === undefined ? spaced : first + HOUR) - this.#around.clock.now());
  }

  /** Resolves when another may be begun, and counts it before that. Rejects when it is called off meanwhile. */
  async begin(calledOff: AbortSignal): Promise<void> {
    const pause = await this.pause();
    if (pause > 0) await this.#wait(pause, calledOff);
    this.#begun = [...(await this.#lately()), this.#around.clock.now()];
    const told = this.#memory?.save([{ key: KEY, value: JSON.stringify(this.#begun) }]);
    await told?.catch(() => this.#around.log.warn("Discord: when a session was begun could not be remembered."));
  }

  /** Oldest first. What lies ahead of a clock that was put back says nothing. */
  async #lately(): Promise<readonly number[]> {
    this.#begun ??= await this.#load();
    const now = this.#around.clock.now();
    return this.#begun.filter((at) => at > now - HOUR && at <= now);
  }

  async #load(): Promise<readonly number[]> {
    try {
      const kept = (await this.#memory?.load())?.find(({ key }) => key === KEY)?.value;
      // As `begin` wrote it.
      return kept === undefined ? [] : (JSON.parse(kept) as number[]);
    } catch {
      this.#around.log.warn("Discord: when the last sessions were begun could not be read.");
      return [];
    }
  }

  #wait(ms: number, calledOff: AbortSignal): Promise<void> {
    return new Promise((over, off) => {
      const forget = this.#around.clock.after(ms, over);
      calledOff.addEventListener("abort", () => {
        forget();
        off(calledOff.reason);
      });
    });
  }
}
