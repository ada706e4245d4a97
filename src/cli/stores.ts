/** The store files that the verbs of the shell look into: those of what is configured and was started once. */
import { existsSync } from "node:fs";
import { basename } from "node:path";
import { systemClock } from "../clock.ts";
import { type Config, storeUrls } from "../config.ts";
import { newLog } from "../log.ts";
import { openStore } from "../store/open.ts";
import { storeFile } from "../store/place.ts";
import { type Store, StoreError } from "../store/store.ts";

/** Where nothing was started yet, the first that would be: whoever opens it says what is missing. */
export function storeFiles(config: Config): readonly string[] {
  const files = storeUrls(config).map(storeFile);
  const there = files.filter((file) => existsSync(file));
  return there.length > 0 ? there : files.slice(0, 1);
}

/** One after the other, also beside a running bot. */
export async function readStores<Result>(config: Config, read: (store: Store) => Promise<Result>): Promise<Result[]> {
  const results: Result[] = [];
  for (const file of storeFiles(config)) {
    const options = { url: `sqlite:${file}`, clock: systemClock, log: newLog("error"), readOnly: true };
    const store = await openStore(options);
    results.push(await read(store).finally(() => store.close()));
  }
  return results;
}

/** The store that a copy was made of, by the name it begins with. */
export function storeOf(copy: string, config: Config): string {
  const files = storeUrls(config).map(storeFile);
  const [only, ...others] = files;
  const named = files.find((file) => basename(copy).startsWith(`${basename(file)}.`));
  const found = named ?? (others.length === 0 ? only : undefined);
  if (found !== undefined) return found;
  const names = files.map((file) => basename(file)).join(" or ");
  throw new StoreError("path", `${copy} does not say which store it is of: let its name begin with ${names}.`);
}
