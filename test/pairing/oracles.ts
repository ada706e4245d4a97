/** Slow and plain answers, to hold the quick ones against. */

/** The least cost of a perfect matching, by trying them all. Infinity where there is none. */
export function leastByTrying(n: number, cost: Float64Array): number {
  const best = new Map<number, number>([[0, 0]]);
  const least = (left: number): number => {
    const known = best.get(left);
    if (known !== undefined) return known;
    const a = 31 - Math.clz32(left);
    let answer = Number.POSITIVE_INFINITY;
    for (let b = 0; b < a; b++) {
      if (left & (1 << b)) answer = Math.min(answer, (cost[a * n + b] ?? 0) + least(left & ~(1 << a) & ~(1 << b)));
    }
    best.set(left, answer);
    return answer;
  };
  return least(2 ** n - 1);
}
