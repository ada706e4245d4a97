/** A real process on a real file, killed in the middle of what it does, again and again; and what stands in the end. */
import { spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { ROOT } from "../../src/root.ts";
import type { Entry } from "../../src/store/store.ts";

/** How many of the points; `all` in continuous integration. */
const { KILLS = "4" } = process.env;
const folder = mkdtempSync(join(tmpdir(), "killed-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

interface Life {
  readonly signal: string | null;
  readonly code: number | null;
  readonly kept: readonly string[];
  readonly points: readonly (readonly [string, number])[];
  readonly stands: readonly Entry[];
  readonly errors: string;
}

function live(settings: Readonly<Record<string, string>>): Promise<Life> {
  return new Promise((done) => {
    const child = spawn(process.execPath, ["--import", "tsx", join(ROOT, "test", "crash", "child.ts")], {
      cwd: ROOT,
      env: { ...process.env, ...settings },
    });
    let [out, errors] = ["", ""];
    child.stdout.setEncoding("utf8").on("data", (part: string) => {
      out += part;
    });
    child.stderr.setEncoding("utf8").on("data", (part: string) => {
      errors += part;
    });
    child.on("close", (code, signal) => {
      // A line is written whole or not at all; the child says nothing else.
      const lines = out
        .split("\n")
        .slice(0, -1)
        .map((line) => JSON.parse(line) as [string, unknown]);
      const of = (kind: string) => lines.filter(([one]) => one === kind).map(([, value]) => value);
      done({
        signal,
        code,
        kept: of("kept") as string[],
        points: (of("points")[0] ?? []) as Life["points"],
        stands: (of("stands")[0] ?? []) as Entry[],
        errors,
      });
    });
  });
}

/** Each named point once at its first time, and the busiest ones in the middle too. */
let points: string[] = [];

beforeAll(async () => {
  const whole = await live({ FILE: join(folder, "whole.db") });
  expect(whole.code, whole.errors).toBe(0);
  points = whole.points.flatMap(([name, times]) => [
    `${name}:1`,
    ...(times > 3 ? [`${name}:${Math.ceil(times / 2)}`] : []),
  ]);
}, 60_000);

/** One store through as many lives as there are points, each killed at its own. */
test(`promise 1: killed at ${KILLS} points, each due post stands once and no answer is missing`, {
  timeout: 600_000,
}, async () => {
  expect(new Set(points.map((point) => point.split(":")[0])).size).toBeGreaterThanOrEqual(25);
  const chosen = KILLS === "all" ? points : worst(points, Number(KILLS));
  const file = join(folder, "killed.db");
  const kept: string[] = [];
  let killed = 0;
  const begun = performance.now();
  for (const [chapter, point] of chosen.entries()) {
    const life = await live({ FILE: file, CHAPTER: String(chapter + 1), CRASH_AT: point });
    expect(life.signal === "SIGKILL" || life.code === 0, `${point}: ${life.errors}`).toBe(true);
    if (life.signal) killed++;
    kept.push(...life.kept);
  }
  const ms = Math.round((performance.now() - begun) / chosen.length);
  const last = await live({ FILE: file, CHAPTER: String(chosen.length + 1), LAST: "yes" });
  expect(last.code, last.errors).toBe(0);
  const { twice, lost, left } = verdict(last.stands, kept);
  console.info(
    `promise 1: ${killed} kills at ${points.length} points of the room, ${ms} ms each; ${kept.length} things accepted, lost ${lost.length}, twice ${twice.length}`,
  );
  expect({ twice, lost, left }).toEqual({ twice: [], lost: [], left: [] });
  // What is written only once in a store's life is not passed again in a later one.
  expect(killed).toBeGreaterThanOrEqual(chosen.length * 0.8);
});

/** Between an effect and its record, and between the record and what it promises: where programs are wrong. */
const WORST = [
  "post after:1",
  "write seen+journal after:1",
  "claim occurrences after:1",
  "openThread after:1",
  "write answers+typed before:1",
  "take submitted after:1",
];

const worst = (all: readonly string[], count: number): string[] =>
  [...WORST, ...all.filter((point) => !WORST.includes(point))].slice(0, count);

function verdict(stands: readonly Entry[], kept: readonly string[]) {
  const of = (prefix: string) => stands.filter(({ key }) => key.startsWith(`${prefix}/`)).map(({ value }) => value);
  const answers = JSON.stringify(of("answers"));
  const all = JSON.stringify(stands);
  const lost = kept.filter((what) => {
    const [kind = "", words = ""] = what.split(":");
    if (kind === "words") return !answers.includes(words) && !answers.includes(words.replace("typed", "changed"));
    return kind === "gone" && all.includes(words);
  });
  const begun = of("occurrences").filter((one) => (one as { state?: string }).state === "begun");
  const left = [...of("journal"), ...of("jobs"), ...of("due"), ...begun];
  return { twice: [...twicePosted(of("room")), ...twiceFollowed(of("occurrences"), kept)], lost, left };
}

/** The room keeps its messages as text; ours carry the key they were sent with. */
function twicePosted(room: readonly unknown[]): string[] {
  const keys = room.flatMap((one) => {
    const record = JSON.parse(String(one)) as { key?: string; place?: string };
    return record.key ? [`${record.place} ${record.key}`] : [];
  });
  return keys.filter((key, at) => keys.indexOf(key) !== at);
}

/** A command that was accepted is followed; none is followed twice. */
function twiceFollowed(occurrences: readonly unknown[], kept: readonly string[]): string[] {
  const asked = occurrences.flatMap((one) => (one as { asked?: string }).asked ?? []);
  const commands = kept.filter((what) => /^(round|quote) /.test(what)).length;
  const twice = asked.filter((one, at) => asked.indexOf(one) !== at);
  return asked.length < commands ? [...twice, `${commands - asked.length} commands were not followed`] : twice;
}
