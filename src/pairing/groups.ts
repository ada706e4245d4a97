/** A round of groups of three to five: dealt, then mended by swaps. */
import type { Deal } from "./outcome.ts";
import type { Room } from "./room.ts";

/** Sizes of the groups: all `usual`, some larger or smaller by one, whichever leaves the fewest of another size. */
export function sizesFor(people: number, usual: number): number[] {
  if (people < 2) return [];
  if (people <= usual + 1) return [people];
  if (people < 2 * usual) return [Math.ceil(people / 2), Math.floor(people / 2)];
  const few = Math.floor(people / usual);
  const larger = people - few * usual;
  const smaller = larger === 0 ? 0 : usual - larger;
  const groups = larger <= smaller && larger <= few ? few : Math.ceil(people / usual);
  const base = Math.floor(people / groups);
  return Array.from({ length: groups }, (_, i) => (i < people - base * groups ? base + 1 : base));
}

export function dealGroups(room: Room, usual: number): Deal {
  const groups: number[][] = [];
  let seat = 0;
  for (const size of sizesFor(room.size, usual)) groups.push(Array.from({ length: size }, () => seat++));
  if (room.size < 2) return { groups: [], alone: Array.from({ length: room.size }, (_, i) => i), exact: true };
  mend(room, groups);
  return separate(room, groups);
}

function strain(room: Room, group: readonly number[], seat: number, without: number): number {
  let sum = 0;
  for (const other of group) {
    if (other === without || other === seat) continue;
    if (!room.allowed(seat, other)) sum += 1_000_000;
    else sum += room.times(seat, other) * 10 + (room.suits(seat, other) ? 0 : 1);
  }
  return sum;
}

function mend(room: Room, groups: number[][]): void {
  for (let tries = room.size * 60; tries > 0; tries--) {
    const [g, h] = [groups[room.chance.below(groups.length)] ?? [], groups[room.chance.below(groups.length)] ?? []];
    if (g === h) continue;
    const [i, j] = [room.chance.below(g.length), room.chance.below(h.length)];
    const [a, b] = [g[i] ?? 0, h[j] ?? 0];
    const before = strain(room, g, a, a) + strain(room, h, b, b);
    const after = strain(room, h, a, b) + strain(room, g, b, a);
    if (after <= before) [g[i], h[j]] = [b, a];
  }
}

/** An exclusion is never broken: who cannot stay goes to a group that has room, or stays without one. */
function separate(room: Room, groups: number[][]): Deal {
  const out: number[] = [];
  const kept = groups.map((group) => {
    const fine: number[] = [];
    for (const seat of group) (fine.every((other) => room.allowed(seat, other)) ? fine : out).push(seat);
    return fine;
  });
  const most = Math.max(...groups.map((group) => group.length), 3);
  for (const group of kept.filter(({ length }) => length === 1)) out.push(...group.splice(0));
  const alone = out.filter((seat) => {
    const home = kept.find(
      (group) => group.length > 0 && group.length < most && group.every((o) => room.allowed(seat, o)),
    );
    home?.push(seat);
    return !home;
  });
  return { groups: kept.filter(({ length }) => length > 1), alone, exact: false };
}
