/**
 * Somebody comes in while a round runs. Nobody is dealt again: the late comer sits down with whoever waits, or makes
 * one pair a trio, so at most one group changes.
 */

import { mustBeString } from "./check.ts";
import { PairingError } from "./errors.ts";
import { eachTie } from "./outcome.ts";
import { Room } from "./room.ts";
import type { LeftOut, Round, RoundInput } from "./round.ts";

/** `input` is the one the round was dealt with; whether it names the late comer among those present makes no difference. */
export function joinRound(round: Round, member: string, input: RoundInput): Round {
  mustBeString(member, "A member id");
  if (round.groups.some((group) => group.includes(member)) || round.leftOut.some((left) => left.member === member)) {
    throw new PairingError("already-seated", `${JSON.stringify(member)} is in this round already.`);
  }
  const seated = [...round.groups.flat(), ...round.leftOut.map((left) => left.member), member];
  const room = new Room({ ...input, present: seated });
  const seats = new Map(room.members.map((id, seat) => [id, seat]));
  const seat = (id: string): number => seats.get(id) ?? 0;
  const newcomer = seat(member);
  const open = [
    ...round.leftOut.map((left) => [left.member]),
    // One that fell apart is empty: nobody is put there alone.
    ...round.groups.filter((group) => group.length > 0 && group.length <= (input.groupSize ?? 2)),
  ];
  const choices = open
    .map((group) => ({ group, costs: costsOf(room, group.map(seat), newcomer) }))
    .filter((choice) => choice.costs !== undefined)
    .sort((a, b) => compare(a.costs ?? [], b.costs ?? []));
  const chosen = choices[0]?.group;
  return chosen ? withGroup(round, room, chosen, member, seat) : withWaiting(round, room, member, newcomer);
}

/** What decides, first to last: a person who waits, no repeat, a smaller group, the mode's wish, the seeded order. */
function costsOf(room: Room, group: readonly number[], newcomer: number): number[] | undefined {
  if (!group.every((other) => room.allowed(other, newcomer))) return undefined;
  const repeats = group.filter((other) => room.times(other, newcomer) > 0).length;
  const unsuited = group.filter((other) => !room.suits(other, newcomer)).length;
  return [group.length > 1 ? 1 : 0, repeats, group.length, unsuited, Math.min(...group)];
}

function compare(one: readonly number[], other: readonly number[]): number {
  return one.map((cost, i) => cost - (other[i] ?? 0)).find((difference) => difference !== 0) ?? 0;
}

function withGroup(
  round: Round,
  room: Room,
  chosen: readonly string[],
  member: string,
  seat: (id: string) => number,
): Round {
  const group = [...chosen, member];
  let [repeats, bridging] = [round.repeats, round.bridging];
  const before = new Set<number>();
  if (chosen.length > 1) eachTie(chosen.map(seat), (a, b) => before.add(a * room.size + b));
  eachTie(group.map(seat), (a, b) => {
    if (before.has(a * room.size + b)) return;
    if (room.times(a, b) > 0) repeats++;
    if (room.hasCircles && room.across(a, b)) bridging++;
  });
  return {
    groups: chosen.length === 1 ? [...round.groups, group] : round.groups.map((g) => (g === chosen ? group : g)),
    leftOut: round.leftOut.filter((left) => !chosen.includes(left.member)),
    repeats,
    bridging,
    exact: false,
  };
}

function withWaiting(round: Round, room: Room, member: string, newcomer: number): Round {
  const alone = room.size === 1;
  const excluded = room.members.every((_, other) => other === newcomer || !room.allowed(other, newcomer));
  const left: LeftOut = { member, reason: alone ? "alone" : excluded ? "excluded-from-all" : "no-partner-left" };
  return { ...round, leftOut: [...round.leftOut, left] };
}
