/** A whole companion for a bench: the company over the embedded store on disk, as `main.ts` puts it together. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { systemChance } from "../../../src/chance.ts";
import { type Clock, systemClock } from "../../../src/clock.ts";
import { Company } from "../../../src/company.ts";
import type { Log, Platform } from "../../../src/platform.ts";
import { phrases } from "../../../src/sentences.ts";
import { openStore } from "../../../src/store/open.ts";
import type { Store } from "../../../src/store/store.ts";
import { pack, say } from "../../stories/stage.ts";

export const ZONE = "Europe/London";

/** Only what went wrong is worth a line in a table's neighbourhood. */
export const log: Log = {
  debug() {},
  info() {},
  warn: (message, facts) => process.stderr.write(`warn: ${message} ${JSON.stringify(facts ?? {})}\n`),
  error: (message, facts) => process.stderr.write(`error: ${message} ${JSON.stringify(facts ?? {})}\n`),
};

/** What `main.ts` hands to an adapter. */
export const surroundings = (clock: Clock) => ({ clock, log, phrases: phrases(say), mount() {} });

/** A folder that goes with the process. */
export function scratch(): string {
  const folder = mkdtempSync(join(tmpdir(), "together-bench-"));
  process.once("exit", () => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

export const storeOnDisk = (folder: string): Promise<Store> =>
  openStore({ url: `sqlite:${join(folder, "bot.db")}`, clock: systemClock, log });

/** Opened, and not yet connected to anything. */
export async function companyOver(platform: Platform, store: Store, clock: Clock): Promise<Company> {
  const defaults = { zone: ZONE, programme: "workshop" };
  const around = { store, clock, chance: systemChance, log, say, pack, facilitators: [], defaults };
  const company = new Company({ ...around, platforms: [platform] });
  await company.open();
  return company;
}
