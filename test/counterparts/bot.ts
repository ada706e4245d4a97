/** The built bot as an operator runs it: a child process with its settings, in a folder of its own. */
import { type ChildProcess, execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { ROOT } from "../../src/root.ts";
import { until } from "./until.ts";

const ENTRY = join(ROOT, "src", "start.mjs");
const run = promisify(execFile);

/** Of one community; a list where there are more. */
interface Harvest {
  readonly community: string;
  readonly answers: readonly { readonly stem: string; readonly by: string; readonly text: string }[];
}

export class Bot {
  readonly #folder = mkdtempSync(join(tmpdir(), "together-"));
  readonly #settings: Record<string, string>;
  #child: ChildProcess | undefined;
  #said = "";
  url = "";

  /** The store, the dates and the address are set here; nothing of this shell's own settings reaches the bot. */
  constructor(settings: Record<string, string>) {
    const dates = { WORKSHOP_DAY_ONE: "2037-01-19", WORKSHOP_TIME_ZONE: "Europe/London" };
    this.#settings = { PATH: process.env["PATH"] ?? "", DATABASE_URL: "sqlite:bot.db", ...dates, ...settings };
  }

  /** Resolves when `/readyz` says so. */
  async start(): Promise<void> {
    const port = await freePort();
    this.url = `http://127.0.0.1:${port}`;
    const env = { ...this.#settings, PORT: String(port) };
    const child = spawn(process.execPath, [ENTRY, "start"], {
      cwd: this.#folder,
      env,
      stdio: ["ignore", "pipe", "pipe"],
    });
    for (const stream of [child.stdout, child.stderr]) stream.on("data", (words) => (this.#said += words));
    this.#child = child;
    const ready = await until(
      "a bot that is ready, or gone",
      async () => {
        const answer = await fetch(`${this.url}/readyz`).catch(() => undefined);
        return child.exitCode !== null || answer?.ok ? child.exitCode === null : undefined;
      },
      60_000,
    ).catch(() => false);
    if (!ready) throw new Error(`The bot is not ready (exit ${child.exitCode}):\n${this.#said}`);
  }

  /** As an operator stops it; the code it exits with. */
  async stop(): Promise<number | null> {
    if (this.#child === undefined || this.#child.exitCode !== null) return this.#child?.exitCode ?? null;
    this.#child.kill("SIGTERM");
    await once(this.#child, "exit");
    return this.#child.exitCode;
  }

  /** Of memory, as the system counts it. */
  get megabytes(): number {
    const status = readFileSync(`/proc/${this.#child?.pid}/status`, "utf8");
    return Number(/^VmRSS:\s+(\d+) kB/m.exec(status)?.[1]) / 1024;
  }

  /** All that it has printed. */
  get said(): string {
    return this.#said;
  }

  /** What the shell's verb prints beside the running bot. */
  async harvest(): Promise<Harvest> {
    const { stdout } = await run(process.execPath, [ENTRY, "harvest", "--format", "json"], {
      cwd: this.#folder,
      env: this.#settings,
    });
    return JSON.parse(stdout);
  }
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  server.close();
  await once(server, "close");
  if (address === null || typeof address === "string") throw new Error("No port.");
  return address.port;
}
