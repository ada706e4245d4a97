/** SQLite's result codes -> our store errors, each with what the operator does next. */
import { StoreError } from "./store.ts";

interface Known {
  /** Primary result code, from sqlite.org/rescode.html. */
  readonly result: number;
  /** SQLite's own fixed words for it: all that is left where the binding's `all` throws, which drops the code. */
  readonly words: string;
  readonly code: StoreError["code"];
  readonly remedy: (file: string) => string;
}

const locked = (file: string) => `${file} is being written by another program. Close that program, then try again.`;
const shut = (file: string) => `${file} cannot be opened. Let this user read and write the file and its folder.`;

/** Those not listed are our bug or the disk's. */
const KNOWN: readonly Known[] = [
  { result: 3, words: "access permission denied", code: "path", remedy: shut },
  { result: 5, words: "database is locked", code: "locked", remedy: locked },
  { result: 6, words: "database table is locked", code: "locked", remedy: locked },
  {
    result: 8,
    words: "attempt to write a readonly database",
    code: "readonly",
    remedy: (file) =>
      `${file} was opened for reading only, or may not be written. Let this user write it and its folder.`,
  },
  {
    result: 11,
    words: "database disk image is malformed",
    code: "damaged",
    remedy: (file) => `${file} is damaged. Restore a backup: npx together restore`,
  },
  {
    result: 13,
    words: "database or disk is full",
    code: "full",
    remedy: (file) => `There is no room left for ${file}. Free some space on its disk; no restart is needed.`,
  },
  { result: 14, words: "unable to open database file", code: "path", remedy: shut },
  {
    result: 26,
    words: "file is not a database",
    code: "damaged",
    remedy: (file) => `${file} is no store of Together, or is damaged. Restore a backup: npx together restore`,
  },
];

/** `error` is whatever was thrown; a `StoreError` passes unchanged. */
export function storeError(error: unknown, file: string): StoreError {
  if (error instanceof StoreError) return error;
  const why = error instanceof Error ? error.message : String(error);
  const result = resultCode(error);
  const known = KNOWN.find((one) => (result === undefined ? one.words === why : one.result === result));
  if (known) return new StoreError(known.code, known.remedy(file), error);
  return new StoreError("failed", `${file} failed: ${why}. Look at its disk, then restart.`, error);
}

/** The primary code; the binding hands out extended ones, whose low byte it is. */
function resultCode(error: unknown): number | undefined {
  const code = error instanceof Error && "errcode" in error ? error.errcode : undefined;
  return typeof code === "number" ? code & 0xff : undefined;
}
