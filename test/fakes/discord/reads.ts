/**
 * What the eye reads of Discord's markdown, written from Discord's side: it knows nothing of our renderer, and shows
 * what a careless one would let through.
 */
export interface Reading {
  readonly text: string;
  /** Account ids of `<@…>`. */
  readonly mentions: readonly string[];
  readonly links: readonly string[];
  /** Kinds of markup that had an effect: bold, heading, code … */
  readonly marks: ReadonlySet<string>;
}

interface Names {
  nameOf(account: string): string;
}

interface Notes {
  readonly mentions: string[];
  readonly links: string[];
  readonly marks: Set<string>;
}

type Rule = readonly [
  mark: string,
  pattern: RegExp,
  show: (found: RegExpExecArray, inner: (text: string) => string) => string,
];

export function read(content: string, names: Names): Reading {
  const notes: Notes = { mentions: [], links: [], marks: new Set() };
  const rules = rulesFor(names, notes);
  const text = content
    .split("\n")
    .map((line) => block(line, notes))
    .join("\n");
  return { text: inline(text, rules, notes), ...notes };
}

/** Marks at the beginning of a line. */
function block(line: string, notes: Notes): string {
  const blocks: readonly [string, RegExp, string][] = [
    ["quote", /^\s*>(?:>>)? /, ""],
    ["heading", /^\s*#{1,3} +/, ""],
    ["subtext", /^\s*-# +/, ""],
    ["list", /^\s*[-*] +(?=\S)/, "• "],
    ["numbers", /^\s*\d{1,9}\. +(?=\S)/, "1. "],
  ];
  for (const [mark, pattern, shown] of blocks) {
    if (!pattern.test(line)) continue;
    notes.marks.add(mark);
    return line.replace(pattern, shown);
  }
  return line;
}

function inline(text: string, rules: readonly Rule[], notes: Notes): string {
  let shown = "";
  for (let at = 0; at < text.length; ) {
    const hit = match(text, at, rules);
    if (!hit) {
      shown += text[at++];
      continue;
    }
    const [mark, found, show] = hit;
    if (mark) notes.marks.add(mark);
    shown += show(found, (inner) => inline(inner, rules, notes));
    at += found[0].length;
  }
  return shown;
}

/** What a rule can begin with: most characters begin none. */
const OPENING = /[\\`<@:[hd*_~|]/;

function match(text: string, at: number, rules: readonly Rule[]) {
  if (!OPENING.test(text.charAt(at))) return undefined;
  for (const [mark, pattern, show] of rules) {
    pattern.lastIndex = at;
    const found = pattern.exec(text);
    if (found) return [mark, found, show] as const;
  }
  return undefined;
}

const nothing = () => "";

/** In the order in which Discord's client tries them; patterns after its published grammar. */
function rulesFor(names: Names, notes: Notes): readonly Rule[] {
  const linked = (url: string, shown: string) => {
    notes.links.push(url);
    return shown;
  };
  const inside = (found: RegExpExecArray, inner: (text: string) => string) => inner(found[1] ?? "");
  const mention = (found: RegExpExecArray) => {
    notes.mentions.push(found[1] ?? "");
    return `@${names.nameOf(found[1] ?? "")}`;
  };
  return [
    ["", /\\([^0-9A-Za-z\s])/y, (found) => found[1] ?? ""],
    ["code", /```(?:[a-z\d_+\-.#]*\n)?([\s\S]+?)```/y, (found) => found[1] ?? ""],
    ["code", /(`+)([\s\S]*?[^`])\1(?!`)/y, (found) => found[2] ?? ""],
    ["", /<@!?(\d+)>/y, mention],
    ["ping", /@(everyone|here)/y, (found) => found[0]],
    ["role", /<@&\d+>/y, () => "@role"],
    ["channel", /<#\d+>/y, () => "#channel"],
    ["command", /<\/[^:>]+:\d+>/y, () => "/command"],
    ["emoji", /<a?:\w+:\d+>/y, nothing],
    ["emoji", /:([a-z_]+):/y, () => "🙂"],
    ["time", /<t:(-?\d+)(?::[tTdDfFR])?>/y, (found) => new Date(Number(found[1]) * 1_000).toUTCString()],
    [
      "link",
      /\[((?:\\.|[^\]\\])+)\]\(<?(https?:[^\s)>]+)>?\)/y,
      (found, inner) => linked(found[2] ?? "", inner(found[1] ?? "")),
    ],
    ["link", /<(https?:[^\s>]+)>/y, (found) => linked(found[1] ?? "", found[1] ?? "")],
    ["link", /https?:\/\/[^\s<]+/y, (found) => linked(found[0], found[0])],
    ["link", /(?:discord\.gg|discord(?:app)?\.com)\/\S+/y, (found) => linked(found[0], found[0])],
    ["bold", /\*\*((?:\\[\s\S]|[^\\])+?)\*\*(?!\*)/y, inside],
    ["underline", /__((?:\\[\s\S]|[^\\])+?)__(?!_)/y, inside],
    ["italic", /\*(?=\S)((?:\*\*|\\[\s\S]|\s+(?:\\[\s\S]|[^\s*\\]|\*\*)|[^\s*\\])+?)\*(?!\*)/y, inside],
    ["italic", /\b_((?:__|\\[\s\S]|[^\\_])+?)_\b/y, inside],
    ["strike", /~~((?:\\[\s\S]|[^\\])+?)~~(?!_)/y, inside],
    ["spoiler", /\|\|((?:\\[\s\S]|[^\\])+?)\|\|/y, inside],
  ];
}
