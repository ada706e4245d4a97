/** One seed's world: a chat, a disk, people, and one life of the companion after another until the calm. */
import { seededChance } from "../../src/chance.ts";
import type { Clock } from "../../src/clock.ts";
import type { Community } from "../../src/communities.ts";
import type { Company } from "../../src/company.ts";
import type { Pack } from "../../src/pack/pack.ts";
import type { Log, Place, Platform, UserId } from "../../src/platform.ts";
import type { Sentences } from "../../src/sentences.ts";
import { Chat, type ChatFaults, type Said, wordsOf } from "./chat.ts";
import type { Core } from "./core.ts";
import { Disk } from "./disk.ts";
import { type Life, Loop } from "./loop.ts";
import { expected } from "./oracle.ts";
import { People } from "./people.ts";
import { Random } from "./random.ts";
import { drawTroubles } from "./troubles.ts";
import { Watch } from "./watch.ts";

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
}

/** What a community was from an instant on: by the machine's clock, and in truth. */
export interface Stood {
  readonly at: number;
  readonly trueAt: number;
  readonly now: Community;
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
/** A holder looks so often whether the store is still its own. */
const RENEWAL = 10_000;
const STILL: ChatFaults = {
  refuses: 0,
  losesBefore: 0,
  losesAfter: 0,
  slow: 0,
  repeats: 0,
  delays: 0,
  lag: 0,
  late: 0,
};

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
  /** How far the machine's clock stands from the true time. */
  wallOffset = 0;
  /** What each community was, as it changed, oldest first. */
  readonly histories = new Map<Place, Stood[]>();
  readonly watch: Watch;
  /** What facilitators are told when nothing can be written. */
  readonly ofFullDisk: string;
  readonly #ahead: { readonly from: number; readonly to: number; readonly by: number }[] = [];
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
    for (let nth = random.int(1, 5); nth > 0; nth--) this.#found(nth, zone, day);
    const { chat, disk, people } = this;
    this.ofFullDisk = wordsOf({ body: around.say.spans("notice.full") });
    const { ofFullDisk } = this;
    this.watch = new Watch({ world: this, loop, chat, disk, people, ofFullDisk });
    this.#listen();
  }

  #listen(): void {
    const { chat, disk, watch } = this;
    chat.onCall = (life) => this.#called(life);
    disk.onCall = (life) => this.#called(life);
    chat.onFault = (ms) => watch.disturbed(ms);
    disk.onFault = () => {
      watch.disturbed();
      this.#lookAgain();
    };
    chat.onPost = (said) => this.#posted(said);
    chat.onAsked = (life, asked) => watch.asked(life, asked);
    chat.onHeard = (said) => watch.heard(said);
    chat.onWhisper = (to, message) => this.people.told(to, message);
    disk.onCommunity = (now) => this.#changed(now);
  }

  /** The cursor moves all the time, and says nothing about what is due. */
  #changed(now: Community): void {
    const before = this.histories.get(now.place) ?? [];
    const last = before.at(-1)?.now;
    if (last && JSON.stringify({ ...last, cursor: 0 }) === JSON.stringify({ ...now, cursor: 0 })) return;
    this.histories.set(now.place, [...before, { at: this.wall, trueAt: this.loop.now, now }]);
    this.#due.delete(now.place);
  }

  get isAlive(): boolean {
    return this.#life?.alive === true;
  }

  numberOf(life: Life): number {
    // Every life of this world is one of its own.
    return (life as Running).number;
  }

  blocksOf(programme: string): string[] {
    return this.#around.pack.programmes[programme]?.blocks.map(({ id }) => id) ?? [];
  }

  /** By the machine's clock. */
  get wall(): number {
    return this.loop.now + this.wallOffset;
  }

  async run(): Promise<void> {
    const end = this.start + this.days * DAY;
    this.#begin();
    drawTroubles(this, this.#random.fork(), end);
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

  readonly wrong = (problem: string): void => {
    this.problems.push(problem);
    this.note(`!! ${problem}`);
  };

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

  #armed: { how: string; ms: number; calls: number } | undefined;

  /** Cut off a few calls from now, while one of them is under way. */
  arm(how: string, ms: number, calls: number): void {
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
    this.watch.disturbed();
    if (this.#life) this.#life.alive = false;
    this.#count(how);
    this.note(`the companion is ${how}`);
  }

  pause(ms: number): void {
    if (this.#life) this.#life.pausedUntil = this.loop.now + ms;
    this.watch.disturbed(ms);
    this.#count("paused");
  }

  /** The process sleeps for longer than its lease, and another one takes over before it wakes. */
  usurp(): void {
    const sleeper = this.#life;
    if (!sleeper?.alive || !sleeper.company) return;
    this.#count("taken over");
    const sleeps = this.#random.int(31_000, 200_000);
    this.pause(sleeps);
    this.loop.after(31_000, () => {
      if (this.#life !== sleeper || !sleeper.alive) return;
      this.note(`life ${sleeper.number} sleeps, and is taken over`);
      this.watch.takenOver();
      this.#life = undefined;
      this.#begin();
    });
    // It notices with the next renewal of its lease that this is another's by now, and ends.
    this.loop.after(sleeps + this.#random.int(0, RENEWAL), () => {
      if (this.#life === sleeper) return;
      sleeper.alive = false;
      this.watch.disturbed();
    });
  }

  /** Somebody sets the machine's clock wrong, and right again. */
  step(by: number, ms: number): void {
    if (this.wallOffset !== 0) return;
    this.#count("clock step");
    this.note(`the clock is set ${by / HOUR} h`);
    this.wallOffset = by;
    this.watch.disturbed(ms);
    if (by > 0) this.#ahead.push({ from: this.loop.now, to: this.loop.now + ms, by });
    this.loop.after(ms, () => {
      this.wallOffset = 0;
    });
  }

  /** The most that the machine's clock was ahead of the true time within so long before an instant. */
  aheadWithin(ms: number, before: number): number {
    const near = this.#ahead.filter(({ from, to }) => from <= before && to >= before - ms);
    return Math.max(0, ...near.map(({ by }) => by));
  }

  #begin(): void {
    if (this.#life?.alive) return;
    const life: Running = { alive: true, pausedUntil: 0, number: ++this.#lives, begunAt: this.loop.now };
    this.#life = life;
    this.disk.holder = life;
    this.watch.disturbed();
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
      }
    } catch (error) {
      if (!(error instanceof this.#around.core.PlatformError)) throw error;
      this.loop.after(
        2 * MINUTE,
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
    const pause = Math.min(HOUR / 2, Math.max(500, next - this.wall + this.#random.int(0, 1_000)));
    this.loop.after(pause, () => this.#beat(life), life);
  }

  #looksAgain = false;
  /** What a failing store kept from being done is looked at with the next of the real heartbeats, a second later. */
  #lookAgain(): void {
    const life = this.#life;
    if (this.#looksAgain || !life) return;
    this.#looksAgain = true;
    this.loop.after(1_000, () => {
      this.#looksAgain = false;
      if (life.alive) life.company?.timekeeper.tick().catch(() => {});
    });
  }

  /** When something falls due in each place, as it is now, in order. */
  readonly #due = new Map<Place, readonly number[]>();
  #nextDue(): number {
    const { wall } = this;
    const next = [...this.histories.keys()].map((place) => this.#dueIn(place).find((at) => at > wall));
    return Math.min(...next.map((at) => at ?? Number.POSITIVE_INFINITY));
  }

  #dueIn(place: Place): readonly number[] {
    const known = this.#due.get(place);
    if (known) return known;
    const now = this.histories.get(place)?.at(-1)?.now;
    const end = this.start + (this.days + 4) * DAY;
    const all = now?.running ? expected(this.#around.pack, now, this.start, end) : [];
    const due = all.map(({ at }) => at).sort((a, b) => a - b);
    this.#due.set(place, due);
    return due;
  }

  #posted(said: Said): void {
    this.note(`${said.ref} in ${said.place}: ${said.text.slice(0, 40)}`);
    this.#count("posts");
    this.watch.posted(said);
    this.people.read(said);
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
    late: of(0, 0.02, 0.2),
  };
}
