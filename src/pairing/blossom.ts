/**
 * Minimum-cost perfect matching in a general graph: Edmonds's blossoms with the primal-dual method, O(n³) in the dense
 * form (J. Edmonds, "Maximum matching and a polyhedron with 0,1-vertices", 1965; Z. Galil, ACM Surveys 18, 1986).
 *
 * Why the answer is right: every vertex has a price, every blossom a rebate, and no edge is ever cheaper than what its
 * ends pay (its excess is ≥ 0). Only edges of excess 0 are used. When everybody is matched, no other perfect matching can
 * cost less than the prices, which this one costs exactly. Costs are whole numbers below 2^50, and all excesses between
 * vertices of the trees stay even, so no arithmetic is rounded.
 */
import { matchFirst, priceFirst } from "./first.ts";
import { NEVER, Nest } from "./nest.ts";
import { byte, int, real } from "./numbers.ts";

export { NEVER } from "./nest.ts";

const OUTER = 0;
const INNER = 1;
const FREE = 2;

export class Blossom {
  readonly #nest: Nest;
  readonly #n: number;
  /** For an outer one or one outside the trees: the outer vertex with the least excess to it, and that excess. */
  readonly #nearest: Int32Array;
  readonly #gap: Float64Array;
  readonly #parent: Int32Array;
  readonly #label: Uint8Array;
  readonly #seen: Int32Array;
  #visit = 0;
  #queue: number[] = [];

