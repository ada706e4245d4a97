/** Runs one seed to its end and says what came of it. */
import { judge } from "./judge.ts";
import { type Around, World } from "./world.ts";

export interface Ran {
  readonly seed: number;
  /** A day of one community. */
  readonly workshopDays: number;
  readonly problems: readonly string[];
  readonly trace: readonly string[];
  /** Of everything that took effect in its order, and of the store as it was left. */
  readonly hash: string;
  readonly counts: Readonly<Record<string, number>>;
  readonly events: number;
}

export async function simulate(seed: number, around: Around): Promise<Ran> {
  const world = new World(seed, around);
  const { stackTraceLimit } = Error;
  // Thousands of faults are made on purpose, and the way to each is dear.
  Error.stackTraceLimit = 1;
  await world.run().finally(() => {
    Error.stackTraceLimit = stackTraceLimit;
  });
  const store = await judge(world, around.pack);
  const { disk, chat, people, loop } = world;
  return {
    seed,
    workshopDays: world.days * world.channels.length,
    problems: world.problems,
    trace: world.trace.slice(-40),
    hash: `${world.hash.toString(16)}-${store}`,
    counts: {
      ...world.counts,
      ...prefixed("net", chat.counts),
      ...prefixed("people", people.counts),
      "store failed": disk.counts.failed,
      "store torn": disk.counts.torn,
    },
    events: loop.events,
  };
}

const prefixed = (prefix: string, counts: Readonly<Record<string, number>>) =>
  Object.fromEntries(Object.entries(counts).map(([name, count]) => [`${prefix} ${name}`, count]));

/** As a failure is printed: enough to see what happened, and how to see it again. */
export const report = ({ seed, problems, trace, counts }: Ran): string =>
  [
    `Seed ${seed} broke: ${problems[0]}`,
    ...problems.slice(1, 6),
    `To see it again: SEED=${seed} npm run soak`,
    ...trace,
    Object.entries(counts)
      .map(([name, count]) => `${name} ${count}`)
      .join(", "),
  ].join("\n");
