/** Chance that can be had again: everything random in a round comes from its seed, so a round can be checked later. */

/** Where a hash starts, so that the same id lands elsewhere with another seed. */
const BASIS = 0x811c9dc5;

/** FNV-1a over UTF-16 units, then murmur3's finish so that near ids land far apart. 32 bits, unsigned. */
export function hash(text: string, salt = 0): number {
  let h = BASIS ^ salt;
  for (let i = 0; i < text.length; i++) h = Math.imul(h ^ text.charCodeAt(i), 0x01000193);
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return (h ^ (h >>> 16)) >>> 0;
}

/** Bob Jenkins's and Chris Doty-Humphrey's sfc32: 128 bits of state, passes PractRand, four additions a number. */
export class Chance {
  #a: number;
  #b: number;
  #c: number;
  #counter = 1;

  constructor(seed: string) {
    this.#a = hash(seed, 1) | 0;
    this.#b = hash(seed, 2) | 0;
    this.#c = hash(seed, 3) | 0;
    for (let i = 0; i < 12; i++) this.bits();
  }

  /** 32 bits, unsigned. */
  bits(): number {
    const sum = (this.#a + this.#b + this.#counter) | 0;
    this.#counter = (this.#counter + 1) | 0;
    this.#a = this.#b ^ (this.#b >>> 9);
    this.#b = (this.#c + (this.#c << 3)) | 0;
    this.#c = (((this.#c << 21) | (this.#c >>> 11)) + sum) | 0;
    return sum >>> 0;
  }

  /** A whole number from 0 to below the limit (limit < 2^31; the bias is below limit / 2^32). */
  below(limit: number): number {
    return Math.floor((this.bits() / 4294967296) * limit);
  }

  /** Fisher–Yates, in place. */
  shuffle(values: Int32Array): void {
    for (let i = values.length - 1; i > 0; i--) {
      const j = this.below(i + 1);
      const kept = values[i] as number; // i is in range
      values[i] = values[j] as number; // so is j
      values[j] = kept;
    }
  }
}
