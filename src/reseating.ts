/** How a round that runs changes: who comes late joins it, who is gone leaves it. Nobody is dealt again. */
import { joinRound, type RoundInput } from "./pairing/index.ts";
import type { PersonId } from "./people/roster.ts";
import type { RoundOfPairs } from "./rounds.ts";

/** Somebody joins a group, or somebody who waits; where there is neither, they wait themselves. */
export function seated(round: RoundOfPairs, person: PersonId, input: RoundInput): RoundOfPairs {
  const { result, groups, waiting } = round;
  if ([...groups.flat(), ...waiting.map(({ member }) => member)].includes(person)) return round;
  const joined = joinRound({ ...result, groups, leftOut: waiting }, person, input);
  return { ...round, groups: joined.groups, waiting: joined.leftOut };
}

/** Some leave their group. Whoever would be alone there joins others; the group's place in the round stays, empty. */
export function without(round: RoundOfPairs, gone: readonly PersonId[], input: RoundInput): RoundOfPairs {
  const left = round.groups.map((group) => group.filter((id) => !gone.includes(id)));
  const alone = left.filter(({ length }, at) => length === 1 && round.groups[at]?.length !== 1).flat();
  const groups = left.map((group) => (group.some((id) => alone.includes(id)) ? [] : group));
  return alone.reduce<RoundOfPairs>((now, person) => seated(now, person, input), { ...round, groups });
}

/** Who sits in a group that they were not dealt into: late comers, and those whose own group fell apart. */
export function joinersOf({ groups, result }: RoundOfPairs, at: number): readonly PersonId[] {
  return (groups[at] ?? []).filter((id) => !result.groups[at]?.includes(id));
}
