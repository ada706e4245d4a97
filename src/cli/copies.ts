/** Copies of the stores while the bot runs, and the way back from one while it does not. */
import { systemClock } from "../clock.ts";
import { loadConfig } from "../config.ts";
import { backup, backupAt, pruneBackups, restore } from "../store/backup.ts";
import { storeFiles, storeOf } from "./stores.ts";

/** What was erased from a store leaves its copies after so many days. */
const KEPT_DAYS = 30;
const DAY_MS = 86_400_000;

/** Each copy lies beside its store. */
export function backUp(): readonly string[] {
  const now = systemClock.now();
  return storeFiles(loadConfig().config).flatMap((file) => {
    const copy = backupAt(file, now);
    const size = backup(file, copy);
    const old = pruneBackups(file, now - KEPT_DAYS * DAY_MS);
    return [
      `${copy}: ${(size / 1024).toFixed(0)} kB.`,
      ...old.map((name) => `${name} was over ${KEPT_DAYS} days old and is gone.`),
    ];
  });
}

export function bringBack(copy: string): readonly string[] {
  const file = storeOf(copy, loadConfig().config);
  const aside = restore(copy, file, systemClock.now());
  return [`${file} is as it was in ${copy}.`, ...(aside === undefined ? [] : [`What was there before: ${aside}.`])];
}
