/**
 * A first draft of the pairs that already has as many ties of the wished kind as there can be.
 *
 * Bridging: with people sorted by circle, i and i + half are of one circle only where that circle spans more than half
 * of the line, so the draft reaches min(⌊m/2⌋, m − the largest circle), which no round can exceed: each tie across
 * takes somebody from outside the largest circle. Bonding: neighbours in the sorted line, each circle's odd one moved
 * to the end, reaches the sum of ⌊circle/2⌋. Otherwise neighbours in the seeded order are as good as any.
 */
import { int } from "./numbers.ts";
import type { Room } from "./room.ts";

/** The largest number of pairs that suit the mode among these seats. */
export function mostSuited(room: Room, seats: readonly number[]): number {
  const pairs = Math.floor(seats.length / 2);
  if (!room.hasCircles || room.mode === "any") return pairs;
  const sizes = circlesOf(room, seats).map((circle) => circle.length);
  if (room.mode === "bond") return sizes.reduce((sum, size) => sum + Math.floor(size / 2), 0);
  return Math.min(pairs, seats.length - sizes.reduce((largest, size) => Math.max(largest, size), 0));
}

/** An even number of seats -> the same seats, two by two. */
export function draft(room: Room, seats: readonly number[]): Int32Array {
  if (!room.hasCircles || room.mode === "any") return Int32Array.from(seats);
  const circles = circlesOf(room, seats).sort((a, b) => b.length - a.length);
  if (room.mode === "bond") return bonding(circles);
  const [largest = []] = circles;
  const half = seats.length / 2;
  circles[0] = seatLargest(room, largest, largest.length - half);
  const line = circles.flat();
  return Int32Array.from(line, (_, i) => line[i % 2 === 0 ? i / 2 : (i - 1) / 2 + half] ?? 0);
}

function bonding(circles: readonly (readonly number[])[]): Int32Array {
  const even = circles.flatMap((circle) => circle.slice(0, circle.length - (circle.length % 2)));
  const odd = circles.flatMap((circle) => circle.slice(circle.length - (circle.length % 2)));
  return Int32Array.from([...even, ...odd]);
}

/** Where the largest circle cannot bridge whole, those who bridged most stand at its ends, which meet each other. */
function seatLargest(room: Room, circle: readonly number[], within: number): number[] {
  const order = [...circle].sort((a, b) => room.bridged(b) - room.bridged(a));
  if (within <= 0) return order;
  return [...order.slice(0, within), ...order.slice(2 * within), ...order.slice(within, 2 * within)];
}

/** Seats by circle, in the seeded order. */
export function circlesOf(room: Room, seats: readonly number[]): number[][] {
  const circles = new Map<number, number[]>();
  for (const seat of seats) {
    const circle = int(room.circle, seat);
    const there = circles.get(circle);
    if (there) there.push(seat);
    else circles.set(circle, [seat]);
  }
  return [...circles.values()];
}
