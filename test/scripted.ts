/** A platform whose every answer a test writes down, call by call; what it is not told goes well. */
import {
  type Fault,
  type Message,
  type MessageRef,
  type Page,
  type Place,
  type Platform,
  PlatformError,
  type SendKey,
  type UserId,
} from "../src/platform.ts";

/** `after`: the effect happens, and the answer is the fault all the same. */
export type Turn = Fault | { readonly after: Fault } | { readonly busy: number } | "well";

interface Posted {
  readonly place: Place;
  readonly message: Message;
  readonly key: SendKey;
  readonly ref: MessageRef;
}

const CAN = {
  forms: true,
  hearsReplies: true,
  history: true,
  members: true,
  privatePlaces: true,
  maxRoomSize: 7,
  postEveryMs: 1_000,
};
export const CHANNEL = "channel" as Place;

export function scripted(script: Partial<Record<string, Turn[]>> = {}) {
  const posts: Posted[] = [];
  const calls: string[] = [];
  const removed: MessageRef[] = [];
  const answer = async <Result>(call: string, effect: () => Result): Promise<Result> => {
    calls.push(call);
    const turn = script[call]?.shift() ?? "well";
    if (turn === "well") return effect();
    if (typeof turn === "string") throw new PlatformError(turn, `${call}: ${turn}`);
    if ("busy" in turn) throw new PlatformError("busy", "wait", { retryAfterMs: turn.busy });
    effect();
    throw new PlatformError(turn.after, `${call}: no answer`);
  };
  const put = (place: Place, message: Message, key: SendKey) => {
    const ref = `message-${posts.length + 1}` as MessageRef;
    posts.push({ place, message, key, ref });
    return ref;
  };
  const platform: Platform = {
    name: "scripted",
    can: CAN,
    start: async () => {},
    stop: async () => {},
    connection: () => ({ connected: true }),
    channel: () => answer("channel", () => CHANNEL),
    channelOf: (place) => place,
    post: (place, message, key) => answer("post", () => put(place, message, key)),
    find: (place, _message, key) =>
      answer("find", () =>
        posts.filter((one) => one.place === place && one.key === key).map(({ ref }) => ({ message: ref })),
      ),
    edit: () => answer("edit", () => {}),
    remove: (message) => answer("remove", () => void removed.push(message)),
    whisper: () => answer("whisper", () => {}),
    openThread: (on) => answer("openThread", () => `thread-on-${on}` as Place),
    openRoom: (_channel, people) => answer("openRoom", () => `room-${people.join("-")}` as Place),
    privatePlace: (person) => answer("privatePlace", () => `private-${person}` as Place),
    members: () => answer("members", () => []),
    person: () => answer("person", () => ({ name: "Ana", kind: "person" as const, mayRunWorkshop: false })),
    user: (id) => id as UserId,
    history: () => answer("history", (): Page => ({ items: [] })),
  };
  return { platform, posts, calls, removed };
}
