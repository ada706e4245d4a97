/** Opens the embedded store: every check that has to come before the first read, and the one writer's lease. */
import { DatabaseSync, type DatabaseSyncInstance } from "@photostructure/sqlite";
import type { Clock } from "../clock.ts";
import type { Log } from "../platform.ts";
import { storeOver } from "./driver.ts";
import { storeError } from "./faults.ts";
import { Lease, type Lost } from "./lease.ts";
import { findFile, makeFile, newestBackup, storeFile } from "./place.ts";
import { rows } from "./rows.ts";
import { isCurrent, migrate } from "./schema.ts";
import { SqliteDriver } from "./sqlite.ts";
import { type Store, StoreError } from "./store.ts";

export interface Opening {
  /** `sqlite:…`, as in `DATABASE_URL`. */
  readonly url: string;
  /** The machine's own clock: other processes compare the lease with theirs. */
  readonly clock: Clock;
  readonly log: Log;
  /** For tools: needs no lease, works beside a running bot, and every write rejects with `readonly`. */
  readonly readOnly?: boolean;
  readonly lost?: Lost;
}

/** A locked file is waited for this long, and the whole process with it. */
const BUSY_MS = 2_000;

export async function openStore(opening: Opening): Promise<Store> {
  const { url, clock, readOnly = false } = opening;
  const file = storeFile(url);
  if (readOnly) findFile(file);
  else makeFile(file);
  const db = connect(file, readOnly);
  try {
    if (!readOnly) return writingStore(db, file, opening);
    checkWhole(db, file);
    if (!isCurrent(db, file))
      throw new StoreError("path", `${file} holds no store of this version yet. Start Together once.`);
    return storeOver(new SqliteDriver(db, file, clock));
  } catch (error) {
    db.close();
    throw openingError(error, file);
  }
}

function writingStore(db: DatabaseSyncInstance, file: string, { clock, log, lost }: Opening): Store {
  checkWhole(db, file);
  isCurrent(db, file);
  prepare(db, file);
  migrate(db, file);
  return storeOver(new SqliteDriver(db, file, clock, new Lease(db, file, clock, log, lost)));
}

export function connect(file: string, readOnly: boolean): DatabaseSyncInstance {
  try {
    return new DatabaseSync(file, { readOnly, timeout: BUSY_MS });
  } catch (error) {
    throw openingError(error, file);
  }
}

function prepare(db: DatabaseSyncInstance, file: string): void {
  db.exec("PRAGMA journal_mode = WAL");
  const [mode] = rows(db, "SELECT tell(journal_mode) FROM pragma_journal_mode");
  if (mode?.[0] !== "wal")
    throw new StoreError("path", `${file} lies where SQLite cannot keep a log. Take a disk of this machine.`);
  // FULL: an acknowledged write outlives a power cut. secure_delete: what is erased is blanked in its page.
  // temp_store: what people wrote never passes through the system's folder for temporary files.
  db.exec("PRAGMA synchronous = FULL; PRAGMA secure_delete = ON; PRAGMA temp_store = MEMORY;");
}

/** Every page is read once; about a second for 500 MB. */
export function checkWhole(db: DatabaseSyncInstance, file: string): void {
  // One row, "ok", or one for each trouble.
  const [first] = rows(db, "SELECT tell(quick_check) FROM pragma_quick_check");
  if (first?.[0] !== "ok") throw new StoreError("damaged", `${file} is damaged: ${first?.[0]}`);
}

function openingError(error: unknown, file: string): StoreError {
  const known = storeError(error, file);
  // The one damage that SQLite reports as a plain error: the header's format number.
  if (known.code !== "damaged" && !known.message.includes("unsupported file format")) return known;
  const newest = newestBackup(file);
  const remedy = newest
    ? `Its newest backup is ${newest}. Put that in its place: npx together restore ${newest}`
    : `There is no backup beside it. Fetch one from elsewhere, then: npx together restore FILE`;
  return new StoreError(
    "damaged",
    `${file} is damaged, or is no store of Together. Nothing was changed. ${remedy}`,
    error,
  );
}
