/** What became of each block on each date: every occurrence ends as sent, skipped (why) or failed (why). */
import type { Community } from "./communities.ts";
import type { Does } from "./pack/pack.ts";
import type { Instant } from "./platform.ts";
import type { LocalDate } from "./programme.ts";
import { asWritten, collection, type Id } from "./store/collection.ts";
import type { Store } from "./store/store.ts";

export interface Occurrence {
  readonly community: string;
  readonly run: number;
  /** The block's id; `by-hand` and a digest where a facilitator asked for it out of turn. */
  readonly block: string;
  readonly date: LocalDate;
  /** Counts from 1; `redo` makes the next. */
  readonly attempt: number;
  readonly title: string;
  readonly does: Does;
  /** When it is or was due. An attribute only: moving a block's time makes no new occurrence. */
  readonly at: Instant;
  /** After this nothing of it is begun. */
  readonly until: Instant;
  readonly state: "begun" | "sent" | "skipped" | "failed";
  /** Why it was skipped or failed: the name of a sentence in the group `why`. */
  readonly why?: string;
  /** What a facilitator typed with it. */
  readonly words?: string;
  /** The event by which a facilitator asked for it: heard again, it asks for nothing more. */
  readonly asked?: string;
  readonly endedAt?: Instant;
}

export const keyOf = ({ community, run, block, date, attempt }: Occurrence): string =>
  `${community}/${run}/${block}/${date}/${attempt}`;

const idOf = ({ community, run, block, date, attempt }: Occurrence): Id => [
  community,
  String(run),
  block,
  date,
  String(attempt),
];

export class Occurrences {
  readonly #store: Store;

  constructor(store: Store) {
    this.#store = store;
  }

  /** Writes it, unless it stands already. Resolves with what stands then; `ours` where this call wrote it. */
  async begin(occurrence: Occurrence): Promise<{ readonly ours: boolean; readonly stands: Occurrence }> {
    const ours = await this.#records.claim(idOf(occurrence), occurrence);
    const stands = ours ? occurrence : await this.#records.get(...idOf(occurrence));
    return { ours, stands: stands ?? occurrence };
  }

  /** As it stands now. */
  get(occurrence: Occurrence): Promise<Occurrence | undefined> {
    return this.#records.get(...idOf(occurrence));
  }

  async end(occurrence: Occurrence, state: "sent" | "skipped" | "failed", at: Instant, why?: string): Promise<void> {
    const ended: Occurrence = { ...occurrence, state, endedAt: at, ...(why === undefined ? {} : { why }) };
    await this.#store.batch([this.#records.put(idOf(occurrence), ended)]);
  }

  /** All of a community's present run, in the order in which they were due. */
  async of({ id, run }: Community): Promise<Occurrence[]> {
    const all: Occurrence[] = [];
    for await (const { value } of this.#records.all([id, String(run)])) all.push(value);
    return all.sort((a, b) => a.at - b.at);
  }

  /** What an event asked for, in whatever run of a community. */
  async askedBy(community: string, event: string): Promise<Occurrence | undefined> {
    for await (const { value } of this.#records.all([community])) if (value.asked === event) return value;
    return undefined;
  }

  /** Those of any of a community's runs that have no end yet. */
  async begun(community: string): Promise<Occurrence[]> {
    const open: Occurrence[] = [];
    for await (const { value } of this.#records.all([community])) if (value.state === "begun") open.push(value);
    return open;
  }

  get #records() {
    return collection<Occurrence>(this.#store, "occurrences", asWritten());
  }
}
