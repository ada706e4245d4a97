/** The room as a chat system that outlives the companion's lives, with a network between the two on which a post may stand twice. */
import { type Room, room } from "../adapters/room/room.ts";
import { seededChance } from "../src/chance.ts";
import { type Clock, VirtualClock } from "../src/clock.ts";
import { Company } from "../src/company.ts";
import {
  type Found,
  type Log,
  type Message,
  type MessageRef,
  type Place,
  type Platform,
  PlatformError,
  type SendKey,
} from "../src/platform.ts";
import { phrases } from "../src/sentences.ts";
import { memoryStore } from "../src/store/memory.ts";
import type { Store } from "../src/store/store.ts";
import { arrayMemory } from "./contract/room.world.ts";
import { pack, say } from "./stories/stage.ts";

const START = Date.UTC(2027, 11, 6, 9);
const STEP = 500;
const log: Log = { debug() {}, info() {}, warn() {}, error() {} };

export class House {
  readonly clock = new VirtualClock(START);
  readonly store = memoryStore(this.clock);
  readonly #memory = arrayMemory();
  #life = { alive: false };
  room!: Room;
  /** The room as the companion reaches it. */
  platform!: Platform;
  company!: Company;
  channel!: Place;
  /** The next post's answer is lost, and it takes effect after so many milliseconds. */
  late: number | undefined;
  /** Until then a look does not show what stands. */
  lagUntil = 0;
  /** The same for whole lists: a read of a thread fails so. */
  unreadable: "unknown" | "denied" | "empty" | undefined;
  /** Between a read of a thread and what follows from it. */
  afterRead: () => Promise<unknown> = async () => {};
  readonly keys: SendKey[] = [];

  /** Starts the companion; the one before is no more, wherever it was. */
  async begin(): Promise<void> {
    const life = { alive: true };
    this.#life.alive = false;
    this.#life = life;
    const people = [{ name: "Maggie", mayRunWorkshop: true }, { name: "Ana" }, { name: "Ben" }, { name: "Cleo" }];
    const here = { clock: this.clock, log, phrases: phrases(say), mount() {} };
    this.room = room({ channel: "better-together", memory: this.#memory, people }, here);
    const platform = this.#network(life);
    this.platform = platform;
    this.company = new Company({
      store: ofLife(this.store, life),
      clock: clockOf(this.clock, life),
      chance: seededChance("duplicates"),
      log,
      say,
      pack,
      platforms: [platform],
      facilitators: [],
      defaults: { zone: "Europe/London", programme: "workshop" },
    });
    await this.company.open();
    await this.room.start(await this.company.earsFor(platform));
    const seed = { platform, channel: "better-together", programme: "workshop", zone: "Europe/London" };
    this.channel = (await this.company.seed(seed)).place;
  }

  /** A round of one minute is asked for by hand. */
  async asks(event: string): Promise<void> {
    const [community] = await this.company.office.communities.all();
    const setting = community && this.company.setting(community);
    if (!setting) throw new Error("There is no community.");
    await this.company.timekeeper.byHand(setting, { activity: "round" }, "A round", event);
  }

  async passes(ms: number, each: () => Promise<unknown> = async () => {}): Promise<void> {
    for (const end = this.clock.now() + ms; this.clock.now() < end; ) {
      await this.clock.advance(STEP);
      await this.company.timekeeper.tick();
      await each();
    }
  }

  /** The live messages of a key, as the chat system itself knows them. */
  async live(key = this.keys.at(-1)): Promise<readonly Found[]> {
    return key === undefined ? [] : await this.room.find(this.channel, undefined, key, 0);
  }

  /** Somebody opens a thread on a message, where there is none, and writes there. */
  async writes(under: MessageRef, words: string): Promise<void> {
    await this.room.doings.says("ana", await this.room.openThread(under, "A thread"), words);
  }

  async answers(): Promise<readonly string[]> {
    const [community] = await this.company.office.communities.all();
    return (await this.company.office.answers.in(community?.id ?? "")).map(({ text }) => text);
  }

  #network(life: { readonly alive: boolean }): Platform {
    const over = {
      post: (place: Place, message: Message, key: SendKey) => this.#post(place, message, key),
      find: async (...asked: Parameters<Platform["find"]>) =>
        this.clock.now() < this.lagUntil ? [] : await this.room.find(...asked),
      history: async (...asked: Parameters<Platform["history"]>) => {
        if (this.unreadable === "empty") return { items: [] };
        if (this.unreadable) throw new PlatformError(this.unreadable, "It may not be read now.");
        const page = await this.room.history(...asked);
        await this.afterRead();
        return page;
      },
    };
    return new Proxy<Platform>(this.room, {
      get: (inner, name) => {
        const value: unknown = Reflect.get(name in over ? over : inner, name);
        if (typeof value !== "function") return value;
        return (...asked: unknown[]) => (life.alive ? value.apply(name in over ? over : inner, asked) : never);
      },
    });
  }

  async #post(place: Place, message: Message, key: SendKey): Promise<MessageRef> {
    if (place === this.channel) this.keys.push(key);
    const { late } = this;
    if (late === undefined) return await this.room.post(place, message, key);
    this.late = undefined;
    this.clock.after(late, () => void this.room.post(place, message, key));
    throw new PlatformError("unknown", "The answer is lost.");
  }
}

const never = new Promise<never>(() => {});

/** What a life that has ended asked for is never answered, and its timers never go off. */
function clockOf(clock: VirtualClock, life: { readonly alive: boolean }): Clock {
  return {
    now: () => clock.now(),
    elapsed: () => clock.elapsed(),
    endOfTurn: (call) => clock.endOfTurn(call),
    after: (ms, call) => clock.after(ms, () => void (life.alive && call())),
  };
}

const ofLife = (store: Store, life: { readonly alive: boolean }): Store =>
  new Proxy(store, {
    get: (inner, name) => {
      const value: unknown = Reflect.get(inner, name);
      return typeof value === "function"
        ? (...asked: unknown[]) => (life.alive ? value.apply(inner, asked) : never)
        : value;
    },
  });
