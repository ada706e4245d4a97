/** The only source of chance. Everything else is handed a `Chance`, so that a test or a simulation can seed it. */
import { createHash, hash, randomBytes } from "node:crypto";
import { uniformInt } from "pure-rand/distribution/uniformInt";
import { xoroshiro128plus } from "pure-rand/generator/xoroshiro128plus";

export interface Chance {
  /** A new identifier: 13 characters of a-z and 2-7, 65 bits. */
  id(): string;
  /** 32 bytes in base64url, for signing. */
  secret(): string;
}

const ALPHABET = "abcdefghijklmnopqrstuvwxyz234567";

/** RFC 4648 base32 in lower case, cut to `length`; safe in ids, file names and on every platform. */
function base32(bytes: Uint8Array, length: number): string {
  let bits = 0;
  let value = 0;
  let out = "";
  for (const byte of bytes) {
    value = ((value << 8) | byte) & 0xffff;
    bits += 8;
    while (bits >= 5 && out.length < length) {
      bits -= 5;
      out += ALPHABET.charAt((value >>> bits) & 31);
    }
  }
  return out;
}

/** A short name for a long one: the same in, the same out; 25 characters by default are 125 bits of SHA-256. */
export function digest(name: string, length = 25): string {
  return base32(hash("sha256", name, "buffer"), length);
}

export const systemChance: Chance = {
  id: () => base32(randomBytes(9), 13),
  secret: () => randomBytes(32).toString("base64url"),
};

/** The same seed gives the same ids. */
export function seededChance(seed: string): Chance {
  let drawn = 0;
  return {
    id: () => digest(`${seed}/id/${drawn++}`, 13),
    secret: () => createHash("sha256").update(`${seed}/secret/${drawn++}`).digest("base64url"),
  };
}

/** A shuffled copy, the same for the same seed (Fisher–Yates). */
export function shuffled<Item>(items: readonly Item[], seed: string): Item[] {
  const draw = xoroshiro128plus(createHash("sha256").update(seed).digest().readInt32LE(0));
  const deck = [...items];
  for (let last = deck.length - 1; last > 0; last--) {
    const other = uniformInt(draw, 0, last);
    const [a, b] = [deck[last], deck[other]];
    if (a !== undefined && b !== undefined) [deck[last], deck[other]] = [b, a];
  }
  return deck;
}
