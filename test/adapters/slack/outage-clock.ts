/** Time for a platform over a real wire: it leaps from one wait to the next, and stands still while the wire is asked. */
import { subscribe } from "node:diagnostics_channel";
import type { Clock } from "../../../src/clock.ts";
import type { SlackServer } from "../../fakes/slack/server.ts";

interface Wait {
  readonly at: number;
  readonly ms: number;
  readonly call: () => void;
}

/** Requests of this process that are not answered yet; a socket's own never is. */
let asked = 0;
const count = (by: number) => (message: unknown) => {
  const { request } = message as { request: { upgrade?: unknown } }; // The channels' documented shape.
  if (!request.upgrade) asked += by;
};
subscribe("undici:request:create", count(1));
for (const end of ["undici:request:trailers", "undici:request:error"]) subscribe(end, count(-1));

/** Everything that is under way without waiting has come to rest. */
async function quiet(): Promise<void> {
  for (let turns = 0; turns < 12; turns = asked > 0 ? 0 : turns + 1) await new Promise((done) => setImmediate(done));
}

/** Milliseconds that the adapter waits for a socket's greeting: as long as this wait stands, an attempt is under way. */
const GREETING = 15_000;

export class OutageClock implements Clock {
  readonly began = Date.UTC(2027, 11, 6, 9);
  #now = this.began;
  /** Greetings that were waited for in vain. */
  #unheard = 0;
  readonly #waits = new Set<Wait>();

  now(): number {
    return this.#now;
  }

  elapsed(): number {
    return this.#now - this.began;
  }

  endOfTurn(call: () => void): void {
    setImmediate(call);
  }

  after(ms: number, call: () => void): () => void {
    const wait = { at: this.#now + ms, ms, call };
    this.#waits.add(wait);
    return () => void this.#waits.delete(wait);
  }

  /** The machine sleeps: nothing goes off meanwhile. */
  sleep(ms: number): void {
    this.#now += ms;
  }

  /** Every attempt of so many milliseconds is made, each at its own time. */
  async pass(ms: number, server: SlackServer): Promise<void> {
    const end = this.#now + ms;
    for (;;) {
      const next = await this.#next(server);
      if (next.at > end) break;
      this.#leap(next);
    }
    this.#now = end;
  }

  /** Leaps until something has become true; resolves with the seconds it took. */
  async secondsUntil(so: () => boolean | Promise<boolean>, server: SlackServer): Promise<number> {
    const begun = this.#now;
    for (await quiet(); !(await so()); await quiet()) {
      const next = this.#soonest();
      if (next && this.#mayLeap(next, server)) this.#leap(next);
    }
    return (this.#now - begun) / 1_000;
  }

  async #next(server: SlackServer): Promise<Wait> {
    for (;;) {
      await quiet();
      const next = this.#soonest();
      if (next && this.#mayLeap(next, server)) return next;
    }
  }

  #soonest(): Wait | undefined {
    return [...this.#waits].sort((a, b) => a.at - b.at)[0];
  }

  /** A greeting comes over the wire at once, except on a socket of a server that says nothing. */
  #mayLeap({ ms }: Wait, { ungreeted }: SlackServer): boolean {
    return ms !== GREETING || ungreeted > this.#unheard;
  }

  #leap(wait: Wait): void {
    if (wait.ms === GREETING) this.#unheard++;
    this.#waits.delete(wait);
    this.#now = Math.max(this.#now, wait.at);
    wait.call();
  }
}