  /** `cost` is a square of n × n, symmetric, ≥ 0, NEVER for no edge. `start` has each one's partner or -1; its pairs of excess 0 are kept. */
  constructor(n: number, cost: Float64Array, start?: Int32Array) {
    this.#nest = new Nest(n, cost);
    this.#n = n;
    this.#nearest = new Int32Array(this.#nest.row);
    this.#gap = new Float64Array(this.#nest.row);
    this.#parent = new Int32Array(this.#nest.row);
    this.#label = new Uint8Array(this.#nest.row);
    this.#seen = new Int32Array(this.#nest.row);
    priceFirst(this.#nest);
    matchFirst(this.#nest, start);
  }

  /** Each one's partner, or undefined where no perfect matching exists. */
  solve(): Int32Array | undefined {
    while (this.lonely > 0) if (!this.#stage()) return undefined;
    return Int32Array.from({ length: this.#n }, (_, i) => int(this.#nest.mate, i + 1) - 1);
  }

  /** After `solve` found none: how many stay unmatched in any largest matching. */
  get lonely(): number {
    return this.#nest.lonely;
  }

  /** After `solve` found none: whether some largest matching leaves this one out (the outer ones, by Gallai and Edmonds). */
  mayStay(vertex: number): boolean {
    return this.#labelOf(vertex + 1) === OUTER;
  }

  #topOf(x: number): number {
    return int(this.#nest.top, x);
  }

  #labelOf(x: number): number {
    return byte(this.#label, this.#topOf(x));
  }

  #consider(u: number, x: number, excess: number): void {
    if (excess >= real(this.#gap, x)) return;
    this.#gap[x] = excess;
    this.#nearest[x] = u;
  }

  #forgetNearest(x: number): void {
    this.#nearest[x] = 0;
    this.#gap[x] = NEVER;
  }

  #findNearest(x: number): void {
    this.#forgetNearest(x);
    for (let u = 1; u <= this.#n; u++) {
      if (this.#topOf(u) === x || this.#labelOf(u) !== OUTER || !this.#nest.joined(u, x)) continue;
      this.#consider(u, x, this.#nest.excess(u, x));
    }
  }

  #enqueue(x: number): void {
    if (x <= this.#n) this.#queue.push(x);
    else for (const part of this.#nest.partsOf(x)) this.#enqueue(part);
  }

  /** Along the tree to its root, what was matched is not and what was not is. */
  #augment(from: number, into: number): void {
    for (let [u, v] = [from, into]; ; ) {
      const next = this.#topOf(int(this.#nest.mate, u));
      this.#nest.match(u, v);
      if (next === 0) return;
      const above = this.#topOf(int(this.#parent, next));
      this.#nest.match(next, above);
      [u, v] = [above, next];
    }
  }

  /** The nearest common ancestor of two outer ones, 0 where they are in two trees. */
  #meeting(one: number, other: number): number {
    this.#visit++;
    for (let [u, v] = [one, other]; u !== 0 || v !== 0; [u, v] = [v, u]) {
      if (u === 0) continue;
      if (int(this.#seen, u) === this.#visit) return u;
      this.#seen[u] = this.#visit;
      u = this.#topOf(int(this.#nest.mate, u));
      if (u !== 0) u = this.#topOf(int(this.#parent, u));
    }
    return 0;
  }

  #shrink(u: number, base: number, v: number): void {
    const b = this.#nest.enclose([base, ...this.#branch(u, base).reverse(), ...this.#branch(v, base)]);
    this.#label[b] = OUTER;
    this.#findNearest(b);
  }

  /** From an outer one up to below the base; inner ones on the way become outer. */
  #branch(from: number, base: number): number[] {
    const branch: number[] = [];
    for (let x = from; x !== base; ) {
      const inner = this.#topOf(int(this.#nest.mate, x));
      branch.push(x, inner);
      this.#enqueue(inner);
      x = this.#topOf(int(this.#parent, inner));
    }
    return branch;
  }

  /** An inner blossom whose rebate is used up falls apart; the even way round the cycle stays in the tree. */
  #expand(b: number): void {
    const parts = this.#nest.partsOf(b);
    const part = this.#nest.partWith(b, this.#nest.end(b, int(this.#parent, b)));
    this.#nest.dissolve(b);
    const at = this.#nest.positionOf(b, part);
    for (let i = 0; i < at; i += 2) {
      const [inner, outer] = [parts[i] ?? 0, parts[i + 1] ?? 0];
      this.#parent[inner] = this.#nest.end(outer, inner);
      this.#label[inner] = INNER;
      this.#label[outer] = OUTER;
      this.#forgetNearest(inner);
      this.#findNearest(outer);
      this.#enqueue(outer);
    }
    this.#label[part] = INNER;
    this.#parent[part] = int(this.#parent, b);
    for (const rest of parts.slice(at + 1)) {
      this.#label[rest] = FREE;
      this.#findNearest(rest);
    }
  }

  /** An edge of excess 0 from an outer vertex: the tree grows, a blossom forms, or two trees meet and one more pair is made (true). */
  #follow(a: number, b: number): boolean {
    const from = this.#nest.end(a, b);
    const [u, v] = [this.#topOf(from), this.#topOf(b)];
    if (this.#labelOf(v) === FREE) this.#grow(from, v);
    if (this.#labelOf(v) !== OUTER || u === v) return false;
    const base = this.#meeting(u, v);
    if (base !== 0) this.#shrink(u, base, v);
    else {
      this.#augment(u, v);
      this.#augment(v, u);
    }
    return base === 0;
  }

  #grow(from: number, inner: number): void {
    const outer = this.#topOf(int(this.#nest.mate, inner));
    this.#parent[inner] = from;
    this.#label[inner] = INNER;
    this.#label[outer] = OUTER;
    this.#forgetNearest(inner);
    this.#forgetNearest(outer);
    this.#enqueue(outer);
  }

  /** Grows trees from everybody unmatched until one more pair is made; false where that cannot be. */
  #stage(): boolean {
    const nest = this.#nest;
    this.#plant();
    for (;;) {
      if (this.#scan()) return true;
      if (!this.#reprice()) return false;
      if (this.#followTight()) return true;
      for (let b = this.#n + 1; b <= nest.highest; b++) {
        if (nest.isTop(b) && byte(this.#label, b) === INNER && real(nest.price, b) === 0) this.#expand(b);
      }
    }
  }

  #plant(): void {
    this.#label.fill(FREE);
    this.#nearest.fill(0);
    this.#gap.fill(NEVER);
    this.#queue = [];
    for (let x = 1; x <= this.#nest.highest; x++) {
      if (!this.#nest.isTop(x) || int(this.#nest.mate, x) !== 0) continue;
      this.#parent[x] = 0;
      this.#label[x] = OUTER;
      this.#enqueue(x);
    }
  }

  #scan(): boolean {
    const { cost, price, top } = this.#nest;
    for (let u = this.#queue.pop(); u !== undefined; u = this.#queue.pop()) {
      if (this.#labelOf(u) === INNER) continue;
      const paid = real(price, u);
      const row = (u - 1) * this.#n - 1;
      // The innermost loop of all: read from the square of costs, and left at once where it brings nothing new.
      for (let v = 1; v <= this.#n; v++) {
        const x = int(top, v);
        const excess = paid + real(price, v) + 2 * real(cost, row + v);
        if ((excess > 0 && excess >= real(this.#gap, x)) || byte(this.#label, x) === INNER) continue;
        if (x === int(top, u) || excess === NEVER) continue;
        if (excess > 0) this.#consider(u, x, excess);
        else if (this.#follow(u, v)) return true;
      }
    }
    return false;
  }

  /** Moves the prices as far as every excess and rebate allows; false where nothing stops them: no perfect matching. */
  #reprice(): boolean {
    const { price, highest } = this.#nest;
    const step = this.#step();
    if (step === NEVER) return false;
    for (let x = 1; x <= highest; x++) {
      if (x > this.#n && !this.#nest.isTop(x)) continue;
      const label = this.#labelOf(x);
      const change = label === OUTER ? -step : label === INNER ? step : 0;
      // A blossom's rebate grows by what its two ends of an edge pay more together.
      price[x] = real(price, x) + (x <= this.#n ? change : -2 * change);
    }
    for (let x = 1; x <= highest; x++) {
      this.#gap[x] = real(this.#gap, x) - (byte(this.#label, x) === OUTER ? 2 * step : step);
    }
    return true;
  }

  #step(): number {
    let step = NEVER;
    for (let x = 1; x <= this.#nest.highest; x++) {
      if (!this.#nest.isTop(x)) continue;
      const label = byte(this.#label, x);
      if (x > this.#n && label === INNER) step = Math.min(step, real(this.#nest.price, x) / 2);
      if (label !== INNER) step = Math.min(step, real(this.#gap, x) / (label === OUTER ? 2 : 1));
    }
    return step;
  }

  #followTight(): boolean {
    this.#queue = [];
    for (let x = 1; x <= this.#nest.highest; x++) {
      const nearest = int(this.#nearest, x);
      if (!this.#nest.isTop(x) || nearest === 0 || this.#topOf(nearest) === x) continue;
      if (real(this.#gap, x) === 0 && this.#follow(nearest, x)) return true;
    }
    return false;
  }
}
