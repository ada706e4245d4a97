/** Time itself: one heap of (instant, order). What belongs to a life that has ended never happens. */
export interface Life {
  alive: boolean;
  /** A process that is stopped (or collecting garbage) does nothing until then. */
  pausedUntil: number;
}

interface Event {
  at: number;
  readonly order: number;
  readonly call: () => void;
  readonly life: Life | undefined;
  cancelled: boolean;
}

/** Turns of the process's own loop that are asked for at once: one of them costs as much as many, and after each all is at rest. */
const TURNS = 256;

export class Loop {
  now: number;
  events = 0;
  #order = 0;
  readonly #heap: Event[] = [];
  #turns = 0;
  #rested: () => void = () => {};

  constructor(start: number) {
    this.now = start;
  }

  /** Calls after so many milliseconds; the result takes it back. */
  after(ms: number, call: () => void, life?: Life): () => void {
    const event = { at: this.now + Math.max(0, ms), order: this.#order++, call, life, cancelled: false };
    this.#push(event);
    return () => {
      event.cancelled = true;
    };
  }

  /** Everything up to an instant. After each event all that follows from it at once is let come to rest. */
  async until(instant: number): Promise<void> {
    for (let next = this.#heap[0]; next && next.at <= instant; next = this.#heap[0]) {
      this.#pop();
      if (next.cancelled || (next.life && !next.life.alive)) continue;
      if (next.life && next.life.pausedUntil > next.at) {
        this.#push({ ...next, at: next.life.pausedUntil });
        continue;
      }
      this.now = Math.max(this.now, next.at);
      this.events++;
      next.call();
      await this.#rest();
    }
    this.now = Math.max(this.now, instant);
  }

  /** All that follows from an event at once has come to rest. */
  #rest(): Promise<void> {
    if (this.#turns === 0) {
      this.#turns = TURNS;
      for (let nth = 0; nth < TURNS; nth++) setImmediate(() => this.#turn());
    }
    return new Promise((done) => {
      this.#rested = done;
    });
  }

  #turn(): void {
    this.#turns--;
    this.#rested();
  }

  #push(event: Event): void {
    const heap = this.#heap;
    let at = heap.push(event) - 1;
    while (at > 0) {
      const parent = (at - 1) >> 1;
      if (!before(event, heap[parent])) break;
      this.#swap(at, parent);
      at = parent;
    }
  }

  #pop(): void {
    const heap = this.#heap;
    const last = heap.pop();
    if (!last || heap.length === 0) return;
    heap[0] = last;
    for (let at = 0; ; ) {
      const [left, right] = [2 * at + 1, 2 * at + 2];
      let least = at;
      if (before(heap[left], heap[least])) least = left;
      if (before(heap[right], heap[least])) least = right;
      if (least === at) return;
      this.#swap(at, least);
      at = least;
    }
  }

  #swap(a: number, b: number): void {
    const [one, other] = [this.#heap[a], this.#heap[b]];
    if (one && other) [this.#heap[a], this.#heap[b]] = [other, one];
  }
}

const before = (a: Event | undefined, b: Event | undefined): boolean =>
  a !== undefined && b !== undefined && (a.at < b.at || (a.at === b.at && a.order < b.order));
