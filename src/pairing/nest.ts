/**
 * Vertices, and the blossoms that hold them, which may be in blossoms again: who is matched with whom, what each pays,
 * and the cheapest edge between any two. Vertices are 1 … n, blossoms n+1 …, 0 means none.
 */
import { int, real, short } from "./numbers.ts";

/** No edge between the two. */
export const NEVER = Number.POSITIVE_INFINITY;

export class Nest {
  /** Vertices. */
  readonly n: number;
  /** How many numbers there may be: the vertices, room for blossoms, and 0. */
  readonly row: number;
  /** Square of n × n, symmetric, ≥ 0, NEVER for no edge. */
  readonly cost: Float64Array;
  /** The negative dual of a vertex, twice; of a blossom its rebate. */
  readonly price: Float64Array;
  /** The vertex a vertex or blossom is matched with; 0 for none. */
  readonly mate: Int32Array;
  /** The outermost blossom a vertex or blossom is in; 0 for a number that is free. */
  readonly top: Int32Array;
  /** The highest number in use so far. */
  highest: number;
  /** The cheapest edge between two vertices or blossoms, by its ends; 0: none. */
  readonly #from: Uint16Array;
  readonly #into: Uint16Array;
  /** Blossom -> its parts round the cycle, the base first. */
  readonly #parts: number[][];
  /** Blossom × vertex -> the part that holds the vertex. */
  readonly #holder: Uint16Array;

  constructor(n: number, cost: Float64Array) {
    this.n = this.highest = n;
    this.row = n + (n >> 1) + 2;
    this.cost = cost;
    this.price = new Float64Array(this.row);
    this.mate = new Int32Array(this.row);
    this.top = Int32Array.from({ length: this.row }, (_, i) => (i <= n ? i : 0));
    this.#from = new Uint16Array(this.row * this.row);
    this.#into = new Uint16Array(this.row * this.row);
    this.#parts = Array.from({ length: this.row }, () => []);
    this.#holder = new Uint16Array(this.row * (n + 1));
    for (let u = 1; u <= n; u++) {
      this.#holder[u * (n + 1) + u] = u;
      for (let v = 1; v <= n; v++) {
        if (u === v || real(cost, (u - 1) * n + v - 1) === NEVER) continue;
        this.#from[u * this.row + v] = u;
        this.#into[u * this.row + v] = v;
      }
    }
  }

  joined(a: number, b: number): boolean {
    return short(this.#from, a * this.row + b) !== 0;
  }

  /** The end in `a` of the cheapest edge from a to b; its other end is `end(b, a)`. */
  end(a: number, b: number): number {
    return short(this.#from, a * this.row + b);
  }

  /** Twice what the cheapest edge between two costs beyond what its ends pay. There must be one. */
  excess(a: number, b: number): number {
    const u = short(this.#from, a * this.row + b);
    const v = short(this.#into, a * this.row + b);
    return real(this.price, u) + real(this.price, v) + 2 * real(this.cost, (u - 1) * this.n + v - 1);
  }

  /** Vertices without a partner. */
  get lonely(): number {
    let lonely = 0;
    for (let u = 1; u <= this.n; u++) if (int(this.mate, u) === 0) lonely++;
    return lonely;
  }

  isTop(x: number): boolean {
    return int(this.top, x) === x;
  }

  partsOf(blossom: number): number[] {
    return this.#parts[blossom] ?? [];
  }

  /** The part of a blossom that holds a vertex. */
  partWith(blossom: number, vertex: number): number {
    return short(this.#holder, blossom * (this.n + 1) + vertex);
  }

  /** Position of a part, counted in the direction round the cycle in which it is even. */
  positionOf(blossom: number, part: number): number {
    const parts = this.partsOf(blossom);
    const at = parts.indexOf(part);
    if (at % 2 === 0) return at;
    parts.splice(1, parts.length - 1, ...parts.slice(1).reverse());
    return parts.length - at;
  }

  /** Matches a to b, and within a everybody but the vertex at that edge, which becomes its base. */
  match(a: number, b: number): void {
    const edge = a * this.row + b;
    this.mate[a] = short(this.#into, edge);
    if (a <= this.n) return;
    const part = this.partWith(a, short(this.#from, edge));
    const at = this.positionOf(a, part);
    const parts = this.partsOf(a);
    for (let i = 0; i < at; i++) this.match(parts[i] ?? 0, parts[i ^ 1] ?? 0);
    this.match(part, b);
    parts.push(...parts.splice(0, at));
  }

  /** A new blossom of an odd cycle, the base first. */
  enclose(parts: number[]): number {
    let b = this.n + 1;
    while (b <= this.highest && int(this.top, b) !== 0) b++;
    this.highest = Math.max(this.highest, b);
    this.price[b] = 0;
    this.mate[b] = int(this.mate, parts[0] ?? 0);
    this.#parts[b] = parts;
    this.#setTop(b, b);
    this.#gatherEdges(b);
    return b;
  }

  /** The parts are on their own again and the number is free. Their order stays readable until it is used anew. */
  dissolve(blossom: number): void {
    for (const part of this.partsOf(blossom)) this.#setTop(part, part);
    this.top[blossom] = 0;
  }

  #setTop(x: number, top: number): void {
    this.top[x] = top;
    if (x > this.n) for (const part of this.partsOf(x)) this.#setTop(part, top);
  }

  /** The cheapest of its parts' edges; they stay the cheapest, since all within a blossom are repriced alike. */
  #gatherEdges(b: number): void {
    const width = this.n + 1;
    this.#from.fill(0, b * this.row, (b + 1) * this.row);
    for (let x = 1; x <= this.highest; x++) this.#from[x * this.row + b] = 0;
    this.#holder.fill(0, b * width, (b + 1) * width);
    for (const part of this.partsOf(b)) {
      for (let x = 1; x <= this.highest; x++) {
        if (!this.joined(part, x) || (this.joined(b, x) && this.excess(part, x) >= this.excess(b, x))) continue;
        this.#copyEdge(part, x, b, x);
        this.#copyEdge(x, part, x, b);
      }
      for (let v = 1; v < width; v++) if (this.partWith(part, v) !== 0) this.#holder[b * width + v] = part;
    }
  }

  #copyEdge(a: number, x: number, toA: number, toX: number): void {
    this.#from[toA * this.row + toX] = short(this.#from, a * this.row + x);
    this.#into[toA * this.row + toX] = short(this.#into, a * this.row + x);
  }
}
