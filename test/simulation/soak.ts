/** `npm run soak`: worlds until so many days have been lived (DAYS, 200,000), or one of them again (SEED). */

import { createHash } from "node:crypto";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { ROOT } from "../../src/root.ts";
import { coreOf } from "./core.ts";
import { pack, say } from "./pack.ts";
import { report, simulate } from "./simulate.ts";

const { SEED, DAYS = "200000", FIRST = "1" } = process.env;
const core = await coreOf(pathToFileURL(join(ROOT, "src/")).href);
const around = {
  core,
  pack,
  say,
};

let days = 0;
let failed = 0;
const traces = createHash("sha256");
const begun = performance.now();
for (let seed = Number(SEED ?? FIRST); days < (SEED ? 1 : Number(DAYS)); seed++) {
  const ran = await simulate(seed, around);
  days += ran.workshopDays;
  traces.update(ran.hash);
  if (ran.problems.length) {
    failed++;
    console.log(report(ran));
  }
  if (SEED) console.log(`hash ${ran.hash}, ${ran.events} events\n${ran.trace.join("\n")}`);
  else if (seed % 200 === 0) console.log(`seed ${seed}: ${days} days, ${perMinute()} days a minute, ${failed} broken`);
}
console.log(`all traces ${traces.digest("hex").slice(0, 16)}`);
console.log(`${days} workshop days, ${perMinute()} a minute on one core, ${failed} seeds broken`);
process.exitCode = failed ? 1 : 0;

function perMinute(): number {
  return Math.round((days / (performance.now() - begun)) * 60_000);
}
