/** From seats to members: counts what a round costs and brings, and puts it in an order that tells nothing. */

import type { Room } from "./room.ts";
import type { LeftOutReason, Round } from "./round.ts";

export interface Deal {
  /** Groups of seats. */
  readonly groups: readonly (readonly number[])[];
  readonly alone: readonly number[];
  readonly exact: boolean;
}

export function roundOf(room: Room, deal: Deal): Round {
  const name = (seat: number): string => room.members[seat] ?? "";
  let repeats = 0;
  let bridging = 0;
  for (const group of deal.groups) {
    eachTie(group, (a, b) => {
      if (room.times(a, b) > 0) repeats++;
      if (room.hasCircles && room.across(a, b)) bridging++;
    });
  }
  return {
    groups: deal.groups.map((group) => group.map(name)),
    leftOut: deal.alone.map((seat) => ({ member: name(seat), reason: reasonFor(room, seat) })),
    repeats,
    bridging,
    exact: deal.exact,
  };
}

export function eachTie(group: readonly number[], visit: (a: number, b: number) => void): void {
  for (let i = 0; i < group.length; i++) {
    for (let j = 0; j < i; j++) visit(group[i] ?? 0, group[j] ?? 0);
  }
}

function reasonFor(room: Room, seat: number): LeftOutReason {
  if (room.size === 1) return "alone";
  for (let other = 0; other < room.size; other++) {
    if (other !== seat && room.allowed(seat, other)) return "no-partner-left";
  }
  return "excluded-from-all";
}
