/** The words of a round: what it is asked with and what it answers. */
import type { History } from "./history.ts";

/** bridge: prefer ties across circles; bond: prefer ties within. Neither ever costs a repeat. */
export type Mode = "any" | "bridge" | "bond";
export type GroupSize = 2 | 3 | 4 | 5;
export type LeftOutReason = "alone" | "excluded-from-all" | "no-partner-left";

export interface RoundInput {
  /** Member ids in any order; the order has no effect. Twice the same is an error. */
  readonly present: readonly string[];
  readonly history: History;
  /** Never together. Someone absent has no effect. */
  readonly exclusions?: readonly (readonly [string, string])[];
  /** Member -> circle; absent means a circle of one's own. */
  readonly circles?: ReadonlyMap<string, string>;
  readonly mode?: Mode;
  readonly groupSize?: GroupSize;
  readonly seed: string;
}

export interface LeftOut {
  readonly member: string;
  readonly reason: LeftOutReason;
}

export interface Round {
  readonly groups: readonly (readonly string[])[];
  readonly leftOut: readonly LeftOut[];
  /** Ties of people who met before. */
  readonly repeats: number;
  /** Ties across circles, a trio having three; 0 where no circles were given. */
  readonly bridging: number;
  /** True: no round of these people has fewer repeats, and that is proved. */
  readonly exact: boolean;
}

/** Part of every seed: a log says which version dealt a round, and only the same one can check it. */
export const VERSION = 1;
