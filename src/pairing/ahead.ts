/**
 * Looking ahead: where the rounds that are left can be counted, deal them all and play one. Rounds dealt one at a time
 * use up the ties so that the last ones do not fit together any more. With n even and nobody joining or leaving this
 * gives all n − 1 rounds; with n odd up to n(n−1)/(n+3), which no schedule exceeds, since a round with a trio uses
 * (n+3)/2 of the n(n−1)/2 ties. What it returns is proved right (no repeat, all as the mode wishes); that the later
 * rounds exist is proved by the plan, that no longer plan exists is not.
 */
import { mostSuited } from "./halves.ts";
import { byte, int } from "./numbers.ts";
import type { Deal } from "./outcome.ts";
import type { Room } from "./room.ts";
import { Timetable } from "./timetable.ts";
import { fairestTrio, type Trio } from "./trio.ts";
import { Weave } from "./weave.ts";

/** Larger rooms do not come near saturation. */
const ROOM_UP_TO = 400;
/** Small rooms are planned from the first round, larger ones when so many rounds are left. */
const WHOLE_UP_TO = 41;
const LAST_ROUNDS = 24;
/** Steps of the search in one attempt, and twice the hours to fill on top: a few milliseconds. */
const STEPS = 1_000;

interface Plan {
  readonly table: Timetable;
  readonly trios: readonly Trio[];
  readonly rounds: number;
}

/** A round without a repeat that suits the mode throughout, and after which as many are possible as we can see. */
export function lookAhead(room: Room): Deal | undefined {
  if (room.size < 4 || room.size > ROOM_UP_TO || (room.hasCircles && room.mode === "bond")) return undefined;
  if (mostSuited(room, room.seats) < Math.floor(room.size / 2)) return undefined;
  const most = roundsLeft(room);
  if (most < 1 || most > (room.size <= WHOLE_UP_TO ? WHOLE_UP_TO : LAST_ROUNDS)) return undefined;
  for (const [attempt, rounds] of aims(room, most).entries()) {
    const plan = rounds > 0 ? planFor(room, rounds, attempt) : undefined;
    if (plan) return { groups: choose(room, plan), alone: [], exact: true };
  }
  return undefined;
}

/**
 * Rounds to plan for, attempt by attempt. More persistent where a shorter plan loses much and an attempt is cheap: with
 * few rounds left, and in a small odd room, of which few timetables of full length exist.
 */
function aims(room: Room, most: number): number[] {
  const smallOdd = room.size % 2 === 1 && room.size >= 9 && room.size <= 15;
  const persistence = smallOdd ? 30 : most <= 4 ? 20 : 4;
  return [
    ...Array.from({ length: persistence }, () => most),
    most - 1,
    most - 1,
    most - 2,
    most - 3,
    Math.ceil(most / 2),
  ];
}

/** How many clean rounds there can be at most: by the person with the fewest fresh partners, and by the ties that a round uses. */
function roundsLeft(room: Room): number {
  const open = openPairs(room);
  const degrees = degreesOf(open, room.size);
  const least = degrees.reduce((min, degree) => Math.min(min, degree), room.size);
  if (room.size % 2 === 0) return least;
  const ties = degrees.reduce((sum, degree) => sum + degree, 0);
  return Math.min(least, Math.floor(ties / (room.size + 3)));
}

function openPairs(room: Room): Uint8Array {
  const { size } = room;
  const open = new Uint8Array(size * size);
  for (let a = 0; a < size; a++) {
    for (let b = 0; b < a; b++) {
      if (room.fresh(a, b) && room.suits(a, b)) open[a * size + b] = open[b * size + a] = 1;
    }
  }
  return open;
}

function degreesOf(open: Uint8Array, size: number): Int32Array {
  const degrees = new Int32Array(size);
  for (let a = 0; a < size; a++) {
    let degree = 0;
    for (let pair = a * size; pair < (a + 1) * size; pair++) degree += byte(open, pair);
    degrees[a] = degree;
  }
  return degrees;
}

function planFor(room: Room, rounds: number, attempt: number): Plan | undefined {
  const open = openPairs(room);
  const trios = room.size % 2 === 0 ? [] : triosFor(room, rounds, open, attempt);
  if (trios === undefined) return undefined;
  const taken = trios.flatMap((trio, round) => trio.map((seat) => seat * rounds + round));
  const table = new Timetable(room.size, rounds, open, taken, room.chance);
  return table.fill(STEPS + 2 * room.size * rounds) ? { table, trios, rounds } : undefined;
}

/** One trio a round, no tie twice, the seats spread fairly, nobody left with fewer partners than rounds. */
function triosFor(room: Room, rounds: number, open: Uint8Array, attempt: number): Trio[] | undefined {
  // Each attempt weighs fairness a little less, so that it does not try the same trios again.
  const favour = Array.from(
    { length: room.size },
    (_, seat) => room.favoured(seat) + (room.chance.below(100) / 1_000) * (1 + attempt),
  );
  const spare = degreesOf(open, room.size).map((degree) => degree - rounds);
  const trios: Trio[] = [];
  for (let round = 0; round < rounds; round++) {
    const able = favour.map((seats, seat) => (int(spare, seat) > 0 ? seats : Number.POSITIVE_INFINITY));
    const trio = fairestTrio(able, (a, b) => byte(open, a * room.size + b) === 1);
    if (!trio) return undefined;
    trios.push(trio);
    for (const a of trio) {
      favour[a] = (favour[a] ?? 0) + 1;
      spare[a] = int(spare, a) - 1;
      for (const b of trio) open[a * room.size + b] = 0;
    }
  }
  return trios;
}

/** Of the planned rounds, one that leaves the web in the fewest pieces; with trios, the one that is owed most. */
function choose(room: Room, plan: Plan): number[][] {
  const weave = new Weave(room);
  let best = { groups: [] as number[][], cost: Number.POSITIVE_INFINITY };
  for (let round = 0; round < plan.rounds && best.cost > 0; round++) {
    const groups = groupsOf(plan, round);
    const owed = (plan.trios[round] ?? []).reduce((sum, seat) => sum + room.favoured(seat) + 100, 0);
    const cost = owed + (weave.pieces(groups) - 1) * 1_000;
    if (cost < best.cost) best = { groups, cost };
  }
  weave.join(best.groups);
  return best.groups;
}

function groupsOf(plan: Plan, round: number): number[][] {
  const groups: number[][] = [];
  plan.table.round(round).forEach((partner, seat) => {
    if (partner > seat) groups.push([seat, partner]);
  });
  const trio = plan.trios[round];
  if (trio) groups.push([...trio]);
  return groups;
}
