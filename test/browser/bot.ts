/** The bot as a newcomer starts it: the real program, no token, a data folder of its own. */
import { spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ROOT } from "../../src/root.ts";

export interface Bot {
  readonly address: string;
  stop(): Promise<void>;
}

export async function startBot(folder = mkdtempSync(join(tmpdir(), "together-minute-"))): Promise<Bot> {
  const port = await freePort();
  const child = spawn(process.execPath, [join(ROOT, "src", "start.mjs"), "start"], {
    cwd: folder,
    env: { PATH: process.env["PATH"], PORT: String(port), WORKSHOP_TIME_ZONE: "Europe/London" },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let said = "";
  const exited = new Promise<void>((resolve) => child.once("exit", () => resolve()));
  const opened = new Promise<string>((resolve, reject) => {
    const hear = (data: Buffer) => {
      said += data;
      const [address] = /http:\/\/localhost:\d+/.exec(said) ?? [];
      if (address) resolve(address);
    };
    child.stdout.on("data", hear);
    child.stderr.on("data", hear);
    void exited.then(() => reject(new Error(`The bot stopped: ${said}`)));
  });
  return {
    address: await opened,
    async stop() {
      child.kill("SIGTERM");
      await exited;
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once("error", reject);
    server.listen(0, "127.0.0.1", () => {
      const address = server.address();
      server.close(() => resolve(typeof address === "object" && address ? address.port : 0));
    });
  });
}
