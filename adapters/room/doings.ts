/** What people do in the room. Each rejects with `Refused`, whose message the person reads. */
import type { Command } from "../../src/platform.ts";
import { Answering, type Desk } from "./answering.ts";
import { Refused } from "./faults.ts";
import type { FieldErrors, OpenForm, Submission } from "./forms.ts";
import type { Change, MessageRecord, PersonRecord, State } from "./state.ts";

export class Doings {
  readonly #desk: Desk;
  readonly #channel: string;
  readonly #answering: Answering;

  /** `channel` is the id of the one channel. */
  constructor(desk: Desk, channel: string) {
    this.#desk = desk;
    this.#channel = channel;
    this.#answering = new Answering(desk);
  }

  /** The commands one may type, for the page's hints. */
  commands(): readonly Command[] {
    return this.#desk.journal.ears?.commands ?? [];
  }

  /** Resolves with the message's ref. */
  async says(who: string, place: string, text: string): Promise<string> {
    const { entry, journal, ids, around } = this.#desk;
    const { state, person } = await entry.actor(who);
    const where = entry.placeFor(state, person, place);
    const { id, count } = state.nextId();
    const value: MessageRecord = {
      id,
      place: where.id,
      by: person.id,
      at: around.clock.now(),
      version: 1,
      body: [{ kind: "text", text }],
    };
    const message = ids.message(id);
    const shown: Change = { kind: "message", value };
    const told = { kind: "replied", place: ids.place(where.id), message, text, version: 1 } as const;
    // Telling gives the event a later id; this count, kept after it, would give that one out again.
    if (entry.isHeard(state, where.id)) await journal.tell(state, person, told, [shown]);
    else await journal.keep([count, shown]);
    return message;
  }

  async edits(who: string, message: string, text: string): Promise<void> {
    const { entry, journal, ids } = this.#desk;
    const { state, person } = await entry.actor(who);
    const old = entry.theirs(state, person, message);
    const value: MessageRecord = { ...old, version: old.version + 1, body: [{ kind: "text", text }] };
    const changes: Change[] = [{ kind: "message", value }];
    if (!entry.isHeard(state, old.place)) return journal.keep(changes);
    const where = { place: ids.place(old.place), message: ids.message(old.id) };
    return journal.tell(state, person, { kind: "edited", ...where, text, version: value.version }, changes);
  }

  async retracts(who: string, message: string): Promise<void> {
    const { entry, journal, ids } = this.#desk;
    const { state, person } = await entry.actor(who);
    const old = entry.theirs(state, person, message);
    const changes: Change[] = [{ kind: "erased", value: old }];
    if (!entry.isHeard(state, old.place)) return journal.keep(changes);
    const where = { place: ids.place(old.place), message: ids.message(old.id) };
    return journal.tell(state, person, { kind: "retracted", ...where }, changes);
  }

  /** With a form where the button opens one; the core hears nothing of it until the form is sent. */
  presses(who: string, message: string, button: string): Promise<OpenForm | undefined> {
    return this.#answering.presses(who, message, button);
  }

  /** With what is wrong, by field; the form then stays open and nothing was taken. */
  submits(who: string, sent: Submission): Promise<FieldErrors | undefined> {
    return this.#answering.submits(who, sent);
  }

  /** `/name the rest, with @people`. */
  async types(who: string, place: string, typed: string): Promise<void> {
    const { entry, journal, ids, whispers } = this.#desk;
    const { state, person } = await entry.actor(who);
    const where = entry.placeFor(state, person, place);
    const [, command = "", rest = ""] = /^\/(\S+)\s*([\s\S]*)$/.exec(typed.trim()) ?? [];
    if (!this.commands().some(({ name }) => name === command)) throw new Refused(404, `I don't know /${command}.`);
    const { line, people } = namedIn(rest, state);
    const whisper = whispers.address(person.id, where.id);
    const said = { line, people: people.map((id) => ids.user(id)), place: ids.place(where.id), whisper };
    await journal.tell(state, person, { kind: "commanded", command, ...said }, []);
  }

  /** Somebody new comes in, or somebody who left comes back. Resolves with their id. */
  async joins(name: string): Promise<string> {
    const { entry, journal, ids } = this.#desk;
    const state = await entry.state();
    const trimmed = name.trim();
    if (!/^[\p{L}\p{N}][\p{L}\p{N} '’.-]{0,39}$/u.test(trimmed)) {
      throw new Refused(400, "That name has characters I cannot show. Try letters, numbers, spaces.");
    }
    const id = trimmed.toLowerCase().replaceAll(/[^\p{L}\p{N}]+/gu, "-");
    const known = state.people.get(id);
    if (known?.here) throw new Refused(409, `${known.name} is here already.`);
    const someone: PersonRecord = known ?? { id, name: trimmed, kind: "person", mayRunWorkshop: false, here: true };
    const value = { ...someone, here: true };
    await journal.tell(state, value, { kind: "joined", place: ids.place(this.#channel) }, [{ kind: "person", value }]);
    return id;
  }

  async leaves(who: string): Promise<void> {
    const { entry, journal, ids } = this.#desk;
    const { state, person } = await entry.actor(who);
    const change = { kind: "person", value: { ...person, here: false } } as const;
    await journal.tell(state, person, { kind: "left", place: ids.place(this.#channel) }, [change]);
  }
}

/** Takes `@name` of people who are here out of a line. */
function namedIn(rest: string, state: State): { line: string; people: string[] } {
  const people: string[] = [];
  const line = rest.replaceAll(/@([\p{L}\p{N}-]+)/gu, (whole, name: string) => {
    const id = name.toLowerCase();
    if (!state.people.get(id)?.here) return whole;
    people.push(id);
    return " ";
  });
  return { line: line.replaceAll(/ {2,}/g, " ").trim(), people };
}
