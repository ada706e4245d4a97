/** What the benches say: shares of a sorted list, milliseconds, and bounds that are missed out loud. */

/** The value below which such a share of all lies; `NaN` of nothing. */
export function share(values: readonly number[], of: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * of))] ?? Number.NaN;
}

export const median = (values: readonly number[]): number => share(values, 0.5);

export const rounded = (value: number, digits = 2): number => Number(value.toFixed(digits));

const missed: string[] = [];

/** Notes a bound that was not kept; the bench goes on and prints all it has. */
export function hold(kept: boolean, bound: string): void {
  if (!kept) missed.push(bound);
}

/** Ends the process: with 1 where a bound was missed, each of them named. */
export function verdict(): never {
  for (const bound of missed) process.stderr.write(`Missed: ${bound}\n`);
  process.exit(missed.length > 0 ? 1 : 0);
}
