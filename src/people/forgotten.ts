/** That an account asked to be forgotten, and when: under a name that only this store's own secret can make of it. */
import type { Hall } from "../activities/activity.ts";
import type { Instant, UserId } from "../platform.ts";
import { asWritten, collection } from "../store/collection.ts";
import type { Write } from "../store/store.ts";

const moments = ({ store }: Pick<Hall, "store">) => collection<Instant>(store, "forgotten", asWritten());

/** What was done up to then stays forgotten, also where it reaches us only afterwards. */
export function tombstone(hall: Pick<Hall, "store" | "prompts">, user: UserId, at: Instant): Write {
  return moments(hall).put([hall.prompts.blinded(user)], at);
}

export async function wasForgottenSince(
  hall: Pick<Hall, "store" | "prompts">,
  user: UserId,
  at: Instant,
): Promise<boolean> {
  const forgotten = await moments(hall).get(hall.prompts.blinded(user));
  return forgotten !== undefined && forgotten >= at;
}
