/**
 * Where exclusions leave somebody without a partner: as few people as possible, by trios where they help.
 *
 * By Gallai and Edmonds, the people whom some largest pairing leaves out fall into pieces that do not see each other;
 * each piece can do without any one of its members, and who is outside them can take in one piece each. A piece that
 * nobody takes in stays whole where it has a trio whose removal leaves it paired, else it loses one person. So the
 * pieces without such a trio are taken in first (G. Cornuéjols, D. Hartvigsen, W. Pulleyblank, "Packing subgraphs in a
 * graph", 1982).
 */
import { solve } from "./exact.ts";
import type { Room } from "./room.ts";
import { type Trio, triosOf } from "./trio.ts";

export interface Forced {
  readonly pairs: Int32Array;
  readonly trios: readonly Trio[];
  readonly alone: readonly number[];
}

/** Trios looked at in one piece before it counts as having none. */
const MOST_TRIOS = 400;

export function forced(room: Room): Forced {
  const { seats } = room;
  const answer = solve(room, seats, new Int32Array(0));
  if ("pairs" in answer) return { pairs: answer.pairs, trios: [], alone: [] };
  const pieces = piecesOf(room, answer.mayStay).map((piece) => ({ piece, trio: trioWithin(room, piece) }));
  pieces.sort((a, b) => Number(a.trio !== undefined) - Number(b.trio !== undefined));
  const inside = new Set(answer.mayStay);
  const taken = takenIn(
    room,
    pieces.map(({ piece }) => piece),
    [...seats].filter((seat) => !inside.has(seat)),
  );
  const trios = pieces.flatMap(({ trio }, i) => (taken.has(i) || !trio ? [] : [trio]));
  const alone = pieces.filter(({ trio }, i) => !taken.has(i) && !trio).length;
  const seated = new Set(trios.flat());
  const rest = seats.filter((seat) => !seated.has(seat));
  const paired = solve(room, rest, new Int32Array(0), alone);
  if (!("pairs" in paired)) throw new Error("The theorem above does not hold: a room was split wrongly.");
  return { pairs: paired.pairs, trios, alone: paired.alone };
}

function piecesOf(room: Room, members: readonly number[]): number[][] {
  const left = new Set(members);
  const pieces: number[][] = [];
  for (const start of members) {
    if (!left.delete(start)) continue;
    const piece = [start];
    for (const seat of piece) {
      for (const other of left) {
        if (!room.allowed(seat, other)) continue;
        left.delete(other);
        piece.push(other);
      }
    }
    pieces.push(piece);
  }
  return pieces;
}

/** A trio of the piece without which all others of it can be paired. */
function trioWithin(room: Room, piece: readonly number[]): Trio | undefined {
  if (piece.length < 3) return undefined;
  return triosOf(room, Int32Array.from(piece))
    .slice(0, MOST_TRIOS)
    .find((trio) => {
      const rest = Int32Array.from(piece.filter((seat) => !trio.includes(seat)));
      return "pairs" in solve(room, rest, new Int32Array(0));
    });
}

/** Which pieces somebody outside takes in: the earlier ones first, since a piece once taken in stays so (augmenting paths). */
function takenIn(room: Room, pieces: readonly (readonly number[])[], outside: readonly number[]): Set<number> {
  const host = new Map<number, number>();
  const find = (piece: number, asked: Set<number>): boolean =>
    outside.some((seat) => {
      if (asked.has(seat) || !pieces[piece]?.some((other) => room.allowed(seat, other))) return false;
      asked.add(seat);
      const before = host.get(seat);
      if (before !== undefined && !find(before, asked)) return false;
      host.set(seat, piece);
      return true;
    });
  for (const piece of pieces.keys()) find(piece, new Set());
  return new Set(host.values());
}
