/** One seed's world: a chat, a disk, people, and one life of the companion after another until the calm. */
import { seededChance } from "../../src/chance.ts";
import type { Clock } from "../../src/clock.ts";
import { communityIdOf } from "../../src/communities.ts";
import type { Company } from "../../src/company.ts";
import type { Pack } from "../../src/pack/pack.ts";
import type { Log, Place, Platform, UserId } from "../../src/platform.ts";
import type { Sentences } from "../../src/sentences.ts";
import { Chat, type ChatFaults, type Said } from "./chat.ts";
import type { Core } from "./core.ts";
import { Disk } from "./disk.ts";
import { type Life, Loop } from "./loop.ts";
import { expected } from "./oracle.ts";
import { People } from "./people.ts";
import { Random } from "./random.ts";

export const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

export interface Around {
  readonly core: Core;
  readonly pack: Pack;
  readonly say: Sentences;
}

export interface Channel {
  readonly place: Place;
  readonly programme: "workshop" | "alumni";
  readonly zone: string;
  readonly dayOne: string;
  readonly dayTwo: string;
  readonly facilitator: UserId;
  /** By the machine's clock, when it was first seeded. */
  seededAt?: number;
}

interface Running extends Life {
  readonly number: number;
  readonly begunAt: number;
  company?: Company;
}

/** Zone and a day of it on which the clocks change, or of which the year is long. */
const STARTS = [
  ["Europe/London", "2027-03-28"],
  ["Europe/London", "2027-10-31"],
  ["America/New_York", "2027-03-14"],
  ["America/New_York", "2027-11-07"],
  ["Australia/Lord_Howe", "2027-04-04"],
  ["Australia/Lord_Howe", "2027-10-03"],
  ["America/St_Johns", "2027-11-07"],
  ["Africa/Casablanca", "2028-02-29"],
  ["Pacific/Apia", "2027-06-01"],
  ["Asia/Kolkata", "2028-02-29"],
] as const;

const CALM = 6 * HOUR;
const STILL: ChatFaults = { refuses: 0, losesBefore: 0, losesAfter: 0, slow: 0, repeats: 0, delays: 0, lag: 0 };

export class World {
  readonly loop: Loop;
  readonly chat: Chat;
  readonly disk: Disk;
  readonly people: People;
  readonly channels: Channel[] = [];
  readonly days: number;
  readonly start: number;
  readonly problems: string[] = [];
  readonly trace: string[] = [];
  readonly counts: Record<string, number> = {};
  /** A rolling hash of all that took effect, in order. */
  hash = 2_166_136_261;
  /** How far the machine's clock stands from the true time, and the most it ever did. */
  wallOffset = 0;
  mostAhead = 0;
  #calm = false;
  #life: Running | undefined;
  #lives = 0;
  readonly #random: Random;
  readonly #faulty: { chat: ChatFaults; disk: number };
  readonly #around: Around;

