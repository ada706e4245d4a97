/**
 * Mends a draft by swaps between two pairs. Every swap lowers the cost, so it ends.
 *
 * Why it removes all repeats while everybody has at least m/2 allowed partners they did not meet: for a bad pair
 * (a, b), the m/2 − 1 other pairs (c, d) hold at least m fresh ties of a and b, more than two a pair; so some (c, d)
 * has three of the four, and (a, c)(b, d) or (a, d)(b, c) is fresh. For the wish of the mode it is only good; the
 * certificate says whether it sufficed.
 */
import { int } from "./numbers.ts";
import type { Room } from "./room.ts";

const BARRED = 1_000_000;
const REPEAT = 1_000;
/** A stop for rooms of thousands near saturation, where no swap helps: about a second. */
const MOST_LOOKS = 30_000_000;

/** `pairs` are seats two by two and are changed in place; `suited` is how many pairs of the wished kind are enough. */
export function mend(room: Room, pairs: Int32Array, suited: number): void {
  let looks = MOST_LOOKS;
  for (let pass = 0; pass < 4 && looks > 0; pass++) {
    let unsuited = countUnsuited(room, pairs) - (pairs.length / 2 - suited);
    let mended = 0;
    for (let i = 0; i < pairs.length && looks > 0; i += 2) {
      const cost = costOf(room, int(pairs, i), int(pairs, i + 1));
      if (cost === 0 || (cost === 1 && unsuited <= 0)) continue;
      const { gain, looked } = swapOne(room, pairs, i, cost);
      looks -= looked;
      unsuited -= gain % REPEAT;
      mended += gain;
    }
    if (mended === 0) return;
  }
}

/** What is wrong with two being a pair: 0 is nothing, 1 is against the mode's wish. */
export function costOf(room: Room, a: number, b: number): number {
  const wish = room.suits(a, b) ? 0 : 1;
  if (room.fresh(a, b)) return wish;
  return wish + (room.allowed(a, b) ? REPEAT : BARRED);
}

export function countUnsuited(room: Room, pairs: Int32Array): number {
  let count = 0;
  for (let i = 0; i < pairs.length; i += 2) if (!room.suits(int(pairs, i), int(pairs, i + 1))) count++;
  return count;
}

/** Swaps pair i with the first pair that leaves nothing wrong, else with the one that lowers the cost most. */
function swapOne(room: Room, pairs: Int32Array, i: number, cost: number): { gain: number; looked: number } {
  const half = pairs.length / 2;
  const [a, b] = [int(pairs, i), int(pairs, i + 1)];
  const offset = room.chance.below(half);
  let best = { gain: 0, j: -1, crossed: false };
  let looked = 0;
  for (; looked < half; looked++) {
    const j = 2 * ((looked + offset) % half);
    if (j === i) continue;
    const [c, d] = [int(pairs, j), int(pairs, j + 1)];
    const before = cost + costOf(room, c, d);
    const straight = before - costOf(room, a, c) - costOf(room, b, d);
    const crossed = before - costOf(room, a, d) - costOf(room, b, c);
    const gain = Math.max(straight, crossed);
    if (gain > best.gain) best = { gain, j, crossed: crossed > straight };
    if (gain === before) break;
  }
  if (best.j < 0) return { gain: 0, looked };
  const at = best.crossed ? best.j + 1 : best.j;
  pairs[i + 1] = int(pairs, at);
  pairs[at] = b;
  return { gain: best.gain, looked };
}
