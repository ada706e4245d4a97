/** Deals a logged round again from its log and says whether the log tells the truth. */
import { type HeldRound, History } from "./history.ts";
import { pairRound } from "./index.ts";
import { type GroupSize, type Mode, type Round, VERSION } from "./round.ts";

/** A held round as the log has it; `present` also names those who stayed without a partner. */
export interface LoggedMeeting {
  readonly groups: HeldRound;
  readonly present?: readonly string[];
}

export interface LoggedRound {
  readonly version: number;
  readonly seed: string;
  /** `history.rounds` when the round was dealt: only so many held rounds were known. */
  readonly cursor: number;
  readonly present: readonly string[];
  readonly exclusions?: readonly (readonly [string, string])[];
  readonly circles?: Readonly<Record<string, string>>;
  readonly mode?: Mode;
  readonly groupSize?: GroupSize;
  readonly result: Round;
}

export type Verdict =
  | { readonly verdict: "same" }
  | { readonly verdict: "different"; readonly dealt: Round }
  | { readonly verdict: "other-version" | "history-missing"; readonly why: string };

/** `held` are the held rounds, oldest first; those from the cursor on are not looked at. */
export function verifyRound(logged: LoggedRound, held: readonly LoggedMeeting[]): Verdict {
  if (logged.version !== VERSION) {
    const why = `The round was dealt by version ${logged.version} of the pairing; this is version ${VERSION}.`;
    return { verdict: "other-version", why };
  }
  if (held.length < logged.cursor) {
    const why = `The round was dealt after ${logged.cursor} held rounds; only ${held.length} are here.`;
    return { verdict: "history-missing", why };
  }
  const history = new History();
  for (const { groups, present } of held.slice(0, logged.cursor)) history.add(groups, present);
  const dealt = pairRound({
    present: logged.present,
    history,
    seed: logged.seed,
    ...(logged.exclusions && { exclusions: logged.exclusions }),
    ...(logged.circles && { circles: new Map(Object.entries(logged.circles)) }),
    ...(logged.mode && { mode: logged.mode }),
    ...(logged.groupSize && { groupSize: logged.groupSize }),
  });
  return canonical(dealt) === canonical(logged.result) ? { verdict: "same" } : { verdict: "different", dealt };
}

/** A log may have gone through a store that orders keys in its own way: only the values count. */
function canonical(round: Round): string {
  const { groups, leftOut, repeats, bridging, exact } = round;
  return JSON.stringify([groups, leftOut.map(({ member, reason }) => [member, reason]), repeats, bridging, exact]);
}
