/** Buttons pressed and forms filled in. */
import type { Form, Option, Prefill, Surroundings } from "../../src/platform.ts";
import type { Entry } from "./entry.ts";
import { Refused } from "./faults.ts";
import { check, type FieldErrors, filledIn, type OpenForm, type Submission } from "./forms.ts";
import type { Ids } from "./ids.ts";
import type { Journal } from "./journal.ts";
import type { PersonRecord, State } from "./state.ts";
import type { Whispers } from "./whispers.ts";

/** A form opens empty rather than late. */
const PREFILL_MS = 1_000;

export interface Desk {
  readonly entry: Entry;
  readonly journal: Journal;
  readonly ids: Ids;
  readonly whispers: Whispers;
  readonly around: Surroundings;
}

export class Answering {
  readonly #desk: Desk;

  constructor(desk: Desk) {
    this.#desk = desk;
  }

  async presses(who: string, message: string, button: string): Promise<OpenForm | undefined> {
    const { entry, journal, ids, whispers } = this.#desk;
    const { state, person } = await entry.actor(who);
    const found = entry.visible(state, person, message);
    const pressed = found?.buttons?.find((one) => one.id === button);
    if (!found || !pressed) throw this.#outOfDate();
    const where = {
      place: ids.place(found.place),
      ...(state.messages.has(found.id) && { message: ids.message(found.id) }),
    };
    if (pressed.opens) return this.#open(state, person, pressed.opens, where);
    const whisper = whispers.address(person.id, found.place);
    await journal.tell(state, person, { kind: "pressed", button, whisper, ...where }, []);
    return undefined;
  }

  async submits(who: string, sent: Submission): Promise<FieldErrors | undefined> {
    const { entry, journal, ids, whispers, around } = this.#desk;
    const { state, person } = await entry.actor(who);
    const { id: placeId } = entry.placeFor(state, person, sent.place);
    const open = await this.#open(state, person, sent, sent);
    const { values, errors } = check(open.fields, sent.values, around.phrases);
    if (errors) return errors;
    const { form, about } = sent;
    const message = sent.message && entry.visible(state, person, sent.message);
    const where = { place: ids.place(placeId), ...(message && { message: ids.message(message.id) }) };
    const whisper = whispers.address(person.id, placeId);
    await journal.tell(state, person, { kind: "submitted", form, about, values, whisper, ...where }, []);
    return undefined;
  }

  async #open(
    state: State,
    person: PersonRecord,
    { form: id, about }: { form: string; about: string },
    { place, message }: { place: string; message?: string },
  ): Promise<OpenForm> {
    const { journal, ids } = this.#desk;
    const form = journal.ears?.forms.find((one) => one.id === id);
    if (!form) throw this.#outOfDate();
    const here = [...state.people.values()].filter((one) => one.here && one.kind !== "bot");
    const people: Option[] = here.map((one) => ({ id: ids.user(one.id), label: one.name }));
    const fields = filledIn(form, await this.#prefill(form, about, person), people);
    return { form: id, about, place, ...(message && { message }), title: form.title, send: form.send, fields };
  }

  async #prefill(form: Form, about: string, person: PersonRecord): Promise<Prefill> {
    const { journal, ids, around } = this.#desk;
    let giveUp = () => {};
    const late = new Promise<Prefill>((resolve) => {
      giveUp = around.clock.after(PREFILL_MS, () => resolve({}));
    });
    try {
      const asked = journal.ears?.prefill(form.id, about, ids.user(person.id)) ?? {};
      return await Promise.race([asked, late]);
    } catch (error) {
      around.log.warn("A form opens empty: its prefill failed.", { form: form.id, error: String(error) });
      return {};
    } finally {
      giveUp();
    }
  }

  #outOfDate(): Refused {
    return new Refused(409, this.#desk.around.phrases.outOfDate);
  }
}
