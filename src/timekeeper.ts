/** Knows what is due: turns the programme into occurrences, each begun once, and hands them on as jobs. */
import type { Activity, Hall, Setting } from "./activities/activity.ts";
import { digest } from "./chance.ts";
import type { Community } from "./communities.ts";
import { Holding } from "./holding.ts";
import { nameOf } from "./inbox.ts";
import { EmbeddedJobs } from "./jobs/embedded.ts";
import type { Job, Jobs, Outcome } from "./jobs/jobs.ts";
import { keyOf, type Occurrence, type Occurrences } from "./occurrences.ts";
import type { Does, Programme } from "./pack/pack.ts";
import type { Facilitators } from "./people/facilitators.ts";
import type { Instant, Span } from "./platform.ts";
import { type Due, due, localDate, nextDue } from "./programme.ts";
import { Quiet } from "./quiet.ts";
import { isOpenAgain, nextKnock } from "./shut.ts";
import { shorten } from "./words.ts";

const MINUTE = 60_000;
/** How long something asked for by hand may take to be sent. */
const BY_HAND = 30 * MINUTE;

/** By the activity that a block does. */
export type Activities = Readonly<Record<Does["activity"], Activity>>;

/**
 * Tells the facilitators, once for each cause and day; the day is the one of `at`, or today. Durable when it resolves;
 * said soon after.
 */
export type Notify = (setting: Setting, cause: string, body: readonly Span[], at?: Instant) => Promise<void>;

type Work =
  | { readonly kind: "hold"; readonly occurrence: Occurrence }
  | {
      readonly kind: "tell";
      readonly community: string;
      readonly cause: string;
      readonly day: string;
      readonly body: readonly Span[];
    };

export class Timekeeper {
  readonly #hall: Hall;
  readonly #occurrences: Occurrences;
  readonly #facilitators: Facilitators;
  readonly #setting: (community: Community) => Setting | undefined;
  readonly #jobs: Jobs<Work>;
  readonly #holding: Holding;
  /** Communities that are being looked at. */
  readonly #looking = new Map<string, Promise<void>>();
  /** Communities of which every begun occurrence is known to be a job; after a start and a stumble that is looked at. */
  readonly #sure = new Set<string>();
  /** When a community's next block falls due. Dropped when anything about the community changes. */
  readonly #next = new Map<string, Instant>();
  /** Until the first of those. */
  readonly #quiet = new Quiet();

  constructor(around: {
    hall: Hall;
    occurrences: Occurrences;
    facilitators: Facilitators;
    activities: Activities;
    setting: (community: Community) => Setting | undefined;
  }) {
    this.#hall = around.hall;
    this.#occurrences = around.occurrences;
    this.#facilitators = around.facilitators;
    this.#setting = around.setting;
    this.#jobs = new EmbeddedJobs(around.hall);
    this.#holding = new Holding({ ...around, notify: (...notice) => this.notify(...notice) });
  }

  /** Finishes what an earlier life began. */
  open(): Promise<void> {
    return this.#jobs.open((job, tried) => this.#do(job, tried));
  }

  /** Looks once what is due. Does not wait for it; a community that is still looked at is left for the next time. */
  async tick(): Promise<void> {
    const now = this.#hall.clock.now();
    await this.#quiet.orElse(now, () => this.#lookAround(now));
    await this.#jobs.tick();
  }

