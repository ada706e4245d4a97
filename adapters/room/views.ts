/** What each person sees of the room, as plain data for the page: nothing they may not, and whispers to them alone. */
import type { Message, Surroundings, Whisper } from "../../src/platform.ts";
import { gone } from "./faults.ts";
import type { Hall } from "./hall.ts";
import type { Ids } from "./ids.ts";
import { type Drawn, draw } from "./render.ts";
import { type Change, type MessageRecord, type PersonRecord, type PlaceRecord, type State, TOGETHER } from "./state.ts";

export interface PersonView {
  readonly id: string;
  readonly name: string;
  readonly mayRunWorkshop: boolean;
}

export interface PlaceView {
  readonly id: string;
  readonly kind: PlaceRecord["kind"];
  readonly title: string;
  /** Names of who may enter, where not everybody may. */
  readonly people?: readonly string[];
  /** For a thread: the message it hangs on. */
  readonly on?: string;
}

export interface MessageView {
  readonly id: string;
  readonly place: string;
  /** A person's id; absent for ours. */
  readonly by?: string;
  readonly name: string;
  readonly at: number;
  readonly edited: boolean;
  readonly body: readonly Drawn[];
  readonly buttons: readonly { readonly id: string; readonly label: string }[];
  readonly picture?: { readonly png: string; readonly alt: string };
  readonly file?: { readonly name: string; readonly text: string };
  readonly onlyYou?: true;
}

export interface View {
  readonly me: string;
  readonly people: readonly PersonView[];
  readonly places: readonly PlaceView[];
  readonly messages: readonly MessageView[];
}

/** One thing that changed, as one person sees it. */
export type Sight =
  | { readonly kind: "person"; readonly value: PersonView }
  | { readonly kind: "left"; readonly value: string }
  | { readonly kind: "place"; readonly value: PlaceView }
  | { readonly kind: "message"; readonly value: MessageView }
  | { readonly kind: "erased"; readonly value: string };

/** How long after acting a person can be whispered to, as on the other platforms. */
const WHISPER_MS = 15 * 60_000;
/** Whispers that stay on one person's screen. */
const KEPT_WHISPERS = 20;

type Whispered = MessageRecord & { readonly to: string };

/** Whispers live in memory only: nobody needs one after a restart. */
export class Whispers {
  readonly #clock: Surroundings["clock"];
  readonly #addresses = new Map<string, { person: string; place: string; expires: number }>();
  readonly #watchers = new Set<(whisper: Whispered) => void>();
  #said: Whispered[] = [];
  #count = 0;

  constructor(clock: Surroundings["clock"]) {
    this.#clock = clock;
  }

