/** A workshop told as a conversation: the whole core over the room, in virtual time. People act, the clock moves, and each one sees. */
import { join } from "node:path";
import type { OpenForm } from "../../adapters/room/forms.ts";
import { type Room, room } from "../../adapters/room/room.ts";
import type { MessageView } from "../../adapters/room/views.ts";
import { seededChance } from "../../src/chance.ts";
import { VirtualClock } from "../../src/clock.ts";
import { Company } from "../../src/company.ts";
import { type Harvest, harvestOf } from "../../src/harvest/harvest.ts";
import { loadPack } from "../../src/pack/pack.ts";
import { type Log, type MessageRef, type Platform, PlatformError, type UserId } from "../../src/platform.ts";
import { instantOf } from "../../src/programme.ts";
import { ROOT } from "../../src/root.ts";
import { phrases } from "../../src/sentences.ts";
import { memoryStore } from "../../src/store/memory.ts";
import type { Entry } from "../../src/store/store.ts";
import { readSentences } from "../../src/texts.ts";
import { arrayMemory } from "../contract/room.world.ts";

/** Copied, as a start gets it that reads what an earlier one kept. */
export const pack = structuredClone(loadPack(join(ROOT, "content", "better-together")));
export const say = readSentences(join(ROOT, "content", "sentences", "en.yaml"), "en-GB");
const ZONE = "Europe/London";
/** The two days of every story that names no others. */
export const ONE = "2027-12-06";
export const TWO = "2027-12-07";

export interface StageSettings {
  readonly programme?: string;
  readonly dayOne?: string;
  readonly dayTwo?: string;
  /** When the story begins, in London. */
  readonly from?: readonly [date: string, time: string];
  readonly people?: readonly string[];
  readonly bots?: readonly string[];
  /** What the platform refuses: to say who anybody is, or the channel to us. */
  readonly refuses?: "person" | "channel";
  /** People who have an account here and cannot be reached any more. */
  readonly gone?: ReadonlySet<string>;
}

export class Stage {
  readonly clock: VirtualClock;
  readonly warnings: string[] = [];
  readonly #store;
  readonly #memory = arrayMemory();
  readonly #settings: StageSettings;
  #room!: Room;
  company!: Company;

  private constructor(settings: StageSettings) {
    const [date, time] = settings.from ?? [ONE, "08:00"];
    this.#settings = settings;
    this.clock = new VirtualClock(instantOf(date, time, ZONE));
    this.#store = memoryStore(this.clock);
  }

  static async set(settings: StageSettings = {}): Promise<Stage> {
    const stage = new Stage(settings);
    await stage.start();
    return stage;
  }

  get store() {
    return this.#store;
  }