  /** Resolves with when the next block falls due. */
  async #lookAround(now: Instant): Promise<Instant> {
    const coming: Instant[] = [];
    for (const community of await this.#hall.communities.all()) {
      if (this.#looking.has(community.id)) continue;
      const next = community.running ? this.#nextOf(community) : Number.POSITIVE_INFINITY;
      if (!this.#sure.has(community.id) || next <= now) this.#look(community.id, now);
      else coming.push(next);
    }
    return Math.min(...coming);
  }

  /** A community's dates, times or run have changed. */
  changed(community: string): void {
    this.#next.delete(community);
    this.#quiet.end();
  }

  /** What is due by now is begun: what changes from here on concerns only what comes. */
  async caughtUp(community: string): Promise<void> {
    await this.#looking.get(community);
    if (!this.#looking.has(community)) this.#look(community, this.#hall.clock.now());
    await this.#looking.get(community);
  }

  /** Nothing is being held. */
  async idle(): Promise<void> {
    await Promise.all(this.#looking.values());
    await this.#jobs.idle();
  }

  /** The next block that has neither been held ahead of its time nor skipped. */
  async next({ community, pack }: Setting): Promise<Due | undefined> {
    const programme = pack.programmes[community.programme];
    if (!programme) return undefined;
    const done = new Set((await this.#occurrences.of(community)).map(({ block, date }) => `${block}/${date}`));
    let coming = nextDue(programme, community, community.moved, community.cursor);
    while (coming && done.has(`${coming.block.id}/${coming.date}`))
      coming = nextAfter(programme, community, coming, done);
    return coming;
  }

  /** Holds the coming block before its time, or leaves it out; when its time comes, nothing happens any more. */
  async ahead(setting: Setting, how: "hold" | "skip", event: string): Promise<Occurrence | undefined> {
    const asked = digest(event);
    const before = await this.#occurrences.askedBy(setting.community.id, asked);
    if (before) return await this.#take(before);
    const coming = await this.next(setting);
    if (!coming) return undefined;
    const now = this.#hall.clock.now();
    const occurrence = { ...begunOf(setting.community, coming), until: now + BY_HAND, asked };
    const left = { ...occurrence, state: "skipped", endedAt: now, why: "by-facilitator" } as const;
    return await this.#take(how === "hold" ? occurrence : left);
  }

  /** Holds something out of turn. `event` names it: heard twice, it is held once. */
  async byHand(setting: Setting, does: Does, title: string, event: string, words?: string): Promise<void> {
    // Its key holds the date, and after a crash it may be heard again on another.
    const before = await this.#occurrences.askedBy(setting.community.id, digest(event));
    await this.#take(before ?? this.#outOfTurn(setting, does, title, event, words));
  }

  /** The key that `byHand` gives to the same, today. */
  keyByHand(setting: Setting, does: Does, event: string): string {
    return keyOf(this.#outOfTurn(setting, does, "", event));
  }

  #outOfTurn(setting: Setting, does: Does, title: string, event: string, words?: string): Occurrence {
    const now = this.#hall.clock.now();
    const { id, run, zone } = setting.community;
    return {
      community: id,
      run,
      date: localDate(now, zone),
      block: `by-hand-${does.activity}-${digest(event, 8)}`,
      attempt: 1,
      title,
      does,
      at: now,
      until: now + BY_HAND,
      state: "begun",
      asked: digest(event),
      ...(words === undefined ? {} : { words }),
    };
  }

  /** Holds the last block that was sent once more, as its next attempt. */
  async redo(setting: Setting, event: string): Promise<Occurrence | undefined> {
    const all = await this.#occurrences.of(setting.community);
    const asked = digest(event);
    const before = await this.#occurrences.askedBy(setting.community.id, asked);
    if (before) return await this.#take(before);
    const held = all.filter(({ state }) => state === "sent" || state === "failed");
    const last = held.sort((a, b) => (a.endedAt ?? 0) - (b.endedAt ?? 0)).at(-1);
    if (!last) return undefined;
    const { why: _why, endedAt: _endedAt, ...what } = last;
    const attempts = all.filter(({ block, date }) => block === last.block && date === last.date);
    const attempt = Math.max(...attempts.map((one) => one.attempt)) + 1;
    const now = this.#hall.clock.now();
    return await this.#take({ ...what, attempt, at: now, until: now + BY_HAND, state: "begun", asked });
  }

  /** Begins an occurrence and makes it a job; repeated after a crash, it does what is missing of the two. */
  async #take(occurrence: Occurrence, at = this.#hall.clock.now()): Promise<Occurrence> {
    const { stands } = await this.#occurrences.begin(occurrence);
    this.changed(occurrence.community);
    if (stands.state === "begun")
      await this.#jobs.add({ id: keyOf(stands), line: lineOf(stands), at, work: { kind: "hold", occurrence: stands } });
    return stands;
  }

  async #do({ work }: Job<Work>, tried: number): Promise<Outcome> {
    if (work.kind === "hold")
      return await this.#holding.hold(work.occurrence, tried).finally(() => this.changed(work.occurrence.community));
    const community = await this.#hall.communities.get(work.community);
    const setting = community && this.#setting(community);
    if (setting && (await this.#facilitators.tell(setting, work)) === "later" && tried < NOTICES)
      return { again: this.#hall.clock.now() + NOTICE_PAUSE };
    return "done";
  }

  /** As `Notify` says. */
  async notify({ community }: Setting, cause: string, body: readonly Span[], at?: Instant): Promise<void> {
    const { clock } = this.#hall;
    const day = localDate(at ?? clock.now(), community.zone);
    const work = { kind: "tell", community: community.id, cause, day, body } as const;
    const id = `notice/${community.id}/${cause}/${day}`;
    await this.#jobs.add({ id, line: `notices/${community.id}`, at: clock.now(), work });
  }

  #nextOf(community: Community): Instant {
    const known = this.#next.get(community.id);
    if (known !== undefined) return known;
    const next = this.#comingUp(community);
    this.#next.set(community.id, next);
    return next;
  }

  #comingUp(community: Community): Instant {
    if (community.shut) return this.#hall.clock.now();
    const programme = this.#setting(community)?.pack.programmes[community.programme];
    const next = programme && nextDue(programme, community, community.moved, community.cursor);
    return next?.at ?? Number.POSITIVE_INFINITY;
  }

  #look(id: string, now: Instant): void {
    const looking = this.#catchUp(id, now)
      .then(() => void this.#sure.add(id))
      .catch((error: unknown) => {
        this.#sure.delete(id);
        this.#hall.log.error("the timekeeper stumbled", { error: nameOf(error) });
      })
      .finally(() => {
        this.#looking.delete(id);
        this.#quiet.end();
      });
    this.#looking.set(id, looking);
  }

  /** Everything that fell due since the cursor, then the cursor. Interrupted, it starts over and finds what it did. */
  async #catchUp(id: string, now: Instant): Promise<void> {
    if (!this.#sure.has(id)) for (const one of await this.#occurrences.begun(id)) await this.#take(one, one.at);
    const community = await this.#hall.communities.get(id);
    const setting = community && this.#setting(community);
    const programme = setting?.pack.programmes[community?.programme ?? ""];
    if (!community?.running || !setting || !programme) return;
    if (community.shut && !(await isOpenAgain(this.#hall, setting)))
      return void this.#next.set(id, nextKnock(community.shut, now));
    const all = due(programme, community, community.moved, community.cursor, now);
    const missed = all.filter((one) => isMissed(one, now, all));
    for (const one of all.filter((due) => !missed.includes(due))) await this.#take(begunOf(community, one), one.at);
    await this.#miss(setting, missed, now);
    // A run that began meanwhile has a cursor of its own.
    await this.#hall.communities.change(id, (stands) =>
      stands.run === community.run ? { ...stands, cursor: Math.max(stands.cursor, now) } : stands,
    );
    this.changed(id);
  }

  /** What the downtime cost is told in one notice, durable before any of it is recorded. */
  async #miss(setting: Setting, missed: readonly Due[], now: Instant): Promise<void> {
    const open: Occurrence[] = [];
    for (const one of missed) {
      const occurrence = begunOf(setting.community, one);
      const stands = await this.#occurrences.get(occurrence);
      if (!stands) open.push(occurrence);
      // Begun by a life that ended before it was a job: as a job it is found to be too late, and told.
      else if (stands.state === "begun") await this.#take(stands, one.at);
    }
    const first = open[0];
    if (!first) return;
    const titles = [...new Set(open.map(({ title }) => title))];
    const title = shorten(new Intl.ListFormat("en-GB").format(titles), MISSED_TITLES);
    await this.notify(setting, `missed-${first.block}`, this.#hall.say.spans("notice.missed", { title }), first.at);
    for (const one of open) await this.#occurrences.begin({ ...one, state: "skipped", endedAt: now, why: "missed" });
  }
}

/** What a notice of missed blocks has room for. */
const MISSED_TITLES = 1_000;
/** A notice is tried so often, this far apart. */
const NOTICES = 24;
const NOTICE_PAUSE = 15 * MINUTE;

/** Of a block that fell due several times while we were away, only the last may still be held. */
const isMissed = (one: Due, now: Instant, all: readonly Due[]): boolean =>
  now > untilOf(one) || all.some((other) => other.block.id === one.block.id && other.at > one.at);

/** Bringing hundreds of people together takes minutes, and keeps no prompt waiting. */
const lineOf = ({ community, does }: Occurrence): string =>
  does.activity === "pairs" ? `${community}/pairs` : community;

const untilOf = ({ block, at }: Due): Instant => at + block.missed.withinMinutes * MINUTE;

function begunOf(community: Community, coming: Due): Occurrence {
  const { block, date, at } = coming;
  const { id, title, does } = block;
  const [until, attempt, state] = [untilOf(coming), 1, "begun"] as const;
  return { community: community.id, run: community.run, block: id, date, attempt, title, does, at, until, state };
}

/** The first due after `coming` in the same programme; several may stand at one instant. */
function nextAfter(
  programme: Programme,
  community: Community,
  coming: Due,
  done: ReadonlySet<string>,
): Due | undefined {
  const together = due(programme, community, community.moved, coming.at - 1, coming.at);
  const open = together.find(({ block, date }) => !done.has(`${block.id}/${date}`));
  return open ?? nextDue(programme, community, community.moved, coming.at);
}
