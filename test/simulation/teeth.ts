/**
 * Each known mistake, until a seed catches it: a table, and a failure where one is not caught within so many (SEEDS, 500).
 * ONLY looks at those whose name holds these words; PART=1/2 at the first half of them.
 */
import { coreWith, MISTAKES } from "./mistakes.ts";
import { pack, say } from "./pack.ts";
import { simulate } from "./simulate.ts";

const { SEEDS = "500", ONLY = "", PART = "1/1" } = process.env;
const WITHIN = Number(SEEDS);
const [part = 1, parts = 1] = PART.split("/").map(Number);
const mistakes = MISTAKES.filter(({ name }, nth) => name.includes(ONLY) && nth % parts === part - 1);

let caught = 0;
for (const mistake of mistakes) {
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
process.exitCode = caught === mistakes.length ? 0 : 1;
console.log(`${caught} of ${mistakes.length} mistakes caught within ${WITHIN} seeds`);
