/** Who meets whom, for one community now: gathers what pairing looks at, and deals. Writes nothing. */
import type { Hall, Setting } from "./activities/activity.ts";
import { pairRoundAside } from "./pairing/aside.ts";
import { type GroupSize, type Mode, type RoundInput, VERSION } from "./pairing/index.ts";
import { modeOfRound } from "./pairing/plan.ts";
import type { Apart } from "./people/apart.ts";
import type { Participation } from "./people/participation.ts";
import type { Person, PersonId } from "./people/roster.ts";
import { historyOf, notMetIn, type RoundOfPairs, type Rounds } from "./rounds.ts";

export interface DealingHall extends Hall {
  readonly rounds: Rounds;
  readonly participation: Participation;
  readonly apart: Apart;
}

export interface Wish {
  readonly size: GroupSize;
  /** `any` leaves it to the plan: bonding first, then bridging. */
  readonly mode: Mode;
}

/** `id` names the round: the same one, dealt again with the same people and past, is the same. */
export async function deal(hall: DealingHall, setting: Setting, wish: Wish, id: string): Promise<RoundOfPairs> {
  const { community, pack, platform } = setting;
  const rounds = await hall.rounds.of(community.id);
  const people = await hall.participation.present(community, pack, platform, hall.clock.now());
  const present = people.map((person) => person.id).sort();
  const named = circlesOf(people);
  const hasCircles = new Set(Object.values(named)).size > 1;
  const notMet = notMetIn(rounds);
  const mode = modeOfRound(rounds.length, hasCircles, wish.mode === "any" ? undefined : wish.mode);
  const dealt = {
    version: VERSION,
    seed: `${community.seed}/${id}`,
    mode,
    groupSize: wish.size,
    present,
    ...(hasCircles ? { circles: named } : {}),
    exclusions: await hall.apart.among(community.id, present),
    notMet,
  };
  const result = await pairRoundAside(inputOf(dealt, rounds));
  return {
    id,
    number: rounds.length + 1,
    at: hall.clock.now(),
    dealt,
    result,
    groups: result.groups,
    waiting: result.leftOut,
    met: {},
  };
}

/** What a round was dealt from, given the rounds before it. */
export function inputOf(
  { notMet, circles, version: _version, ...dealt }: RoundOfPairs["dealt"],
  before: readonly RoundOfPairs[],
): RoundInput {
  return {
    ...dealt,
    ...(circles ? { circles: new Map(Object.entries(circles)) } : {}),
    history: historyOf(before, notMet),
  };
}

/** The circle that a person named first is the one that counts. */
function circlesOf(people: readonly Person[]): Record<PersonId, string> {
  return Object.fromEntries(people.flatMap((person) => (person.circles[0] ? [[person.id, person.circles[0]]] : [])));
}
