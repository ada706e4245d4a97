/** Each known mistake, until a seed catches it: a table, and a failure where one is not caught within so many. */
import { coreWith, MISTAKES } from "./mistakes.ts";
import { pack, say } from "./pack.ts";
import { simulate } from "./simulate.ts";

const WITHIN = Number(process.env["SEEDS"] ?? 500);

let caught = 0;
for (const mistake of MISTAKES.filter(({ name }) => name.includes(process.env["ONLY"] ?? ""))) {
  const { core, drop } = await coreWith(mistake);
  let found: string | undefined;
  let seed = 0;
  try {
    while (!found && seed < WITHIN) found = (await simulate(++seed, { core, pack, say })).problems[0];
  } finally {
    drop();
  }
  if (found) caught++;
  console.log(
    `${found ? `seed ${String(seed).padStart(3)}` : "NOT CAUGHT"}  ${mistake.name.padEnd(64)} ${(found ?? "").slice(0, 90)}`,
  );
}
process.exitCode = caught === MISTAKES.length || process.env["ONLY"] ? 0 : 1;
console.log(`${caught} of ${MISTAKES.length} mistakes caught within ${WITHIN} seeds`);
