/**
 * One web instead of pieces: where the meetings so far and this round leave the room in pieces, two pairs of two pieces
 * trade partners. Their new ties are fresh, since nobody in one piece met anybody in the other, so it costs nothing.
 * After round two the pieces are rings, which two such trades always join; later rounds are only tried.
 */
import { int } from "./numbers.ts";
import type { Room } from "./room.ts";
import { costOf } from "./swaps.ts";

/** Trades looked at in one round; after round two one or two a piece are enough. */
const MOST_TRIES = 300;

export class Weave {
  readonly #room: Room;
  #tries = MOST_TRIES;
  /** By seat: towards the head of the piece that the history alone makes. */
  readonly #past: Int32Array;

  constructor(room: Room) {
    this.#room = room;
    this.#past = Int32Array.from({ length: room.size }, (_, seat) => seat);
    for (let a = 0; a < room.size; a++) {
      for (let b = 0; b < a; b++) if (room.times(a, b) > 0) unite(this.#past, a, b);
    }
  }

  /** Heads of the pieces, by seat, with these groups on top of the history. */
  #heads(groups: readonly (readonly number[])[]): Int32Array {
    const parent = Int32Array.from(this.#past);
    for (const [first = 0, ...rest] of groups) for (const seat of rest) unite(parent, first, seat);
    return parent.map((_, seat) => head(parent, seat));
  }

  pieces(groups: readonly (readonly number[])[]): number {
    return new Set(this.#heads(groups)).size;
  }

  /** Changes pairs within `groups` until no trade joins two pieces any more. */
  join(groups: number[][]): void {
    if (this.#past.every((towards, seat) => towards === seat)) return; // a first round is nothing but pieces
    let heads = this.#heads(groups);
    for (let i = 0; i < groups.length; i++) {
      const group = groups[i];
      if (group?.length !== 2 || int(heads, group[0] ?? 0) === int(heads, groups[0]?.[0] ?? 0)) continue;
      if (this.#trade(groups, group, heads)) heads = this.#heads(groups);
    }
  }

  /** With the first pair of another piece that leaves fewer pieces and costs no more. */
  #trade(groups: number[][], group: number[], heads: Int32Array): boolean {
    const [a = 0, b = 0] = group;
    const before = new Set(heads).size;
    for (const other of groups) {
      const [c = 0, d = 0] = other;
      if (other.length !== 2 || int(heads, c) === int(heads, a)) continue;
      for (const [x, y] of [
        [c, d],
        [d, c],
      ] as const) {
        if (this.#cost(a, x) + this.#cost(b, y) > this.#cost(a, b) + this.#cost(c, d)) continue;
        if (this.#tries-- <= 0) return false;
        group.splice(0, 2, a, x);
        other.splice(0, 2, b, y);
        if (this.pieces(groups) < before) return true;
        group.splice(0, 2, a, b);
        other.splice(0, 2, c, d);
      }
    }
    return false;
  }

  #cost(a: number, b: number): number {
    return costOf(this.#room, a, b);
  }
}

function head(parent: Int32Array, seat: number): number {
  let at = seat;
  while (int(parent, at) !== at) {
    parent[at] = int(parent, int(parent, at));
    at = int(parent, at);
  }
  return at;
}

function unite(parent: Int32Array, a: number, b: number): void {
  parent[head(parent, a)] = head(parent, b);
}
