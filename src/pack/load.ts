/** Loads a pack: seven files read, shaped and put together, or the whole list of what is wrong with them. */
import { readdirSync, statSync } from "node:fs";
import { dirname, resolve } from "node:path";
import type { z } from "zod";
import { assemble, type Parts } from "./assemble.ts";
import { hint } from "./nearest.ts";
import type { Pack } from "./pack.ts";
import { PackError, type Problem, type ProblemCode } from "./problem.ts";
import * as schema from "./schema.ts";
import { readSource, type Source } from "./source.ts";

export interface Checked {
  /** Absent where there are problems. */
  readonly pack?: Pack;
  readonly problems: readonly Problem[];
  readonly warnings: readonly Problem[];
}

/** Throws a `PackError` with every problem; warnings are for `checkPack`. */
export function loadPack(folder: string): Pack {
  const { pack, problems } = checkPack(folder);
  if (pack === undefined) throw new PackError(folder, problems);
  return pack;
}

export function checkPack(folder: string): Checked {
  const missing = noFolder(folder);
  if (missing !== undefined) return { problems: [missing], warnings: [] };
  const reading = new Reading(folder);
  const parts = {
    pack: reading.file("pack.yaml", schema.packFile),
    quotes: reading.file("quotes.yaml", schema.quotesFile),
    prompts: reading.file("prompts.yaml", schema.promptsFile),
    forms: reading.file("forms.yaml", schema.formsFile),
    pages: reading.file("pages.yaml", schema.pagesFile),
    reminders: reading.file("reminders.yaml", schema.remindersFile),
    programme: reading.file("programme.yaml", schema.programmeFile),
  };
  if (!complete(parts)) return { problems: reading.problems, warnings: [] };
  const { pack, problems, warnings } = assemble(parts);
  return problems.length > 0 ? { problems, warnings } : { pack, problems, warnings };
}

/** A file that could not be used has left its problems behind. */
const complete = (parts: { [Name in keyof Parts]: Parts[Name] | undefined }): parts is Parts =>
  Object.values(parts).every((part) => part !== undefined);

function noFolder(folder: string): Problem | undefined {
  if (statSync(folder, { throwIfNoEntry: false })?.isDirectory()) return undefined;
  const beside = statSync(dirname(resolve(folder)), { throwIfNoEntry: false })?.isDirectory()
    ? readdirSync(dirname(resolve(folder)), { withFileTypes: true })
    : [];
  const packs = beside.filter((entry) => entry.isDirectory() && entry.name !== "sentences").map(({ name }) => name);
  const asked = resolve(folder)
    .slice(dirname(resolve(folder)).length)
    .replace(/^[/\\]/, "");
  return { file: folder, line: 1, column: 1, code: "E_PACK_PATH", what: `there is no such pack${hint(asked, packs)}.` };
}

class Reading {
  readonly problems: Problem[] = [];
  readonly #folder: string;

  constructor(folder: string) {
    this.#folder = folder;
  }

  file<T extends z.ZodType>(
    name: string,
    shape: T,
  ): { readonly source: Source; readonly data: z.output<T> } | undefined {
    const source = readSource(this.#folder, name);
    if (!("value" in source)) {
      this.problems.push(...source);
      return undefined;
    }
    const { success, data, error } = shape.safeParse(source.value);
    if (success) return { source, data };
    this.problems.push(...error.issues.flatMap((issue) => problemsOf(source, issue)));
    return undefined;
  }
}

const MESSAGE = /^([EW]_[A-Z_]+): (.*)$/s;

function problemsOf(source: Source, issue: z.core.$ZodIssue): readonly Problem[] {
  const [, code, what] = MESSAGE.exec(issue.message) ?? [];
  const last = String(issue.path.at(-1));
  if (what === "missing")
    return [source.problem("E_FIELD", `the field "${last}" is missing here. Add it.`, issue.path)];
  // An unknown field is shown where it stands, not where its owner begins.
  const path = issue.code === "unrecognized_keys" ? [...issue.path, issue.keys[0] ?? ""] : issue.path;
  const onKey = issue.code === "unrecognized_keys";
  // The schema gives every message its code.
  return [source.problem((code ?? "E_TYPE") as ProblemCode, what ?? issue.message, path, onKey)];
}
