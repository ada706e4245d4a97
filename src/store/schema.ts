/** The versions of the embedded store, and the way from each to the next. */
import type { DatabaseSyncInstance } from "@photostructure/sqlite";
import { rows } from "./rows.ts";
import { StoreError } from "./store.ts";

/** Written into the file's header, "Tgth": a file with another mark is another program's. */
const MARK = 0x54677468;

/**
 * From version n to n + 1. Each step is one transaction with its version number, so a kill leaves the one or the other.
 * `keyv` has the name and columns that Keyv's own SQL adapters use, so that records can move to another store.
 */
const STEPS: readonly string[] = [
  `CREATE TABLE keyv (key TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID;
   CREATE TABLE lease (
     one INTEGER PRIMARY KEY CHECK (one = 1),
     host TEXT NOT NULL, pid INTEGER NOT NULL, number INTEGER NOT NULL, until INTEGER NOT NULL
   ) STRICT;
   PRAGMA application_id = ${MARK};`,
];

export const VERSION = STEPS.length;

/** Refuses what is not ours and what is newer than we are. True: it is of this version. */
export function isCurrent(db: DatabaseSyncInstance, file: string): boolean {
  const version = pragma(db, "user_version");
  const mark = pragma(db, "application_id");
  if (mark !== MARK && (mark !== 0 || version !== 0 || hasTables(db)))
    throw new StoreError("path", `${file} is a database of another program. Name another file in DATABASE_URL.`);
  if (version > VERSION)
    throw new StoreError(
      "newer",
      `${file} was written by a newer Together (store version ${version}; this one knows ${VERSION}). Update Together, or restore an older backup: npx together restore`,
    );
  return version === VERSION;
}

export function migrate(db: DatabaseSyncInstance, file: string): void {
  while (!isCurrent(db, file)) {
    db.exec("BEGIN IMMEDIATE");
    try {
      // Read again: another process may have taken this step while we waited for it.
      const version = pragma(db, "user_version");
      const step = STEPS[version];
      if (step !== undefined) db.exec(`${step} PRAGMA user_version = ${version + 1};`);
      db.exec("COMMIT");
    } catch (error) {
      if (db.isTransaction) db.exec("ROLLBACK");
      throw error;
    }
  }
}

const pragma = (db: DatabaseSyncInstance, name: "user_version" | "application_id"): number =>
  Number(rows(db, `SELECT tell(${name}) FROM pragma_${name}`)[0]?.[0]);

const hasTables = (db: DatabaseSyncInstance): boolean => rows(db, "SELECT tell(1) FROM sqlite_schema").length > 0;
