/** Holds one occurrence and says what became of it: sent, skipped or failed, or to be tried again where waiting mends it. */
import type { Hall, Occasion, Setting } from "./activities/activity.ts";
import { digest } from "./chance.ts";
import type { Community } from "./communities.ts";
import { nameOf } from "./inbox.ts";
import type { Outcome } from "./jobs/jobs.ts";
import { keyOf, type Occurrence, type Occurrences } from "./occurrences.ts";
import { TooLate } from "./outbox.ts";
import { Pace } from "./pace.ts";
import { type Instant, PlatformError } from "./platform.ts";
import { shutIfClosed } from "./shut.ts";
import { StoreError } from "./store/store.ts";
import type { Activities, Notify } from "./timekeeper.ts";
import { text } from "./words.ts";

const MINUTE = 60_000;
/** Something is late when it was due so long ago; in a community late ones are held no more than three a minute. */
const LATE = MINUTE;
const APART = 20_000;
/** Between two tries of an occurrence that the platform would not take yet. */
const PAUSES = [10_000, 30_000, MINUTE, 2 * MINUTE, 5 * MINUTE];
/** What was begun in time and could not be finished is tried for so long after it was due. */
const FINISHING = 24 * 60 * MINUTE;
const HOUR = 60 * MINUTE;

export class Holding {
  readonly #hall: Hall;
  readonly #occurrences: Occurrences;
  readonly #activities: Activities;
  readonly #setting: (community: Community) => Setting | undefined;
  readonly #notify: Notify;
  readonly #catchingUp: Pace;

  constructor(around: {
    hall: Hall;
    occurrences: Occurrences;
    activities: Activities;
    setting: (community: Community) => Setting | undefined;
    notify: Notify;
  }) {
    this.#hall = around.hall;
    this.#occurrences = around.occurrences;
    this.#activities = around.activities;
    this.#setting = around.setting;
    this.#notify = around.notify;
    this.#catchingUp = new Pace(around.hall.clock);
  }

  async hold(asked: Occurrence, tried: number): Promise<Outcome> {
    const { clock, communities } = this.#hall;
    const [occurrence, community] = [await this.#occurrences.get(asked), await communities.get(asked.community)];
    if (occurrence?.state !== "begun" || !community) return "done";
    const setting = this.#setting(community);
    if (!setting) return { again: clock.now() + HOUR };
    const over = isOver(community, occurrence);
    // Later on only the outbox knows whether something of it stands already; now nothing can.
    if (tried === 0 && over) return await this.#skip(occurrence, "by-facilitator");
    if (tried === 0 && clock.now() > occurrence.until) return await this.#miss(setting, occurrence);
    if (clock.now() - occurrence.at > LATE) await this.#catchingUp.turn(community.id, APART);
    // The clock was ahead when it fell due, and has been set right since. What is asked for by hand has no time of its own.
    if (clock.now() < occurrence.at && !occurrence.asked) return { again: occurrence.at };
    return await this.#try(setting, occurrence, tried, over);
  }

  /** `over`: nothing of it is begun any more; what may stand already is looked for, and finished where it does. */
  async #try(setting: Setting, occurrence: Occurrence, tried: number, over: boolean): Promise<Outcome> {
    const { clock, log } = this.#hall;
    const occasion = occasionOf(setting, occurrence, over ? 0 : occurrence.until);
    try {
      await this.#activities[occurrence.does.activity].hold(occasion);
    } catch (error) {
      if (error instanceof StoreError) throw error;
      if (error instanceof TooLate && !occasion.begun.yet)
        return over ? await this.#skip(occurrence, "by-facilitator") : await this.#miss(setting, occurrence);
      if (waitingHelps(error) && clock.now() < Math.max(occurrence.until, occurrence.at + FINISHING))
        return { again: clock.now() + pauseAfter(error, tried) };
      // What a platform refuses, and how that is mended, is for the operator, too: a facilitator may be out of reach.
      const why = error instanceof PlatformError ? { why: error.message } : {};
      log.error("an occurrence failed", { occurrence: occasion.key, error: nameOf(error), ...why });
      return await this.#fail(setting, occurrence, error);
    }
    await this.#occurrences.end(occurrence, "sent", clock.now());
    return "done";
  }

  async #skip(occurrence: Occurrence, why: string): Promise<Outcome> {
    await this.#occurrences.end(occurrence, "skipped", this.#hall.clock.now(), why);
    return "done";
  }

  /** The notice is durable before the end is written: nobody is left untold by a crash between the two. */
  async #miss(setting: Setting, occurrence: Occurrence): Promise<Outcome> {
    const body = this.#hall.say.spans("notice.missed", { title: occurrence.title });
    // Several blocks may bear one title, and then one notice says it of all of them.
    await this.#notify(setting, `missed-${digest(occurrence.title, 8)}`, body, occurrence.at);
    return await this.#skip(occurrence, "missed");
  }

  async #fail(setting: Setting, occurrence: Occurrence, error: unknown): Promise<Outcome> {
    const { say } = this.#hall;
    const fault = error instanceof PlatformError ? error.fault : "error";
    const shut = error instanceof PlatformError ? await shutIfClosed(this.#hall, setting) : undefined;
    const remedy = shut ?? (error instanceof PlatformError ? error.message : say.text("why.error"));
    const body = [...say.spans("notice.failed", { title: occurrence.title }), text(` ${remedy}`)];
    // What shuts one block shuts all, and one notice says it of them.
    if (shut) await this.#notify(setting, "shut", [...body, ...say.spans("notice.shut")]);
    else await this.#notify(setting, `failed-${fault}`, body);
    await this.#occurrences.end(occurrence, "failed", this.#hall.clock.now(), fault);
    return "done";
  }
}

/** At least as long as the platform asked for. */
const pauseAfter = (error: unknown, tried: number): number =>
  Math.max(PAUSES[Math.min(tried, PAUSES.length - 1)] ?? 0, error instanceof PlatformError ? error.retryAfterMs : 0);

/** The run it belongs to has ended meanwhile; what is asked for by hand needs no running programme. */
const isOver = ({ run, running }: Community, occurrence: Occurrence): boolean =>
  occurrence.run !== run || (!running && !occurrence.asked);

const waitingHelps = (error: unknown): boolean =>
  error instanceof TooLate || (error instanceof PlatformError && (error.fault === "busy" || error.fault === "unknown"));

function occasionOf(setting: Setting, occurrence: Occurrence, until: Instant): Occasion {
  const blocks = setting.pack.programmes[setting.community.programme]?.blocks ?? [];
  const block = blocks.find(({ id }) => id === occurrence.block);
  return {
    ...setting,
    key: keyOf(occurrence),
    does: occurrence.does,
    until,
    begun: { yet: false },
    ...(block ? { block } : {}),
    ...(occurrence.words === undefined ? {} : { words: occurrence.words }),
  };
}
