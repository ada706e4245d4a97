/** Refuses a wrong input before anything is drawn, and says what is wrong with it. */
import { PairingError } from "./errors.ts";
import { History } from "./history.ts";
import type { RoundInput } from "./round.ts";

const MODES: readonly unknown[] = ["any", "bridge", "bond", undefined];
const SIZES: readonly unknown[] = [2, 3, 4, 5, undefined];

/** All but `present`, which is checked while it is put in order: one walk over a large room is enough. */
export function checkInput(input: RoundInput): void {
  mustBeString(input.seed, "The seed");
  if (!(input.history instanceof History)) throw new PairingError("not-a-history", "The history is not a History.");
  if (!Array.isArray(input.present)) throw new PairingError("not-a-list", "`present` is not a list of member ids.");
  if (!MODES.includes(input.mode)) {
    throw new PairingError("bad-mode", `The mode is any, bridge or bond, not ${String(input.mode)}.`);
  }
  if (!SIZES.includes(input.groupSize)) {
    throw new PairingError("bad-group-size", `A group has 2, 3, 4 or 5 people, not ${String(input.groupSize)}.`);
  }
  for (const exclusion of input.exclusions ?? []) checkExclusion(exclusion);
  checkCircles(input.circles);
}

export function mustBeString(value: unknown, what: string): void {
  if (typeof value !== "string") throw new PairingError("not-a-string", `${what} is a string, not ${nameOf(value)}.`);
}

function checkExclusion(exclusion: readonly [string, string]): void {
  if (!Array.isArray(exclusion) || exclusion.length !== 2) {
    throw new PairingError("bad-exclusion", "An exclusion names two members.");
  }
  for (const member of exclusion) mustBeString(member, "A member id in an exclusion");
  if (exclusion[0] === exclusion[1]) {
    throw new PairingError("excluded-from-oneself", `${JSON.stringify(exclusion[0])} is excluded from themselves.`);
  }
}

/** The circles themselves are checked where they are looked up: one walk over a large room is enough. */
function checkCircles(circles: unknown): void {
  if (circles === undefined || circles instanceof Map) return;
  throw new PairingError("bad-circle", "`circles` is not a Map from member to circle.");
}

export function checkCircle(member: string, circle: unknown): void {
  if (typeof circle === "string") return;
  throw new PairingError("bad-circle", `The circle of ${JSON.stringify(member)} is ${nameOf(circle)}, not a string.`);
}

const nameOf = (value: unknown): string => (value === null ? "null" : typeof value);
