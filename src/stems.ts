/** Pure: which stem or step each part of a typed reply answers. People write as they speak; nothing is demanded of them. */

export interface Said {
  /** The stem's id; "" where the words begin with none of them. */
  readonly stem: string;
  readonly text: string;
}

interface Stem {
  readonly id: string;
  readonly text: string;
}

/**
 * "I'm here because of Ana." answers the first stem; three lines that begin "What?", "So what?", "What now?" answer
 * all three. A stem that is a question counts only with its mark, so that "What a day" stays in its writer's own words.
 */
export function sayings(text: string, stems: readonly Stem[]): Said[] {
  const leads = stems.map((stem) => ({ id: stem.id, lead: leadOf(stem.text) }));
  const said: { stem: string; lines: string[] }[] = [];
  for (const line of text.split("\n")) {
    const begun = leads
      .map(({ id, lead }) => ({ id, rest: afterLead(line, lead) }))
      .find(({ rest }) => rest !== undefined);
    const current = said.at(-1);
    if (begun?.rest !== undefined) said.push({ stem: begun.id, lines: [begun.rest] });
    else if (current) current.lines.push(line);
    else said.push({ stem: "", lines: [line] });
  }
  return join(said.map(({ stem, lines }) => ({ stem, text: lines.join("\n").trim() }))).filter(
    (part) => part.text !== "",
  );
}

/** One text a stem: the same stem begun twice in one message is one answer. */
function join(parts: readonly Said[]): Said[] {
  const byStem = new Map<string, string>();
  for (const { stem, text } of parts) {
    const before = byStem.get(stem);
    byStem.set(stem, before ? `${before}\n${text}` : text);
  }
  return [...byStem].map(([stem, text]) => ({ stem, text }));
}

/** The stem's own words as a pattern: apostrophes of any shape, any white space, its question mark or dots after it. */
function leadOf(stem: string): RegExp {
  const asks = /\?\s*$/.test(stem);
  const words = stem.replace(/[\s….?'’‘"“”]+$/u, "").trim();
  const pattern = words
    .split(/\s+/)
    .map((word) => word.replace(/[.*+?^${}()|[\]\\]/g, "\\$&").replace(/['’‘]/g, "['’‘]?"))
    .join("\\s+");
  return new RegExp(`^[\\s*_>"'’‘“-]*${pattern}\\s*${asks ? "[?:]" : "(?:…|\\.{3}|:|\\b)"}[*_'’"”]*`, "iu");
}

function afterLead(line: string, lead: RegExp): string | undefined {
  const match = lead.exec(line);
  return match ? line.slice(match[0].length).trim() : undefined;
}
