/** The only reader of time, timers and the end of a turn. Everything else is handed a `Clock`. */
import type { Instant } from "./platform.ts";

export interface Clock {
  now(): Instant;
  /** Milliseconds that only ever grow, for measuring. */
  elapsed(): number;
  /** Calls once after so many milliseconds of this clock; the result takes it back. Never keeps the process alive. */
  after(ms: number, call: () => void): () => void;
  /** Calls when everything that arrived in this turn of the loop has been heard. */
  endOfTurn(call: () => void): void;
}

/** setTimeout's own limit; longer waits are taken in steps. */
const LONGEST = 2 ** 31 - 1;

export const systemClock: Clock = {
  now: () => Date.now(),
  elapsed: () => performance.now(),
  after(ms, call) {
    let timer: NodeJS.Timeout;
    const wait = (left: number) => {
      timer = setTimeout(() => (left > LONGEST ? wait(left - LONGEST) : call()), Math.min(left, LONGEST));
      timer.unref();
    };
    wait(Math.max(0, ms));
    return () => clearTimeout(timer);
  },
  endOfTurn: (call) => {
    setImmediate(call);
  },
};

/** Resolves after so many milliseconds of the clock. */
export const wait = (clock: Clock, ms: number): Promise<void> => new Promise((done) => clock.after(ms, done));

/** A clock one may push forward, for the room: the system's, plus an offset that only grows. Its timers follow a push. */
export class PushableClock implements Clock {
  #offset: number;
  readonly #base: Clock;
  readonly #timers = new Set<{ at: Instant; call: () => void; cancel: () => void }>();

  constructor(base: Clock, offset = 0) {
    this.#base = base;
    this.#offset = offset;
  }

  get offset(): number {
    return this.#offset;
  }

  now(): Instant {
    return this.#base.now() + this.#offset;
  }

  elapsed(): number {
    return this.#base.elapsed();
  }

  endOfTurn(call: () => void): void {
    this.#base.endOfTurn(call);
  }

  after(ms: number, call: () => void): () => void {
    const timer = { at: this.now() + ms, call, cancel: () => {} };
    this.#timers.add(timer);
    this.#arm(timer);
    return () => this.#drop(timer);
  }

  /** Moves now forward by so many milliseconds; what falls due goes off at once, in order. */
  push(ms: number): void {
    if (ms < 0) throw new RangeError("The room's clock only goes forward.");
    this.#offset += ms;
    for (const timer of [...this.#timers].sort((a, b) => a.at - b.at)) {
      timer.cancel();
      this.#arm(timer);
    }
  }

  #arm(timer: { at: Instant; call: () => void; cancel: () => void }): void {
    timer.cancel = this.#base.after(Math.max(0, timer.at - this.now()), () => {
      this.#timers.delete(timer);
      timer.call();
    });
  }

  #drop(timer: { at: Instant; call: () => void; cancel: () => void }): void {
    timer.cancel();
    this.#timers.delete(timer);
  }
}

/** Time that passes only when told to: for tests, the rehearsal and the simulation. */
export class VirtualClock implements Clock {
  #now: Instant;
  readonly #started: Instant;
  #sequence = 0;
  readonly #timers: { at: Instant; order: number; call: () => void }[] = [];

  constructor(start: Instant) {
    this.#now = start;
    this.#started = start;
  }

  now(): Instant {
    return this.#now;
  }

  elapsed(): number {
    return this.#now - this.#started;
  }

  after(ms: number, call: () => void): () => void {
    const timer = { at: this.#now + Math.max(0, ms), order: this.#sequence++, call };
    this.#timers.push(timer);
    return () => {
      const at = this.#timers.indexOf(timer);
      if (at >= 0) this.#timers.splice(at, 1);
    };
  }

  endOfTurn(call: () => void): void {
    setImmediate(call);
  }

  /** Lets everything that is under way come to rest, without time passing. */
  async settle(turns = 12): Promise<void> {
    for (let turn = 0; turn < turns; turn++) await new Promise((done) => setImmediate(done));
  }

  /** Moves to an instant, calling what falls due on the way, each at its own time, and settling after each. */
  async advanceTo(instant: Instant): Promise<void> {
    await this.settle();
    for (let next = this.#next(instant); next; next = this.#next(instant)) {
      this.#timers.splice(this.#timers.indexOf(next), 1);
      this.#now = Math.max(this.#now, next.at);
      next.call();
      await this.settle();
    }
    this.#now = Math.max(this.#now, instant);
    await this.settle();
  }

  advance(ms: number): Promise<void> {
    return this.advanceTo(this.#now + ms);
  }

  #next(until: Instant): { at: Instant; order: number; call: () => void } | undefined {
    const due = this.#timers.filter((timer) => timer.at <= until);
    return due.sort((a, b) => a.at - b.at || a.order - b.order)[0];
  }
}
