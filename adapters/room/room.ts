/**
 * The room: our own embedded chat, and the specification of the port in memory. Everything a chat system may do in
 * its own way is done here in the plainest way; the contract suite holds the others to the same.
 */
import type {
  Capabilities,
  Connection,
  Ears,
  Heard,
  Message,
  MessageRef,
  Page,
  Person,
  Place,
  Platform,
  SendKey,
  Surroundings,
  UserId,
  Whisper,
} from "../../src/platform.ts";
import { LIMITS } from "../../src/platform.ts";
import { serve } from "./api.ts";
import { Doings } from "./doings.ts";
import { denied, gone, invalid } from "./faults.ts";
import { Hall } from "./hall.ts";
import { type Ids, newIds } from "./ids.ts";
import { checkSize, plain } from "./render.ts";
import {
  type MessageRecord,
  type PersonRecord,
  type PlaceRecord,
  type RoomMemory,
  type State,
  TOGETHER,
} from "./state.ts";
import { Views, Whispers } from "./views.ts";

export interface RoomSettings {
  /** The channel's name, and the room's own within its refs. */
  readonly channel: string;
  readonly memory: RoomMemory;
  /** Who stands in the channel when the room is opened for the first time. */
  readonly people?: readonly Newcomer[];
  readonly facilitating?: Facilitating;
}

export interface Newcomer {
  readonly name: string;
  readonly kind?: PersonRecord["kind"];
  readonly mayRunWorkshop?: boolean;
}

/** What the page's strip shows and does beyond chatting; the core's side gives it. */
export interface Facilitating {
  strip(): Promise<Strip>;
  /** Moves the room's clock forward; resolves when what fell due has been set going. */
  pushClock(to: Push): Promise<void>;
  /** Markdown. */
  harvest(): Promise<string>;
}

export type Push = "hour" | "next" | "evening" | "day-two";

export interface Strip {
  /** The room's clock, epoch milliseconds, and the workshop's zone. */
  readonly clock: number;
  readonly zone: string;
  readonly now?: string;
  readonly next?: { readonly title: string; readonly at: number };
}

export interface Room extends Platform {
  /** The people's side: what the page and the tests do. */
  readonly doings: Doings;
  /** What each person sees. */
  readonly views: Views;
}

const READY: readonly Newcomer[] = [
  { name: "Maggie", mayRunWorkshop: true },
  ...["Ana", "Ben", "Cleo", "Dev", "Efua", "Finn"].map((name) => ({ name })),
];

const CAN: Capabilities = {
  forms: true,
  hearsReplies: true,
  history: true,
  members: true,
  privatePlaces: true,
  readsRooms: true,
  maxRoomSize: 8,
};

/** Messages in one page of `history`. */
const PAGE = 50;
const CHANNEL = "channel";

export function room(settings: RoomSettings, around: Surroundings): Room {
  return new EmbeddedRoom(settings, around);
}

class EmbeddedRoom implements Room {
  readonly name = "room";
  readonly can = CAN;
  readonly doings: Doings;
  readonly views: Views;
  readonly #settings: RoomSettings;
  readonly #around: Surroundings;
  readonly #hall: Hall;
  readonly #ids: Ids;
  readonly #whispers: Whispers;
  #open = false;

