/**
 * Journal first: what somebody does is kept as unheard, told to the core, and only then shown. After a crash in
 * between it is told again under the same event id.
 */
import type { Ears, Inbound, Surroundings } from "../../src/platform.ts";
import { Refused } from "./faults.ts";
import type { Hall } from "./hall.ts";
import type { Ids } from "./ids.ts";
import type { Change, PersonRecord, State, Unheard } from "./state.ts";

/** An event but for what every event has. A conditional type, so that each kind keeps its own fields. */
export type Untold<Event = Inbound> = Event extends Inbound ? Omit<Event, "event" | "by" | "at"> : never;

export class Journal {
  readonly #hall: Hall;
  readonly #ids: Ids;
  readonly #around: Surroundings;
  readonly #underWay = new Set<Promise<void>>();
  #ears: Ears | undefined;

  constructor(hall: Hall, ids: Ids, around: Surroundings) {
    this.#hall = hall;
    this.#ids = ids;
    this.#around = around;
  }

  /** Whom everything is told; nobody while the room is closed. */
  get ears(): Ears | undefined {
    return this.#ears;
  }

  /** From now on these ears are told; first of all what a crash kept from being heard. */
  async listen(ears: Ears): Promise<void> {
    this.#ears = ears;
    const state = await this.#hall.state();
    for (const unheard of [...state.unheard.values()]) await this.#tell(ears, unheard);
  }

  /** Hears no more; resolves when all that was said before is settled. */
  async rest(): Promise<void> {
    this.#ears = undefined;
    await Promise.allSettled(this.#underWay);
  }

  /** Throws `Refused` where it was not kept; nothing has changed then. Other bots may talk, the core never hears them. */
  async tell(state: State, person: PersonRecord, told: Untold, changes: readonly Change[]): Promise<void> {
    const ears = this.#ears;
    if (!ears) throw this.#notKept();
    if (person.kind === "bot") return this.keep(changes);
    const { id, count } = state.nextId();
    const by = { id: this.#ids.user(person.id), ...(person.language && { language: person.language }) };
    const event: Inbound = { ...told, event: `event-${this.#ids.message(id)}`, by, at: this.#around.clock.now() };
    const done = this.#through(ears, count, { id: event.event, event, changes });
    this.#underWay.add(done);
    return done.finally(() => this.#underWay.delete(done));
  }

  /** Changes that the core has no part in. */
  async keep(changes: readonly Change[]): Promise<void> {
    try {
      await this.#hall.keep(changes);
    } catch (cause) {
      this.#around.log.error("The room's memory failed.", { error: String(cause) });
      throw this.#notKept();
    }
  }

  async #through(ears: Ears, count: Change, unheard: Unheard): Promise<void> {
    await this.keep([count, { kind: "unheard", value: unheard }]);
    if (await this.#tell(ears, unheard)) return;
    await this.keep([{ kind: "heard", value: unheard }]);
    throw this.#notKept();
  }

  /** False: the core did not take it. */
  async #tell(ears: Ears, unheard: Unheard): Promise<boolean> {
    try {
      await ears.take(unheard.event);
    } catch (error) {
      this.#around.log.error("A doing could not be kept.", { kind: unheard.event.kind, error: String(error) });
      return false;
    }
    await this.keep([...unheard.changes, { kind: "heard", value: unheard }]);
    return true;
  }

  #notKept(): Refused {
    return new Refused(503, this.#around.phrases.notKept);
  }
}
