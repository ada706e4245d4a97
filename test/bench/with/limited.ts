/**
 * A platform that keeps Slack's limits and Slack's distance, over the room and in virtual time. Refused is what comes
 * too soon, with the whole seconds that Slack would ask to wait.
 */
import type { Room } from "../../../adapters/room/room.ts";
import type { Clock } from "../../../src/clock.ts";
import { wait } from "../../../src/clock.ts";
import { type Place, type Platform, PlatformError } from "../../../src/platform.ts";

const MINUTE = 60_000;

/** Calls in any such time. Source: docs.slack.dev/apis/web-api/rate-limits, tier 3, tier 4 and chat.postMessage. */
export const LIMITS = {
  openRoom: { calls: 50, within: MINUTE },
  person: { calls: 100, within: MINUTE },
  post: { calls: 1, within: 1_000 },
} as const;
/** Milliseconds that a call and its answer take. */
export const DISTANCE = 200;

export interface Limited {
  readonly platform: Platform;
  /** When each group's introduction stood, and each message of the channel, by the clock. */
  readonly introduced: number[];
  readonly said: number[];
  /** Calls that were refused. */
  refused(): number;
}

/** `apart`: a group's place is a channel of its own, and opened by tier 3; else it is a thread, and paced with its channel. */
export function limited(room: Room, clock: Clock, apart: boolean): Limited {
  const calls = new Map<string, number[]>();
  const rooms = new Set<Place>();
  const introduced: number[] = [];
  const said: number[] = [];
  let refused = 0;

  function allow(method: keyof typeof LIMITS, name: string = method): void {
    const { calls: most, within } = LIMITS[method];
    const recent = (calls.get(name) ?? []).filter((at) => at > clock.now() - within);
    calls.set(name, recent);
    const [first = 0] = recent;
    if (recent.length < most) return void recent.push(clock.now());
    refused++;
    const retryAfterMs = Math.ceil((first + within - clock.now()) / 1_000) * 1_000;
    throw new PlatformError("busy", "Too many calls.", { retryAfterMs });
  }

  const channelOf = (place: Place) => (apart && rooms.has(place) ? place : room.channelOf(place));
  const own: Partial<Platform> = {
    can: { ...room.can, postEveryMs: LIMITS.post.within },
    channelOf,
    async post(place, message, key) {
      await wait(clock, DISTANCE);
      allow("post", `post ${channelOf(place)}`);
      (rooms.has(place) ? introduced : said).push(clock.now());
      return await room.post(place, message, key);
    },
    async openRoom(channel, people, title) {
      await wait(clock, DISTANCE);
      if (apart) allow("openRoom");
      const place = await room.openRoom(channel, people, title);
      rooms.add(place);
      return place;
    },
    async person(id) {
      await wait(clock, DISTANCE);
      allow("person");
      return await room.person(id);
    },
  };
  const platform = new Proxy<Platform>(room, {
    get(inner, name) {
      const value: unknown = Reflect.get(own, name) ?? Reflect.get(inner, name);
      return typeof value === "function" ? value.bind(inner) : value;
    },
  });
  return { platform, introduced, said, refused: () => refused };
}
