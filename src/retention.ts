/**
 * What is let go of by itself, once a day: people's words 90 days after the workshop, and what only kept things from
 * happening twice, once nothing of it can come again. Who met whom stays, as ids and dates, until somebody asks to be
 * forgotten, and so does which post of ours shows whose words, since it is then taken down.
 */
import type { Hall } from "./activities/activity.ts";
import type { Find } from "./activities/hunt.ts";
import type { Answer } from "./answers.ts";
import { wait } from "./clock.ts";
import type { Shown } from "./collect.ts";
import type { Community, CommunityId } from "./communities.ts";
import type { Heard } from "./inbox.ts";
import { nameOf } from "./inbox.ts";
import type { Occurrence } from "./occurrences.ts";
import type { Pack } from "./pack/pack.ts";
import type { Instant } from "./platform.ts";
import { instantOf, isRecurring } from "./programme.ts";
import type { PromptId } from "./prompts.ts";
import { asWritten, collection, type Id } from "./store/collection.ts";
import type { Store, Write } from "./store/store.ts";

const DAY = 86_400_000;
/** As people are told where they are asked, and in the README. */
const KEPT = 90 * DAY;
/** Longer than a platform repeats an event, than threads are read again (three weeks), and than a clock is wrong (a day). */
const REPEATED = 35 * DAY;
/** A machine's clock may be far off when it starts, and is right soon after. */
const FIRST = 3_600_000;
/** Records looked at in one go, once in so long: the loop is never held up. */
const PAGE = 200;
const PAUSE = 1_000;

/** When words of a community were last let go of, for whoever asks for its harvest later. */
export const lettingGo = (store: Store) => collection<Instant>(store, "let-go", asWritten());

interface Rule {
  /** Of words, no byte may stay. */
  readonly words?: true;
  /** How many records there were, the last one's id, and the writes that let go of those whose time is over. */
  page(
    after: Id | undefined,
  ): Promise<{ readonly read: number; readonly last?: Id; readonly writes: readonly Write[] }>;
}

export class Retention {
  readonly #hall: Hall;
  readonly #pack: Pack;

  constructor(hall: Hall, pack: Pack) {
    this.#hall = hall;
    this.#pack = pack;
  }

  /** From now on, day by day. */
  open(): void {
    this.#after(FIRST);
  }

  #after(ms: number): void {
    this.#hall.clock.after(ms, () => void this.#daily());
  }

  async #daily(): Promise<void> {
    await this.#sweep().catch((error: unknown) =>
      this.#hall.log.warn("what is over could not be let go of yet", { error: nameOf(error) }),
    );
    this.#after(DAY);
  }

  async #sweep(): Promise<void> {
    const over = await this.#ends();
    for (const rule of rules(this.#hall.store, this.#hall.clock.now(), over)) await this.#follow(rule);
  }

  async #follow({ page, words }: Rule): Promise<void> {
    const { store, clock, scrubber } = this.#hall;
    let after: Id | undefined;
    for (;;) {
      const { read, last, writes } = await page(after);
      if (writes.length > 0) await store.batch(writes);
      if (writes.length > 0 && words) scrubber.soon();
      if (read < PAGE) return;
      after = last;
      await wait(clock, PAUSE);
    }
  }

  /** When what each prompt belongs to was over. Where a programme has no end, every answer has its own time. */
  async #ends(): Promise<ReadonlyMap<PromptId, Instant>> {
    const ends = new Map<PromptId, Instant>();
    for (const community of await this.#hall.communities.all()) {
      const end = this.#endOf(community);
      if (end === undefined) continue;
      for (const { id, closedAt } of await this.#hall.prompts.of(community.id)) ends.set(id, closedAt ?? end);
    }
    return ends;
  }

  #endOf({ pack, programme, dayTwo, zone }: Community): Instant | undefined {
    const known = pack === this.#pack.id ? this.#pack.programmes[programme] : undefined;
    return dayTwo === "" || (known && isRecurring(known)) ? undefined : instantOf(dayTwo, "23:59", zone);
  }
}

/** The table: what, how long, why. */
function rules(store: Store, now: Instant, ends: ReadonlyMap<PromptId, Instant>): readonly Rule[] {
  /** Said later than that, it has its own 90 days. */
  const isOver = (at: Instant, prompt?: PromptId) => Math.max(at, ends.get(prompt ?? "") ?? 0) + KEPT < now;
  const noted = (community: CommunityId) => lettingGo(store).put([community], now);
  return [
    rule<Answer>(store, "answers", {
      words: true,
      isOver: ({ at, editedAt, prompt }) => isOver(editedAt ?? at, prompt),
      also: ([community]) => [noted(community)],
    }),
    // The words only: a find is two people who met.
    rule<Find>(store, "finds", {
      words: true,
      isOver: ({ at, prompt, told }) => told !== "" && isOver(at, prompt),
      instead: (find) => ({ ...find, told: "" }),
      also: ([community]) => [noted(community)],
    }),
    // What was to be shown, and is not known to stand.
    rule<Shown>(store, "shown", {
      words: true,
      isOver: ({ posted }, [prompt]) => "asked" in posted && isOver(posted.at, prompt),
    }),
    // What a facilitator typed may be among it. What is due again has another date, and the cursor is behind neither.
    rule<Occurrence>(store, "occurrences", {
      words: true,
      isOver: ({ state, at, endedAt }) => state !== "begun" && isOver(Math.max(at, endedAt ?? at)),
    }),
    // What no life could work off, or came from a platform that is connected no more.
    rule<Heard>(store, "journal", { words: true, isOver: ({ event }) => isOver(event.at) }),
    // Each of these is needed for as long as the answer that it is about.
    rule<{ at: Instant; prompt?: PromptId }>(store, "typed", { isOver: ({ at, prompt }) => isOver(at, prompt) }),
    rule<Instant>(store, "form-done", { isOver: (at, [, , prompt]) => isOver(at, prompt) }),
    // Nothing is tried for so long, and nothing that was said before is read back.
    rule<{ at: Instant }>(store, "sends", { isOver: ({ at }) => isOver(at) }),
    rule<Instant>(store, "forgotten", { isOver: (at) => isOver(at) }),
    rule<Instant>(store, "seen", { isOver: (at) => at + REPEATED < now }),
  ];
}

interface Letting<Value> {
  readonly words?: true;
  readonly isOver: (value: Value, id: Id) => boolean;
  /** What stays of it; absent: nothing. */
  readonly instead?: (value: Value) => Value;
  readonly also?: (id: Id) => readonly Write[];
}

function rule<Value>(store: Store, name: string, { isOver, instead, also, ...how }: Letting<Value>): Rule {
  const records = collection<Value>(store, name, asWritten());
  const letGo = (id: Id, value: Value): readonly Write[] => [
    instead ? records.put(id, instead(value)) : records.erase(id),
    ...(also?.(id) ?? []),
  ];
  return {
    ...how,
    async page(after) {
      const items = await records.list([], after, PAGE);
      const last = items.at(-1)?.id;
      const writes = items.filter(({ id, value }) => isOver(value, id)).flatMap(({ id, value }) => letGo(id, value));
      return { read: items.length, writes, ...(last ? { last } : {}) };
    },
  };
}
