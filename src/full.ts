/**
 * A disk without room: what cannot be written down is neither sent nor acknowledged, and goes on by itself once there
 * is room. Whoever may mend it has to hear of it meanwhile, though nothing can be written down about that either.
 */
import type { Setting } from "./activities/activity.ts";
import type { Clock } from "./clock.ts";
import { nameOf } from "./inbox.ts";
import { Outbox } from "./outbox.ts";
import type { Facilitators } from "./people/facilitators.ts";
import type { Instant, Log } from "./platform.ts";
import { localDate } from "./programme.ts";
import type { Sentences } from "./sentences.ts";
import { memoryStore } from "./store/memory.ts";
import { type Store, StoreError } from "./store/store.ts";

/** Nothing that passes by itself is worth a notice. */
const LONG = 30_000;

/** The same store; `full` is called once for each time that nothing can be written for so long. */
export function watched(store: Store, clock: Clock, full: () => void): Store {
  let since: Instant | undefined;
  let told = false;
  async function noticing<Result>(write: Promise<Result>): Promise<Result> {
    try {
      const result = await write;
      [since, told] = [undefined, false];
      return result;
    } catch (error) {
      if (!(error instanceof StoreError) || error.code !== "full") throw error;
      since ??= clock.now();
      if (!told && clock.now() - since >= LONG) {
        told = true;
        full();
      }
      throw error;
    }
  }
  return {
    get: (key) => store.get(key),
    range: (prefix, after, limit) => store.range(prefix, after, limit),
    batch: (writes) => (writes.length ? noticing(store.batch(writes)) : store.batch(writes)),
    claim: (key, value) => noticing(store.claim(key, value)),
    scrub: () => store.scrub(),
    close: () => store.close(),
  };
}

/** Tells the facilitators of each community, once a day. What was told is remembered for this life alone. */
export function toldOfFullDisk(around: { clock: Clock; log: Log; say: Sentences; facilitators: Facilitators }) {
  const { clock, log, say, facilitators } = around;
  const outbox = new Outbox({ store: memoryStore(clock), clock, log });
  return async (settings: readonly Setting[]): Promise<void> => {
    for (const setting of settings) {
      const day = localDate(clock.now(), setting.community.zone);
      const notice = { cause: "full", day, body: say.spans("notice.full") };
      await facilitators
        .tell(setting, notice, outbox)
        .catch((error: unknown) => log.error("nobody could be told of the full disk", { error: nameOf(error) }));
    }
  };
}
