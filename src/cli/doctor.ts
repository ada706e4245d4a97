/** Looks at everything that a start needs, one line each, and says what is missing. Changes nothing. */
import { existsSync } from "node:fs";
import { type Config, loadConfig, placesOf } from "../config.ts";
import { agree } from "../main.ts";
import { loadPack } from "../pack/load.ts";
import { packFolder } from "../root.ts";
import { checkContent } from "./content.ts";
import { failureOf } from "./failure.ts";
import { readStores, storeFiles } from "./stores.ts";

type Tell = (line: string) => void;

/** True: everything is as it should be. */
export async function doctor(tell: Tell): Promise<boolean> {
  const settings = await look(tell, "Settings", loadConfig, settingsIn);
  if (settings === undefined) return false;
  const { config } = settings;
  const pack = await look(tell, "Pack", () => lookIntoPack(config));
  const stores = await look(tell, "Store", () => lookIntoStores(config));
  return pack !== undefined && stores !== undefined;
}

/** What was found; undefined where something has to be mended first. */
async function look<Found>(
  tell: Tell,
  about: string,
  work: () => Found | Promise<Found>,
  linesIn: (found: Found) => readonly string[] = (found) => String(found).split("\n"),
): Promise<Found | undefined> {
  const say = (mark: string, line: string) => tell(`${mark}  ${about.padEnd(9)}${line}`);
  try {
    const found = await work();
    for (const line of linesIn(found)) say("good", line);
    return found;
  } catch (error) {
    for (const line of failureOf(error).lines.split("\n")) say("mend", line);
    return undefined;
  }
}

function settingsIn({ config, warnings }: { config: Config; warnings: readonly string[] }): readonly string[] {
  const dates = config.dayOne === undefined ? "no dates yet" : `${config.dayOne} and ${config.dayTwo}`;
  return [...warnings, `${placesOf(config)}; ${dates}, ${config.zone}; http://${config.host}:${config.port}`];
}

async function lookIntoPack(config: Config): Promise<string> {
  const lines = checkContent(config.pack);
  agree(config, loadPack(packFolder(config.pack)));
  return lines.join("\n");
}

/** What was never started has no file yet; what is there is opened and looked through. */
async function lookIntoStores(config: Config): Promise<string> {
  const files = storeFiles(config);
  const missing = files.find((file) => !existsSync(file));
  if (missing !== undefined) return `${missing} is not there yet; the first start makes it.`;
  await readStores(config, async () => {});
  return `${files.join(", ")}: whole.`;
}
