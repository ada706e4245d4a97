/**
 * How connected the room is, in a few numbers: never about a person, never a ranking, and nothing that would tell
 * about a circle of fewer than five people.
 */
import { Chance } from "./chance.ts";
import type { HeldRound } from "./history.ts";
import { eachTie } from "./outcome.ts";

/** Fewer people than this in a circle, and a share would speak about persons. */
const SMALLEST_CIRCLE = 5;
/** Distances are walked from at most so many people; beyond, a fixed sample stands for all. */
const WALKS = 200;

export interface RoomWeb {
  readonly people: number;
  /** Pairs of people, both in the room, who met. */
  readonly ties: number;
  /** Pieces of the web: people with no way between them, however long, are in two. */
  readonly pieces: number;
  /** Steps between two people on average, over those who are within reach; undefined while nobody is. */
  readonly meanDistance: number | undefined;
  /** Of the ties between people in circles of five or more, the share that goes across; undefined where that is none or would tell. */
  readonly acrossShare: number | undefined;
}

/** `people` are those in the room now; meetings with others are left out. */
export function webOf(
  people: readonly string[],
  rounds: Iterable<HeldRound>,
  circles?: ReadonlyMap<string, string>,
): RoomWeb {
  const neighbours = neighboursOf(people, rounds);
  const ties = neighbours.reduce((sum, met) => sum + met.size, 0) / 2;
  return {
    people: neighbours.length,
    ties,
    pieces: piecesOf(neighbours),
    meanDistance: meanDistanceOf(neighbours),
    acrossShare: circles && acrossShareOf([...new Set(people)], neighbours, circles),
  };
}

function neighboursOf(people: readonly string[], rounds: Iterable<HeldRound>): Set<number>[] {
  const numbers = new Map([...new Set(people)].map((member, number) => [member, number]));
  const neighbours = Array.from(numbers, () => new Set<number>());
  for (const round of rounds) {
    for (const group of round) {
      const here = group.flatMap((member) => numbers.get(member) ?? []);
      eachTie(here, (a, b) => {
        neighbours[a]?.add(b);
        neighbours[b]?.add(a);
      });
    }
  }
  return neighbours;
}

/** Steps from one person to each, -1 where there is no way. */
function distancesFrom(start: number, neighbours: readonly Set<number>[]): number[] {
  const steps = neighbours.map(() => -1);
  steps[start] = 0;
  const queue = [start];
  for (const at of queue) {
    for (const next of neighbours[at] ?? []) {
      if (steps[next] !== -1) continue;
      steps[next] = (steps[at] ?? 0) + 1;
      queue.push(next);
    }
  }
  return steps;
}

function piecesOf(neighbours: readonly Set<number>[]): number {
  const seen = new Set<number>();
  let pieces = 0;
  for (const start of neighbours.keys()) {
    if (seen.has(start)) continue;
    pieces++;
    seen.add(start);
    const queue = [start];
    for (const at of queue) {
      for (const next of neighbours[at] ?? []) {
        if (!seen.has(next)) queue.push(next);
        seen.add(next);
      }
    }
  }
  return pieces;
}

function meanDistanceOf(neighbours: readonly Set<number>[]): number | undefined {
  const starts = Int32Array.from(neighbours.keys());
  if (starts.length > WALKS) new Chance(`web/${starts.length}`).shuffle(starts);
  let steps = 0;
  let reached = 0;
  for (const start of starts.slice(0, WALKS)) {
    for (const distance of distancesFrom(start, neighbours)) {
      if (distance <= 0) continue;
      steps += distance;
      reached++;
    }
  }
  return reached === 0 ? undefined : steps / reached;
}

function acrossShareOf(
  people: readonly string[],
  neighbours: readonly Set<number>[],
  circles: ReadonlyMap<string, string>,
): number | undefined {
  const sizes = new Map<string, number>();
  const circleOf = people.map((member) => circles.get(member));
  for (const circle of circleOf) if (circle !== undefined) sizes.set(circle, (sizes.get(circle) ?? 0) + 1);
  const large = circleOf.map((c) => (c !== undefined && (sizes.get(c) ?? 0) >= SMALLEST_CIRCLE ? c : undefined));
  // With one large circle every tie would be within it, and the share would only tell about that circle.
  if (new Set(large.filter((circle) => circle !== undefined)).size < 2) return undefined;
  let across = 0;
  let all = 0;
  neighbours.forEach((met, a) => {
    for (const b of met) {
      const [one, other] = [large[a], large[b]];
      if (b < a || one === undefined || other === undefined) continue;
      all++;
      if (one !== other) across++;
    }
  });
  return all === 0 ? undefined : across / all;
}
