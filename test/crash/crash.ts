/** A real process on a real file, killed in the middle of what it does, again and again; and what stands in the end. */
import { expect, onTestFinished, test } from "vitest";
import type { Left } from "./child.ts";
import { Lives } from "./lives.ts";
import { program } from "./program.ts";
import type { Stage } from "./stage.ts";

/** At how many of the points; `all` in continuous integration. */
const { KILLS = "4" } = process.env;

/** Between an effect and its record, and between the record and what it promises: where programs are wrong. */
const WORST = [
  "post after:1",
  "write seen+journal after:1",
  "claim occurrences after:1",
  "openThread after:1",
  "write answers+typed before:1",
  "take submitted after:1",
];

export function crash(open: () => Promise<Stage>): void {
  test(`promise 1: killed at ${KILLS} points, each due post stands once and no answer is missing`, {
    timeout: 600_000,
  }, async () => {
    const stage = await open();
    onTestFinished(() => stage.close());
    const made = await program(stage.name);
    onTestFinished(() => made.remove());
    const lives = new Lives(stage, made);
    const points = pointsOf(await lives.next());
    expect(new Set(points.map((point) => point.split(":")[0])).size).toBeGreaterThanOrEqual(25);
    const chosen = KILLS === "all" ? points : worst(points, Number(KILLS));
    const begun = performance.now();
    for (const point of chosen) await lives.next(point);
    const ms = Math.round((performance.now() - begun) / chosen.length);
    // Whoever was away when something was taken back learns of it from a thread in which we said something since.
    await lives.next();
    const { stands } = await lives.last();
    const { killed, ledger } = lives;
    const { twice, lost, left } = ledger.verdict(stands, stage.posted(stands));
    console.info(
      `promise 1: ${killed} kills at ${points.length} points of ${stage.name}, ${ms} ms each; ${ledger.accepted} things accepted, lost ${lost.length}, twice ${twice.length}`,
    );
    expect({ twice, lost, left }).toEqual({ twice: [], lost: [], left: [] });
    // What is written only once in a store's life is not passed again in a later one.
    expect(killed).toBeGreaterThanOrEqual(chosen.length * 0.8);
    expect(ledger.accepted).toBeGreaterThan(chosen.length);
  });
}

/** Each named point once at its first time, and the busiest ones in the middle too. */
const pointsOf = ({ points }: Left): string[] =>
  points.flatMap(([name, times]) => [`${name}:1`, ...(times > 3 ? [`${name}:${Math.ceil(times / 2)}`] : [])]);

const worst = (all: readonly string[], count: number): string[] =>
  [...WORST, ...all.filter((point) => !WORST.includes(point))].slice(0, count);
