/** What a ref of the core's means in the room now. Throws the port's faults. */
import type { MessageRef, Place, UserId } from "../../src/platform.ts";
import { denied, gone } from "./faults.ts";
import type { Ids } from "./ids.ts";
import { type MessageRecord, type PersonRecord, type PlaceRecord, type State, TOGETHER } from "./state.ts";

export class Finder {
  readonly #ids: Ids;

  constructor(ids: Ids) {
    this.#ids = ids;
  }

  place(state: State, ref: Place): PlaceRecord {
    const place = state.places.get(this.#ids.read("place", ref) ?? "");
    if (!place) throw gone("place");
    return place;
  }

  person(state: State, ref: UserId): PersonRecord {
    const person = state.people.get(this.#ids.read("user", ref) ?? "");
    if (!person) throw gone("person");
    return person;
  }

  /** Undefined: it is gone. */
  own(state: State, ref: MessageRef): MessageRecord | undefined {
    const message = state.messages.get(this.#ids.read("message", ref) ?? "");
    if (message && message.by !== TOGETHER) throw denied("That message is somebody else's.");
    return message;
  }
}
