/** The real program, asked to stop at any moment of its life: it ends well and soon, and what was accepted is there afterwards. */
import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { afterAll, beforeAll, expect, test } from "vitest";
import { ROOT } from "../src/root.ts";

/** How many; 200 in continuous integration. */
const { STOPS = "3" } = process.env;
const START = join(ROOT, "src", "start.mjs");
const folder = mkdtempSync(join(tmpdir(), "stopped-"));
const env = { PATH: process.env["PATH"], HOME: folder, PORT: "0" };
const living = new Set<ChildProcess>();
afterAll(() => {
  for (const child of living) child.kill("SIGKILL");
  rmSync(folder, { recursive: true, force: true });
});
// Nothing to do after `npm test` has built.
beforeAll(() => void spawnSync(process.execPath, [START, "build"]), 120_000);

interface Life {
  readonly child: ChildProcess;
  /** The page's address, once it is told; nothing where the program ended before. */
  readonly open: Promise<string | undefined>;
  readonly ended: Promise<{ code: number | null; signal: string | null; said: string }>;
}

function live(): Life {
  const child = spawn(process.execPath, [START, "start"], { cwd: folder, env });
  living.add(child);
  let said = "";
  for (const stream of [child.stdout, child.stderr]) stream?.on("data", (words) => (said += String(words)));
  const ended = once(child, "close").then(([code, signal]) => {
    living.delete(child);
    return { code, signal, said };
  });
  const told = new Promise<void>((done) => child.stdout?.on("data", () => said.includes("http") && done()));
  const open = Promise.race([told, ended]).then(() => /http:\/\/localhost:\d+/.exec(said)?.[0]);
  return { child, open, ended };
}

/** What a person's page does. */
async function page(address: string) {
  const html = await (await fetch(address)).text();
  const token = /name="token" content="([^"]+)"/.exec(html)?.[1] ?? "";
  const headers = { "content-type": "application/json", "x-together-token": token, origin: address };
  const act = async (what: object) => {
    const answer = await fetch(`${address}/room/do`, { method: "POST", headers, body: JSON.stringify(what) });
    return (await answer.json()) as { ok: boolean };
  };
  const sees = async (who: string) => {
    const cut = new AbortController();
    const stream = await fetch(`${address}/room/stream?as=${who}`, { signal: cut.signal });
    let text = "";
    for await (const part of stream.body ?? []) {
      text += Buffer.from(part).toString();
      if (text.includes("\n\n")) break;
    }
    cut.abort();
    return JSON.parse(/data: (.*)\n/.exec(text)?.[1] ?? "{}") as {
      places: { id: string; kind: string; on?: string }[];
    };
  };
  return { act, sees };
}

/** A round is asked in the first life, and people answer it in all the others. */
async function threadOfARound(): Promise<string> {
  const { child, open, ended } = live();
  const { act, sees } = await page((await open) ?? "");
  const channel = (await sees("maggie")).places.find(({ kind }) => kind === "channel")?.id ?? "";
  await act({ do: "command", as: "maggie", place: channel, text: "/together-run round" });
  let thread: string | undefined;
  while (thread === undefined) {
    await pause(20);
    thread = (await sees("ana")).places.find(({ on }) => on !== undefined)?.id;
  }
  child.kill("SIGTERM");
  await ended;
  return thread;
}

/** Says one thing after the other until nobody answers any more. What was accepted. */
async function talks(address: string, thread: string, name: string, accepted: string[]): Promise<void> {
  const { act } = await page(address);
  for (let nth = 0; ; nth++) {
    const text = `stop ${name}, number ${nth}.`;
    if ((await act({ do: "say", as: "ana", place: thread, text })).ok) accepted.push(text);
  }
}

async function stopped(thread: string, name: string, accepted: string[]) {
  const { child, open, ended } = live();
  // A third of them before it is ready.
  if (Math.random() < 1 / 3) await pause(Math.random() * 500);
  else {
    const address = (await open) ?? "";
    const silence = () => {};
    void talks(address, thread, `${name}a`, accepted).catch(silence);
    void talks(address, thread, `${name}b`, accepted).catch(silence);
    await pause(50 + Math.random() * 400);
  }
  const asked = performance.now();
  child.kill("SIGTERM");
  const end = await ended;
  return { ...end, seconds: (performance.now() - asked) / 1_000 };
}

test(`promise 33: asked to stop at ${STOPS} moments, it ends well within 10 s, and what was accepted is kept`, {
  timeout: 900_000,
}, async () => {
  const thread = await threadOfARound();
  const accepted: string[] = [];
  const ends = [];
  for (let nth = 0; nth < Number(STOPS); nth++) ends.push(await stopped(thread, String(nth), accepted));
  // Killed by the signal itself: not one of our own lines had run yet.
  const notBegun = ends.filter(({ signal, said }) => signal === "SIGTERM" && said === "");
  expect(ends.filter(({ code }) => code !== 0)).toEqual(notBegun);
  const seconds = ends.map((end) => end.seconds).sort((a, b) => a - b);
  // What stands in the journal is worked off by the next life.
  const { child, open, ended } = live();
  await open;
  child.kill("SIGTERM");
  await ended;
  const kept = spawnSync(process.execPath, [START, "harvest"], { cwd: folder, env, encoding: "utf8" }).stdout;
  const lost = accepted.filter((text) => !kept.includes(text));
  const p99 = seconds[Math.ceil(seconds.length * 0.99) - 1] ?? 0;
  console.info(
    `promise 33: ${ends.length} stops (${notBegun.length} before our first line), p99 ${p99.toFixed(2)} s, slowest ${seconds.at(-1)?.toFixed(2)} s; ${accepted.length} replies accepted, lost ${lost.length}`,
  );
  expect([lost, p99 < 10]).toEqual([[], true]);
});

test("promise 33: a second signal ends it at once", async () => {
  const { child, open, ended } = live();
  await open;
  child.kill("SIGTERM");
  child.kill("SIGINT");
  const asked = performance.now();
  const { code, said } = await ended;
  expect(performance.now() - asked).toBeLessThan(1_000);
  expect(code === 0 || said.includes("Stopped at once.")).toBe(true);
});
