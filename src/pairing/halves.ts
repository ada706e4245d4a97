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
export function mostSuited(room: Room, seats: Int32Array): number {
  const pairs = Math.floor(seats.length / 2);
  if (!room.hasCircles || room.mode === "any") return pairs;
  const sizes = circlesOf(room, seats).map((circle) => circle.length);
  if (room.mode === "bond") return sizes.reduce((sum, size) => sum + Math.floor(size / 2), 0);
  return Math.min(pairs, seats.length - sizes.reduce((largest, size) => Math.max(largest, size), 0));
}

/** An even number of seats -> the same seats, two by two. */
export function draft(room: Room, seats: Int32Array): Int32Array {
  if (!room.hasCircles || room.mode === "any") return seats.slice();
  const circles = circlesOf(room, seats).sort((a, b) => b.length - a.length);
  if (room.mode === "bond") return bonding(circles);
  const [largest = []] = circles;
  const half = seats.length / 2;
  circles[0] = seatLargest(room, largest, largest.length - half);
  const pairs = new Int32Array(seats.length);
  let place = 0;
  for (const circle of circles) {
    for (const seat of circle) {
      pairs[place < half ? 2 * place : 2 * (place - half) + 1] = seat;
      place++;
    }
  }
  return pairs;
}

function bonding(circles: readonly (readonly number[])[]): Int32Array {
  const even = circles.flatMap((circle) => circle.slice(0, circle.length - (circle.length % 2)));
  const odd = circles.flatMap((circle) => circle.slice(circle.length - (circle.length % 2)));
  return Int32Array.from([...even, ...odd]);
}

/** Where the largest circle cannot bridge whole, those who bridged most stand at its ends, which meet each other. */
function seatLargest(room: Room, circle: readonly number[], within: number): number[] {
  if (within <= 0) return [...circle];
  const order = [...circle].sort((a, b) => room.bridged(b) - room.bridged(a));
  return [...order.slice(0, within), ...order.slice(2 * within), ...order.slice(within, 2 * within)];
}

/** Seats by circle, in the seeded order. */
export function circlesOf(room: Room, seats: Int32Array): number[][] {
  const circles: number[][] = [];
  const numbers = new Int32Array(2 * room.size + 1).fill(-1);
  for (let i = 0; i < seats.length; i++) {
    const seat = int(seats, i);
    const circle = int(room.circle, seat);
    const number = int(numbers, circle);
    if (number >= 0) circles[number]?.push(seat);
    else numbers[circle] = circles.push([seat]) - 1;
  }
  return circles;
}
