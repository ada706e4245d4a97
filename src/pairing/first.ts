/**
 * A start for the blossoms that is already most of the way. It proves as much as starting from nothing: no edge is
 * cheaper than what its ends pay, and only edges are used that cost exactly that.
 */
import { NEVER, type Nest } from "./nest.ts";
import { int, real } from "./numbers.ts";

/** Everybody pays what their cheapest edge costs, half of each edge's double. Even, so that the trees stay in whole numbers. */
export function priceFirst(nest: Nest): void {
  for (let u = 1; u <= nest.n; u++) {
    let least = NEVER;
    for (let v = 0; v < nest.n; v++) least = Math.min(least, real(nest.cost, (u - 1) * nest.n + v));
    nest.price[u] = least === NEVER ? 0 : -(least - (least % 2));
  }
}

/** Keeps the pairs of `start` (each one's partner from 0, or -1) that are tight, then pairs whoever it can: a tree for each would be dearer. */
export function matchFirst(nest: Nest, start: Int32Array | undefined): void {
  const isTight = (u: number, v: number): boolean => nest.joined(u, v) && nest.excess(u, v) === 0;
  for (let u = 1; start && u <= nest.n; u++) {
    const v = int(start, u - 1) + 1;
    if (v > 0 && isTight(u, v)) nest.mate[u] = v;
  }
  for (let u = 1; u <= nest.n; u++) {
    for (let v = u + 1; v <= nest.n && int(nest.mate, u) === 0; v++) {
      if (int(nest.mate, v) !== 0 || !isTight(u, v)) continue;
      nest.mate[u] = v;
      nest.mate[v] = u;
    }
  }
}
