/** The harvest as a document to read, print or mail. What people wrote is escaped: it is text here too. */
import type { Harvest, HarvestedAnswer } from "./harvest.ts";

export function asMarkdown(harvests: readonly Harvest[]): string {
  return `${harvests.map(one).join("\n\n---\n\n")}\n`;
}

function one({ community, dayOne, dayTwo, answers, letGo, quotes, ties }: Harvest): string {
  const met = ties.filter(({ state }) => state === "met");
  return [
    `# Harvest: ${escaped(community)}`,
    dayOne && dayTwo ? `${dayOne} and ${dayTwo}` : "",
    ...section("What was said", grouped(answers)),
    letGo === undefined
      ? ""
      : `Words are kept for 90 days. Older ones are not here any more, since ${letGo.slice(0, 10)}.`,
    ...section(
      "Who met",
      met.map(({ people: [a, b] }) => `- ${escaped(a)} and ${escaped(b)}`),
    ),
    ...section(
      "Quotes along the way",
      quotes.map(({ text, source, from }) => `${quoted([text, source, from])}\n`),
    ),
  ]
    .filter((line) => line !== "")
    .join("\n\n");
}

const section = (title: string, lines: readonly string[]): string[] =>
  lines.length ? [`## ${title}`, lines.join("\n")] : [];

/** By prompt, then by stem, in the order in which they were first answered. */
function grouped(answers: readonly HarvestedAnswer[]): string[] {
  const groups = new Map<string, string[]>();
  for (const { prompt, stem, by, text } of answers) {
    const title = stem && stem !== prompt ? `${prompt}: ${stem}` : prompt;
    groups.set(title, [...(groups.get(title) ?? []), `- **${escaped(by)}**: ${escaped(text)}`]);
  }
  return [...groups].map(([title, lines]) => `### ${escaped(title)}\n\n${lines.join("\n")}\n`);
}

/** One block of quotation, its parts set apart. */
const quoted = (parts: readonly (string | undefined)[]): string =>
  parts.flatMap((part) => (part ? [`> ${escaped(part)}`] : [])).join("\n>\n");

/**
 * CommonMark: any ASCII punctuation may be escaped; a line break within an item stays one. No line of what people wrote
 * begins a list, a rule or code.
 */
const escaped = (text: string): string =>
  text
    .replace(/[\\`*_[\]<>#|~&]/g, "\\$&")
    .replace(/^[ \t]*(\d{1,9}(?=[.)])|(?=[-+=]))/gm, "$1\\")
    .replace(/^[ \t]+/gm, "")
    .replace(/\r?\n/g, "  \n  ");
