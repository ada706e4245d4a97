/** Threads, private rooms and private places: each is made once and found again by what it is for. */
import type { MessageRef, Place, UserId } from "../../src/platform.ts";
import { LIMITS } from "../../src/platform.ts";
import { gone, invalid } from "./faults.ts";
import type { Finder } from "./finder.ts";
import type { Hall } from "./hall.ts";
import type { Ids } from "./ids.ts";
import type { PlaceRecord } from "./state.ts";

export class Places {
  readonly #hall: Hall;
  readonly #ids: Ids;
  readonly #finder: Finder;
  readonly #maxRoomSize: number;

  constructor(hall: Hall, ids: Ids, finder: Finder, maxRoomSize: number) {
    this.#hall = hall;
    this.#ids = ids;
    this.#finder = finder;
    this.#maxRoomSize = maxRoomSize;
  }

  async thread(on: MessageRef, title: string): Promise<Place> {
    if (title.length > LIMITS.threadTitle) throw invalid(`A thread's title of ${title.length} characters.`);
    const state = await this.#hall.state();
    const message = this.#finder.own(state, on);
    if (!message) throw gone("message");
    // Whoever sees the message sees its thread.
    const people = state.places.get(message.place)?.people;
    const id = `thread-${message.id}`;
    const value: PlaceRecord = { id, kind: "thread", title, on: message.id, ...(people && { people }) };
    if (!state.places.has(id)) await this.#hall.keep([{ kind: "place", value }]);
    return this.#ids.place(id);
  }

  async room(people: readonly UserId[], title: string): Promise<Place> {
    const max = this.#maxRoomSize;
    if (people.length > max) throw invalid(`A room for ${people.length}; ${max} is the limit.`);
    const state = await this.#hall.state();
    const ids = people.map((user) => this.#finder.person(state, user).id).sort();
    const opened = [...state.places.values()].find(
      (place) => place.kind === "room" && place.title === title && place.people?.join() === ids.join(),
    );
    if (opened) return this.#ids.place(opened.id);
    const { id: number, count } = state.nextId();
    const id = `room-${number}`;
    await this.#hall.keep([count, { kind: "place", value: { id, kind: "room", title, people: ids } }]);
    return this.#ids.place(id);
  }

  async private(user: UserId): Promise<Place> {
    const state = await this.#hall.state();
    const person = this.#finder.person(state, user);
    if (person.kind === "gone") throw gone("person");
    const value: PlaceRecord = { id: `private-${person.id}`, kind: "private", title: person.name, people: [person.id] };
    if (!state.places.has(value.id)) await this.#hall.keep([{ kind: "place", value }]);
    return this.#ids.place(value.id);
  }
}
