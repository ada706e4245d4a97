/**
 * Who sits in the trio of an odd round: those who had fewer such seats than a fair draw would have given them, mutually
 * fresh, and as the mode wishes. Seats less expected seats, not seats alone, or a newcomer would owe the past.
 */
import { eachTie } from "./outcome.ts";
import type { Room } from "./room.ts";

export type Trio = readonly [number, number, number];

/** The people a trio is chosen from: few enough to look at all their trios (2,300), enough to find a fresh one. */
const POOL = 25;
const REPEAT = 1_000;
/** A tie against the mode's wish weighs as much as a third of a seat: fairness stays within its bound. */
const UNSUITED = 0.3;

/** Allowed trios, the best first; all of them where no more than 25 people choose. */
export function triosOf(room: Room, seats: Int32Array): Trio[] {
  for (let size = POOL; ; size *= 2) {
    const pool = leastFavoured(room, seats, size);
    const trios = triosAmong(room, pool);
    if (pool.length === seats.length || trios.some((trio) => repeatsIn(room, trio) === 0) || size > 4 * POOL)
      return trios;
  }
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
  for (const seat of trio) cost += 4 ** room.favoured(seat); // one seat too many weighs more than one too few relieves
  eachTie(trio, (a, b) => {
    if (!room.fresh(a, b)) cost += REPEAT;
    if (!room.suits(a, b)) cost += UNSUITED;
  });
  return cost;
}
