/** A round of pairs, step by step. */
import { Blossom, NEVER } from "./blossom.ts";
import type { Deal } from "./outcome.ts";
import { EXACT_UP_TO, type Room } from "./room.ts";

export function dealPairs(room: Room): Deal {
  const seats = Array.from({ length: room.size }, (_, seat) => seat);
  if (room.size < 2) return { groups: [], alone: seats, exact: true };
  const trio = room.size % 2 === 1 ? chooseTrio(room) : undefined;
  const rest = trio ? seats.filter((seat) => !trio.includes(seat)) : seats;
  const { groups, alone } = room.size <= EXACT_UP_TO ? solve(room, rest) : greedy(room, rest);
  if (trio) groups.push(trio);
  return { groups, alone: seatAlone(room, groups, alone), exact: false };
}

function chooseTrio(room: Room): number[] | undefined {
  const seats = Array.from({ length: room.size }, (_, seat) => seat).sort(
    (a, b) => room.favoured(a) - room.favoured(b),
  );
  for (const fits of [(a: number, b: number) => room.fresh(a, b), (a: number, b: number) => room.allowed(a, b)]) {
    for (const a of seats) {
      for (const b of seats) {
        if (b === a || !fits(a, b)) continue;
        const c = seats.find((seat) => seat !== a && seat !== b && fits(a, seat) && fits(b, seat));
        if (c !== undefined) return [a, b, c];
      }
    }
  }
  return undefined;
}

function solve(room: Room, rest: readonly number[]): { groups: number[][]; alone: number[] } {
  for (let spare = rest.length % 2; ; spare += 2) {
    const n = rest.length + spare;
    const cost = new Float64Array(n * n).fill(NEVER);
    for (let a = 0; a < rest.length; a++) {
      for (let b = 0; b < n; b++) {
        if (a === b) continue;
        const price = b >= rest.length ? 0 : costOf(room, rest[a] ?? 0, rest[b] ?? 0);
        cost[a * n + b] = cost[b * n + a] = price;
      }
    }
    const mates = new Blossom(n, cost).solve();
    if (!mates) continue;
    const groups: number[][] = [];
    const alone: number[] = [];
    rest.forEach((seat, a) => {
      const b = mates[a] ?? 0;
      if (b >= rest.length) alone.push(seat);
      else if (a < b) groups.push([seat, rest[b] ?? 0]);
    });
    return { groups, alone };
  }
}

function costOf(room: Room, a: number, b: number): number {
  if (!room.allowed(a, b)) return NEVER;
  return Math.min(room.times(a, b), 40) * 10_000 + (room.suits(a, b) ? 0 : 1);
}

function greedy(room: Room, rest: readonly number[]): { groups: number[][]; alone: number[] } {
  const waiting: number[] = [];
  const groups: number[][] = [];
  for (const seat of rest) {
    const at = waiting.findIndex((other) => room.fresh(other, seat));
    const [other] = at < 0 ? [] : waiting.splice(at, 1);
    if (other === undefined) waiting.push(seat);
    else groups.push([other, seat]);
  }
  const alone: number[] = [];
  for (const seat of waiting) {
    const at = alone.findIndex((other) => room.allowed(other, seat));
    const [other] = at < 0 ? [] : alone.splice(at, 1);
    if (other === undefined) alone.push(seat);
    else groups.push([other, seat]);
  }
  return { groups, alone };
}

function seatAlone(room: Room, groups: number[][], alone: readonly number[]): number[] {
  return alone.filter((seat) => {
    const group = groups.find((pair) => pair.length === 2 && pair.every((other) => room.allowed(seat, other)));
    group?.push(seat);
    return !group;
  });
}
