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

/**
 * `pairs` are seats two by two and are changed in place; `suited` is how many pairs of the wished kind there can be.
 * True: nothing is wrong that could be right.
 */
export function mend(room: Room, pairs: Int32Array, suited: number): boolean {
  // Every pair with something wrong is in here: those of the draft, and those that a swap touched.
  const doubtful = badPairs(room, pairs);
  const unavoidable = pairs.length / 2 - suited;
  let unsuited = doubtful.filter((i) => !room.suits(int(pairs, i), int(pairs, i + 1))).length;
  let looks = MOST_LOOKS;
  for (let gained = 1; gained > 0 && looks > 0; ) {
    gained = 0;
    for (const i of doubtful.slice()) {
      const cost = costOf(room, int(pairs, i), int(pairs, i + 1));
      if (cost === 0 || (cost === 1 && unsuited <= unavoidable)) continue;
      const swap = swapOne(room, pairs, i, cost);
      looks -= swap.looked;
      if (swap.gain === 0) continue;
      gained += swap.gain;
      unsuited -= swap.suited;
      doubtful.push(swap.with);
    }
  }
  return unsuited <= unavoidable && doubtful.every((i) => room.fresh(int(pairs, i), int(pairs, i + 1)));
}

function badPairs(room: Room, pairs: Int32Array): number[] {
  const bad: number[] = [];
  for (let i = 0; i < pairs.length; i += 2) if (costOf(room, int(pairs, i), int(pairs, i + 1)) > 0) bad.push(i);
  return bad;
}

/** What is wrong with two being a pair: 0 is nothing, 1 is against the mode's wish. */
export function costOf(room: Room, a: number, b: number): number {
  const wish = room.suits(a, b) ? 0 : 1;
  if (room.fresh(a, b)) return wish;
  return wish + (room.allowed(a, b) ? REPEAT : BARRED);
}

interface Swap {
  readonly gain: number;
  /** More pairs of the wished kind than before. */
  readonly suited: number;
  readonly with: number;
  readonly looked: number;
}

/** Swaps pair i with the first pair that leaves nothing wrong, else with the one that lowers the cost most. */
function swapOne(room: Room, pairs: Int32Array, i: number, cost: number): Swap {
  const half = pairs.length / 2;
  const [a, b] = [int(pairs, i), int(pairs, i + 1)];
  const offset = room.chance.below(half);
  let best = { gain: 0, with: -1, crossed: false, suited: 0 };
  let looked = 0;
  for (; looked < half; looked++) {
    const j = 2 * ((looked + offset) % half);
    if (j === i) continue;
    const [c, d] = [int(pairs, j), int(pairs, j + 1)];
    const before = cost + costOf(room, c, d);
    const straight = costOf(room, a, c) + costOf(room, b, d);
    const crossed = costOf(room, a, d) + costOf(room, b, c);
    const after = Math.min(straight, crossed);
    if (before - after > best.gain) {
      const suited = (before % REPEAT) - (after % REPEAT);
      best = { gain: before - after, with: j, crossed: crossed < straight, suited };
    }
    if (after === 0) break;
  }
  if (best.with < 0) return { ...best, looked };
  const at = best.crossed ? best.with + 1 : best.with;
  // (a, b)(c, d) becomes (a, c)(d, b), or (a, d)(c, b).
  pairs[i + 1] = int(pairs, at);
  pairs[at] = b;
  return { ...best, looked };
}
