/** Trading places between groups: each trade lowers what is wrong with the round, so it ends. Only good, not the best. */
import type { Room } from "./room.ts";

const BARRED = 1_000_000;
const REPEAT = 1_000;
/** Chairs looked at for one person; a few dozen find nearly every gain. */
const LOOKS = 80;
const PASSES = 8;

/** `groups` are changed in place; their sizes stay. */
export function please(room: Room, groups: readonly number[][]): void {
  for (let pass = 0; pass < PASSES; pass++) {
    let gained = 0;
    for (const group of groups) {
      for (let chair = 0; chair < group.length; chair++) gained += trade(room, groups, group, chair);
    }
    if (gained === 0) return;
  }
}

/** What one person adds to what is wrong with a group, one of it left out. */
function strain(room: Room, seat: number, group: readonly number[], without: number): number {
  let sum = 0;
  for (const other of group) {
    if (other === seat || other === without) continue;
    if (!room.suits(seat, other)) sum += 1;
    if (!room.allowed(seat, other)) sum += BARRED;
    else if (!room.fresh(seat, other)) sum += REPEAT * (room.times(seat, other) - room.level);
  }
  return sum;
}

/** Trades with the best of some chairs, from a random one on. Returns what was gained. */
function trade(room: Room, groups: readonly number[][], group: number[], chair: number): number {
  const a = group[chair] ?? 0;
  const leaving = strain(room, a, group, a);
  if (leaving === 0 || groups.length < 2) return 0;
  let best = { gain: 0, there: group, other: chair };
  const offset = room.chance.below(groups.length);
  for (let looked = 0, g = 0; g < groups.length && looked < LOOKS; g++) {
    const there = groups[(g + offset) % groups.length] ?? group;
    if (there === group) continue;
    for (const [other, b] of there.entries()) {
      looked++;
      const before = leaving + strain(room, b, there, b);
      const gain = before - strain(room, a, there, b) - strain(room, b, group, a);
      if (gain > best.gain) best = { gain, there, other };
    }
  }
  group[chair] = best.there[best.other] ?? a;
  best.there[best.other] = a;
  return best.gain;
}
