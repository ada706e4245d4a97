/** What each person sees of the room, as plain data for the page: nothing they may not, and whispers to them alone. */
import type { Hall } from "./hall.ts";
import type { Ids } from "./ids.ts";
import { type Drawn, draw } from "./render.ts";
import { type Change, type MessageRecord, type PersonRecord, type PlaceRecord, type State, TOGETHER } from "./state.ts";
import type { Whispered, Whispers } from "./whispers.ts";

interface PersonView {
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
  watch(person: string, call: (sight: Sight) => void): () => void {
    const stops = [
      this.#hall.watch((change, state) => {
        const sight = this.#sight(state, person, change);
        if (sight) call(sight);
      }),
      this.#whispers.watch(async (whisper) => {
        if (whisper.to !== person) return;
        call({ kind: "message", value: this.#whisper(await this.#hall.state(), person, whisper) });
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
