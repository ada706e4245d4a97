/**
 * What people do in the room. Journal first: a doing is kept as unheard, told to the core, and only then shown; after
 * a crash in between it is told again, under the same event id. Rejects with `Refused`, whose message the person reads.
 */
import type { Command, Ears, Form, Inbound, Option, Prefill, Span, Surroundings } from "../../src/platform.ts";
import { Refused } from "./faults.ts";
import { check, type FieldErrors, filledIn, type OpenForm, type Submission } from "./forms.ts";
import type { Hall } from "./hall.ts";
import type { Ids } from "./ids.ts";
import {
  type Change,
  type MessageRecord,
  type PersonRecord,
  type PlaceRecord,
  type State,
  TOGETHER,
  type Unheard,
} from "./state.ts";
import type { Whispers } from "./views.ts";

interface Needs {
  readonly hall: Hall;
  readonly ids: Ids;
  readonly whispers: Whispers;
  readonly around: Surroundings;
  /** The id of the one channel. */
  readonly channel: string;
}

/** DESIGN: a form opens empty rather than late. */
const PREFILL_MS = 1_000;

/** An event but for what every event has. A conditional type, so that each kind keeps its own fields. */
type Untold<Event = Inbound> = Event extends Inbound ? Omit<Event, "event" | "by" | "at"> : never;

export class Doings {
  readonly #needs: Needs;
  readonly #underWay = new Set<Promise<unknown>>();
  #ears: Ears | undefined;

  constructor(needs: Needs) {
    this.#needs = needs;
  }

  /** From now on doings are told to these ears; first those that a crash kept from being heard. */
  async listen(ears: Ears): Promise<void> {
    this.#ears = ears;
    const state = await this.#needs.hall.state();
    for (const unheard of [...state.unheard.values()]) await this.#tell(ears, unheard);
  }

