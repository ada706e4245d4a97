/** Whom a person would rather not be paired with. Known to the one who said it, and to nobody else: never shown, never harvested. */
import type { CommunityId } from "../communities.ts";
import type { Instant } from "../platform.ts";
import { asWritten, collection } from "../store/collection.ts";
import type { Store, Write } from "../store/store.ts";
import type { PersonId } from "./roster.ts";

export class Apart {
  readonly #store: Store;

  constructor(store: Store) {
    this.#store = store;
  }

  async keep(community: CommunityId, by: PersonId, from: PersonId, at: Instant): Promise<void> {
    await this.#store.batch([this.#words.put([community, by, from], at)]);
  }

  async lift(community: CommunityId, by: PersonId, from: PersonId): Promise<void> {
    await this.#store.batch([this.#words.erase([community, by, from])]);
  }

  /** Those that one person named. */
  async of(community: CommunityId, by: PersonId): Promise<PersonId[]> {
    const named: PersonId[] = [];
    for await (const { id } of this.#words.all([community, by])) named.push(id[2] ?? "");
    return named;
  }

  /** Every pair of these people of whom either named the other, each once, in no order that tells who. */
  async among(community: CommunityId, people: readonly PersonId[]): Promise<[PersonId, PersonId][]> {
    const here = new Set(people);
    const pairs = new Map<string, [PersonId, PersonId]>();
    for await (const { id } of this.#words.all([community])) {
      const [a = "", b = ""] = id.slice(1).sort();
      if (here.has(a) && here.has(b)) pairs.set(`${a}/${b}`, [a, b]);
    }
    return [...pairs.values()].sort((a, b) => (a.join() < b.join() ? -1 : 1));
  }

  /** The writes that forget what a person said, and what others said of them. */
  async forget(community: CommunityId, person: PersonId): Promise<Write[]> {
    const writes: Write[] = [];
    for await (const { id } of this.#words.all([community])) {
      if (id.includes(person)) writes.push(this.#words.erase(id));
    }
    return writes;
  }

  get #words() {
    return collection<Instant>(this.#store, "apart", asWritten());
  }
}
