/** Who may run a workshop, decided on our side, and how facilitators are told what only they can mend. */
import type { Hall, Setting } from "../activities/activity.ts";
import { type Platform, PlatformError, type Span, type UserId } from "../platform.ts";
import { localDate } from "../programme.ts";
import { asWritten, collection } from "../store/collection.ts";
import type { Store } from "../store/store.ts";

/** Facilitators that were named in the chat, by platform. */
const named = (store: Store) => collection<true>(store, "facilitators", asWritten());
/** What was told already, by community, cause and day. */
const notices = (store: Store) => collection<number>(store, "notices", asWritten());

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
    await this.#hall.store.batch([named(this.#hall.store).erase([platform.name, user])]);
  }

  async all(platform: Platform): Promise<UserId[]> {
    const users = new Set(this.listedOn(platform));
    // The id's second part was written from a UserId.
    for await (const { id } of named(this.#hall.store).all([platform.name])) users.add(id[1] as UserId);
    return [...users];
  }

  /** Tells the facilitators privately, once for each cause and day. One that cannot be reached keeps nobody else from hearing it. */
  async tell({ community, platform }: Setting, cause: string, body: readonly Span[]): Promise<void> {
    const { store, clock, log, outbox } = this.#hall;
    const day = localDate(clock.now(), community.zone);
    if (!platform.can.privatePlaces || !(await notices(store).claim([community.id, cause, day], clock.now()))) return;
    for (const user of await this.all(platform)) {
      try {
        const place = await outbox.patiently(() => platform.privatePlace(user));
        await outbox.send({
          platform,
          place,
          message: { body },
          name: `notice/${community.id}/${cause}/${day}/${user}`,
        });
      } catch (error) {
        log.warn("a facilitator could not be told", {
          cause,
          fault: error instanceof PlatformError ? error.fault : "error",
        });
      }
    }
  }
}
