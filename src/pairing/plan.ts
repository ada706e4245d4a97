/** Which kind of round is next: bonding first, so that people arrive among their own; then across, never bonding only. */
import { PairingError } from "./errors.ts";
import type { Mode } from "./round.ts";

/** Of so many rounds in a row, at least one goes across circles. */
const BRIDGE_EVERY = 3;

/**
 * `roundNumber` is `history.rounds`: 0 for the first. By default the first round bonds and all later ones bridge. A
 * facilitator's `wish` is followed, save that of any three rounds in a row one bridges. Without circles there is
 * nothing to bridge: any.
 */
export function modeOfRound(roundNumber: number, hasCircles: boolean, wish?: Mode): Mode {
  if (!Number.isInteger(roundNumber) || roundNumber < 0) {
    throw new PairingError("bad-round-number", `A round's number is a whole number from 0, not ${roundNumber}.`);
  }
  if (!hasCircles) return "any";
  if (roundNumber % BRIDGE_EVERY === BRIDGE_EVERY - 1) return "bridge";
  return wish ?? (roundNumber === 0 ? "bond" : "bridge");
}
