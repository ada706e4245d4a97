/** The composition root: the only place that knows the adapters and the settings, and puts the house together. */
import { join } from "node:path";
import type { ScheduledTask } from "node-cron";
import { systemChance } from "./chance.ts";
import { PushableClock, systemClock, wait } from "./clock.ts";
import { Company, type Seed } from "./company.ts";
import { type Config, ConfigError } from "./config.ts";
import { Facilitating, storedOffset } from "./facilitating.ts";
import { daysOfTheRoom, mainProgramme, memoryIn } from "./furnishing.ts";
import { nameOf } from "./inbox.ts";
import { kept, yamlIn } from "./kept.ts";
import { newLog } from "./log.ts";
import type { Pack } from "./pack/pack.ts";
import { type Connection, type Log, type Platform, PlatformError, type Surroundings } from "./platform.ts";
import { packFolder, ROOT } from "./root.ts";
import { phrases, type Sentences, sentencesOf } from "./sentences.ts";
import { openStore } from "./store/open.ts";
import { checkNeighbour, storeFile } from "./store/place.ts";
import type { Store } from "./store/store.ts";
import { serveHealth } from "./web/health.ts";
import { servePage } from "./web/page.ts";
import { createWeb, type Web } from "./web/server.ts";

/** Between two attempts to connect a platform that could not be reached at start: within a minute of its return we are there. */
const RECONNECT = [1_000, 5_000, 15_000];
/** Of the bot's own sentences. */
const LANGUAGE = "en-GB";
const ROOM_CHANNEL = "better-together";

export interface Running {
  /** What to open in a browser. */
  readonly address: string;
  stop(): Promise<void>;
  /** Rejects where this process can be of no use any more: another one has taken its store over. */
  readonly over: Promise<never>;
}

/** A company with what it needs to be started and stopped. */
interface Household {
  readonly company: Company;
  readonly store: Store;
  readonly seeds: readonly Omit<Seed, "zone">[];
}

/** What every company is given. */
interface Shared {
  readonly config: Config;
  readonly log: Log;
  readonly say: Sentences;
  readonly pack: Pack;
  readonly web: Web;
  readonly lost: (error: Error) => void;
}

/**
 * Starts everything that is configured. Rejects where an operator must act, with nothing left running. A start may take
 * its time, where a platform does: `begun` hears at once how to stop what there is by then.
 */
