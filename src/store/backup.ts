/** Copies of the embedded store while it runs, and the way back from one. */
import {
  chmodSync,
  closeSync,
  copyFileSync,
  existsSync,
  fsyncSync,
  openSync,
  renameSync,
  rmSync,
  statSync,
} from "node:fs";
import { dirname } from "node:path";
import { Temporal } from "temporal-polyfill";
import type { Instant } from "../platform.ts";
import { storeError } from "./faults.ts";
import { takeLease } from "./lease.ts";
import { checkWhole, connect } from "./open.ts";
import { copiesOf, copyName, findFile } from "./place.ts";
import { quoted } from "./rows.ts";
import { isCurrent } from "./schema.ts";
import { StoreError } from "./store.ts";

/** Where a backup of this instant lies unless somebody names another place. */
export const backupAt = (file: string, now: Instant): string => copyName(file, stamp(now), "backup");

const damagedAt = (file: string, now: Instant): string => copyName(file, stamp(now), "damaged");

const stamp = (now: Instant): string =>
  Temporal.Instant.fromEpochMilliseconds(now).toString({ smallestUnit: "millisecond" }).replaceAll(":", "-");

/** Copies a store, also while a bot writes to it. The copy is whole or not there; nobody else may read it. Its size in bytes. */
export function backup(file: string, destination: string): number {
  if (existsSync(destination)) throw new StoreError("path", `${destination} is there already. Name another file.`);
  findFile(file);
  const part = `${destination}.part`;
  try {
    rmSync(part, { force: true });
    // SQLite fills an empty file that is there, and so keeps its mode.
    closeSync(openSync(part, "wx", 0o600));
    copyOnline(file, part);
    checkCopy(part);
    settle(part, destination);
    return statSync(destination).size;
  } catch (error) {
    rmSync(part, { force: true });
    throw storeError(error, destination);
  }
}

/** Forgets the oldest copies, so that what was erased leaves them too. The answer names them. */
export function pruneBackups(file: string, before: Instant): readonly string[] {
  const old = copiesOf(file).filter((name) => name < backupAt(file, before));
  for (const name of old) rmSync(name);
  return old;
}

/**
 * Puts a backup in the place of a store. What was there is kept beside it, as a backup or, where it cannot be read, as
 * `.damaged`; the answer names it. Refuses (`held`) while a bot writes to the store.
 */
export function restore(backupFile: string, file: string, now: Instant): string | undefined {
  findFile(backupFile);
  checkCopy(backupFile);
  const part = `${file}.part`;
  try {
    copyFileSync(backupFile, part);
    chmodSync(part, 0o600);
    freeLease(part);
    const aside = existsSync(file) ? putAside(file, now) : undefined;
    // Empty by now; the old file's log must never be read into the new file.
    for (const side of ["-wal", "-shm"]) rmSync(file + side, { force: true });
    settle(part, file);
    return aside;
  } catch (error) {
    rmSync(part, { force: true });
    throw storeError(error, file);
  }
}

function copyOnline(file: string, part: string): void {
  const db = connect(file, true);
  try {
    isCurrent(db, file);
    db.exec(`VACUUM INTO ${quoted(part)}`);
  } finally {
    db.close();
  }
}

function checkCopy(file: string): void {
  const db = connect(file, true);
  try {
    checkWhole(db, file);
    if (!isCurrent(db, file))
      throw new StoreError("path", `${file} is no backup of a store of Together. Name another file.`);
  } catch (error) {
    throw storeError(error, file);
  } finally {
    db.close();
  }
}

/** Onto the disk first, then under its own name: a power cut leaves the old file or the new one. */
function settle(part: string, destination: string): void {
  sync(part);
  renameSync(part, destination);
  sync(dirname(destination));
}

function sync(path: string): void {
  const handle = openSync(path, "r");
  fsyncSync(handle);
  closeSync(handle);
}

function putAside(file: string, now: Instant): string {
  if (holdOff(file, now)) {
    try {
      const aside = backupAt(file, now);
      backup(file, aside);
      return aside;
    } catch (error) {
      if (storeError(error, file).code !== "damaged") throw error;
    }
  }
  const aside = damagedAt(file, now);
  for (const side of ["", "-wal", "-shm"]) if (existsSync(file + side)) renameSync(file + side, aside + side);
  return aside;
}

/**
 * Takes the lease and does not give it back, so that no bot starts on the old file before the new one has its name; and
 * empties the log, which would otherwise be played into the new file. False: damaged, so there is no lease to read;
 * then whoever still writes to it writes to the file moved aside.
 */
function holdOff(file: string, now: Instant): boolean {
  const db = connect(file, false);
  try {
    takeLease(db, file, now);
    db.exec("PRAGMA wal_checkpoint(TRUNCATE)");
    if (isEmpty(`${file}-wal`)) return true;
    throw new StoreError("locked", `${file} is being read by another program. Close that one, then try again.`);
  } catch (error) {
    const { code } = storeError(error, file);
    if (code === "damaged" || code === "failed") return false;
    throw error;
  } finally {
    db.close();
  }
}

/** Somebody who still reads keeps SQLite from emptying its log. */
const isEmpty = (file: string): boolean => !existsSync(file) || statSync(file).size === 0;

/** The backup was made while a bot held the store. */
function freeLease(file: string): void {
  const db = connect(file, false);
  try {
    db.exec("UPDATE lease SET until = 0");
  } finally {
    db.close();
  }
}