  /** Hears no more; resolves when all that was said before is settled. */
  async rest(): Promise<void> {
    this.#ears = undefined;
    await Promise.allSettled(this.#underWay);
  }

  /** The commands one may type, for the page's hints. */
  commands(): readonly Command[] {
    return this.#ears?.commands ?? [];
  }

  /** Resolves with the message's ref. What is said in the channel or a private room is for people only. */
  async says(who: string, place: string, text: string): Promise<string> {
    const { state, person } = await this.#actor(who);
    const where = this.#placeFor(state, person, place);
    const { id, count } = state.nextId();
    const body: Span[] = [{ kind: "text", text }];
    const value = { id, place: where.id, by: person.id, at: this.#now(), version: 1, body };
    const message = this.#needs.ids.message(id);
    const changes: Change[] = [count, { kind: "message", value }];
    if (!this.#hears(state, where)) await this.#keep(changes);
    else {
      const told = { kind: "replied" as const, place: this.#needs.ids.place(where.id), message, text, version: 1 };
      await this.#do(state, person, told, changes);
    }
    return message;
  }

  async edits(who: string, message: string, text: string): Promise<void> {
    const { state, person } = await this.#actor(who);
    const old = this.#theirs(state, person, message);
    const value: MessageRecord = { ...old, version: old.version + 1, body: [{ kind: "text", text }] };
    const changes: Change[] = [{ kind: "message", value }];
    const where = this.#placeOf(state, old.place);
    if (!this.#hears(state, where)) return this.#keep(changes);
    const { ids } = this.#needs;
    const { version } = value;
    const place = ids.place(old.place);
    await this.#do(state, person, { kind: "edited", place, message: ids.message(old.id), text, version }, changes);
  }

  async retracts(who: string, message: string): Promise<void> {
    const { state, person } = await this.#actor(who);
    const old = this.#theirs(state, person, message);
    const changes: Change[] = [{ kind: "erased", value: old }];
    if (!this.#hears(state, this.#placeOf(state, old.place))) return this.#keep(changes);
    const { ids } = this.#needs;
    await this.#do(
      state,
      person,
      { kind: "retracted", place: ids.place(old.place), message: ids.message(old.id) },
      changes,
    );
  }

  /** With a form where the button opens one; the core hears nothing of it until the form is sent. */
  async presses(who: string, message: string, button: string): Promise<OpenForm | undefined> {
    const { state, person } = await this.#actor(who);
    const found = this.#visible(state, person, message);
    const pressed = found?.buttons?.find((one) => one.id === button);
    if (!found || !pressed) throw this.#outOfDate();
    const { ids } = this.#needs;
    const about = {
      place: ids.place(found.place),
      ...(state.messages.has(found.id) && { message: ids.message(found.id) }),
    };
    if (pressed.opens) return this.#open(state, person, pressed.opens, about);
    const whisper = this.#needs.whispers.address(person.id, found.place);
    await this.#do(state, person, { kind: "pressed", button, whisper, ...about }, []);
    return undefined;
  }

  /** With what is wrong, by field; the form then stays open and nothing was taken. */
  async submits(who: string, sent: Submission): Promise<FieldErrors | undefined> {
    const { state, person } = await this.#actor(who);
    const where = this.#placeFor(state, person, sent.place);
    const open = await this.#open(state, person, sent, sent);
    const { values, errors } = check(open.fields, sent.values, this.#needs.around.phrases);
    if (errors) return errors;
    const message = sent.message && this.#visible(state, person, sent.message);
    const whisper = this.#needs.whispers.address(person.id, where.id);
    await this.#do(
      state,
      person,
      {
        kind: "submitted",
        form: sent.form,
        about: sent.about,
        values,
        whisper,
        place: this.#needs.ids.place(where.id),
        ...(message && { message: this.#needs.ids.message(message.id) }),
      },
      [],
    );
    return undefined;
  }

  /** `/name the rest, with @people`. */
  async types(who: string, place: string, typed: string): Promise<void> {
    const { state, person } = await this.#actor(who);
    const where = this.#placeFor(state, person, place);
    const [, name = "", rest = ""] = /^\/(\S+)\s*([\s\S]*)$/.exec(typed.trim()) ?? [];
    if (!this.commands().some((command) => command.name === name)) throw new Refused(404, `I don't know /${name}.`);
    const { line, people } = namedIn(rest, state);
    const whisper = this.#needs.whispers.address(person.id, where.id);
    const told = { kind: "commanded" as const, command: name, line, whisper, place: this.#needs.ids.place(where.id) };
    await this.#do(state, person, { ...told, people: people.map((id) => this.#needs.ids.user(id)) }, []);
  }

  /** Somebody new comes in, or somebody who left comes back. Resolves with their id. */
  async joins(name: string): Promise<string> {
    const state = await this.#state();
    const trimmed = name.trim();
    if (!/^[\p{L}\p{N}][\p{L}\p{N} '’.-]{0,39}$/u.test(trimmed)) {
      throw new Refused(400, "That name has characters I cannot show. Try letters, numbers, spaces.");
    }
    const id = trimmed.toLowerCase().replaceAll(/[^\p{L}\p{N}]+/gu, "-");
    const known = state.people.get(id);
    if (known?.here) throw new Refused(409, `${known.name} is here already.`);
    const value: PersonRecord = {
      ...(known ?? { id, name: trimmed, kind: "person", mayRunWorkshop: false }),
      here: true,
    };
    const place = this.#needs.ids.place(this.#needs.channel);
    await this.#do(state, value, { kind: "joined", place }, [{ kind: "person", value }]);
    return id;
  }

  async leaves(who: string): Promise<void> {
    const { state, person } = await this.#actor(who);
    const place = this.#needs.ids.place(this.#needs.channel);
    await this.#do(state, person, { kind: "left", place }, [{ kind: "person", value: { ...person, here: false } }]);
  }

  async #open(
    state: State,
    person: PersonRecord,
    { form: id, about }: { form: string; about: string },
    where: { place: string; message?: string },
  ): Promise<OpenForm> {
    const form = this.#ears?.forms.find((one) => one.id === id);
    if (!form) throw this.#outOfDate();
    const here = [...state.people.values()].filter((one) => one.here && one.kind !== "bot");
    const people: Option[] = here.map((one) => ({ id: this.#needs.ids.user(one.id), label: one.name }));
    const fields = filledIn(form, await this.#prefill(form, about, person), people);
    const { place, message } = where;
    return { form: id, about, place, ...(message && { message }), title: form.title, send: form.send, fields };
  }

  async #prefill(form: Form, about: string, person: PersonRecord): Promise<Prefill> {
    const { clock, log } = this.#needs.around;
    let giveUp = () => {};
    const late = new Promise<Prefill>((resolve) => {
      giveUp = clock.after(PREFILL_MS, () => resolve({}));
    });
    try {
      const asked = this.#ears?.prefill(form.id, about, this.#needs.ids.user(person.id)) ?? {};
      return await Promise.race([asked, late]);
    } catch (error) {
      log.warn("A form opens empty: its prefill failed.", { form: form.id, error: String(error) });
      return {};
    } finally {
      giveUp();
    }
  }

  /** Other bots may talk; the core never hears them. */
  #do(state: State, person: PersonRecord, told: Untold, changes: readonly Change[]): Promise<void> {
    const ears = this.#ears;
    if (!ears) throw new Refused(503, this.#needs.around.phrases.notKept);
    if (person.kind === "bot") return this.#keep(changes);
    const { id, count } = state.nextId();
    const by = { id: this.#needs.ids.user(person.id), ...(person.language && { language: person.language }) };
    const event: Inbound = { ...told, event: `room-${this.#needs.ids.message(id)}`, by, at: this.#now() };
    const unheard: Unheard = { id, event, changes };
    const done = this.#keep([count, { kind: "unheard", value: unheard }]).then(async () => {
      if (await this.#tell(ears, unheard)) return;
      await this.#keep([{ kind: "heard", value: unheard }]);
      throw new Refused(503, this.#needs.around.phrases.notKept);
    });
    this.#underWay.add(done);
    return done.finally(() => this.#underWay.delete(done));
  }

  /** False: the core did not take it, and nothing changed. */
  async #tell(ears: Ears, unheard: Unheard): Promise<boolean> {
    try {
      await ears.take(unheard.event);
    } catch (error) {
      this.#needs.around.log.error("A doing could not be kept.", { kind: unheard.event.kind, error: String(error) });
      return false;
    }
    await this.#keep([...unheard.changes, { kind: "heard", value: unheard }]);
    return true;
  }

  async #keep(changes: readonly Change[]): Promise<void> {
    try {
      await this.#needs.hall.keep(changes);
    } catch (cause) {
      this.#needs.around.log.error("The room's memory failed.", { error: String(cause) });
      throw new Refused(503, this.#needs.around.phrases.notKept);
    }
  }

  async #state(): Promise<State> {
    return this.#needs.hall.state().catch(() => {
      throw new Refused(503, this.#needs.around.phrases.notKept);
    });
  }

  async #actor(who: string): Promise<{ state: State; person: PersonRecord }> {
    const state = await this.#state();
    const person = state.people.get(who);
    if (!person?.here || person.id === TOGETHER) throw new Refused(404, "There is nobody of that name here.");
    return { state, person };
  }

  #placeFor(state: State, person: PersonRecord, ref: string): PlaceRecord {
    const id = this.#needs.ids.read("place", ref) ?? "";
    if (!state.mayEnter(person.id, id)) throw new Refused(403, "That room is not yours to enter.");
    return this.#placeOf(state, id);
  }

  #placeOf(state: State, id: string): PlaceRecord {
    const place = state.places.get(id);
    if (!place) throw new Refused(404, "That place is no more.");
    return place;
  }

  /** The core hears threads and private places; the channel's chatter and what pairs tell each other, never. */
  #hears(state: State, place: PlaceRecord): boolean {
    if (place.kind !== "thread") return place.kind === "private";
    const root = state.messages.get(place.on ?? "");
    return root === undefined || state.places.get(root.place)?.kind !== "room";
  }

  #visible(state: State, person: PersonRecord, ref: string): MessageRecord | undefined {
    const id = this.#needs.ids.read("message", ref);
    const found = state.messages.get(id ?? "");
    if (found) return state.mayEnter(person.id, found.place) ? found : undefined;
    return this.#needs.whispers.to(person.id).find((whisper) => whisper.id === id);
  }

  #theirs(state: State, person: PersonRecord, ref: string): MessageRecord {
    const message = state.messages.get(this.#needs.ids.read("message", ref) ?? "");
    if (!message) throw new Refused(404, "That message is no more.");
    if (message.by !== person.id) throw new Refused(403, "Only its author can change that.");
    return message;
  }

  #outOfDate(): Refused {
    return new Refused(409, this.#needs.around.phrases.outOfDate);
  }

  #now(): number {
    return this.#needs.around.clock.now();
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
