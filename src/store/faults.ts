/** SQLite's result codes -> our store errors, each with what the operator does next. */
import { StoreError } from "./store.ts";

/** Primary result codes, from sqlite.org/rescode.html. Those not listed are our bug or the disk's. */
const CODES: Readonly<Record<number, readonly [StoreError["code"], (file: string) => string]>> = {
  3: ["path", (file) => `${file} may not be opened. Let this user read and write the file and its folder.`],
  5: ["locked", (file) => `${file} is being written by another program. Close that program, then try again.`],
  6: ["locked", (file) => `${file} is being written by another program. Close that program, then try again.`],
  8: [
    "readonly",
    (file) => `${file} can only be read. Let this user write the file and its folder, or close what only reads it.`,
  ],
  11: ["damaged", (file) => `${file} is damaged. Restore a backup: npx together restore`],
  13: ["full", (file) => `There is no room left for ${file}. Free some space on its disk; no restart is needed.`],
  14: ["path", (file) => `${file} cannot be opened. Let this user read and write the file and its folder.`],
  26: [
    "damaged",
    (file) => `${file} is not a store of Together, or is damaged. Restore a backup: npx together restore`,
  ],
};

/** `error` is whatever was thrown; a `StoreError` passes unchanged. */
export function storeError(error: unknown, file: string): StoreError {
  if (error instanceof StoreError) return error;
  const known = CODES[resultCode(error) & 0xff];
  if (known) return new StoreError(known[0], known[1](file), error);
  const why = error instanceof Error ? error.message : String(error);
  return new StoreError("failed", `${file} failed: ${why}. Look at its disk, then restart.`, error);
}

function resultCode(error: unknown): number {
  return error instanceof Error && "errcode" in error && typeof error.errcode === "number" ? error.errcode : 0;
}
