import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { expect, test } from "vitest";
import { ROOT } from "../../src/root.ts";
import { coreOf } from "./core.ts";
import { coreWith, MISTAKES } from "./mistakes.ts";
import { pack, say } from "./pack.ts";
import { type Ran, report, simulate } from "./simulate.ts";

const { DAYS = "500" } = process.env;
const around = {
  core: await coreOf(pathToFileURL(join(ROOT, "src/")).href),
  pack,
  say,
};

const lived = new Map<number, Ran>();
/** Milliseconds that all of them took. */
let took = 0;

/** A seed's world, lived once for all who look at it. */
async function lives(seed: number): Promise<Ran> {
  const known = lived.get(seed);
  if (known) return known;
  const begun = performance.now();
  const ran = await simulate(seed, around);
  took += performance.now() - begun;
  lived.set(seed, ran);
  return ran;
}

/** Seeds that once broke, by what they found. The first seeds of all are lived below. */
const ONCE_BROKEN: readonly [string, number][] = [
  ["patience grew by a day when a clock that was ahead was set right", 497],
  ["a run was stopped while it was in doubt whether its block stood", 30_110],
  ["what facilitators hear of a round was told again after midnight", 40_130],
  ["a block was moved to where a clock that was ahead had looked already", 60_072],
  ["two sendings of one form, tried again together: the earlier one stood", 60_100],
];

test.each(ONCE_BROKEN)("%s (seed %i)", { timeout: 60_000 }, async (_what, seed) => {
  const ran = await lives(seed);
  expect(ran.problems, report(ran)).toEqual([]);
});

test("promise 4: the same seed gives the same trace, twice", { timeout: 60_000 }, async () => {
  for (const seed of [1, 12, 40]) {
    const [one, other] = [await lives(seed), await simulate(seed, around)];
    expect(other.hash).toBe(one.hash);
  }
});

// All of them take minutes: `npx tsx test/simulation/teeth.ts` prints the table.
const QUICK = [
  "a job is struck off before its work is done",
  "a look that failed is read as: not there",
  "what was sent is not recorded",
];

test.each(QUICK)("promise 3: it notices when %s", { timeout: 60_000 }, async (name) => {
  const mistake = MISTAKES.find((one) => one.name === name);
  if (!mistake) throw new Error(`There is no such mistake: ${name}`);
  const { core, drop } = await coreWith(mistake);
  try {
    let problems: readonly string[] = [];
    for (let seed = 1; problems.length === 0 && seed <= 20; seed++)
      ({ problems } = await simulate(seed, { ...around, core }));
    expect(problems).not.toEqual([]);
  } finally {
    drop();
  }
});

test(`promise 2: ${DAYS} workshop days of faults, and all is well when they end`, { timeout: 600_000 }, async () => {
  let days = 0;
  const faults: Record<string, number> = {};
  for (let seed = 1; days < Number(DAYS); seed++) {
    const ran = await lives(seed);
    expect(ran.problems, report(ran)).toEqual([]);
    days += ran.workshopDays;
    for (const [name, count] of Object.entries(ran.counts)) faults[name] = (faults[name] ?? 0) + count;
  }
  const all = [...lived.values()].reduce((sum, { workshopDays }) => sum + workshopDays, 0);
  const perMinute = Math.round((all / took) * 60_000);
  const said = Object.entries(faults).map(([name, count]) => `${name} ${count}`);
  console.info(`promise 2: ${days} workshop days, ${perMinute} a minute\n${said.join(", ")}`);
  // Every kind of trouble has been there, so that it being well says something.
  for (const kind of [
    "killed",
    "away",
    "paused",
    "clock step",
    "store failed",
    "store torn",
    "net post unknown",
    "net post busy",
    "net deaf",
    "net out",
    "net repeat",
    "net event lost",
    "people edit",
    "people retract",
    "people submit",
    "people take back",
    "people forget",
  ])
    expect(faults[kind] ?? 0, kind).toBeGreaterThan(0);
});
