/** The room's refs: `room/hall/kind/id`. Only this file makes them or takes them apart. */
import type { MessageRef, Place, UserId } from "../../src/platform.ts";

export interface Ids {
  user(id: string): UserId;
  place(id: string): Place;
  message(id: string): MessageRef;
  /** The bare id; undefined where the ref is another room's, of another kind or no ref at all. */
  read(kind: "user" | "place" | "message", ref: string): string | undefined;
}

export function newIds(hall: string): Ids {
  const made = (kind: string, id: string) => `room/${hall}/${kind}/${id}`;
  return {
    // The port's refs are branded strings; the adapter is the one who brands.
    user: (id) => made("user", id) as UserId,
    place: (id) => made("place", id) as Place,
    message: (id) => made("message", id) as MessageRef,
    read(kind, ref) {
      const start = made(kind, "");
      return ref.startsWith(start) ? ref.slice(start.length) : undefined;
    },
  };
}
