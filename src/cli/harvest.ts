/** Takes the harvest home, also while the bot runs. */
import { writeFileSync } from "node:fs";
import { loadConfig } from "../config.ts";
import { harvestOf } from "../harvest/harvest.ts";
import { asMarkdown } from "../harvest/markdown.ts";
import { loadPack } from "../pack/load.ts";
import { packFolder } from "../root.ts";
import { readStores } from "./stores.ts";

export interface HarvestWanted {
  readonly format: "json" | "md";
  /** Absent: it is printed. */
  readonly out?: string;
}

export async function harvest({ format, out }: HarvestWanted, print: (text: string) => void): Promise<void> {
  const { config } = loadConfig();
  const pack = loadPack(packFolder(config.pack));
  const harvests = (await readStores(config, (store) => harvestOf(store, pack))).flat();
  // One community is an object: who has one workshop need not unpack a list.
  const [only, ...others] = harvests;
  const shown = only !== undefined && others.length === 0 ? only : harvests;
  const text = format === "md" ? asMarkdown(harvests) : `${JSON.stringify(shown, null, 2)}\n`;
  if (out === undefined) return print(text);
  save(out, text);
  print(`${out}: ${harvests.reduce((sum, { answers }) => sum + answers.length, 0)} answers.\n`);
}

function save(file: string, text: string): void {
  try {
    // What people said is for whoever asked for it.
    writeFileSync(file, text, { mode: 0o600 });
  } catch (error) {
    // Node's file errors have a code.
    const { code } = error as { code?: string };
    throw new Error(`E_OUT: ${file} cannot be written (${code}). Name a file in a folder of yours: --out harvest.md`);
  }
}