export async function run(config: Config, begun: (stop: Running["stop"]) => void = () => {}): Promise<Running> {
  const log = newLog(config.logLevel);
  const say = await ownSentences();
  const pack = await packIn(packFolder(config.pack));
  agree(config, pack);
  const web = createWeb({ ...webSettings(config), log });
  let lost: Shared["lost"] = () => {};
  const over = new Promise<never>((_, reject) => {
    lost = reject;
  });
  // Whoever does not wait for it need not hear of it.
  over.catch(() => {});
  const shared: Shared = { config, log, say, pack, web, lost };
  const households: Household[] = [];
  const stopping = new AbortController();
  const tasks: ScheduledTask[] = [];
  let stopped: Promise<void> | undefined;
  const stop = () => (stopped ??= shutDown(stopping, web, households, tasks));
  begun(stop);
  try {
    if (config.slack ?? config.discord) households.push(await chatHousehold(shared));
    if (config.room) households.push(await roomHousehold(shared));
    serveHealth(web, () => connections(households));
    const address = await web.listen();
    for (const household of households) await openHousehold(household, shared, stopping.signal);
    stopping.signal.throwIfAborted();
    for (const { company } of households) tasks.push(await heartbeat(company, log));
    return { address, stop, over };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** A programme that the settings name has to be in the pack: nothing would ever come of another. Throws a `ConfigError`. */
export function agree({ slack, discord }: Config, pack: Pack): void {
  const named = { SLACK_PROGRAMME: slack?.programme, DISCORD_PROGRAMME: discord?.programme };
  const there = Object.keys(pack.programmes);
  const problems = Object.entries(named)
    .filter(([, programme]) => programme !== undefined && !there.includes(programme))
    .map(([variable, programme]) => ({
      code: "E_ENV_PROGRAMME",
      variable,
      what: `The pack ${pack.id} has no programme "${programme}". There are: ${there.join(", ")}.`,
    }));
  if (problems.length > 0) throw new ConfigError(problems);
}

/** The parser and the schemas are loaded only where the files have changed since they were last found good. */
async function ownSentences(): Promise<Sentences> {
  const file = join(ROOT, "content", "sentences", "en.yaml");
  const read = async () => (await import("./texts.ts")).readTexts(file, LANGUAGE);
  return sentencesOf(await kept([file], read), LANGUAGE);
}

async function packIn(folder: string): Promise<Pack> {
  return kept(yamlIn(folder), async () => (await import("./pack/load.ts")).loadPack(folder));
}

function webSettings({ host, port, publicUrl, room, roomPassword }: Config) {
  return {
    host,
    port,
    ...(publicUrl === undefined ? {} : { publicUrl }),
    ...(room && roomPassword !== undefined ? { password: roomPassword } : {}),
  };
}

function surroundings({ log, say, web }: Shared, clock: Surroundings["clock"]): Surroundings {
  return { clock, log, phrases: phrases(say), mount: (path, handler, access) => web.mount(path, handler, access) };
}

/** The platforms with tokens share a store and the machine's clock. */
async function chatHousehold(shared: Shared): Promise<Household> {
  const { config, log, say, pack, lost } = shared;
  const store = await openStore({ url: config.databaseUrl, clock: systemClock, log, lost });
  const around = surroundings(shared, systemClock);
  const seeds: Omit<Seed, "zone">[] = [];
  const days = { ...(config.dayOne && { dayOne: config.dayOne }), ...(config.dayTwo && { dayTwo: config.dayTwo }) };
  if (config.slack) {
    const { slack } = await import("../adapters/slack/slack.ts");
    const { channel, programme } = config.slack;
    seeds.push({ platform: slack(config.slack, around), channel, programme, ...days });
  }
  if (config.discord) {
    const { discord } = await import("../adapters/discord/discord.ts");
    const { channel, programme } = config.discord;
    const platform = discord({ ...config.discord, memory: memoryIn(store, "discord") }, around);
    seeds.push({ platform, channel, programme, ...days });
  }
  const platforms = seeds.map(({ platform }) => platform);
  const { facilitators, zone } = config;
  const defaults = { zone, programme: mainProgramme(pack) };
  const company = new Company({
    store,
    clock: systemClock,
    chance: systemChance,
    log,
    say,
    pack,
    platforms,
    facilitators,
    defaults,
  });
  return { company, store, seeds };
}

/** The room keeps its own store file and its own clock, which may be pushed. */
async function roomHousehold(shared: Shared): Promise<Household> {
  const { config, log, say, pack, web, lost } = shared;
  checkNeighbour(storeFile(config.databaseUrl));
  const store = await openStore({ url: config.roomDatabaseUrl, clock: systemClock, log, lost });
  const clock = new PushableClock(systemClock, await storedOffset(store));
  const days = await daysOfTheRoom(config, pack, clock, store);
  const { room } = await import("../adapters/room/room.ts");
  let facilitating: Facilitating | undefined;
  const platform = room(
    {
      channel: ROOM_CHANNEL,
      memory: memoryIn(store),
      facilitating: {
        strip: async () => (await facilitating?.strip()) ?? { clock: clock.now(), zone: config.zone },
        pushClock: async (to) => await facilitating?.pushClock(to),
        harvest: async () => (await facilitating?.harvest()) ?? "",
      },
    },
    surroundings(shared, clock),
  );
  servePage(web);
  const { facilitators, zone } = config;
  const defaults = { zone, programme: mainProgramme(pack) };
  const company = new Company({
    store,
    clock,
    chance: systemChance,
    log,
    say,
    pack,
    platforms: [platform],
    facilitators,
    defaults,
  });
  facilitating = new Facilitating(company, clock, pack, zone);
  return { company, store, seeds: [{ platform, channel: ROOM_CHANNEL, programme: defaults.programme, ...days }] };
}

async function openHousehold({ company, seeds }: Household, shared: Shared, signal: AbortSignal): Promise<void> {
  await company.open();
  await Promise.all(
    seeds.map(async (seed) => {
      try {
        await connect(company, { ...seed, zone: shared.config.zone });
      } catch (error) {
        // Where an operator must act, the start ends here; where the platform only cannot be reached, we keep trying.
        if (!(error instanceof PlatformError) || (error.fault !== "unknown" && error.fault !== "busy")) throw error;
        shared.log.warn("not connected yet", { platform: seed.platform.name, why: error.message });
        void keepTrying(company, { ...seed, zone: shared.config.zone }, shared.log, signal);
      }
    }),
  );
}

async function connect(company: Company, seed: Seed): Promise<void> {
  await seed.platform.start(await company.earsFor(seed.platform));
  await company.seed(seed);
}

async function keepTrying(company: Company, seed: Seed, log: Log, signal: AbortSignal): Promise<void> {
  for (let tried = 0; !signal.aborted; tried++) {
    await wait(systemClock, RECONNECT[Math.min(tried, RECONNECT.length - 1)] ?? 0);
    try {
      if (!signal.aborted) await connect(company, seed);
      return;
    } catch (error) {
      const why = error instanceof PlatformError ? error.message : nameOf(error);
      log.warn("still not connected", { platform: seed.platform.name, why });
    }
  }
}

/** One beat a second; nothing else depends on its firing. */
async function heartbeat(company: Company, log: Log): Promise<ScheduledTask> {
  // Loaded when everything else stands: nobody waits for it to be ready.
  const { schedule } = await import("node-cron");
  const beat = () =>
    company.timekeeper.tick().catch((error: unknown) => log.error("a heartbeat failed", { error: nameOf(error) }));
  return schedule("* * * * * *", beat, { name: "heartbeat", noOverlap: true });
}

const platformsOf = (households: readonly Household[]): Platform[] =>
  households.flatMap(({ seeds }) => seeds.map(({ platform }) => platform));

function connections(households: readonly Household[]): Record<string, Connection> {
  return Object.fromEntries(platformsOf(households).map((platform) => [platform.name, platform.connection()]));
}

/**
 * Hear nothing new, finish what is under way, then let go of the stores; all of it well within ten seconds. What cannot
 * be finished in time stands in the journal or the jobs, and is finished in the next life.
 */
async function shutDown(
  stopping: AbortController,
  web: Web,
  households: readonly Household[],
  tasks: readonly ScheduledTask[],
): Promise<void> {
  stopping.abort();
  for (const task of tasks) await task.stop();
  await atMost(2_500, [...platformsOf(households).map((platform) => platform.stop()), web.close()]);
  await atMost(
    3_500,
    households.map(({ company }) => company.idle()),
  );
  await atMost(
    2_500,
    households.map(({ company }) => company.office.scrubber.now()),
  );
  await Promise.allSettled(households.map(({ store }) => store.close()));
}

/** Waits for all of it, and no longer than so many milliseconds. */
const atMost = (ms: number, work: readonly Promise<unknown>[]) =>
  Promise.race([Promise.allSettled(work), wait(systemClock, ms)]);
