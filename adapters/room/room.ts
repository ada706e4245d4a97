/**
 * The room: our own embedded chat, and the specification of the port in memory. Everything a chat system may do in
 * its own way is done here in the plainest way; the contract suite holds the others to the same.
 */
import type {
  Capabilities,
  Connection,
  Ears,
  Found,
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
import { CLOCK_ERROR } from "../../src/platform.ts";
import { serve } from "./api.ts";
import { Doings } from "./doings.ts";
import { Entry } from "./entry.ts";
import { gone } from "./faults.ts";
import { Finder } from "./finder.ts";
import { Hall } from "./hall.ts";
import { type Ids, newIds } from "./ids.ts";
import { Journal } from "./journal.ts";
import { Places } from "./places.ts";
import { checkSize, plain } from "./render.ts";
import { READY, type RoomSettings } from "./settings.ts";
import { type MessageRecord, type PersonRecord, type PlaceRecord, type State, TOGETHER } from "./state.ts";
import { Views } from "./views.ts";
import { Whispers } from "./whispers.ts";

export interface Room extends Platform {
  /** The people's side: what the page and the tests do. */
  readonly doings: Doings;
  /** What each person sees. */
  readonly views: Views;
}

const CAN: Capabilities = {
  forms: true,
  hearsReplies: true,
  history: true,
  members: true,
  privatePlaces: true,
  maxRoomSize: 8,
  postEveryMs: 0,
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
  readonly #clock: Surroundings["clock"];
  readonly #hall: Hall;
  readonly #ids: Ids;
  readonly #finder: Finder;
  readonly #places: Places;
  readonly #whispers: Whispers;
  readonly #journal: Journal;

  constructor(settings: RoomSettings, around: Surroundings) {
    const hall = new Hall(settings.memory);
    const ids = newIds(settings.channel);
    const whispers = new Whispers(around.clock);
    const journal = new Journal(hall, ids, around);
    const entry = new Entry(hall, ids, whispers, around.phrases);
    this.#settings = settings;
    this.#clock = around.clock;
    this.#hall = hall;
    this.#ids = ids;
    this.#finder = new Finder(ids);
    this.#places = new Places(hall, ids, this.#finder, CAN.maxRoomSize);
    this.#whispers = whispers;
    this.#journal = journal;
    this.views = new Views(hall, ids, whispers);
    this.doings = new Doings({ entry, journal, ids, whispers, around }, CHANNEL);
    serve(this, settings, around);
  }

  async start(ears: Ears): Promise<void> {
    const state = await this.#hall.state();
    if (!state.places.has(CHANNEL)) await this.#furnish();
    await this.#journal.listen(ears);
    ears.connected();
  }

  stop(): Promise<void> {
    return this.#journal.rest();
  }

  connection(): Connection {
    return this.#journal.ears ? { connected: true } : { connected: false, why: "The room is closed." };
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
    const { id: where } = this.#finder.place(state, place);
    const { id, count } = state.nextId();
    const posted = {
      ...contentOf(message),
      id,
      place: where,
      by: TOGETHER,
      at: this.#clock.now(),
      version: 1,
      key,
    };
    await this.#hall.keep([count, { kind: "message", value: posted }]);
    return this.#ids.message(id);
  }

  async find(place: Place, _message: unknown, key: SendKey, since: number): Promise<readonly Found[]> {
    const state = await this.#hall.state();
    const { id } = this.#finder.place(state, place);
    const found = state
      .messagesIn(id)
      .filter((one) => one.by === TOGETHER && one.key === key && one.at >= since - CLOCK_ERROR);
    return found.map((one) => {
      const thread = state.threadOn(one.id);
      return { message: this.#ids.message(one.id), ...(thread && { thread: this.#ids.place(thread.id) }) };
    });
  }

  async edit(message: MessageRef, content: Message, key: SendKey): Promise<void> {
    checkSize(content);
    const old = this.#finder.own(await this.#hall.state(), message);
    if (!old) throw gone("message");
    const { id, place, by, at, version } = old;
    const value = { ...contentOf(content), id, place, by, at, version: version + 1, key };
    await this.#hall.keep([{ kind: "message", value }]);
  }

  async remove(message: MessageRef): Promise<void> {
    const old = this.#finder.own(await this.#hall.state(), message);
    if (old) await this.#hall.keep([{ kind: "erased", value: old }]);
  }

  async whisper(to: Whisper, message: Message): Promise<void> {
    checkSize(message);
    await this.#whispers.say(to, contentOf(message));
  }

  openThread(on: MessageRef, title: string): Promise<Place> {
    return this.#places.thread(on, title);
  }

  openRoom(_channel: Place, people: readonly UserId[], title: string): Promise<Place> {
    return this.#places.room(people, title);
  }

  privatePlace(person: UserId): Promise<Place> {
    return this.#places.private(person);
  }

  async members(channel: Place): Promise<readonly UserId[]> {
    const state = await this.#hall.state();
    this.#finder.place(state, channel);
    return [...state.people.values()].filter((person) => person.here).map((person) => this.#ids.user(person.id));
  }

  async person(id: UserId): Promise<Person> {
    const { name, kind, mayRunWorkshop, language } = this.#finder.person(await this.#hall.state(), id);
    return { name, kind, mayRunWorkshop, ...(language && { language }) };
  }

  user(id: string): UserId {
    return this.#ids.user(id);
  }

  /** A thread begins with the message it hangs on. In a private room only our own words are read. */
  async history(place: Place, next?: string): Promise<Page> {
    const state = await this.#hall.state();
    const { id, kind, on } = this.#finder.place(state, place);
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
}

const contentOf = ({ body, buttons, picture, file }: Message) => ({
  body,
  ...(buttons && { buttons }),
  ...(picture && { picture }),
  ...(file && { file }),
});
