/** The rounds of pairs of a community: written before anything is sent, and what became of each group. */
import { digest } from "./chance.ts";
import type { CommunityId } from "./communities.ts";
import { History } from "./pairing/index.ts";
import type { PersonId } from "./people/roster.ts";
import type { Instant } from "./platform.ts";
import { asWritten, collection } from "./store/collection.ts";
import type { Store, Write } from "./store/store.ts";

/** Enough to hold the same round again and check it: who was there, the seed, and how much history it looked at. */
export interface RoundOfPairs {
  readonly id: string;
  /** Counts the community's rounds from 1. */
  readonly number: number;
  readonly at: Instant;
  readonly seed: string;
  readonly mode: "any" | "bridge" | "bond";
  readonly size: 2 | 3 | 4 | 5;
  readonly present: readonly PersonId[];
  /** Person to circle, as it was then; people without one are left out. */
  readonly circles: Readonly<Record<PersonId, string>>;
  readonly groups: readonly (readonly PersonId[])[];
  readonly leftOut: readonly { readonly member: PersonId; readonly reason: string }[];
  readonly repeats: number;
  readonly bridging: number;
  /** By group: what its people said last. A group that said nothing counts as met in pairing and as planned in the harvest. */
  readonly met: Readonly<Record<string, boolean>>;
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

  put(community: CommunityId, round: RoundOfPairs): Write {
    return this.#records.put([community, round.id], round);
  }

  get #records() {
    return collection<RoundOfPairs>(this.#store, "rounds", asWritten());
  }
}

/** What pairing knows of the past. A group that said it did not meet is not in it; a person alone has met nobody. */
export function historyOf(rounds: readonly RoundOfPairs[]): History {
  const history = History.from([]);
  for (const round of rounds) {
    const held = round.groups.filter((group, at) => group.length > 1 && round.met[at] !== false);
    history.add(held, round.present);
  }
  return history;
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
