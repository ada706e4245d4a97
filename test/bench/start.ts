/** How soon the room is ready after `npm start`, beside the least that such a start could be; and what it takes while idle. */
import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ROOT } from "../../src/root.ts";

const ROUNDS = 9;
const RATIO = 1.5;
const IDLE_MB = 120;
/** Milliseconds until what was only needed to start has been let go. */
const SETTLE = 5_000;

const folder = mkdtempSync(join(tmpdir(), "together-"));
const baseline = { scripts: { start: `node ${join(ROOT, "test", "bench", "baseline.mjs")}` } };
writeFileSync(join(folder, "package.json"), JSON.stringify(baseline));

/** Where `npm start` is typed, and with what. */
const CONTENDERS = {
  together: { cwd: ROOT, settings: { DATABASE_URL: `sqlite:${join(folder, "bot.db")}` } },
  baseline: { cwd: folder, settings: { BASELINE_FILE: join(folder, "baseline.db") } },
};

interface Started {
  readonly ms: number;
  end(): Promise<void>;
  readonly child: ChildProcess;
}

async function started(
  command: string,
  words: string[],
  { cwd, settings }: (typeof CONTENDERS)["together" | "baseline"],
): Promise<Started> {
  const port = await freePort();
  const env = { PATH: process.env["PATH"], HOME: folder, PORT: String(port), ...settings };
  const begun = performance.now();
  // A group of its own: npm hands no signal on to what it runs.
  const child = spawn(command, words, { cwd, env, stdio: "ignore", detached: true });
  while (!(await fetch(`http://127.0.0.1:${port}/readyz`).catch(() => undefined))?.ok) {
    if (child.exitCode !== null) throw new Error(`It ended with ${child.exitCode}.`);
    await new Promise((again) => setTimeout(again, 2));
  }
  const ms = performance.now() - begun;
  const end = async () => {
    process.kill(-(child.pid ?? 0), "SIGTERM");
    // npm goes before what it started has let go of the store.
    while (isThere(-(child.pid ?? 0))) await new Promise((again) => setTimeout(again, 20));
  };
  return { ms, end, child };
}

function isThere(group: number): boolean {
  try {
    return process.kill(group, 0);
  } catch {
    return false;
  }
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  server.close();
  await once(server, "close");
  return typeof address === "object" && address ? address.port : 0;
}

async function readyAfter(who: keyof typeof CONTENDERS): Promise<number> {
  const { ms, end } = await started("npm", ["start", "-s"], CONTENDERS[who]);
  await end();
  return ms;
}

async function idleMegabytes(): Promise<number> {
  const { child, end } = await started(process.execPath, ["src/start.mjs", "start"], CONTENDERS.together);
  await new Promise((idle) => setTimeout(idle, SETTLE));
  const status = readFileSync(`/proc/${child.pid}/status`, "utf8");
  await end();
  return Number(/^VmRSS:\s+(\d+) kB/m.exec(status)?.[1]) / 1024;
}

spawnSync(process.execPath, ["src/start.mjs", "build"], { cwd: ROOT, stdio: "inherit" });
const times = { together: [] as number[], baseline: [] as number[] };
// The first of each fills the disk's cache and makes the store; turn by turn, so that both meet the same machine.
for (let round = 0; round <= ROUNDS; round++) {
  for (const who of ["together", "baseline"] as const) {
    const ms = await readyAfter(who);
    if (round > 0) times[who].push(ms);
  }
}
// Of each its best: whatever else runs on the machine only adds to it.
const [ours, least] = [Math.min(...times.together), Math.min(...times.baseline)];
const idle = await idleMegabytes();
console.table({
  "ready in the room, ms": {
    measured: Math.round(ours),
    beside: Math.round(least),
    ratio: (ours / least).toFixed(2),
    bound: RATIO,
  },
  "idle in the room, MB": { measured: Math.round(idle), bound: IDLE_MB },
});
process.exit(ours / least <= RATIO && idle <= IDLE_MB ? 0 : 1);
