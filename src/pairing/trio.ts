/**
 * Who sits in the trio of an odd round: those who had fewer such seats than a fair draw would have given them, mutually
 * fresh, and as the mode wishes. Seats less expected seats, not seats alone, or a newcomer would owe the past.
 */

import { int } from "./numbers.ts";
import { eachTie } from "./outcome.ts";
import { EXACT_UP_TO, type Room } from "./room.ts";

export type Trio = readonly [number, number, number];

/** The people a trio is chosen from: few enough to look at all their trios (2,300), enough to find a fresh one. */
const POOL = 25;
const REPEAT = 1_000;
/** A tie against the mode's wish weighs as much as a third of a seat: fairness stays within its bound. */
const UNSUITED = 0.3;

/** Allowed trios, the best first: all of them where no more than 25 people choose, else the fairest, and a fresh one if there is any. */
export function triosOf(room: Room, seats: Int32Array): Trio[] {
  const trios = triosAmong(room, leastFavoured(room, seats, POOL));
  const isFresh = trios[0] !== undefined && repeatsIn(room, trios[0]) === 0;
  if (isFresh || seats.length <= POOL || seats.length > EXACT_UP_TO) return trios;
  const favour = Array.from(seats, (seat) => room.favoured(seat));
  const fresh = fairestTrio(favour, (i, j) => room.fresh(int(seats, i), int(seats, j)));
  return fresh ? [[int(seats, fresh[0]), int(seats, fresh[1]), int(seats, fresh[2])], ...trios] : trios;
}

/** One seat too many weighs more than one too few relieves, so that nobody sits in trios for the others. */
const weight = (favour = 0): number => 4 ** favour;

/**
 * Of all trios whose three ties are open the one with the least favour, by places in `favour`; Infinity keeps somebody
 * out. The line ascends, so each loop ends where it cannot win any more.
 */
export function fairestTrio(favour: readonly number[], isOpen: (a: number, b: number) => boolean): Trio | undefined {
  const line = [...favour.keys()].filter((place) => favour[place] !== Number.POSITIVE_INFINITY);
  line.sort((a, b) => (favour[a] ?? 0) - (favour[b] ?? 0));
  const weights = line.map((place) => weight(favour[place]));
  let best: Trio | undefined;
  let least = Number.POSITIVE_INFINITY;
  for (const [i, a] of line.entries()) {
    const first = weights[i] ?? 0;
    if (3 * first >= least) break;
    for (let j = i + 1; j < line.length && first + 2 * (weights[j] ?? 0) < least; j++) {
      const b = line[j] ?? 0;
      if (!isOpen(a, b)) continue;
      for (let k = j + 1; k < line.length && first + (weights[j] ?? 0) + (weights[k] ?? 0) < least; k++) {
        const c = line[k] ?? 0;
        if (!isOpen(a, c) || !isOpen(b, c)) continue;
        best = [a, b, c];
        least = first + (weights[j] ?? 0) + (weights[k] ?? 0);
      }
    }
  }
  return best;
}

export function repeatsIn(room: Room, trio: Trio): number {
  let repeats = 0;
  eachTie(trio, (a, b) => {
    if (!room.fresh(a, b)) repeats++;
  });
  return repeats;
}

/** Seats with the least favour so far, ties in the seeded order; linear in the room. */
function leastFavoured(room: Room, seats: Int32Array, count: number): number[] {
  const pool: number[] = [];
  for (const seat of seats) {
    const last = pool.at(-1);
    if (pool.length === count && last !== undefined && room.favoured(last) <= room.favoured(seat)) continue;
    let at = pool.length;
    while (at > 0 && room.favoured(pool[at - 1] ?? 0) > room.favoured(seat)) at--;
    pool.splice(at, 0, seat);
    if (pool.length > count) pool.pop();
  }
  return pool;
}

function triosAmong(room: Room, pool: readonly number[]): Trio[] {
  const found: { trio: Trio; cost: number }[] = [];
  for (const [k, c] of pool.entries()) {
    for (let j = 0; j < k; j++) {
      const b = pool[j] ?? 0;
      if (!room.allowed(b, c)) continue;
      for (let i = 0; i < j; i++) {
        const a = pool[i] ?? 0;
        if (room.allowed(a, b) && room.allowed(a, c)) found.push({ trio: [a, b, c], cost: costOf(room, [a, b, c]) });
      }
    }
  }
  return found.sort((one, other) => one.cost - other.cost).map(({ trio }) => trio);
}

function costOf(room: Room, trio: Trio): number {
  let cost = 0;
  for (const seat of trio) cost += weight(room.favoured(seat));
  eachTie(trio, (a, b) => {
    if (!room.fresh(a, b)) cost += REPEAT;
    if (!room.suits(a, b)) cost += UNSUITED;
  });
  return cost;
}
