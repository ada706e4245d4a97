/** How another bot deals a round: its behaviour in our own lines, so that both run side by side on the same people. */
export interface Peer {
  readonly name: string;
  /** Where the behaviour was read. */
  readonly source: string;
  /** Larger rooms take it minutes. */
  readonly upTo: number;
  readonly oddOne: string;
  deal(present: readonly string[], past: Past, random: Random): string[][];
}

interface Past {
  readonly rounds: number;
  times(a: string, b: string): number;
  /** The number of the round, from 1, in which they met last; 0 for never. */
  last(a: string, b: string): number;
}

/** A whole number from 0 to below the limit. */
export type Random = (limit: number) => number;

export function shuffled<T>(values: readonly T[], random: Random): T[] {
  const mixed = [...values];
  for (let i = mixed.length - 1; i > 0; i--) {
    const j = random(i + 1);
    [mixed[i], mixed[j]] = [mixed[j] as T, mixed[i] as T]; // both are in range
  }
  return mixed;
}

/** Neighbours in the line; an odd one at its end is left out. */
export function byTwos(line: readonly string[]): string[][] {
  const pairs: string[][] = [];
  for (let i = 0; i + 1 < line.length; i += 2) pairs.push(line.slice(i, i + 2));
  return pairs;
}
