/** The rounds of pairs of a community: written before anything is sent, what became of each group, and how to check a deal. */
import { digest } from "./chance.ts";
import type { CommunityId } from "./communities.ts";
import { InTurn } from "./in-turn.ts";
import { type GroupSize, History, type Mode, type Round } from "./pairing/index.ts";
import { type Verdict, verifyRound } from "./pairing/verify.ts";
import type { PersonId } from "./people/roster.ts";
import type { Instant } from "./platform.ts";
import { asWritten, collection } from "./store/collection.ts";
import type { Store, Write } from "./store/store.ts";

export interface RoundOfPairs {
  readonly id: string;
  /** Counts the community's rounds from 1. */
  readonly number: number;
  readonly at: Instant;
  /** All that the deal looked at, so that anyone can deal it again. */
  readonly dealt: {
    readonly version: number;
    readonly seed: string;
    readonly mode: Mode;
    readonly groupSize: GroupSize;
    readonly present: readonly PersonId[];
    /** Person to circle, as it was then; absent where there were not two circles to bridge. */
    readonly circles?: Readonly<Record<PersonId, string>>;
    readonly exclusions: readonly (readonly [PersonId, PersonId])[];
    /** The groups of earlier rounds that had said by then that they did not meet, as `round:group`. */
    readonly notMet: readonly string[];
  };
  readonly result: Round;
  /** As they are now: a late comer may have joined one. */
  readonly groups: Round["groups"];
  readonly waiting: Round["leftOut"];
  /** By group: what its people said last. A group that said nothing counts as met in pairing and as planned in the harvest. */
  readonly met: Readonly<Record<string, boolean>>;
  /** Somebody in it has been forgotten since: it cannot be dealt again. */
  readonly incomplete?: true;
}

/** Two people of one round's group. */
export interface Tie {
  readonly people: readonly [PersonId, PersonId];
  readonly at: Instant;
  readonly state: "met" | "planned" | "not-met";
}

export const roundId = (occurrence: string): string => digest(occurrence, 12);

export class Rounds {
  readonly #store: Store;
  readonly #inTurn = new InTurn();

  constructor(store: Store) {
    this.#store = store;
  }

  get(community: CommunityId, id: string): Promise<RoundOfPairs | undefined> {
    return this.#records.get(community, id);
  }

  async of(community: CommunityId): Promise<RoundOfPairs[]> {
    const all: RoundOfPairs[] = [];
    for await (const { value } of this.#records.all([community])) all.push(value);
    return all.sort((a, b) => a.number - b.number);
  }

  /** Reads, changes and writes, one change after the other; resolves with what stands now, or nothing where there is no such round. */
  change(
    community: CommunityId,
    id: string,
    how: (now: RoundOfPairs) => RoundOfPairs,
  ): Promise<RoundOfPairs | undefined> {
    return this.#inTurn.do(`${community}/${id}`, async () => {
      const now = await this.get(community, id);
      if (!now) return undefined;
      const then = how(now);
      await this.#store.batch([this.put(community, then)]);
      return then;
    });
  }

  put(community: CommunityId, round: RoundOfPairs): Write {
    return this.#records.put([community, round.id], round);
  }

  erase(community: CommunityId, id: string): Write {
    return this.#records.erase([community, id]);
  }

  get #records() {
    return collection<RoundOfPairs>(this.#store, "rounds", asWritten());
  }
}

/** The groups that say they did not meet, as `round:group`. */
export const notMetIn = (rounds: readonly RoundOfPairs[]): string[] =>
  rounds.flatMap((round) => Object.entries(round.met).flatMap(([at, met]) => (met ? [] : [`${round.id}:${at}`])));

/** What pairing knows of the past. A group that said it did not meet is not in it; a person alone has met nobody. */
export function historyOf(rounds: readonly RoundOfPairs[], notMet: readonly string[] = notMetIn(rounds)): History {
  const history = History.from([]);
  for (const { groups, present } of meetingsOf(rounds, notMet)) history.add(groups, present);
  return history;
}

function meetingsOf(rounds: readonly RoundOfPairs[], notMet: readonly string[]) {
  const left = new Set(notMet);
  return rounds.map((round) => ({
    groups: round.groups.filter((group, at) => group.length > 1 && !left.has(`${round.id}:${at}`)),
    present: round.dealt.present,
  }));
}

/** Deals a round again from the log alone. `incomplete`: somebody in it has been forgotten since. */
export function verify(
  round: RoundOfPairs,
  all: readonly RoundOfPairs[],
): Verdict | { readonly verdict: "incomplete" } {
  const before = all.filter(({ number }) => number < round.number);
  if ([round, ...before].some(({ incomplete }) => incomplete)) return { verdict: "incomplete" };
  const { notMet, ...dealt } = round.dealt;
  return verifyRound({ ...dealt, cursor: before.length, result: round.result }, meetingsOf(before, notMet));
}

export function tiesOf(rounds: readonly RoundOfPairs[]): Tie[] {
  return rounds.flatMap((round) =>
    round.groups.flatMap((group, at) => {
      const said = round.met[at];
      const state = said === undefined ? "planned" : said ? "met" : "not-met";
      return group.flatMap((a, i) => group.slice(i + 1).map((b): Tie => ({ people: [a, b], at: round.at, state })));
    }),
  );
}
