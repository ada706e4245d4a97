/** The programmes of a pack: each block's time and activity, with the defaults of its kind. */
import type { File } from "./assemble.ts";
import type { Findings } from "./findings.ts";
import type { Activity, Block, Does, Missed, Programme, When } from "./pack.ts";
import type { programmeFile, RawBlock } from "./schema.ts";
import type { Path, Source } from "./source.ts";

/** What blocks may refer to. */
interface Names {
  readonly decks: readonly string[];
  readonly pages: readonly string[];
  readonly reminders: readonly string[];
}

const HOUR = 60;
const MISSED: Readonly<Record<Activity, Missed>> = {
  quote: { rule: "once", withinMinutes: 12 * HOUR },
  review: { rule: "once", withinMinutes: 12 * HOUR },
  show: { rule: "once", withinMinutes: 2 * HOUR },
  pairs: { rule: "once", withinMinutes: 2 * HOUR },
  hunt: { rule: "once", withinMinutes: 2 * HOUR },
  round: { rule: "once", withinMinutes: 2 * HOUR },
  // A reminder that comes late reminds of nothing.
  remind: { rule: "skip", withinMinutes: 30 },
};

export function programmesOf(
  { source, data }: File<typeof programmeFile>,
  names: Names,
  findings: Findings,
): Readonly<Record<string, Programme>> {
  findings.unique(
    source,
    "programme",
    data.programmes.map(({ id }, p) => ({ id, path: ["programmes", p] })),
  );
  // Without a prototype, so that a name that somebody typed finds a programme or nothing.
  const programmes: Record<string, Programme> = Object.create(null);
  for (const [p, { id, title, blocks }] of data.programmes.entries()) {
    const path = ["programmes", p, "blocks"];
    findings.unique(
      source,
      "block",
      blocks.map((block, b) => ({ id: block.id, path: [...path, b] })),
    );
    programmes[id] = {
      id,
      title,
      blocks: blocks.map((block, b) => blockOf(block, source, [...path, b], names, findings)),
    };
  }
  return programmes;
}

function blockOf(raw: RawBlock, source: Source, path: Path, names: Names, findings: Findings): Block {
  check(raw, source, path, names, findings);
  return {
    id: raw.id,
    title: raw.title,
    when: whenOf(raw),
    does: doesOf(raw),
    missed: raw.missed ?? MISSED[raw.activity],
  };
}

function check(raw: RawBlock, source: Source, path: Path, names: Names, findings: Findings): void {
  if ((raw.day === undefined) === (raw.every === undefined)) {
    findings.add(source, "E_FIELD", "a block has either `day` or `every`. Write one of them.", path);
  } else if (raw.every !== undefined && raw.days !== undefined) {
    findings.add(source, "E_FIELD", "`days` counts from a `day`, and this block has `every`. Take one out.", [
      ...path,
      "days",
    ]);
  }
  if (raw.activity === "quote") findings.known(source, "deck", raw.deck, names.decks, [...path, "deck"]);
  if (raw.activity === "show") findings.known(source, "page", raw.page, names.pages, [...path, "page"]);
  if (raw.activity === "remind")
    findings.known(source, "reminder", raw.reminder, names.reminders, [...path, "reminder"]);
}

function whenOf({ day, days, every, at }: RawBlock): When {
  return every === undefined
    ? { kind: "day", day: day ?? "one", offset: days ?? 0, at }
    : { kind: "every", pattern: every, at };
}

function doesOf(raw: RawBlock): Does {
  switch (raw.activity) {
    case "quote":
      return { activity: "quote", deck: raw.deck };
    case "show":
      return { activity: "show", page: raw.page };
    case "pairs":
      return { activity: "pairs", size: raw.size, mode: raw.mode };
    case "review":
      return { activity: "review", of: raw.of };
    case "remind":
      return { activity: "remind", reminder: raw.reminder };
    default:
      return { activity: raw.activity };
  }
}
