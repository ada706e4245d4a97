/** Who may run a workshop, decided on our side, and how facilitators are told what only they can mend. */
import type { Hall, Setting } from "../activities/activity.ts";
import type { Outbox } from "../outbox.ts";
import { type Platform, PlatformError, type Span, type UserId } from "../platform.ts";
import { asWritten, collection } from "../store/collection.ts";
import { type Store, StoreError, type Write } from "../store/store.ts";

/** Facilitators that were named in the chat, by platform. */
const named = (store: Store) => collection<true>(store, "facilitators", asWritten());

/** Those who have run something here: whom to tell. It gives no leave; that is looked up each time. */
const seen = (store: Store) => collection<true>(store, "helpers", asWritten());

export class Facilitators {
  readonly #hall: Hall;
  readonly #listed: readonly { readonly platform: string; readonly id: string }[];

  constructor(hall: Hall, listed: readonly { readonly platform: string; readonly id: string }[]) {
    this.#hall = hall;
    this.#listed = listed;
  }

  /** Those of the settings, as accounts of a platform. */
  listedOn(platform: Platform): UserId[] {
    return this.#listed.filter((entry) => entry.platform === platform.name).map(({ id }) => platform.user(id));
  }

  /** Fails closed: a look-up that fails is not a yes, and rejects, so that the person can be told why. Bots and guests of the platform never may. */
  async may(platform: Platform, user: UserId): Promise<boolean> {
    const profile = await this.#hall.outbox
      .patiently(() => platform.person(user))
      .catch((error: unknown) => {
        if (error instanceof PlatformError && error.fault === "gone") return undefined;
        throw error;
      });
    if (!profile || profile.kind === "bot" || profile.kind === "gone") return false;
    if (this.listedOn(platform).includes(user)) return true;
    if (await named(this.#hall.store).get(platform.name, user)) return true;
    return profile.kind === "person" && profile.mayRunWorkshop;
  }

  async add(platform: Platform, user: UserId): Promise<void> {
    await this.#hall.store.batch([named(this.#hall.store).put([platform.name, user], true)]);
  }

  async remove(platform: Platform, user: UserId): Promise<void> {
    await this.#hall.store.batch(this.forget(platform.name, user));
  }

  /** The writes that forget an account's part in running workshops. */
  forget(platform: string, user: UserId): Write[] {
    const { store } = this.#hall;
    return [named(store).erase([platform, user]), seen(store).erase([platform, user])];
  }

  /** Whether anybody was named, in the settings or in the chat. Asked before the platform is connected, when it knows no user yet. */
  async anybodyOn(platform: Platform): Promise<boolean> {
    if (this.#listed.some((entry) => entry.platform === platform.name)) return true;
    for await (const _ of named(this.#hall.store).all([platform.name])) return true;
    return false;
  }

  async all(platform: Platform): Promise<UserId[]> {
    const users = new Set(this.listedOn(platform));
    // The id's second part was written from a UserId.
    for await (const { id } of named(this.#hall.store).all([platform.name])) users.add(id[1] as UserId);
    return [...users];
  }

  /** Somebody who may has just run something. */
  async noticed(platform: Platform, user: UserId): Promise<void> {
    await seen(this.#hall.store).claim([platform.name, user], true);
  }

  /**
   * Tells the facilitators privately, once for each cause and day: said again, it reaches only those it did not reach.
   * `later`: somebody may be reached by trying again. One that cannot be reached keeps nobody else from hearing it.
   */
  async tell(
    { community, platform }: Setting,
    { cause, day, body }: Notice,
    outbox: Outbox = this.#hall.outbox,
  ): Promise<"told" | "later"> {
    if (!platform.can.privatePlaces) return "told";
    let result: "told" | "later" = "told";
    const users = new Set(await this.all(platform));
    // The id's second part was written from a UserId.
    for await (const { id } of seen(this.#hall.store).all([platform.name])) users.add(id[1] as UserId);
    for (const user of users) {
      try {
        await tellOne(outbox, platform, user, `notice/${community.id}/${cause}/${day}/${user}`, body);
      } catch (error) {
        if (error instanceof StoreError) throw error;
        const fault = error instanceof PlatformError ? error.fault : "unknown";
        if (fault === "busy" || fault === "unknown") result = "later";
        this.#hall.log.warn("a facilitator could not be told", { cause, fault });
      }
    }
    return result;
  }
}

async function tellOne(
  outbox: Outbox,
  platform: Platform,
  user: UserId,
  name: string,
  body: readonly Span[],
): Promise<void> {
  const place = await outbox.patiently(() => platform.privatePlace(user));
  await outbox.send({ platform, place, message: { body }, name });
}

/** `day` is the local date on which it came up, so that a notice which takes past midnight is still the same. */
export interface Notice {
  readonly cause: string;
  readonly day: string;
  readonly body: readonly Span[];
}
