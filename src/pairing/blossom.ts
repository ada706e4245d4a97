/**
 * Minimum-cost perfect matching in a general graph: Edmonds's blossoms with the primal-dual method, O(n³) in the dense
 * form (J. Edmonds, "Maximum matching and a polyhedron with 0,1-vertices", 1965; Z. Galil, ACM Surveys 18, 1986).
 *
 * Why the answer is right: every vertex has a price, every blossom a rebate, and no edge is ever cheaper than what its
 * ends pay (its excess, the textbooks' slack, is ≥ 0). Only edges of excess 0 are used. When everybody is matched, no
 * other perfect matching can cost less than the prices, which this one costs exactly. Costs are whole numbers below
 * 2^50, and all excesses between vertices of the trees stay even, so no arithmetic is rounded.
 *
 * Vertices are 1 … n, blossoms n+1 …, 0 means none. `price` holds the negative dual, twice. A matching to start from
 * costs nothing to prove: the pairs of it that have excess 0 are kept.
 */
import { byte, int, real, short } from "./numbers.ts";

/** No edge between the two. */
export const NEVER = Number.POSITIVE_INFINITY;

const OUTER = 0;
const INNER = 1;
const FREE = 2;

export class Blossom {
  readonly #n: number;
  /** Row length of the squares: vertices, room for blossoms, and 0. */
  readonly #row: number;
  readonly #cost: Float64Array;
  readonly #price: Float64Array;
  /** The cheapest edge between two vertices or blossoms, by its ends; 0: none. */
  readonly #from: Uint16Array;
  readonly #into: Uint16Array;
  readonly #mate: Int32Array;
  /** For somebody outside the trees or an outer one: the outer vertex with the least excess to it. */
  readonly #nearest: Int32Array;
  /** The excess to that nearest one. */
  readonly #gap: Float64Array;
  /** The outermost blossom a vertex or blossom is in. */
  readonly #top: Int32Array;
  readonly #parent: Int32Array;
  readonly #label: Uint8Array;
  readonly #seen: Int32Array;
  #visit = 0;
  /** Blossom -> its parts round the cycle, the base first. */
  readonly #parts: number[][];
  /** Blossom × vertex -> the part that holds the vertex. */
  readonly #holder: Uint16Array;
  #highest: number;
  #queue: number[] = [];

  /** `cost` is a square of n × n, symmetric, ≥ 0, NEVER for no edge. `start` has each one's partner or -1. */
  constructor(n: number, cost: Float64Array, start?: Int32Array) {
    this.#n = this.#highest = n;
    this.#row = n + (n >> 1) + 2;
    this.#cost = cost;
    this.#price = new Float64Array(this.#row);
    this.#from = new Uint16Array(this.#row * this.#row);
    this.#into = new Uint16Array(this.#row * this.#row);
    this.#mate = new Int32Array(this.#row);
    this.#nearest = new Int32Array(this.#row);
    this.#gap = new Float64Array(this.#row);
    this.#top = Int32Array.from({ length: this.#row }, (_, i) => (i <= n ? i : 0));
    this.#parent = new Int32Array(this.#row);
    this.#label = new Uint8Array(this.#row);
    this.#seen = new Int32Array(this.#row);
    this.#parts = Array.from({ length: this.#row }, () => []);
    this.#holder = new Uint16Array(this.#row * (n + 1));
    this.#enter(start);
  }

