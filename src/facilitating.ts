/** What the room's page shows and does for its facilitator: now, next, the harvest, and a clock one may push forward. */

import type { Setting } from "./activities/activity.ts";
import type { PushableClock } from "./clock.ts";
import type { Company } from "./company.ts";
import { harvestOf } from "./harvest/harvest.ts";
import { asMarkdown } from "./harvest/markdown.ts";
import type { Pack } from "./pack/pack.ts";
import type { Instant } from "./platform.ts";
import { instantOf, localDate } from "./programme.ts";
import { asWritten, collection } from "./store/collection.ts";
import type { Store } from "./store/store.ts";

const HOUR = 3_600_000;
const EVENING = "19:00";
const MORNING = "08:00";

const offsets = (store: Store) => collection<number>(store, "clock", asWritten());

/** How far the room's clock was pushed in earlier lives, in milliseconds. */
export const storedOffset = async (store: Store): Promise<number> => (await offsets(store).get("offset")) ?? 0;

/** Pushes a clock and remembers it, so that the room's time never goes back at a restart. */
export async function pushBy(clock: PushableClock, store: Store, ms: number): Promise<void> {
  if (ms <= 0) return;
  await store.batch([offsets(store).put(["offset"], clock.offset + ms)]);
  clock.push(ms);
}

export class Facilitating {
  readonly #company: Company;
  readonly #clock: PushableClock;
  readonly #pack: Pack;
  readonly #zone: string;
  #pushing: Promise<void> = Promise.resolve();

  constructor(company: Company, clock: PushableClock, pack: Pack, zone: string) {
    this.#company = company;
    this.#clock = clock;
    this.#pack = pack;
    this.#zone = zone;
  }

  async strip() {
    const setting = await this.#setting();
    const zone = setting?.community.zone ?? this.#zone;
    const shown = { clock: this.#clock.now(), zone };
    if (!setting) return shown;
    const last = (await this.#company.office.occurrences.of(setting.community))
      .filter(({ state }) => state === "sent")
      .at(-1);
    const next = setting.community.running ? await this.#company.timekeeper.next(setting) : undefined;
    return {
      ...shown,
      ...(last ? { now: last.title } : {}),
      ...(next ? { next: { title: next.block.title, at: next.at } } : {}),
    };
  }

  async harvest(): Promise<string> {
    const setting = await this.#setting();
    const harvests = setting ? await harvestOf(this.#company.office.store, this.#pack, setting.community.id) : [];
    return asMarkdown(harvests);
  }

  /** Everything on the way is held at its own time, so that a workshop seen in five minutes is a whole one. */
  pushClock(to: "hour" | "next" | "evening" | "day-two"): Promise<void> {
    this.#pushing = this.#pushing.then(() => this.#push(to));
    return this.#pushing;
  }

  async #push(to: "hour" | "next" | "evening" | "day-two"): Promise<void> {
    const target = await this.#target(to);
    for (;;) {
      const setting = await this.#setting();
      const next = setting?.community.running ? await this.#company.timekeeper.next(setting) : undefined;
      if (!next || next.at > target) break;
      await this.#moveTo(next.at);
    }
    await this.#moveTo(target);
  }

  async #moveTo(instant: Instant): Promise<void> {
    await pushBy(this.#clock, this.#company.office.store, instant - this.#clock.now());
    await this.#company.timekeeper.tick();
    await this.#company.idle();
  }

  async #target(to: "hour" | "next" | "evening" | "day-two"): Promise<Instant> {
    const now = this.#clock.now();
    const setting = await this.#setting();
    const zone = setting?.community.zone ?? this.#zone;
    if (to === "hour" || !setting) return now + HOUR;
    if (to === "next") return (await this.#company.timekeeper.next(setting))?.at ?? now;
    if (to === "day-two") return setting.community.dayTwo ? instantOf(setting.community.dayTwo, MORNING, zone) : now;
    const evening = instantOf(localDate(now, zone), EVENING, zone);
    return evening > now ? evening : instantOf(localDate(now + 24 * HOUR, zone), EVENING, zone);
  }

  /** The room has one channel, so one community. */
  async #setting(): Promise<Setting | undefined> {
    const [community] = await this.#company.office.communities.all();
    return community && this.#company.setting(community);
  }
}
