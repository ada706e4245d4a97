/** One group of people, in one channel of one platform, living through one programme of a pack. */
import { digest } from "./chance.ts";
import { InTurn } from "./in-turn.ts";
import type { Instant, Place } from "./platform.ts";
import type { Shut } from "./shut.ts";
import { asWritten, type Collection, collection } from "./store/collection.ts";
import type { Store, Write } from "./store/store.ts";

export type CommunityId = string;

export interface Community {
  readonly id: CommunityId;
  readonly platform: string;
  readonly place: Place;
  readonly pack: string;
  readonly programme: string;
  /** Local dates, YYYY-MM-DD. */
  readonly dayOne: string;
  readonly dayTwo: string;
  /** The local date from which recurring blocks are held. */
  readonly starts: string;
  readonly zone: string;
  /** Grows with every `start`: occurrences of different runs never meet. */
  readonly run: number;
  readonly seed: string;
  readonly running: boolean;
  /** Its channel is gone or closed to us: nothing is held until it opens again. */
  readonly shut?: Shut;
  /** Block id to its changed time of day. */
  readonly moved: Readonly<Record<string, string>>;
  /** All that was due up to here has its occurrence. */
  readonly cursor: Instant;
}

/** A community is named by its place, so that one place never holds two. */
export const communityIdOf = (platform: string, place: Place): CommunityId => digest(`${platform}/${place}`, 13);

export class Communities {
  readonly #records: Collection<Community>;
  readonly #store: Store;
  readonly #inTurn = new InTurn();

  constructor(store: Store) {
    this.#store = store;
    this.#records = collection<Community>(store, "communities", asWritten());
  }

  get(id: CommunityId): Promise<Community | undefined> {
    return this.#records.get(id);
  }

  at(platform: string, place: Place): Promise<Community | undefined> {
    return this.get(communityIdOf(platform, place));
  }

  async all(): Promise<Community[]> {
    const found: Community[] = [];
    for await (const { value } of this.#records.all()) found.push(value);
    return found;
  }

  put(community: Community): Write {
    return this.#records.put([community.id], community);
  }

  /** Reads, changes and writes, one change after the other; resolves with what stands now. */
  change(id: CommunityId, how: (now: Community) => Community): Promise<Community> {
    return this.#inTurn.do(id, () => this.#change(id, how));
  }

  async #change(id: CommunityId, how: (now: Community) => Community): Promise<Community> {
    const now = await this.get(id);
    if (!now) throw new Error(`There is no community ${id}.`);
    const then = how(now);
    await this.#store.batch([this.put(then)]);
    return then;
  }
}
