/**
 * The best pairs there are, by cost in tiers, each of which outweighs all that is below it together: exclusion (no edge
 * at all) > repeat > how often and how lately > against the mode's wish > who bridged more already.
 */
import { Blossom, NEVER } from "./blossom.ts";
import { int } from "./numbers.ts";
import type { Room } from "./room.ts";

/** Tiers are capped so that a whole round's cost stays below 2^50, where numbers are still whole. */
const MOST_AGAIN = 15;
const MOST_AGE = 31;
const MOST_BRIDGED = 31;

export type Answer =
  | { readonly pairs: Int32Array; readonly alone: readonly number[] }
  /** No way to pair all: how many stay alone at least, and who might be the one. */
  | { readonly lonely: number; readonly mayStay: readonly number[] };

/** `draft` is a matching to start from, two by two. `alone` people may stay without a partner. */
export function solve(room: Room, seats: Int32Array, draft: Int32Array, alone = 0): Answer {
  const n = seats.length + alone;
  const blossom = new Blossom(n, costs(room, seats, n), startOf(seats, draft, n));
  const mates = blossom.solve();
  if (!mates) return { lonely: blossom.lonely, mayStay: [...seats].filter((_, i) => blossom.mayStay(i)) };
  const pairs: number[] = [];
  const left: number[] = [];
  seats.forEach((seat, i) => {
    const mate = int(mates, i);
    if (mate >= seats.length) left.push(seat);
    else if (i < mate) pairs.push(seat, seats[mate] ?? 0);
  });
  return { pairs: Int32Array.from(pairs), alone: left };
}

function startOf(seats: Int32Array, draft: Int32Array, n: number): Int32Array {
  const place = new Map(Array.from(seats, (seat, i) => [seat, i]));
  const start = new Int32Array(n).fill(-1);
  for (let i = 0; i < draft.length; i += 2) {
    const [a, b] = [place.get(int(draft, i)), place.get(int(draft, i + 1))];
    if (a === undefined || b === undefined) continue;
    start[a] = b;
    start[b] = a;
  }
  return start;
}

/** Places from seats.length on are nobody: who is matched to one stays alone, and that costs nothing more. */
function costs(room: Room, seats: Int32Array, n: number): Float64Array {
  const square = new Float64Array(n * n).fill(NEVER);
  const price = prices(room, n / 2);
  seats.forEach((a, i) => {
    for (let j = i + 1; j < n; j++) {
      const b = seats[j];
      const cost = b === undefined ? 0 : price(a, b);
      square[i * n + j] = square[j * n + i] = cost;
    }
  });
  return square;
}

function prices(room: Room, pairs: number): (a: number, b: number) => number {
  const wish = MOST_BRIDGED * pairs + 1;
  const again = (wish + MOST_BRIDGED) * pairs + 1;
  const repeat = (again * (MOST_AGAIN + 1) * (MOST_AGE + 1) + wish + MOST_BRIDGED) * pairs + 1;
  const least = room.leastBridged;
  const bridging = room.hasCircles && room.mode === "bridge";
  return (a, b) => {
    if (!room.allowed(a, b)) return NEVER;
    let cost = room.suits(a, b) ? 0 : wish;
    if (bridging && room.across(a, b)) cost += Math.min(MOST_BRIDGED, room.bridged(a) + room.bridged(b) - 2 * least);
    if (room.fresh(a, b)) return cost;
    const often = Math.min(MOST_AGAIN, room.times(a, b) - room.level - 1);
    const lately = MOST_AGE - Math.min(MOST_AGE, room.age(a, b));
    return cost + repeat + again * (often * (MOST_AGE + 1) + lately);
  };
}
