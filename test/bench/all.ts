/** `npm run bench`: every table, each in a process of its own so that none inherits another's heap; or those that are named. */
import { spawnSync } from "node:child_process";
import { readdirSync } from "node:fs";
import { join } from "node:path";

const here = import.meta.dirname;
const all = readdirSync(here).filter((name) => name.endsWith(".ts") && name !== "all.ts");
const wanted = process.argv.slice(2).map((name) => `${name}.ts`);
const unknown = wanted.filter((name) => !all.includes(name));
if (unknown.length > 0) {
  const names = all.map((name) => name.replace(/\.ts$/, "")).join(", ");
  process.stderr.write(`There is no bench ${unknown.join(", ").replaceAll(".ts", "")}. There is: ${names}.\n`);
  process.exit(1);
}

const failed: string[] = [];
for (const name of wanted.length > 0 ? wanted : all) {
  process.stdout.write(`\n${name.replace(/\.ts$/, "")}\n`);
  const { status } = spawnSync(process.execPath, ["--import", "tsx", join(here, name)], { stdio: "inherit" });
  if (status !== 0) failed.push(name);
}
if (failed.length > 0) process.stderr.write(`\nOver their bounds: ${failed.join(", ")}\n`);
process.exit(failed.length > 0 ? 1 : 0);
