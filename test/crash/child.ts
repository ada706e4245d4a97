/**
 * One life of a companion on a real file; it may be killed at a point of it. Its time passes when it is told to. The
 * people and the platform stand outside and outlive it, but for the room's, who are played in here.
 */
import { readFileSync } from "node:fs";
import { systemChance } from "../../src/chance.ts";
import { systemClock, type VirtualClock } from "../../src/clock.ts";
import { Company } from "../../src/company.ts";
import type { Log, Platform, Surroundings } from "../../src/platform.ts";
import { phrases, sentencesOf } from "../../src/sentences.ts";
import { openStore } from "../../src/store/open.ts";
import type { Entry, Store } from "../../src/store/store.ts";
import type { People } from "./chapter.ts";
import { Points } from "./points.ts";
import { WiredClock } from "./wired-clock.ts";

/** What the process is started with, and what it leaves when it is told to end. */
export interface Start {
  readonly file: string;
  readonly now: number;
  readonly crashAt: string;
  readonly channel: string;
  /** A file with the pack and the sentences, read once for all lives. */
  readonly content: string;
  /** Of the adapter. */
  readonly settings: Readonly<Record<string, string>>;
}

export interface Left {
  readonly points: readonly (readonly [string, number])[];
  readonly stands: readonly Entry[];
}

/** What the process does when asked. */
export interface Life {
  /** Lets so many milliseconds pass. */
  rest(ms: number): Promise<void>;
  end(): Promise<Left>;
}

export interface Ask {
  readonly id: number;
  readonly call: keyof Life | keyof People;
  readonly given: readonly unknown[];
}

export interface Answer {
  readonly id: number;
  readonly result?: unknown;
  readonly error?: string;
}

interface Played {
  readonly platform: Platform;
  /** Where they are played in here. */
  readonly people?: People;
}

type Around = Surroundings & {
  readonly store: Store;
  readonly clock: VirtualClock;
  readonly settings: Start["settings"];
};

interface Within {
  readonly points: Points;
  readonly store: Store;
  readonly clock: VirtualClock;
}

/** The timekeeper looks so often; timers go off at their own time. */
const TICK = 30_000;
const log: Log = { debug() {}, info() {}, warn() {}, error() {} };

export async function live(play: (around: Around) => Played): Promise<void> {
  // As `life.ts` wrote it.
  const start = JSON.parse(process.env["START"] ?? "") as Start;
  const clock = new WiredClock(start.now);
  const points = new Points(start.crashAt);
  const base = await openStore({ url: `sqlite:${start.file}`, clock: systemClock, log });
  const { people, company } = await opened(start, play, { points, store: points.store(base), clock });
  answer(people, {
    async rest(ms) {
      for (const end = clock.now() + ms; clock.now() < end; ) {
        await clock.advance(Math.min(TICK, end - clock.now()));
        await company.timekeeper.tick();
        await clock.settle();
      }
    },
    async end() {
      const stands = await base.range("", undefined, 1_000_000);
      await base.close();
      return { points: [...points.passed], stands: stands.filter(({ key }) => !key.startsWith("sends/")) };
    },
  });
}

/** As `main.ts` does it. */
async function opened({ settings, channel, content }: Start, play: (around: Around) => Played, within: Within) {
  const { points, store, clock } = within;
  const { pack, texts } = JSON.parse(readFileSync(content, "utf8"));
  const say = sentencesOf(texts, "en-GB");
  const { platform: bare, people } = play({ store, clock, log, settings, phrases: phrases(say), mount() {} });
  const platform = points.platform(bare);
  const core = { store, clock, chance: systemChance, log, say, pack, platforms: [platform], facilitators: [] };
  const defaults = { zone: "UTC", programme: "alumni" };
  const company = new Company({ ...core, defaults });
  await company.open();
  await platform.start(await company.earsFor(platform));
  await company.seed({ platform, channel, ...defaults });
  return { people, company };
}

/** One thing after another, as it is asked for; after `end` nothing more. */
function answer(people: People | undefined, life: Life): void {
  process.on("message", async ({ id, call, given }: Ask) => {
    const doer = call === "rest" || call === "end" ? life : people;
    const reply = (answer: Answer) => process.send?.(answer, () => call === "end" && process.exit(0));
    try {
      if (!doer) throw new Error(`Nobody is played in here who ${call}.`);
      reply({ id, result: await Reflect.apply(Reflect.get(doer, call), doer, given) });
    } catch (error) {
      reply({ id, error: String(error) });
    }
  });
}
