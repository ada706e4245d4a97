/** Holds what is due: turns the programme into occurrences, each begun once, and finishes what a crash interrupted. */
import type { Activity, Hall, Occasion, Setting } from "./activities/activity.ts";
import { digest } from "./chance.ts";
import type { Community } from "./communities.ts";
import { nameOf } from "./inbox.ts";
import { keyOf, type Occurrence, type Occurrences } from "./occurrences.ts";
import { TooLate } from "./outbox.ts";
import type { Does, Programme } from "./pack/pack.ts";
import type { Facilitators } from "./people/facilitators.ts";
import { type Instant, PlatformError } from "./platform.ts";
import { type Due, due, localDate, nextDue } from "./programme.ts";
import { text } from "./words.ts";

const MINUTE = 60_000;
/** How long something asked for by hand may take to be sent. */
const BY_HAND = 30 * MINUTE;

/** By the activity that a block does. */
export type Activities = Readonly<Record<Does["activity"], Activity>>;

export class Timekeeper {
  readonly #hall: Hall;
  readonly #occurrences: Occurrences;
  readonly #facilitators: Facilitators;
  readonly #activities: Activities;
  readonly #setting: (community: Community) => Setting | undefined;
  /** One thing at a time in each community; the next waits for it. */
  readonly #lines = new Map<string, Promise<unknown>>();
  /** When the next block falls due, so that a quiet second costs nothing. Dropped when anything about the community changes. */
  readonly #next = new Map<string, Instant>();

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
    this.#activities = around.activities;
    this.#setting = around.setting;
  }

  /** Finishes what an earlier life began. */
  async open(): Promise<void> {
    for (const community of await this.#hall.communities.all()) {
      const setting = this.#setting(community);
      if (!setting) continue;
      const begun = (await this.#occurrences.of(community)).filter(({ state }) => state === "begun");
      for (const occurrence of begun) void this.#inLine(community.id, () => this.#hold(setting, occurrence));
    }
  }

  /** Looks once what is due. Does not wait for it; a community that is still busy is looked at the next time. */
  async tick(): Promise<void> {
    const now = this.#hall.clock.now();
    for (const community of await this.#hall.communities.all()) {
      if (!community.running || this.#lines.has(community.id)) continue;
      const next = this.#next.get(community.id) ?? this.#comingUp(community);
      this.#next.set(community.id, next);
      if (next <= now) void this.#inLine(community.id, () => this.#catchUp(community.id, now));
    }
  }

  /** A community's dates, times or run have changed. */
  changed(community: string): void {
    this.#next.delete(community);
  }

  /** Nothing is being held. */
  async idle(): Promise<void> {
    while (this.#lines.size) await Promise.all(this.#lines.values());
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

  /** Holds a block before its time, or marks it as skipped; when its time comes, nothing happens any more. */
  async ahead(setting: Setting, coming: Due, how: "hold" | "skip"): Promise<Occurrence> {
    const now = this.#hall.clock.now();
    const occurrence = { ...begunOf(setting.community, coming), at: now, until: now + BY_HAND };
    const { ours, stands } = await this.#occurrences.begin(occurrence);
    if (!ours) return stands;
    this.changed(setting.community.id);
    if (how === "skip") await this.#occurrences.end(occurrence, "skipped", now, "by-facilitator");
    else void this.#inLine(setting.community.id, () => this.#hold(setting, occurrence));
    return occurrence;
  }

  /** Holds something out of turn. `event` names it: heard twice, it is held once. */
  async byHand(setting: Setting, does: Does, title: string, event: string, words?: string): Promise<void> {
    const now = this.#hall.clock.now();
    const { community } = setting;
    await this.#start(setting, {
      ...whereIn(community, now),
      block: `by-hand-${does.activity}-${digest(event, 8)}`,
      attempt: 1,
      title,
      does,
      at: now,
      until: now + BY_HAND,
      state: "begun",
      ...(words === undefined ? {} : { words }),
    });
  }

  /** Holds the last block that was sent once more, as its next attempt. */
  async redo(setting: Setting): Promise<Occurrence | undefined> {
    const held = (await this.#occurrences.of(setting.community)).filter(
      ({ state }) => state === "sent" || state === "failed",
    );
    const last = held.sort((a, b) => (a.endedAt ?? 0) - (b.endedAt ?? 0)).at(-1);
    if (!last) return undefined;
    const now = this.#hall.clock.now();
    const { why: _why, endedAt: _endedAt, ...what } = last;
    const attempts = held
      .filter(({ block, date }) => block === last.block && date === last.date)
      .map(({ attempt }) => attempt);
    const again: Occurrence = {
      ...what,
      attempt: Math.max(...attempts) + 1,
      at: now,
      until: now + BY_HAND,
      state: "begun",
    };
    await this.#start(setting, again);
    return again;
  }

  async #start(setting: Setting, occurrence: Occurrence): Promise<void> {
    const { ours } = await this.#occurrences.begin(occurrence);
    if (ours) void this.#inLine(setting.community.id, () => this.#hold(setting, occurrence));
  }

  #comingUp(community: Community): Instant {
    const programme = this.#setting(community)?.pack.programmes[community.programme];
    const next = programme && nextDue(programme, community, community.moved, community.cursor);
    return next?.at ?? Number.POSITIVE_INFINITY;
  }

  /** Everything that fell due since the cursor, then the cursor. Interrupted, it starts over and finds what it did. */
  async #catchUp(id: string, now: Instant): Promise<void> {
    const community = await this.#hall.communities.get(id);
    if (!community?.running) return;
    const setting = this.#setting(community);
    const programme = setting?.pack.programmes[community.programme];
    if (!setting || !programme) return;
    const all = due(programme, community, community.moved, community.cursor, now);
    for (const one of all) await this.#fallDue(setting, one, now, all);
    await this.#hall.communities.change(id, (stands) => ({ ...stands, cursor: Math.max(stands.cursor, now) }));
    this.changed(id);
  }

  async #fallDue(setting: Setting, one: Due, now: Instant, all: readonly Due[]): Promise<void> {
    const { ours, stands } = await this.#occurrences.begin(begunOf(setting.community, one));
    if (!ours && stands.state !== "begun") return;
    // Of a block that fell due several times while we were away, only the last may still be held.
    const superseded = all.some((other) => other.block.id === one.block.id && other.at > one.at);
    if (superseded || now > stands.until) return await this.#miss(setting, stands, now);
    await this.#hold(setting, stands);
  }

  async #miss(setting: Setting, occurrence: Occurrence, now: Instant): Promise<void> {
    await this.#occurrences.end(occurrence, "skipped", now, "missed");
    const body = this.#hall.say.spans("notice.missed", { title: occurrence.title });
    await this.#facilitators.tell(setting, `missed-${occurrence.block}`, body);
  }

  async #hold(setting: Setting, occurrence: Occurrence): Promise<void> {
    const { clock, log } = this.#hall;
    const block = setting.pack.programmes[setting.community.programme]?.blocks.find(
      ({ id }) => id === occurrence.block,
    );
    const occasion: Occasion = {
      ...setting,
      key: keyOf(occurrence),
      does: occurrence.does,
      until: occurrence.until,
      ...(block ? { block } : {}),
      ...(occurrence.words === undefined ? {} : { words: occurrence.words }),
    };
    try {
      await this.#activities[occurrence.does.activity].hold(occasion);
      await this.#occurrences.end(occurrence, "sent", clock.now());
    } catch (error) {
      if (error instanceof TooLate) return await this.#miss(setting, occurrence, clock.now());
      log.error("an occurrence failed", { occurrence: occasion.key, error: nameOf(error) });
      await this.#fail(setting, occurrence, error);
    }
  }

  async #fail(setting: Setting, occurrence: Occurrence, error: unknown): Promise<void> {
    const fault = error instanceof PlatformError ? error.fault : "error";
    await this.#occurrences.end(occurrence, "failed", this.#hall.clock.now(), fault);
    const remedy = error instanceof PlatformError ? error.message : this.#hall.say.text("why.error");
    const body = [...this.#hall.say.spans("notice.failed", { title: occurrence.title }), text(` ${remedy}`)];
    await this.#facilitators.tell(setting, `failed-${fault}`, body);
  }

  #inLine(id: string, work: () => Promise<unknown>): Promise<unknown> {
    const before = this.#lines.get(id) ?? Promise.resolve();
    const now = before.then(work).catch((error: unknown) => {
      this.#hall.log.error("the timekeeper stumbled", { error: nameOf(error) });
    });
    this.#lines.set(id, now);
    void now.then(() => {
      if (this.#lines.get(id) === now) this.#lines.delete(id);
    });
    return now;
  }
}

const whereIn = ({ id, run, zone }: Community, now: Instant) => ({ community: id, run, date: localDate(now, zone) });

function begunOf(community: Community, { block, date, at }: Due): Occurrence {
  const { id, run } = community;
  const until = at + block.missed.withinMinutes * MINUTE;
  return {
    community: id,
    run,
    block: block.id,
    date,
    attempt: 1,
    title: block.title,
    does: block.does,
    at,
    until,
    state: "begun",
  };
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