  /** Each one's partner, or undefined where no perfect matching exists. */
  solve(): Int32Array | undefined {
    while (this.#unmatched()) if (!this.#stage()) return undefined;
    return Int32Array.from({ length: this.#n }, (_, i) => int(this.#mate, i + 1) - 1);
  }

  /** After `solve` found none: how many stay unmatched in any largest matching. */
  get lonely(): number {
    return this.#mate.subarray(1, this.#n + 1).reduce((sum, mate) => sum + (mate === 0 ? 1 : 0), 0);
  }

  /** After `solve` found none: whether some largest matching leaves this one out (the outer ones, by Gallai and Edmonds). */
  mayStay(vertex: number): boolean {
    return byte(this.#label, int(this.#top, vertex + 1)) === OUTER;
  }

  #enter(start: Int32Array | undefined): void {
    for (let u = 1; u <= this.#n; u++) {
      this.#holder[u * (this.#n + 1) + u] = u;
      for (let v = 1; v <= this.#n; v++) {
        if (real(this.#cost, (u - 1) * this.#n + v - 1) === NEVER || u === v) continue;
        this.#from[u * this.#row + v] = u;
        this.#into[u * this.#row + v] = v;
      }
    }
    for (let u = 1; u <= this.#n; u++) this.#price[u] = this.#firstPrice(u);
    for (let u = 1; start && u <= this.#n; u++) {
      const v = int(start, u - 1) + 1;
      if (v > 0 && this.#joined(u, v) && this.#excess(u, v) === 0) this.#mate[u] = v;
    }
    this.#pairUp();
  }

  /** What the cheapest edge costs, so that no edge is cheaper than its two ends; even, see above. */
  #firstPrice(u: number): number {
    let least = NEVER;
    for (let v = 0; v < this.#n; v++) least = Math.min(least, real(this.#cost, (u - 1) * this.#n + v));
    return least === NEVER ? 0 : -(least - (least % 2));
  }

  /** Takes every edge of excess 0 between two who are unmatched: most pairs are found without a tree. */
  #pairUp(): void {
    for (let u = 1; u <= this.#n; u++) {
      for (let v = u + 1; v <= this.#n && int(this.#mate, u) === 0; v++) {
        if (int(this.#mate, v) !== 0 || !this.#joined(u, v) || this.#excess(u, v) !== 0) continue;
        this.#mate[u] = v;
        this.#mate[v] = u;
      }
    }
  }

  #unmatched(): boolean {
    for (let u = 1; u <= this.#n; u++) if (int(this.#mate, u) === 0) return true;
    return false;
  }

  /** Excess of the cheapest edge between two, twice. There must be one. */
  #excess(a: number, b: number): number {
    const u = short(this.#from, a * this.#row + b);
    const v = short(this.#into, a * this.#row + b);
    return real(this.#price, u) + real(this.#price, v) + 2 * real(this.#cost, (u - 1) * this.#n + v - 1);
  }

  #joined(a: number, b: number): boolean {
    return short(this.#from, a * this.#row + b) !== 0;
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
      const top = int(this.#top, u);
      if (top === x || byte(this.#label, top) !== OUTER || !this.#joined(u, x)) continue;
      this.#consider(u, x, this.#excess(u, x));
    }
  }

  #enqueue(x: number): void {
    if (x <= this.#n) this.#queue.push(x);
    else for (const part of this.#partsOf(x)) this.#enqueue(part);
  }

  #setTop(x: number, top: number): void {
    this.#top[x] = top;
    if (x > this.#n) for (const part of this.#partsOf(x)) this.#setTop(part, top);
  }

  #partsOf(blossom: number): number[] {
    return this.#parts[blossom] ?? [];
  }

  /** Position of a part, walking round the cycle in the direction in which it is even. */
  #positionOf(blossom: number, part: number): number {
    const parts = this.#partsOf(blossom);
    const at = parts.indexOf(part);
    if (at % 2 === 0) return at;
    parts.splice(1, parts.length - 1, ...parts.slice(1).reverse());
    return parts.length - at;
  }

  #match(a: number, b: number): void {
    const edge = a * this.#row + b;
    this.#mate[a] = short(this.#into, edge);
    if (a <= this.#n) return;
    const part = short(this.#holder, a * (this.#n + 1) + short(this.#from, edge));
    const at = this.#positionOf(a, part);
    const parts = this.#partsOf(a);
    for (let i = 0; i < at; i++) this.#match(parts[i] ?? 0, parts[i ^ 1] ?? 0);
    this.#match(part, b);
    parts.push(...parts.splice(0, at));
  }

  #augment(from: number, into: number): void {
    for (let [u, v] = [from, into]; ; ) {
      const next = int(this.#top, int(this.#mate, u));
      this.#match(u, v);
      if (next === 0) return;
      const above = int(this.#top, int(this.#parent, next));
      this.#match(next, above);
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
      u = int(this.#top, int(this.#mate, u));
      if (u !== 0) u = int(this.#top, int(this.#parent, u));
    }
    return 0;
  }

  #shrink(u: number, base: number, v: number): void {
    let b = this.#n + 1;
    while (b <= this.#highest && int(this.#top, b) !== 0) b++;
    this.#highest = Math.max(this.#highest, b);
    this.#price[b] = 0;
    this.#label[b] = OUTER;
    this.#mate[b] = int(this.#mate, base);
    this.#parts[b] = [base, ...this.#branch(u, base).reverse(), ...this.#branch(v, base)];
    this.#setTop(b, b);
    this.#gatherEdges(b);
    this.#findNearest(b);
  }

  /** From an outer one up to below the base; inner ones on the way become outer. */
  #branch(from: number, base: number): number[] {
    const branch: number[] = [];
    for (let x = from; x !== base; ) {
      const inner = int(this.#top, int(this.#mate, x));
      branch.push(x, inner);
      this.#enqueue(inner);
      x = int(this.#top, int(this.#parent, inner));
    }
    return branch;
  }

  #gatherEdges(b: number): void {
    const row = this.#row;
    const width = this.#n + 1;
    this.#from.fill(0, b * row, (b + 1) * row);
    for (let x = 1; x <= this.#highest; x++) this.#from[x * row + b] = 0;
    this.#holder.fill(0, b * width, (b + 1) * width);
    for (const part of this.#partsOf(b)) {
      for (let x = 1; x <= this.#highest; x++) {
        if (!this.#joined(part, x) || (this.#joined(b, x) && this.#excess(part, x) >= this.#excess(b, x))) continue;
        this.#copyEdge(part, x, b, x);
        this.#copyEdge(x, part, x, b);
      }
      for (let x = 1; x < width; x++)
        if (short(this.#holder, part * width + x) !== 0) this.#holder[b * width + x] = part;
    }
  }

  #copyEdge(a: number, x: number, toA: number, toX: number): void {
    this.#from[toA * this.#row + toX] = short(this.#from, a * this.#row + x);
    this.#into[toA * this.#row + toX] = short(this.#into, a * this.#row + x);
  }

  /** An inner blossom whose rebate is used up falls apart; the even way round the cycle stays in the tree. */
  #expand(b: number): void {
    const parts = this.#partsOf(b);
    for (const part of parts) this.#setTop(part, part);
    const entry = short(this.#from, b * this.#row + int(this.#parent, b));
    const part = short(this.#holder, b * (this.#n + 1) + entry);
    const at = this.#positionOf(b, part);
    for (let i = 0; i < at; i += 2) {
      const [inner, outer] = [parts[i] ?? 0, parts[i + 1] ?? 0];
      this.#parent[inner] = short(this.#from, outer * this.#row + inner);
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
    this.#top[b] = 0;
  }

  /** An edge of excess 0 from an outer vertex: the tree grows, a blossom forms, or two trees meet: one more pair (true). */
  #follow(a: number, b: number): boolean {
    const edge = a * this.#row + b;
    const [from, into] = [short(this.#from, edge), short(this.#into, edge)];
    const [u, v] = [int(this.#top, from), int(this.#top, into)];
    if (byte(this.#label, v) === FREE) {
      this.#parent[v] = from;
      this.#label[v] = INNER;
      const outer = int(this.#top, int(this.#mate, v));
      this.#forgetNearest(v);
      this.#forgetNearest(outer);
      this.#label[outer] = OUTER;
      this.#enqueue(outer);
    } else if (byte(this.#label, v) === OUTER) {
      const base = this.#meeting(u, v);
      if (base === 0) {
        this.#augment(u, v);
        this.#augment(v, u);
        return true;
      }
      this.#shrink(u, base, v);
    }
    return false;
  }

  /** Grows trees from everybody unmatched until one more pair is made; false where that cannot be. */
  #stage(): boolean {
    this.#label.fill(FREE);
    this.#nearest.fill(0);
    this.#gap.fill(NEVER);
    this.#queue = [];
    for (let x = 1; x <= this.#highest; x++) {
      if (int(this.#top, x) !== x || int(this.#mate, x) !== 0) continue;
      this.#parent[x] = 0;
      this.#label[x] = OUTER;
      this.#enqueue(x);
    }
    for (;;) {
      if (this.#scan()) return true;
      if (!this.#reprice()) return false;
      if (this.#followTight()) return true;
      for (let b = this.#n + 1; b <= this.#highest; b++) {
        if (int(this.#top, b) === b && byte(this.#label, b) === INNER && real(this.#price, b) === 0) this.#expand(b);
      }
    }
  }

  #scan(): boolean {
    for (let u = this.#queue.pop(); u !== undefined; u = this.#queue.pop()) {
      if (byte(this.#label, int(this.#top, u)) === INNER) continue;
      const price = real(this.#price, u);
      const row = (u - 1) * this.#n - 1;
      // The innermost loop of all: read from the square of costs, and left at once where it brings nothing new.
      for (let v = 1; v <= this.#n; v++) {
        const x = int(this.#top, v);
        const excess = price + real(this.#price, v) + 2 * real(this.#cost, row + v);
        if ((excess > 0 && excess >= real(this.#gap, x)) || byte(this.#label, x) === INNER) continue;
        if (x === int(this.#top, u) || excess === NEVER) continue;
        if (excess > 0) this.#consider(u, x, excess);
        else if (this.#follow(u, v)) return true;
      }
    }
    return false;
  }

  /** Moves the prices as far as every excess and rebate allows; false where nothing stops them: no perfect matching. */
  #reprice(): boolean {
    const step = this.#step();
    if (step === NEVER) return false;
    for (let u = 1; u <= this.#n; u++) {
      const label = byte(this.#label, int(this.#top, u));
      if (label === OUTER) this.#price[u] = real(this.#price, u) - step;
      else if (label === INNER) this.#price[u] = real(this.#price, u) + step;
    }
    for (let b = this.#n + 1; b <= this.#highest; b++) {
      if (int(this.#top, b) !== b) continue;
      const label = byte(this.#label, b);
      if (label === OUTER) this.#price[b] = real(this.#price, b) + 2 * step;
      else if (label === INNER) this.#price[b] = real(this.#price, b) - 2 * step;
    }
    for (let x = 1; x <= this.#highest; x++) {
      this.#gap[x] = real(this.#gap, x) - (byte(this.#label, x) === OUTER ? 2 * step : step);
    }
    return true;
  }

  #step(): number {
    let step = NEVER;
    for (let x = 1; x <= this.#highest; x++) {
      if (int(this.#top, x) !== x) continue;
      const label = byte(this.#label, x);
      if (x > this.#n && label === INNER) step = Math.min(step, real(this.#price, x) / 2);
      if (label !== INNER) step = Math.min(step, real(this.#gap, x) / (label === OUTER ? 2 : 1));
    }
    return step;
  }

  #followTight(): boolean {
    this.#queue = [];
    for (let x = 1; x <= this.#highest; x++) {
      const nearest = int(this.#nearest, x);
      if (int(this.#top, x) !== x || nearest === 0 || int(this.#top, nearest) === x) continue;
      if (real(this.#gap, x) === 0 && this.#follow(nearest, x)) return true;
    }
    return false;
  }
}