  constructor(seed: number, around: Around) {
    this.#around = around;
    this.#random = new Random(seed);
    const random = this.#random;
    const [zone, day] = random.pick(STARTS);
    this.days = random.int(2, 4);
    this.start = Date.parse(day) - random.int(0, 30) * HOUR;
    this.loop = new Loop(this.start);
    this.#faulty = { chat: faultsOf(random), disk: random.pick([0, 0.001, 0.004, 0.02]) };
    const { core } = around;
    const kind = {
      redelivers: random.chance(0.5),
      dedupesKeys: random.chance(0.4),
      threadsAreOpened: random.chance(0.5),
    };
    const { loop } = this;
    const faults = () => (this.#calm ? STILL : this.#faulty.chat);
    this.chat = new Chat({ core, loop, random: random.fork(), kind, faults });
    this.disk = new Disk({
      core,
      loop,
      random: random.fork(),
      faults: () => ({ fails: this.#calm ? 0 : this.#faulty.disk }),
    });
    this.people = new People({ chat: this.chat, loop, random: random.fork(), fields: (form) => this.#fields(form) });
    for (let nth = random.int(1, 3); nth > 0; nth--) this.#found(nth, zone, day);
    this.chat.onCall = (life) => this.#called(life);
    this.disk.onCall = (life) => this.#called(life);
    this.chat.onPost = (said) => this.#posted(said);
    this.chat.onAsked = (life, { place }) => this.#asked(life, place);
  }

  /** By the machine's clock. */
  get wall(): number {
    return this.loop.now + this.wallOffset;
  }

  async run(): Promise<void> {
    const end = this.start + this.days * DAY;
    this.#begin();
    this.#trouble(end);
    await this.loop.until(end);
    this.people.quiet();
    this.wallOffset = Math.max(this.wallOffset, 0);
    this.#calm = true;
    this.#armed = undefined;
    this.chat.outUntil = 0;
    this.chat.deafUntil = 0;
    this.chat.blindUntil = 0;
    this.#end("for the calm");
    this.#begin();
    await this.loop.until(end + CALM);
    this.#life = this.#life && Object.assign(this.#life, { alive: false });
  }

  note(line: string): void {
    const at = new Date(this.loop.now).toISOString().slice(5, 23);
    this.trace.push(`${at} ${line}`);
    if (this.trace.length > 60) this.trace.shift();
    for (let nth = 0; nth < line.length; nth++)
      this.hash = Math.imul(this.hash ^ line.charCodeAt(nth), 16_777_619) >>> 0;
    this.hash = Math.imul(this.hash ^ (this.loop.now % 2 ** 31), 16_777_619) >>> 0;
  }

  wrong(problem: string): void {
    this.problems.push(problem);
    this.note(`!! ${problem}`);
  }

  #found(nth: number, zone: string, day: string): void {
    const random = this.#random;
    const place = `channel:${nth}` as Place;
    const facilitator = `maggie-${nth}` as UserId;
    const members = Array.from({ length: random.int(3, 7) }, (_, person) => `p${nth}-${person}` as UserId);
    this.chat.members.set(place, [facilitator, ...members]);
    const dayOne = dateOf(Date.parse(day) + random.int(-1, 2) * DAY);
    const dayTwo = dateOf(Date.parse(dayOne) + random.int(1, 2) * DAY);
    const programme = random.chance(0.6) ? "workshop" : "alumni";
    this.channels.push({ place, programme, zone, dayOne, dayTwo, facilitator });
  }

  /** Everything that will go wrong is drawn beforehand, so that one trouble does not change the others. */
  #trouble(end: number): void {
    const random = this.#random.fork();
    const often = (everyHours: number, what: () => void) => {
      for (let at = this.start; ; ) {
        at += Math.floor(-Math.log(1 - random.next()) * everyHours * HOUR);
        if (at >= end) return;
        this.loop.after(at - this.start, what);
      }
    };
    const nature = random.next();
    if (nature < 0.85)
      often(random.pick([2, 8, 24]), () => this.#arm("killed", random.int(500, 90_000), random.int(0, 25)));
    if (nature > 0.3)
      often(30, () => this.#arm("away", random.pick([5 * MINUTE, HOUR, 9 * HOUR, 30 * HOUR]), random.int(0, 25)));
    often(6, () => this.chat.interrupt(random.int(5_000, 12_000), "deaf"));
    often(36, () => this.chat.interrupt(random.pick([MINUTE, 10 * MINUTE, 3 * HOUR, 8 * HOUR]), "out"));
    often(40, () => this.chat.blind(random.int(5, 40) * MINUTE));
    often(12, () => this.#pause(random.int(1_000, 120_000)));
    if (random.chance(0.3))
      often(40, () => this.#step(random.pick([HOUR, -HOUR, HOUR, -HOUR, DAY, -DAY]), random.int(1, 90) * MINUTE));
    for (const { place, facilitator, programme } of this.channels) {
      if (programme === "workshop")
        often(16, () =>
          this.people.command(facilitator, place, random.pick(["next", "skip", "redo", "quote", "round"])),
        );
      const others = this.chat.members.get(place) ?? [];
      often(60, () => {
        this.people.forget(random.pick(others.slice(1)), place, communityIdOf("sim", place));
      });
    }
  }

  #armed: { how: string; ms: number; calls: number } | undefined;

  /** Cut off a few calls from now, while one of them is under way. */
  #arm(how: string, ms: number, calls: number): void {
    this.#armed ??= { how, ms, calls };
  }

  #called(life: Life): void {
    const armed = this.#armed;
    if (!armed || life !== this.#life || armed.calls-- > 0) return;
    this.#armed = undefined;
    this.loop.after(this.#random.pick([0, 2, 5, 300, 1_500]), () => this.#crash(armed.how, armed.ms));
  }

  #crash(how: string, ms: number): void {
    if (!this.#life?.alive) return;
    this.#end(how);
    this.loop.after(ms, () => this.#begin());
  }

  #end(how: string): void {
    if (this.#life) this.#life.alive = false;
    this.#count(how);
    this.note(`the companion is ${how}`);
  }

  #pause(ms: number): void {
    if (this.#life) this.#life.pausedUntil = this.loop.now + ms;
    this.#count("paused");
  }

  /** Somebody sets the machine's clock wrong, and right again. */
  #step(by: number, ms: number): void {
    if (this.wallOffset !== 0) return;
    this.#count("clock step");
    this.note(`the clock is set ${by / HOUR} h`);
    this.wallOffset = by;
    this.mostAhead = Math.max(this.mostAhead, by);
    this.loop.after(ms, () => {
      this.wallOffset = 0;
    });
  }

  #begin(): void {
    if (this.#life?.alive) return;
    const life: Running = { alive: true, pausedUntil: 0, number: ++this.#lives, begunAt: this.loop.now };
    this.#life = life;
    this.note(`life ${life.number} begins`);
    this.#open(life).catch((error: unknown) => {
      // As the real one: a start that fails ends the process, and whoever watches it starts it again.
      if (!life.alive) return;
      this.note(`life ${life.number} could not begin: ${(error as Error).message}`);
      this.#crash("not started", 10_000);
    });
  }

  async #open(life: Running): Promise<void> {
    const { core, pack, say } = this.#around;
    const platform = this.chat.platform(life);
    const company = new core.Company({
      store: this.disk.of(life),
      clock: this.#clockOf(life),
      chance: seededChance(`${this.start}/${life.number}`),
      log: quiet,
      say,
      pack,
      platforms: [platform],
      facilitators: this.channels.map(({ facilitator }) => ({ platform: "sim", id: facilitator })),
      defaults: { zone: "UTC", programme: "workshop" },
    });
    life.company = company;
    await company.open();
    this.#beat(life);
    await this.#connect(life, company, platform);
  }

  /** As the composition root does: a platform that cannot be reached is tried again, while the heart beats. */
  async #connect(life: Running, company: Company, platform: Platform): Promise<void> {
    try {
      await platform.start(await company.earsFor(platform));
      for (const channel of this.channels) {
        const { programme, zone, dayOne, dayTwo, place } = channel;
        await company.seed({ platform, channel: place, programme, zone, dayOne, dayTwo });
        channel.seededAt ??= this.wall;
      }
    } catch (error) {
      if (!(error instanceof this.#around.core.PlatformError)) throw error;
      this.loop.after(
        30_000,
        () => void this.#connect(life, company, platform).catch(() => this.#crash("not started", 10_000)),
        life,
      );
    }
  }

  #clockOf(life: Running): Clock {
    const { loop } = this;
    return {
      now: () => this.wall,
      elapsed: () => loop.now - life.begunAt,
      after: (ms, call) => loop.after(ms, call, life),
      endOfTurn: (call) => void loop.after(0, call, life),
    };
  }

  /** A heartbeat. The real one beats each second; here only when that could matter: much is going on, or something falls due. */
  #beat(life: Running): void {
    life.company?.timekeeper.tick().catch(() => {});
    const next = Math.min(
      this.#nextDue(),
      ...[...this.disk.jobs.values()].map((at) => (at > this.wall ? at : this.wall + MINUTE / 2)),
    );
    const pause = Math.min(10 * MINUTE, Math.max(500, next - this.wall + this.#random.int(0, 1_000)));
    this.loop.after(pause, () => this.#beat(life), life);
  }

  #due: number[] | undefined;
  #nextDue(): number {
    const all = () =>
      this.channels.flatMap((one) =>
        expected(this.#around.pack, { ...one, starts: "2000-01-01" }, this.start, this.start + 8 * DAY),
      );
    this.#due ??= all()
      .map(({ at }) => at)
      .sort((a, b) => a - b);
    return this.#due.find((at) => at > this.wall) ?? Number.POSITIVE_INFINITY;
  }

  #posted(said: Said): void {
    this.note(`${said.ref} in ${said.place}: ${said.text.slice(0, 40)}`);
    this.#count("posts");
    const same = [...(this.chat.byPlace.get(said.place) ?? [])].filter((one) => one.live && one.key === said.key);
    if (same.length > 1) this.wrong(`I1 ${said.ref} is in ${said.place} twice: ${said.text.slice(0, 60)}`);
    Object.assign(said, { wall: this.wall });
    this.people.read(said);
  }

  readonly #lastAsked = new Map<string, number>();
  /** I10: a second between two posts to one channel, as one life asks for them. */
  #asked(life: Life, place: Place): void {
    const channel = `${(life as Running).number} ${this.chat.channelOf(place)}`;
    const last = this.#lastAsked.get(channel);
    if (last !== undefined && this.loop.now - last < 1_000)
      this.wrong(`I10 ${channel} was posted to ${this.loop.now - last} ms after the last time`);
    this.#lastAsked.set(channel, this.loop.now);
  }

  #fields(form: string): readonly string[] {
    const { pack } = this.#around;
    return form === "round"
      ? pack.stems.map(({ id }) => id)
      : form === "review"
        ? pack.steps.map(({ id }) => id)
        : ["words"];
  }

  #count(what: string): void {
    this.counts[what] = (this.counts[what] ?? 0) + 1;
  }
}

const dateOf = (at: number): string => new Date(at).toISOString().slice(0, 10);
const quiet: Log = { debug() {}, info() {}, warn() {}, error() {} };

/** One world is nearly still, the next is a bad day on a train. */
function faultsOf(random: Random): ChatFaults {
  const of = (...choices: number[]) => random.pick(choices);
  return {
    refuses: of(0, 0.02, 0.1),
    losesBefore: of(0, 0.01, 0.08),
    losesAfter: of(0, 0.01, 0.08),
    slow: of(0, 0.05),
    repeats: of(0, 0.05, 0.2),
    delays: of(0, 0.05),
    lag: of(0, 1_000, 3_000),
  };
}
