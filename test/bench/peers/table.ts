/** Prints a table in Markdown, and remembers which goals were missed. */
const misses: string[] = [];

export function print(head: readonly string[], rows: readonly (readonly string[])[]): void {
  const lines = [head, head.map(() => "---"), ...rows].map((cells) => `| ${cells.join(" | ")} |`);
  process.stdout.write(`${lines.join("\n")}\n\n`);
}

export function must(holds: boolean, what: string): void {
  if (holds) return;
  misses.push(what);
  process.stderr.write(`missed: ${what}\n`);
}

export const missed = (): readonly string[] => misses;
