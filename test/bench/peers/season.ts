/** One room lives through a season of rounds: who deals, who comes and goes, and what came of it. */
import { Chance } from "../../../src/pairing/chance.ts";
import { History, pairRound, type RoundInput } from "../../../src/pairing/index.ts";
import type { Peer } from "./peer.ts";

export type Dealer = (present: readonly string[], history: History, round: number) => readonly (readonly string[])[];

export interface Season {
  /** The round, from 1, with the first repeat; 0: none. */
  readonly firstRepeat: number;
  readonly repeats: number;
  readonly ties: number;
  readonly leftOut: number;
  /** Milliseconds of each call, ascending. */
  readonly took: readonly number[];
  readonly history: History;
  readonly rounds: readonly (readonly (readonly string[])[])[];
}

export const people = (n: number): string[] => Array.from({ length: n }, (_, i) => `person-${i}`);

export const ours =
  (seed: string, more: Partial<RoundInput> = {}): Dealer =>
  (present, history, round) =>
    pairRound({ present, history, seed: `${seed}/${round}`, ...more }).groups;

export function dealerOf(peer: Peer, seed: string): Dealer {
  const chance = new Chance(seed);
  return (present, history) => {
    const last = (a: string, b: string): number => {
      const [one, other] = [history.numberOf(a), history.numberOf(b)];
      return one < 0 || other < 0 ? 0 : history.ties.last(one, other);
    };
    const past = { rounds: history.rounds, times: (a: string, b: string) => history.timesMet(a, b), last };
    return peer.deal(present, past, (limit) => chance.below(limit));
  };
}

/** `come` gives those present in a round. */
export function live(deal: Dealer, rounds: number, come: (round: number) => readonly string[]): Season {
  const history = new History();
  const season = { firstRepeat: 0, repeats: 0, ties: 0, leftOut: 0 };
  const took: number[] = [];
  const held: (readonly (readonly string[])[])[] = [];
  for (let round = 0; round < rounds; round++) {
    const present = come(round);
    const start = performance.now();
    const groups = deal(present, history, round);
    took.push(performance.now() - start);
    const repeats = groups.flatMap(tiesOf).filter(([a, b]) => history.timesMet(a, b) > 0).length;
    if (repeats > 0 && season.firstRepeat === 0) season.firstRepeat = round + 1;
    season.repeats += repeats;
    season.ties += groups.flatMap(tiesOf).length;
    season.leftOut += present.length - groups.flat().length;
    history.add(groups, present);
    held.push(groups);
  }
  return { ...season, took: took.sort((a, b) => a - b), history, rounds: held };
}

export const tiesOf = (group: readonly string[]): [string, string][] =>
  group.flatMap((a, i) => group.slice(0, i).map((b): [string, string] => [a, b]));

/** Everybody always; and a room where each week one in twenty is somebody new and one in five is away. */
export const everybody = (n: number) => (): readonly string[] => people(n);

export function comingAndGoing(n: number, seed: string): (round: number) => readonly string[] {
  const chance = new Chance(`coming and going ${seed}`);
  let members = people(n);
  let next = n;
  return () => {
    members = members.map((member) => (chance.below(20) === 0 ? `person-${next++}` : member));
    return members.filter(() => chance.below(5) > 0);
  };
}
