/**
 * A round of groups of three to five. As many rounds without a repeat as the search finds are planned at once and the
 * first is played, since a round alone spoils the later ones; then people trade places where that serves the mode and
 * costs no repeat; then exclusions are held. Whether fewer repeats were possible is not proved, save at none.
 */
import { circlesOf } from "./halves.ts";
import { type Deal, eachTie } from "./outcome.ts";
import { please } from "./places.ts";
import { EXACT_UP_TO, type Room } from "./room.ts";
import { Sittings } from "./sittings.ts";

/** Looks at a pair of people in one call, a person and at most: up to 40 ms. */
const LOOKS_EACH = 20_000;
const MOST_LOOKS = 2_000_000;
/** In larger rooms a round at a time is enough: nobody gets near the end. */
const PLAN_UP_TO = 400;

/** Sizes of the groups: all `usual`, some larger or smaller by one, whichever leaves the fewest of another size. */
function sizesFor(people: number, usual: number): number[] {
  if (people < 2) return [];
  if (people <= usual + 1) return [people];
  if (people < 2 * usual) return [Math.ceil(people / 2), Math.floor(people / 2)];
  const few = Math.floor(people / usual);
  const larger = people - few * usual;
  const smaller = larger === 0 ? 0 : usual - larger;
  const groups = larger <= smaller && larger <= few ? few : Math.ceil(people / usual);
  const base = Math.floor(people / groups);
  return Array.from({ length: groups }, (_, i) => (i < people - base * groups ? base + 1 : base));
}

export function dealGroups(room: Room, usual: number): Deal {
  if (room.size < 2) return { groups: [], alone: [...room.seats], exact: true };
  const sizes = sizesFor(room.size, usual);
  const line = lineOf(room, sizes.length);
  const groups = room.size <= EXACT_UP_TO ? planned(room, line, sizes) : inGroups(line, sizes);
  please(room, groups);
  return separate(room, groups, usual + 1);
}

/** Everybody in the order of the chairs: circles side by side for bonding, dealt out over the groups for bridging. */
function lineOf(room: Room, groups: number): number[] {
  if (!room.hasCircles || room.mode === "any") return [...room.seats];
  const line = circlesOf(room, room.seats).flat();
  if (room.mode === "bond") return line;
  return Array.from({ length: groups }, (_, group) => line.filter((_, i) => i % groups === group)).flat();
}

function inGroups(line: readonly number[], sizes: readonly number[]): number[][] {
  let start = 0;
  return sizes.map((size) => {
    start += size;
    return line.slice(start - size, start);
  });
}

/** The first round of the longest plan found; a plan is made longer until the looks are used up. */
function planned(room: Room, line: readonly number[], sizes: readonly number[]): number[][] {
  let best = inGroups(line, sizes);
  let looks = Math.min(MOST_LOOKS, LOOKS_EACH * room.size);
  for (let rounds = 1; rounds <= horizon(room, sizes); rounds += Math.max(1, Math.floor(rounds / 8))) {
    const sittings = new Sittings(line, sizes, rounds, pastOf(room), room.chance);
    const settled = sittings.settle(looks);
    looks -= sittings.looks;
    if (settled || rounds === 1) best = sittings.round(0);
    if (!settled) break;
  }
  return best;
}

/** No more rounds than the person with the fewest fresh partners can have. Where the mode has a wish, a round at a time. */
function horizon(room: Room, sizes: readonly number[]): number {
  if (room.size > PLAN_UP_TO || (room.hasCircles && room.mode !== "any")) return 1;
  let least = room.size;
  for (const a of room.seats) {
    let fresh = 0;
    for (const b of room.seats) if (a !== b && room.fresh(a, b)) fresh++;
    least = Math.min(least, fresh);
  }
  return Math.max(1, Math.floor(least / (Math.min(...sizes) - 1)));
}

function pastOf(room: Room): Uint8Array {
  const past = new Uint8Array(room.size * room.size);
  for (const a of room.seats) for (const b of room.seats) past[a * room.size + b] = room.fresh(a, b) ? 0 : 1;
  return past;
}

/** An exclusion is never broken: who cannot stay goes to a group that has room, or forms one, or stays without. */
function separate(room: Room, groups: readonly (readonly number[])[], most: number): Deal {
  const waiting: number[] = [];
  const kept = groups.map((group) => {
    const fine: number[] = [];
    for (const seat of group) (fine.every((other) => room.allowed(seat, other)) ? fine : waiting).push(seat);
    return fine;
  });
  for (const group of kept) if (group.length === 1) waiting.push(...group.splice(0));
  const alone: number[] = [];
  for (const seat of waiting) {
    const fits = (group: readonly number[]): boolean => group.every((other) => room.allowed(seat, other));
    const home = kept.find((group) => group.length > 0 && group.length < most && fits(group));
    const friend = alone.findIndex((other) => room.allowed(seat, other));
    if (home) home.push(seat);
    else if (friend >= 0) kept.push([seat, ...alone.splice(friend, 1)]);
    else alone.push(seat);
  }
  const seated = kept.filter(({ length }) => length > 1);
  return { groups: seated, alone, exact: alone.length === 0 && isFresh(room, seated) };
}

function isFresh(room: Room, groups: readonly (readonly number[])[]): boolean {
  let fresh = true;
  for (const group of groups) {
    eachTie(group, (a, b) => {
      fresh &&= room.times(a, b) === 0;
    });
  }
  return fresh;
}
