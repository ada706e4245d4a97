/** A real process on a real file, killed in the middle of what it does, again and again; and what stands in the end. */
import { expect, test } from "vitest";
import type { Left } from "./child.ts";
import { discordStage } from "./discord.stage.ts";
import { Lives } from "./lives.ts";
import { program } from "./program.ts";
import { roomStage } from "./room.stage.ts";
import { slackStage } from "./slack.stage.ts";

/** At how many of the worst points; `all` of them and every other, in continuous integration. */
const { KILLS = "2" } = process.env;

/** Between an effect and its record, between the record and what it promises, and in the mending of a kill before. */
const WORST = [
  "post after:1",
  "write seen+journal before:1",
  "post after:2",
  "find after:1",
  "take submitted after:1",
  "openThread after:1",
  "post after:1",
  "find before:1",
  "write answers+typed before:1",
  "claim occurrences after:1",
];

const STAGES = [
  ["the room", roomStage],
  ["Slack", slackStage],
  ["Discord", discordStage],
] as const;

// Side by side: the processes have a core each, and wait for each other no more than for the wire.
test.concurrent.for(STAGES)(
  "promise 1: killed and started again on %s, each due post stands once and no answer is missing",
  { timeout: 900_000 },
  async ([where, open], { onTestFinished }) => {
    const stage = await open();
    onTestFinished(() => stage.close());
    const made = await program(stage.name);
    onTestFinished(() => made.remove());
    const lives = new Lives(stage, made);
    const chosen = KILLS === "all" ? [...WORST, ...pointsOf(await lives.next())] : WORST.slice(0, Number(KILLS));
    const begun = performance.now();
    for (const point of chosen) await lives.next(point);
    const ms = Math.round((performance.now() - begun) / chosen.length);
    // Whoever was away when something was taken back learns of it from a thread in which we said something since.
    const points = pointsOf(await lives.next());
    const { stands } = await lives.last();
    const { killed, ledger } = lives;
    const { twice, lost, left } = ledger.verdict(stands, stage.posted(stands));
    const figures = `${killed} kills at ${points.length} points, ${ms} ms each; ${ledger.accepted} things accepted`;
    console.info(`promise 1: on ${where} ${figures}, lost ${lost.length}, twice ${twice.length}`);
    expect({ twice, lost, left }).toEqual({ twice: [], lost: [], left: [] });
    expect(new Set(points.map((point) => point.split(":")[0])).size).toBeGreaterThanOrEqual(25);
    // What is written only once in a store's life is not passed again in a later one.
    expect(killed).toBeGreaterThanOrEqual(chosen.length * 0.8);
    expect(ledger.accepted).toBeGreaterThan(chosen.length);
  },
);

/** Each named point at its first time, and one that is passed often also at its last. */
const pointsOf = ({ points }: Left): string[] =>
  points.flatMap(([name, times]) => (times > 2 ? [`${name}:1`, `${name}:${times}`] : [`${name}:1`]));