  /** Starts the companion, or starts it again over what it remembers. */
  async start(): Promise<void> {
    const { people = ["Ana", "Ben", "Cleo", "Dev", "Efua", "Finn"], programme = "workshop" } = this.#settings;
    const { dayOne = ONE, dayTwo = TWO } = this.#settings;
    const note = (message: string, facts?: object) =>
      void this.warnings.push(`${message} ${JSON.stringify(facts ?? {})}`);
    const log: Log = { debug() {}, info() {}, warn: note, error: note };
    const bots = (this.#settings.bots ?? []).map((name) => ({ name, kind: "bot" as const }));
    const newcomers = [{ name: "Maggie", mayRunWorkshop: true }, ...people.map((name) => ({ name })), ...bots];
    this.#room = room(
      { channel: "better-together", memory: this.#memory, people: newcomers },
      { clock: this.clock, log, phrases: phrases(say), mount() {} },
    );
    this.company = new Company({
      store: this.#store,
      clock: this.clock,
      chance: seededChance("story"),
      log,
      say,
      pack,
      platforms: [refusing(this.#room, this.#settings)],
      facilitators: [],
      defaults: { zone: ZONE, programme: "workshop" },
    });
    await this.company.open();
    const platform = refusing(this.#room, this.#settings);
    await this.#room.start(await this.company.earsFor(platform));
    await this.company.seed({
      platform: this.#room,
      channel: "better-together",
      programme,
      zone: ZONE,
      dayOne,
      dayTwo,
    });
    await this.rest();
  }

  async stop(): Promise<void> {
    await this.#room.stop();
    await this.rest();
  }

  /** The clock moves to a time of that day, and what falls due on the way is held at its own time. */
  async until(date: string, time: string): Promise<void> {
    const target = instantOf(date, time, ZONE);
    for (;;) {
      const [community] = await this.company.office.communities.all();
      const setting = community?.running ? this.company.setting(community) : undefined;
      const next = setting && (await this.company.timekeeper.next(setting));
      if (!next || next.at > target) break;
      await this.clock.advanceTo(next.at);
      await this.beat();
    }
    await this.clock.advanceTo(target);
    await this.beat();
  }

  /** The clock moves with nobody listening: a machine that was asleep. */
  sleepUntil(date: string, time: string): Promise<void> {
    return this.clock.advanceTo(instantOf(date, time, ZONE));
  }

  /** One heartbeat. */
  async beat(): Promise<void> {
    await this.company.timekeeper.tick();
    await this.rest();
  }

  /** Everything under way comes to its end; where it waits, time passes. */
  async rest(): Promise<void> {
    let done = false;
    const idle = this.company.idle().finally(() => {
      done = true;
    });
    for (let turn = 0; turn < 2_000 && !done; turn++) {
      await this.clock.settle(4);
      // A send that waits its turn may wait for minutes.
      if (!done) await this.clock.advance(turn < 200 ? 50 : 1_000);
    }
    await idle;
    await this.clock.settle();
  }

  async sees(who: string): Promise<readonly MessageView[]> {
    return (await this.#room.views.of(who.toLowerCase())).messages;
  }

  /** The newest message in a person's sight that holds these words. */
  async finds(who: string, words: string): Promise<MessageView> {
    const found = (await this.sees(who)).filter((message) => plain(message).includes(words)).at(-1);
    if (!found)
      throw new Error(`${who} sees nothing with "${words}". The last: ${(await this.lastLines(who)).join(" | ")}`);
    return found;
  }

  async lastLines(who: string, count = 5): Promise<string[]> {
    return (await this.sees(who)).slice(-count).map(plain);
  }

  async types(who: string, line: string): Promise<string> {
    const view = await this.#room.views.of(who.toLowerCase());
    const channel = view.places.find((place) => place.kind === "channel");
    const before = new Set(view.messages.map(({ id }) => id));
    await this.#room.doings.types(who.toLowerCase(), channel?.id ?? "", line);
    await this.rest();
    const answers = (await this.sees(who)).filter(({ id, onlyYou }) => onlyYou && !before.has(id));
    return answers.map(plain).join("\n");
  }

  /** Types into the thread under the newest message with these words. */
  async replies(who: string, words: string, text: string): Promise<string> {
    const on = await this.finds(who, words);
    const thread = (await this.#room.views.of(who.toLowerCase())).places.find((place) => place.on === on.id);
    if (!thread) throw new Error(`There is no thread under "${words}".`);
    const ref = await this.#room.doings.says(who.toLowerCase(), thread.id, text);
    await this.rest();
    return ref;
  }

  async edits(who: string, message: string, text: string): Promise<void> {
    await this.#room.doings.edits(who.toLowerCase(), message, text);
    await this.rest();
  }

  async retracts(who: string, message: string): Promise<void> {
    await this.#room.doings.retracts(who.toLowerCase(), message);
    await this.rest();
  }

  /** Presses a button under the newest message with these words that has it; with the form that opened. */
  async presses(who: string, words: string, label: string) {
    const messages = (await this.sees(who)).filter((message) => plain(message).includes(words));
    const message = messages.filter(({ buttons }) => buttons.some((one) => one.label === label)).at(-1);
    const button = message?.buttons.find((one) => one.label === label);
    if (!message || !button) throw new Error(`${who} sees no button "${label}" under "${words}".`);
    const form = await this.#room.doings.presses(who.toLowerCase(), message.id, button.id);
    await this.rest();
    return form;
  }

  /** Opens a form by its button and sends it. */
  async fills(who: string, words: string, label: string, values: Readonly<Record<string, string>>) {
    return await this.sends(who, await this.presses(who, words, label), values);
  }

  /** Sends a form that stands open. */
  async sends(who: string, form: OpenForm | undefined, values: Readonly<Record<string, string>>) {
    if (!form) throw new Error("No form opened.");
    const errors = await this.#room.doings.submits(who.toLowerCase(), { ...form, values: chosen(form, values) });
    await this.rest();
    return errors;
  }

  async saysInRoom(who: string, text: string): Promise<void> {
    const place = (await this.#room.views.of(who.toLowerCase())).places.find(({ kind }) => kind === "room");
    await this.#room.doings.says(who.toLowerCase(), place?.id ?? "", text);
    await this.rest();
  }

  /** One of our posts is taken down by somebody who may, behind our back. */
  async takesDown(words: string): Promise<void> {
    // What the page calls a message is its ref.
    await this.#room.remove((await this.finds("Maggie", words)).id as MessageRef);
    await this.rest();
  }

  async joins(who: string): Promise<void> {
    await this.#room.doings.joins(who);
    await this.rest();
  }

  async leaves(who: string): Promise<void> {
    await this.#room.doings.leaves(who.toLowerCase());
    await this.rest();
  }

  /** The id of the one community. */
  async community(): Promise<string> {
    return (await this.company.office.communities.all())[0]?.id ?? "";
  }

  /** Every record there is, to look for what must not be there. */
  async everythingStored(): Promise<readonly Entry[]> {
    return await this.#store.range("", undefined, 100_000);
  }

  async harvest(): Promise<Harvest> {
    const [harvest] = await harvestOf(this.#store, pack);
    if (!harvest) throw new Error("There is no community.");
    return harvest;
  }
}

const refusing = (inner: Room, { refuses, gone = new Set() }: StageSettings): Platform => {
  const isGone = (user: UserId) => [...gone].some((name) => user.endsWith(`/${name.toLowerCase()}`));
  const instead: Partial<Platform> = {
    person: async (id) => ({ ...(await inner.person(id)), ...(isGone(id) ? { kind: "gone" as const } : {}) }),
    openRoom: async (channel, people, title) => {
      if (people.some(isGone)) throw new PlatformError("gone", "Somebody is no longer here.");
      return await inner.openRoom(channel, people, title);
    },
  };
  return new Proxy<Platform>(inner, {
    get: (_inner, name) => {
      if (name === refuses) return async () => Promise.reject(new PlatformError("denied", "I am not let in."));
      const value: unknown = Reflect.get(instead, name) ?? Reflect.get(inner, name);
      return typeof value === "function" ? value.bind(inner) : value;
    },
  });
};

/** A choice is made by what it says, as people do. */
function chosen(form: OpenForm, values: Readonly<Record<string, string>>): Record<string, string> {
  const option = (field: string, said: string) =>
    form.fields.find(({ id }) => id === field)?.options?.find(({ label }) => label === said)?.id ?? said;
  return Object.fromEntries(Object.entries(values).map(([field, said]) => [field, option(field, said)]));
}

export const plain = ({ body }: MessageView): string =>
  body.map((span) => (span.kind === "newline" ? "\n" : span.kind === "mention" ? `@${span.name}` : span.text)).join("");