  constructor(settings: RoomSettings, around: Surroundings) {
    this.#settings = settings;
    this.#around = around;
    this.#hall = new Hall(settings.memory);
    this.#ids = newIds(settings.channel);
    this.#whispers = new Whispers(around.clock);
    this.views = new Views(this.#hall, this.#ids, this.#whispers);
    this.doings = new Doings({ hall: this.#hall, ids: this.#ids, whispers: this.#whispers, around, channel: CHANNEL });
    serve(this, settings, around);
  }

  async start(ears: Ears): Promise<void> {
    const state = await this.#hall.state();
    if (!state.places.has(CHANNEL)) await this.#furnish();
    this.#open = true;
    await this.doings.listen(ears);
    ears.connected();
  }

  async stop(): Promise<void> {
    this.#open = false;
    await this.doings.rest();
  }

  connection(): Connection {
    return this.#open ? { connected: true } : { connected: false, why: "The room is closed." };
  }

  async channel(id: string): Promise<Place> {
    const place = this.#ids.place(CHANNEL);
    if (id.replace(/^#/, "") !== this.#settings.channel && id !== place) throw gone(`channel as "${id}"`);
    return place;
  }

  channelOf(_place: Place): Place {
    return this.#ids.place(CHANNEL);
  }

  async post(place: Place, message: Message, key: SendKey): Promise<MessageRef> {
    checkSize(message);
    const state = await this.#hall.state();
    const { id: where } = this.#placeOf(state, place);
    const { id, count } = state.nextId();
    const posted = {
      ...contentOf(message),
      id,
      place: where,
      by: TOGETHER,
      at: this.#around.clock.now(),
      version: 1,
      key,
    };
    await this.#hall.keep([count, { kind: "message", value: posted }]);
    return this.#ids.message(id);
  }

  async find(place: Place, _message: Message, key: SendKey, since: number): Promise<MessageRef | undefined> {
    const state = await this.#hall.state();
    const { id } = this.#placeOf(state, place);
    const found = state.messagesIn(id).find((one) => one.by === TOGETHER && one.key === key && one.at >= since);
    return found && this.#ids.message(found.id);
  }

  async edit(message: MessageRef, content: Message, key: SendKey): Promise<void> {
    checkSize(content);
    const old = this.#own(await this.#hall.state(), message);
    if (!old) throw gone("message");
    const { id, place, by, at, version } = old;
    const value = { ...contentOf(content), id, place, by, at, version: version + 1, key };
    await this.#hall.keep([{ kind: "message", value }]);
  }

  async remove(message: MessageRef): Promise<void> {
    const old = this.#own(await this.#hall.state(), message);
    if (old) await this.#hall.keep([{ kind: "erased", value: old }]);
  }

  async whisper(to: Whisper, message: Message): Promise<void> {
    checkSize(message);
    this.#whispers.say(to, contentOf(message));
  }

  async openThread(on: MessageRef, title: string): Promise<Place> {
    const state = await this.#hall.state();
    const message = this.#own(state, on);
    if (!message) throw gone("message");
    if (title.length > LIMITS.threadTitle) throw invalid(`A thread's title of ${title.length} characters.`);
    const opened = state.threadOn(message.id);
    if (opened) return this.#ids.place(opened.id);
    const people = state.places.get(message.place)?.people;
    const value: PlaceRecord = {
      id: `thread-${message.id}`,
      kind: "thread",
      title,
      on: message.id,
      ...(people && { people }),
    };
    await this.#hall.keep([{ kind: "place", value }]);
    return this.#ids.place(value.id);
  }

  async openRoom(_channel: Place, people: readonly UserId[], title: string): Promise<Place> {
    if (people.length > CAN.maxRoomSize) throw invalid(`A room for ${people.length}; ${CAN.maxRoomSize} is the limit.`);
    const state = await this.#hall.state();
    const ids = people.map((user) => this.#personOf(state, user).id).sort();
    const rooms = [...state.places.values()].filter((place) => place.kind === "room" && place.title === title);
    const opened = rooms.find((place) => place.people?.join() === ids.join());
    if (opened) return this.#ids.place(opened.id);
    const { id, count } = state.nextId();
    await this.#hall.keep([count, { kind: "place", value: { id: `room-${id}`, kind: "room", title, people: ids } }]);
    return this.#ids.place(`room-${id}`);
  }

  async privatePlace(person: UserId): Promise<Place> {
    const state = await this.#hall.state();
    const { id, name, kind } = this.#personOf(state, person);
    if (kind === "gone") throw gone("person");
    const place: PlaceRecord = { id: `private-${id}`, kind: "private", title: name, people: [id] };
    if (!state.places.has(place.id)) await this.#hall.keep([{ kind: "place", value: place }]);
    return this.#ids.place(place.id);
  }

  async members(channel: Place): Promise<readonly UserId[]> {
    const state = await this.#hall.state();
    this.#placeOf(state, channel);
    return [...state.people.values()].filter((person) => person.here).map((person) => this.#ids.user(person.id));
  }

  async person(id: UserId): Promise<Person> {
    const { name, kind, mayRunWorkshop, language } = this.#personOf(await this.#hall.state(), id);
    return { name, kind, mayRunWorkshop, ...(language && { language }) };
  }

  user(id: string): UserId {
    return this.#ids.user(id);
  }

  /** A thread begins with the message it hangs on. In a private room only our own words are read. */
  async history(place: Place, next?: string): Promise<Page> {
    const state = await this.#hall.state();
    const { id, kind, on } = this.#placeOf(state, place);
    const root = on === undefined ? undefined : state.messages.get(on);
    const all = [...(root ? [root] : []), ...state.messagesIn(id)];
    const readable = kind === "room" ? all.filter((message) => message.by === TOGETHER) : all;
    const page = readable.filter((message) => next === undefined || message.id > next).slice(0, PAGE);
    const last = page.at(-1);
    const more = last !== undefined && last.id !== readable.at(-1)?.id;
    return { items: page.map((message) => this.#heard(state, message)), ...(more && { next: last.id }) };
  }

  #heard(state: State, message: MessageRecord): Heard {
    const { id, by, at, version, body } = message;
    const mine = by === TOGETHER;
    const human = state.people.get(by)?.kind === "person" || state.people.get(by)?.kind === "guest";
    const names = { nameOf: (user: string) => this.views.nameOf(state, user), isMe: () => false };
    return {
      message: this.#ids.message(id),
      by: this.#ids.user(by),
      mine,
      human,
      text: plain(body, names),
      at,
      version,
    };
  }

  async #furnish(): Promise<void> {
    const place: PlaceRecord = { id: CHANNEL, kind: "channel", title: this.#settings.channel };
    const people = (this.#settings.people ?? READY).map(
      ({ name, kind = "person", mayRunWorkshop = false }): PersonRecord => ({
        id: name.toLowerCase(),
        name,
        kind,
        mayRunWorkshop,
        here: kind !== "gone",
      }),
    );
    const us: PersonRecord = { id: TOGETHER, name: "Together", kind: "bot", mayRunWorkshop: false, here: true };
    await this.#hall.keep([
      { kind: "place", value: place },
      { kind: "person", value: us },
      ...people.map((value) => ({ kind: "person" as const, value })),
    ]);
  }

  #placeOf(state: State, ref: Place): PlaceRecord {
    const place = state.places.get(this.#ids.read("place", ref) ?? "");
    if (!place) throw gone("place");
    return place;
  }

  #personOf(state: State, ref: UserId): PersonRecord {
    const person = state.people.get(this.#ids.read("user", ref) ?? "");
    if (!person) throw gone("person");
    return person;
  }

  /** Undefined: it is gone. */
  #own(state: State, ref: MessageRef): MessageRecord | undefined {
    const message = state.messages.get(this.#ids.read("message", ref) ?? "");
    if (message && message.by !== TOGETHER) throw denied("That message is somebody else's.");
    return message;
  }
}

const contentOf = ({ body, buttons, picture, file }: Message) => ({
  body,
  ...(buttons && { buttons }),
  ...(picture && { picture }),
  ...(file && { file }),
});