  address(person: string, place: string): Whisper {
    const now = this.#clock.now();
    for (const [address, { expires }] of this.#addresses) if (expires <= now) this.#addresses.delete(address);
    const address = `whisper-${++this.#count}`;
    this.#addresses.set(address, { person, place, expires: now + WHISPER_MS });
    return { address, expires: now + WHISPER_MS };
  }

  say({ address }: Whisper, content: Message): void {
    const found = this.#addresses.get(address);
    const at = this.#clock.now();
    if (!found || found.expires <= at) throw gone("person to whisper to");
    const id = `whisper-${++this.#count}`;
    const said = { ...content, id, place: found.place, by: TOGETHER, at, version: 1, to: found.person };
    const theirs = this.to(found.person);
    const oldest = theirs.length < KEPT_WHISPERS ? undefined : theirs[0];
    this.#said = [...this.#said.filter((whisper) => whisper !== oldest), said];
    for (const call of this.#watchers) call(said);
  }

  to(person: string): readonly Whispered[] {
    return this.#said.filter((whisper) => whisper.to === person);
  }

  watch(call: (whisper: Whispered) => void): () => void {
    this.#watchers.add(call);
    return () => this.#watchers.delete(call);
  }
}

export class Views {
  readonly #hall: Hall;
  readonly #ids: Ids;
  readonly #whispers: Whispers;

  constructor(hall: Hall, ids: Ids, whispers: Whispers) {
    this.#hall = hall;
    this.#ids = ids;
    this.#whispers = whispers;
  }

  /** Whom a visitor is taken for: whoever they say, where that person is here, else a facilitator. */
  async guest(person: string): Promise<string> {
    const here = [...(await this.#hall.state()).people.values()].filter(isHere);
    const known = here.find((one) => one.id === person) ?? here.find((one) => one.mayRunWorkshop) ?? here[0];
    return known?.id ?? "";
  }

  /** Messages oldest first, by the time they were posted. */
  async of(person: string): Promise<View> {
    const state = await this.#hall.state();
    const places = [...state.places.values()].filter((place) => state.mayEnter(person, place.id));
    const messages = [
      ...places.flatMap((place) => state.messagesIn(place.id)).map((one) => this.#message(state, person, one)),
      ...this.#whispers.to(person).map((one) => this.#whisper(state, person, one)),
    ];
    return {
      me: person,
      people: [...state.people.values()].filter((one) => isHere(one)).map((one) => personView(one)),
      places: places.map((place) => this.#place(state, place)),
      messages: messages.sort((a, b) => a.at - b.at || (a.id < b.id ? -1 : 1)),
    };
  }

  /** Calls with each thing that changes for this person; the result ends it. */
  async watch(person: string, call: (sight: Sight) => void): Promise<() => void> {
    const state = await this.#hall.state();
    const stops = [
      this.#hall.watch((change) => {
        const sight = this.#sight(state, person, change);
        if (sight) call(sight);
      }),
      this.#whispers.watch((whisper) => {
        if (whisper.to === person) call({ kind: "message", value: this.#whisper(state, person, whisper) });
      }),
    ];
    return () => {
      for (const stop of stops) stop();
    };
  }

  nameOf(state: State, user: string): string {
    return state.people.get(this.#ids.read("user", user) ?? "")?.name ?? "someone";
  }

  #sight(state: State, person: string, change: Change): Sight | undefined {
    switch (change.kind) {
      case "person":
        return isHere(change.value)
          ? { kind: "person", value: personView(change.value) }
          : { kind: "left", value: change.value.id };
      case "place":
        if (!(change.value.people?.includes(person) ?? true)) return undefined;
        return { kind: "place", value: this.#place(state, change.value) };
      case "message":
        if (!state.mayEnter(person, change.value.place)) return undefined;
        return { kind: "message", value: this.#message(state, person, change.value) };
      case "erased":
        if (!state.mayEnter(person, change.value.place)) return undefined;
        return { kind: "erased", value: this.#ids.message(change.value.id) };
      default:
        return undefined;
    }
  }

  #place(state: State, { id, kind, title, people, on }: PlaceRecord): PlaceView {
    const names = people?.map((person) => state.people.get(person)?.name ?? person);
    return {
      id: this.#ids.place(id),
      kind,
      title,
      ...(names && { people: names }),
      ...(on && { on: this.#ids.message(on) }),
    };
  }

  #whisper(state: State, person: string, whisper: Whispered): MessageView {
    return { ...this.#message(state, person, whisper), onlyYou: true };
  }

  #message(state: State, person: string, message: MessageRecord): MessageView {
    const { id, place, by, at, version, body, buttons = [], picture, file } = message;
    const names = {
      nameOf: (user: string) => this.nameOf(state, user),
      isMe: (user: string) => user === this.#ids.user(person),
    };
    return {
      id: this.#ids.message(id),
      place: this.#ids.place(place),
      ...(by !== TOGETHER && { by }),
      name: state.people.get(by)?.name ?? "Together",
      at,
      edited: version > 1 && by !== TOGETHER,
      body: body.map((span) => draw(span, names)),
      buttons: buttons.map(({ id: button, label }) => ({ id: button, label })),
      ...(picture && { picture }),
      ...(file && { file }),
    };
  }
}

const isHere = ({ here, kind }: PersonRecord) => here && kind !== "bot";
const personView = ({ id, name, mayRunWorkshop }: PersonRecord): PersonView => ({ id, name, mayRunWorkshop });
