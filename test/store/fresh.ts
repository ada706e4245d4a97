/** A folder of its own for each test, and what is needed to open a store in it. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { systemClock } from "../../src/clock.ts";
import type { Log } from "../../src/platform.ts";
import { type Opening, openStore } from "../../src/store/open.ts";

export const quiet: Log = { debug() {}, info() {}, warn() {}, error() {} };

export function newFolder(): { readonly path: string; readonly file: string; readonly remove: () => void } {
  const path = mkdtempSync(join(tmpdir(), "together-store-"));
  return { path, file: join(path, "together.db"), remove: () => rmSync(path, { recursive: true, force: true }) };
}

export const opening = (file: string, more: Partial<Opening> = {}) =>
  openStore({ url: `sqlite:${file}`, clock: systemClock, log: quiet, ...more });
