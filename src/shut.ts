/**
 * A channel that is gone, or no longer lets us in, shuts its community: nothing is held there until it lets us in again.
 * What falls due meanwhile is treated as after a downtime: held if its window is still open, else missed and told.
 */
import type { Hall, Setting } from "./activities/activity.ts";
import type { Instant, Place, Platform } from "./platform.ts";
import { PlatformError } from "./platform.ts";

export interface Shut {
  readonly since: Instant;
  /** What keeps us out and how that is mended, as the platform's side of the house words it. */
  readonly why: string;
}

const MINUTE = 60_000;
/** Whoever has just been shown out is soon invited again; a channel that was deleted long ago is not asked for each minute. */
const LONGEST = 15 * MINUTE;

/** Undefined: we are let in. Rejects with anything but a `PlatformError`. */
export async function whatShuts(hall: Hall, platform: Platform, place: Place): Promise<PlatformError | undefined> {
  try {
    await hall.outbox.patiently(() => platform.channel(place));
    return undefined;
  } catch (error) {
    if (error instanceof PlatformError) return error;
    throw error;
  }
}

/** Only where somebody has to act: a platform that does not answer shuts nothing. Resolves with why it is shut now. */
export async function shutIfClosed(hall: Hall, { community, platform }: Setting): Promise<string | undefined> {
  const closed = await whatShuts(hall, platform, community.place);
  if (closed?.fault !== "gone" && closed?.fault !== "denied") return undefined;
  const shut = { since: hall.clock.now(), why: closed.message };
  // Of several that find it shut, the first says since when.
  await hall.communities.change(community.id, (now) => ({ ...now, shut: now.shut ?? shut }));
  return closed.message;
}

/** Knocks once. True: it is open again, and written down so. */
export async function isOpenAgain(hall: Hall, { community, platform }: Setting): Promise<boolean> {
  try {
    await platform.channel(community.place);
  } catch (error) {
    if (error instanceof PlatformError) return false;
    throw error;
  }
  await hall.communities.change(community.id, ({ shut: _shut, ...now }) => now);
  return true;
}

/** When to knock again. */
export const nextKnock = ({ since }: Shut, now: Instant): Instant =>
  now + Math.min(LONGEST, Math.max(MINUTE, (now - since) / 10));
