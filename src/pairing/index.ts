/** Who meets whom. Pure: no clock, no chance but the seed, nothing read or written; the same input gives the same round. */

import { dealGroups } from "./groups.ts";
import { roundOf } from "./outcome.ts";
import { dealPairs } from "./pairs.ts";
import { Room } from "./room.ts";
import type { Round, RoundInput } from "./round.ts";

export { PairingError, type PairingFault } from "./errors.ts";
export { type HeldRound, History } from "./history.ts";
export { joinRound } from "./join.ts";
export type { GroupSize, LeftOut, LeftOutReason, Mode, Round, RoundInput } from "./round.ts";
export { VERSION } from "./round.ts";

/** Throws a `PairingError` where the input is wrong. No argument is changed. */
export function pairRound(input: RoundInput): Round {
  const room = new Room(input);
  const size = input.groupSize ?? 2;
  return roundOf(room, size === 2 ? dealPairs(room) : dealGroups(room, size));
}
