/** Who is who: we mint a person for each human being; an account on a platform only points to one. */
import type { Chance } from "../chance.ts";
import { InTurn } from "../in-turn.ts";
import type { Instant, Platform, Person as Profile, UserId } from "../platform.ts";
import { asWritten, type Collection, collection } from "../store/collection.ts";
import type { Store } from "../store/store.ts";

export type PersonId = string;

export interface Person {
  readonly id: PersonId;
  readonly accounts: readonly { readonly platform: string; readonly user: UserId }[];
  /** As the platform last said it: for the harvest, which is read where no platform can be asked. */
  readonly name: string;
  readonly language?: string;
  /** Not paired and not reminded until then; `forever`: until `resume`. */
  readonly pausedUntil?: Instant | "forever";
  /** Circles this person says they belong to. The first one counts in pairing. */
  readonly circles: readonly string[];
}

export class Roster {
  readonly #people: Collection<Person>;
  readonly #accounts: Collection<PersonId>;
  readonly #store: Store;
  readonly #chance: Chance;
  readonly #inTurn = new InTurn();

  constructor(store: Store, chance: Chance) {
    this.#store = store;
    this.#chance = chance;
    this.#people = collection<Person>(store, "people", asWritten());
    this.#accounts = collection<PersonId>(store, "accounts", asWritten());
  }

  get(id: PersonId): Promise<Person | undefined> {
    return this.#people.get(id);
  }

  /** The person behind an account, if we have met. */
  async known(user: UserId): Promise<Person | undefined> {
    const id = await this.#accounts.get(user);
    return id === undefined ? undefined : await this.#people.get(id);
  }

  /** The person behind an account, minted at the first meeting. The name is the platform's. */
  async meet(platform: Platform, user: UserId): Promise<Person> {
    const known = await this.known(user);
    if (known) return known;
    return await this.introduce(platform.name, user, await platform.person(user));
  }

  /** The same where the platform's word is at hand already. */
  async introduce(platform: string, user: UserId, profile: Profile): Promise<Person> {
    // Two of this person's doings may be heard at once, or a crash may fall between the two writes: whoever claims
    // the account first names the person, and everybody writes the record under that name.
    await this.#accounts.claim([user], this.#chance.id());
    const id = (await this.#accounts.get(user)) ?? this.#chance.id();
    const known = await this.#people.get(id);
    if (known?.name === profile.name) return known;
    const person: Person = {
      ...(known ?? { id, accounts: [{ platform, user }], circles: [] }),
      name: profile.name,
      ...(profile.language === undefined ? {} : { language: profile.language }),
    };
    await this.#store.batch([this.#people.put([id], person)]);
    return person;
  }

  /** Reads, changes and writes, one change after the other; resolves with what stands now. */
  change(id: PersonId, how: (now: Person) => Person): Promise<Person> {
    return this.#inTurn.do(id, async () => {
      const now = await this.#people.get(id);
      if (!now) throw new Error("There is no such person.");
      const then = how(now);
      await this.#store.batch([this.#people.put([id], then)]);
      return then;
    });
  }

  /** The writes that make us strangers again. */
  forget(person: Person) {
    return [this.#people.erase([person.id]), ...person.accounts.map(({ user }) => this.#accounts.erase([user]))];
  }
}

export const isPaused = (person: Person, now: Instant): boolean =>
  person.pausedUntil === "forever" || (person.pausedUntil !== undefined && person.pausedUntil > now);

/** The account of a person on one platform. */
export const accountOn = (person: Person, platform: string): UserId | undefined =>
  person.accounts.find((account) => account.platform === platform)?.user;
