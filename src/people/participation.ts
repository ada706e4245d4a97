/** Who takes part in pairs: everyone in the channel where everyone was told so, else those who asked to be counted in. */
import type { Community, CommunityId } from "../communities.ts";
import type { Outbox } from "../outbox.ts";
import type { Pack } from "../pack/pack.ts";
import { type Instant, type Platform, PlatformError, type UserId } from "../platform.ts";
import { asWritten, collection } from "../store/collection.ts";
import type { Store, Write } from "../store/store.ts";
import { accountOn, isPaused, type Person, type PersonId, type Roster } from "./roster.ts";

/** A person's own word about pairs in one community. */
type Word = { readonly takesPart: boolean };

const words = (store: Store) => collection<Word>(store, "takes-part", asWritten());

/** Nobody is paired unasked: everyone only where the programme tells them the day before, and the platform lists them. */
export function everyoneTakesPart(community: Community, pack: Pack, platform: Platform): boolean {
  const blocks = pack.programmes[community.programme]?.blocks ?? [];
  const told = blocks.some(({ does }) => {
    const reminder = does.activity === "remind" ? pack.reminders.find(({ id }) => id === does.reminder) : undefined;
    return reminder?.offers === "not-me";
  });
  return told && platform.can.members;
}

export class Participation {
  readonly #store: Store;
  readonly #roster: Roster;
  readonly #outbox: Outbox;
  /** Members that are no people, so that they are not asked about again in this life. */
  readonly #bots = new Set<UserId>();

  constructor(store: Store, roster: Roster, outbox: Outbox) {
    this.#store = store;
    this.#roster = roster;
    this.#outbox = outbox;
  }

  async say(community: CommunityId, person: PersonId, takesPart: boolean): Promise<void> {
    await this.#store.batch([words(this.#store).put([community, person], { takesPart })]);
  }

  async word(community: CommunityId, person: PersonId): Promise<boolean | undefined> {
    return (await words(this.#store).get(community, person))?.takesPart;
  }

  /** Everybody who is to be paired now; bots never, paused people not. */
  async present(community: Community, pack: Pack, platform: Platform, now: Instant): Promise<Person[]> {
    const everyone = everyoneTakesPart(community, pack, platform);
    const candidates = everyone ? await this.members(community, platform) : await this.#countedIn(community);
    const said = await Promise.all(candidates.map((person) => this.word(community.id, person.id)));
    return candidates.filter(
      (person, at) => (said[at] ?? everyone) && !isPaused(person, now) && accountOn(person, platform.name),
    );
  }

  /** The people in a community's channel, met now if never before. */
  async members(community: Community, platform: Platform): Promise<Person[]> {
    const users = await this.#outbox.patiently(() => platform.members(community.place));
    const people: Person[] = [];
    for (const user of users) {
      const person = this.#bots.has(user) ? undefined : await this.#meet(platform, user);
      if (person) people.push(person);
    }
    return people;
  }

  forget(community: CommunityId, person: PersonId): Write {
    return words(this.#store).erase([community, person]);
  }

  async #meet(platform: Platform, user: UserId): Promise<Person | undefined> {
    const known = await this.#roster.known(user);
    if (known) return known;
    try {
      const profile = await this.#outbox.patiently(() => platform.person(user));
      if (profile.kind === "person" || profile.kind === "guest")
        return await this.#roster.introduce(platform.name, user, profile);
      this.#bots.add(user);
    } catch (error) {
      if (!(error instanceof PlatformError) || error.fault !== "gone") throw error;
    }
    return undefined;
  }

  async #countedIn(community: Community): Promise<Person[]> {
    const people: Person[] = [];
    for await (const { id } of words(this.#store).all([community.id])) {
      const person = await this.#roster.get(id[1] ?? "");
      if (person) people.push(person);
    }
    return people;
  }
}
