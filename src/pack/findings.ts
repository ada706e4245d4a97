/** Collects what is wrong with a pack as a whole, once each file by itself has its right shape. */
import { LIMITS, type Span } from "../platform.ts";
import { textLength } from "../words.ts";
import { hint } from "./nearest.ts";
import type { Problem, ProblemCode } from "./problem.ts";
import type { Path, Source, Value } from "./source.ts";

/** What the bot's own sentences around a pack's text may take: a greeting, names, what is kept and who sees it. */
const RESERVED = 300;

/** What some chat system would take for a call to people. It is posted as plain text; its author may have meant otherwise. */
const MENTION = /@(?:everyone|here|channel)\b|<[@#!][^>\s]*>/;

export class Findings {
  readonly problems: Problem[] = [];
  readonly warnings: Problem[] = [];

  add(source: Source, code: ProblemCode, what: string, path: Path): void {
    this.problems.push(source.problem(code, what, path));
  }

  /** `what` is the word for one of them: "quote", "block". */
  unique(source: Source, what: string, entries: readonly { readonly id: string; readonly path: Path }[]): void {
    const seen = new Set<string>();
    for (const { id, path } of entries) {
      if (seen.has(id))
        this.add(source, "E_ID", `there is another ${what} "${id}" above. Give this one its own id.`, [...path, "id"]);
      seen.add(id);
    }
  }

  known(source: Source, what: string, id: string, all: readonly string[], path: Path): void {
    if (!all.includes(id)) this.add(source, "E_UNKNOWN", `there is no ${what} "${id}"${hint(id, all)}.`, path);
  }

  fits(source: Source, body: readonly Span[], path: Path): void {
    const length = textLength(body);
    const most = LIMITS.text - RESERVED;
    if (length <= most) return;
    const counted = `${length.toLocaleString("en-GB")} characters (punctuation counts twice)`;
    this.add(
      source,
      "E_TEXT_LONG",
      `this message has ${counted}; ${most.toLocaleString("en-GB")} fit. Split or shorten it.`,
      path,
    );
  }

  /** A stem stands over its field in a form, unless it has a shorter label. */
  label(source: Source, label: string, path: Path): void {
    if (label.length <= LIMITS.fieldLabel) return;
    const what = `a field's label has at most ${LIMITS.fieldLabel} characters. Add a \`label\` that says it in short.`;
    this.add(source, "E_TEXT_LONG", what, path);
  }

  mentions(source: Source, value: Value = source.value, path: Path = []): void {
    if (typeof value === "string") {
      const found = MENTION.exec(value)?.[0];
      const what = `"${found}" will be posted as plain text: a pack calls nobody. Take it out if it was meant to.`;
      if (found !== undefined) this.warnings.push(source.problem("W_MENTION", what, path));
    } else if (typeof value === "object" && value !== null) {
      for (const [key, inner] of Object.entries(value)) this.mentions(source, inner, [...path, key]);
    }
  }
}
