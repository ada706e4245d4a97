/**
 * How often, and when last, each two people met: a hash table with open addressing in typed arrays, 14 bytes a slot
 * and at least a third of the slots in use, hence below 100 bytes a pair even while it grows.
 */
import { int, short } from "./numbers.ts";

const MOST = 0xffff;

/** The table as it is, for another thread. */
export interface PackedAcquaintance {
  readonly low: Int32Array<ArrayBuffer>;
  readonly high: Int32Array<ArrayBuffer>;
  readonly times: Uint16Array<ArrayBuffer>;
  readonly last: Int32Array<ArrayBuffer>;
  readonly pairs: number;
}

export class Acquaintance {
  #low = new Int32Array(16).fill(-1);
  #high = new Int32Array(16);
  #times = new Uint16Array(16);
  #last = new Int32Array(16);
  #pairs = 0;

  /** Pairs that ever met. */
  get pairs(): number {
    return this.#pairs;
  }

  times(a: number, b: number): number {
    const slot = this.#slot(a, b);
    return int(this.#low, slot) < 0 ? 0 : short(this.#times, slot);
  }

  /** The number of the round, from 1, in which the two last met; 0: never. */
  last(a: number, b: number): number {
    const slot = this.#slot(a, b);
    return int(this.#low, slot) < 0 ? 0 : int(this.#last, slot);
  }

  met(a: number, b: number, round: number): void {
    let slot = this.#slot(a, b);
    if (int(this.#low, slot) < 0) {
      if (this.#pairs * 3 >= this.#low.length * 2) {
        this.#grow();
        slot = this.#slot(a, b);
      }
      this.#low[slot] = Math.min(a, b);
      this.#high[slot] = Math.max(a, b);
      this.#pairs++;
    }
    this.#times[slot] = Math.min(MOST, short(this.#times, slot) + 1);
    this.#last[slot] = round;
  }

  /** Every pair that met, in no order of meaning. */
  each(visit: (a: number, b: number, times: number, last: number) => void): void {
    for (let slot = 0; slot < this.#low.length; slot++) {
      const low = int(this.#low, slot);
      if (low >= 0) visit(low, int(this.#high, slot), short(this.#times, slot), int(this.#last, slot));
    }
  }

  packed(): PackedAcquaintance {
    return { low: this.#low, high: this.#high, times: this.#times, last: this.#last, pairs: this.#pairs };
  }

  static unpacked(packed: PackedAcquaintance): Acquaintance {
    const table = new Acquaintance();
    table.#low = packed.low;
    table.#high = packed.high;
    table.#times = packed.times;
    table.#last = packed.last;
    table.#pairs = packed.pairs;
    return table;
  }

  /** Where the pair is, or the free slot where it would be. */
  #slot(a: number, b: number): number {
    const low = a < b ? a : b;
    const high = a < b ? b : a;
    const mask = this.#low.length - 1;
    let h = Math.imul(low, 0x9e3779b1) ^ Math.imul(high, 0x85ebca77);
    h ^= h >>> 15;
    let slot = h & mask;
    while (int(this.#low, slot) >= 0 && (int(this.#low, slot) !== low || int(this.#high, slot) !== high)) {
      slot = (slot + 1) & mask;
    }
    return slot;
  }

  #grow(): void {
    const [low, high, times, last] = [this.#low, this.#high, this.#times, this.#last];
    this.#low = new Int32Array(low.length * 2).fill(-1);
    this.#high = new Int32Array(low.length * 2);
    this.#times = new Uint16Array(low.length * 2);
    this.#last = new Int32Array(low.length * 2);
    for (let from = 0; from < low.length; from++) {
      if (int(low, from) < 0) continue;
      const slot = this.#slot(int(low, from), int(high, from));
      this.#low[slot] = int(low, from);
      this.#high[slot] = int(high, from);
      this.#times[slot] = short(times, from);
      this.#last[slot] = int(last, from);
    }
  }
}
