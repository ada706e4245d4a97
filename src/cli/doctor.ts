/** Looks at everything that a start needs, one line each, and says what is missing. Changes nothing. */
import { existsSync } from "node:fs";
import { systemClock } from "../clock.ts";
import { type Config, loadConfig, placesOf } from "../config.ts";
import { newLog } from "../log.ts";
import { openStore } from "../store/open.ts";
import { storeFile } from "../store/place.ts";
import { checkContent } from "./content.ts";
import { failureOf } from "./failure.ts";

interface Finding {
  readonly about: string;
  readonly good: boolean;
  readonly lines: readonly string[];
}

/** True: everything is as it should be. */
export async function doctor(tell: (line: string) => void): Promise<boolean> {
  const findings: Finding[] = [];
  const look = async (about: string, work: () => Promise<readonly string[]> | readonly string[]) => {
    findings.push(await finding(about, work));
  };
  let config: Config | undefined;
  await look("Settings", () => {
    const loaded = loadConfig();
    config = loaded.config;
    return [...loaded.warnings, settingsOf(config)];
  });
  if (config !== undefined) {
    const { pack, databaseUrl } = config;
    await look("Pack", () => checkContent(pack));
    await look("Store", () => storeOf(databaseUrl));
  }
  for (const { about, good, lines } of findings)
    for (const line of lines) tell(`${good ? "good" : "mend"}  ${about.padEnd(9)}${line}`);
  return findings.every(({ good }) => good);
}

async function finding(about: string, work: () => Promise<readonly string[]> | readonly string[]): Promise<Finding> {
  try {
    return { about, good: true, lines: await work() };
  } catch (error) {
    return { about, good: false, lines: failureOf(error).lines.split("\n") };
  }
}

function settingsOf(config: Config): string {
  const dates = config.dayOne === undefined ? "no dates yet" : `${config.dayOne} and ${config.dayTwo}`;
  return `${placesOf(config)}; ${dates}, ${config.zone}; http://${config.host}:${config.port}`;
}

async function storeOf(url: string): Promise<readonly string[]> {
  const file = storeFile(url);
  if (!existsSync(file)) return [`${file} is not there yet; the first start makes it.`];
  const store = await openStore({ url, clock: systemClock, log: newLog("error"), readOnly: true });
  await store.close();
  return [`${file} is whole.`];
}
