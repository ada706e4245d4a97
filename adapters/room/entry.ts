/** Who may act, go where, see and change what. Throws `Refused`, whose message the person reads. */
import type { Phrases } from "../../src/platform.ts";
import { Refused } from "./faults.ts";
import type { Hall } from "./hall.ts";
import type { Ids } from "./ids.ts";
import { type MessageRecord, type PersonRecord, type PlaceRecord, type State, TOGETHER } from "./state.ts";
import type { Whispers } from "./whispers.ts";

export class Entry {
  readonly #hall: Hall;
  readonly #ids: Ids;
  readonly #whispers: Whispers;
  readonly #phrases: Phrases;

  constructor(hall: Hall, ids: Ids, whispers: Whispers, phrases: Phrases) {
    this.#hall = hall;
    this.#ids = ids;
    this.#whispers = whispers;
    this.#phrases = phrases;
  }

  async state(): Promise<State> {
    return this.#hall.state().catch(() => {
      throw new Refused(503, this.#phrases.notKept);
    });
  }

  async actor(who: string): Promise<{ state: State; person: PersonRecord }> {
    const state = await this.state();
    const person = state.people.get(who);
    if (!person?.here || person.id === TOGETHER) throw new Refused(404, "There is nobody of that name here.");
    return { state, person };
  }

  placeFor(state: State, person: PersonRecord, ref: string): PlaceRecord {
    const id = this.#ids.read("place", ref) ?? "";
    const place = state.places.get(id);
    if (!place || !state.mayEnter(person.id, id)) throw new Refused(403, "That room is not yours to enter.");
    return place;
  }

  /** The core hears threads and private places; the channel's chatter and what pairs tell each other, never. */
  isHeard(state: State, placeId: string): boolean {
    const place = state.places.get(placeId);
    if (place?.kind !== "thread") return place?.kind === "private";
    const root = state.messages.get(place.on ?? "");
    return root === undefined || state.places.get(root.place)?.kind !== "room";
  }

  /** A message or a whisper on this person's screen. */
  visible(state: State, person: PersonRecord, ref: string): MessageRecord | undefined {
    const id = this.#ids.read("message", ref);
    const found = state.messages.get(id ?? "");
    if (found) return state.mayEnter(person.id, found.place) ? found : undefined;
    return this.#whispers.to(person.id).find((whisper) => whisper.id === id);
  }

  theirs(state: State, person: PersonRecord, ref: string): MessageRecord {
    const message = state.messages.get(this.#ids.read("message", ref) ?? "");
    if (!message) throw new Refused(404, "That message is no more.");
    if (message.by !== person.id) throw new Refused(403, "Only its author can change that.");
    return message;
  }
}
