/** What is wrong with a pack, and where: the whole list at once, since nobody mends a file one error at a time. */

export interface Problem {
  /** The file's name within the pack's folder; the folder itself where no file is to blame. */
  readonly file: string;
  /** Both count from 1. */
  readonly line: number;
  readonly column: number;
  readonly code: ProblemCode;
  /** What it is, and how to mend it. */
  readonly what: string;
}

/** E refuses the pack, W only tells. */
export type ProblemCode =
  | "E_PACK_PATH"
  | "E_PACK_SIZE"
  | "E_PACK_PARSE"
  | "E_FIELD"
  | "E_TYPE"
  | "E_ID"
  | "E_TIME"
  | "E_PLAN_DAY"
  | "E_TEXT_LONG"
  | "E_TEXT_CHARS"
  | "E_UNKNOWN"
  | "W_MENTION";

export const formatProblem = ({ file, line, column, what, code }: Problem): string =>
  `${file}:${line}:${column}: ${what} (${code})`;

/** More than anybody reads at once. */
const SHOWN = 20;

export class PackError extends Error {
  override readonly name = "PackError";
  readonly folder: string;
  readonly problems: readonly Problem[];

  constructor(folder: string, problems: readonly Problem[]) {
    const more = problems.length > SHOWN ? [`and ${problems.length - SHOWN} more`] : [];
    const lines = [...problems.slice(0, SHOWN).map(formatProblem), ...more];
    super(`The pack in ${folder} cannot be used:\n${lines.join("\n")}`);
    this.folder = folder;
    this.problems = problems;
  }
}
