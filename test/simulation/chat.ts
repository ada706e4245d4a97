/** The chat system itself: what everybody can see, and the port to it with all that a network does. It outlives every life. */
import type {
  Ears,
  Fault,
  Heard,
  Inbound,
  Message,
  MessageRef,
  Page,
  Place,
  Platform,
  SendKey,
  UserId,
  Whisper,
} from "../../src/platform.ts";
import { CLOCK_ERROR } from "../../src/platform.ts";
import type { Core } from "./core.ts";
import type { Life, Loop } from "./loop.ts";
import type { Random } from "./random.ts";

/** Probabilities per call or event. */
export interface ChatFaults {
  readonly refuses: number;
  readonly losesBefore: number;
  readonly losesAfter: number;
  /** A post whose answer is lost, and which takes effect when whoever sent it has long looked for it. */
  readonly late: number;
  readonly slow: number;
  readonly repeats: number;
  readonly delays: number;
  /** How long what was posted may be missing from a history, in ms. */
  readonly lag: number;
}

export interface Said {
  readonly ref: MessageRef;
  readonly place: Place;
  readonly by: UserId | "us";
  readonly key?: SendKey;
  readonly at: number;
  message: Message;
  text: string;
  version: number;
  live: boolean;
  /** It took effect when whoever sent it had looked for it already. */
  readonly late: boolean;
  /** The newest version that was acknowledged, or that a history showed us. */
  heard: number;
  retractionHeard: boolean;
}

/** What a process asks to be posted. */
export interface Asked {
  readonly place: Place;
  readonly message: Message;
  readonly key: SendKey;
}

/** `redelivers`: an event that is not acknowledged comes again for 6 minutes; else only a history brings it back. */
export interface Kind {
  readonly redelivers: boolean;
  readonly dedupesKeys: boolean;
  readonly threadsAreOpened: boolean;
}

/** A process's ear, while it is connected. */
interface Listener {
  readonly life: Life;
  readonly ears: Ears;
}

const REDELIVERY = [1_000, 60_000, 300_000];
const PAGE = 4;
/** After the settle of whoever sent it. */
const LATE = [6_000, 25_000] as const;
const CAN = {
  forms: true,
  hearsReplies: true,
  history: true,
  members: true,
  privatePlaces: true,
  maxRoomSize: 7,
  postEveryMs: 1_000,
};

export class Chat {
  readonly messages = new Map<MessageRef, Said>();
  readonly byPlace = new Map<Place, Said[]>();
  readonly members = new Map<Place, UserId[]>();
  readonly counts: Record<string, number> = {};
  /** Every post as it takes effect, and every time a process asks for one. */
  onPost: (said: Said) => void = () => {};
  onAsked: (life: Life, asked: Asked) => void = () => {};
  /** A version of what somebody typed, or that it was taken back, was acknowledged. */
  onHeard: (said: Said) => void = () => {};
  onThread: (on: MessageRef) => void = () => {};
  /** A call goes wrong or takes so long, or nothing is heard for so long. */
  onFault: (ms: number) => void = () => {};
  /** Something is shown to one person alone. */
  onWhisper: (to: Whisper, message: Message) => void = () => {};
  /** A process calls: where it may also be cut off. */
  onCall: (life: Life) => void = () => {};
  /** Until then we may not read: a history is empty, which says nothing. */
  blindUntil = 0;
  deafUntil = 0;
  outUntil = 0;
  readonly #opened = new Set<MessageRef>();
  readonly #keys = new Map<SendKey, { ref: MessageRef; until: number }>();
  readonly #around: { core: Core; loop: Loop; random: Random; kind: Kind; faults: () => ChatFaults };
  #listener: Listener | undefined;
  #minted = 0;
  #late = false;

  constructor(around: { core: Core; loop: Loop; random: Random; kind: Kind; faults: () => ChatFaults }) {
    this.#around = around;
  }

  platform(life: Life): Platform {
    const call = <Result>(name: string, effect: () => Result) => this.#call(life, name, effect);
    return {
      name: "sim",
      can: CAN,
      start: async (ears) => {
        await call("start", () => {});
        this.#listener = { life, ears };
        ears.connected();
      },
      stop: async () => {
        this.#listener = undefined;
      },
      connection: () => ({ connected: true }),
      channel: (id) => call("channel", () => id as Place),
      channelOf: (place) => this.channelOf(place),
      post: (place, message, key) => {
        this.onAsked(life, { place, message, key });
        return call("post", () => this.#post(place, message, key));
      },
      find: (place, _message, key, since) =>
        call("find", () => {
          const found = this.#settled(place).filter((one) => one.key === key && one.at >= since - CLOCK_ERROR);
          return found.map(({ ref }) => ({
            message: ref,
            ...(this.isOpen(ref) ? { thread: this.threadOf(ref) } : {}),
          }));
        }),
      edit: (ref, message) =>
        call("edit", () => this.#ours(ref, (said) => Object.assign(said, { message, text: wordsOf(message) }))),
      remove: (ref) => call("remove", () => void this.#drop(ref)),
      whisper: (to, message) => call("whisper", () => this.onWhisper(to, message)),
      openThread: (on) => call("openThread", () => this.#openThread(on)),
      openRoom: (_channel, people) => call("openRoom", () => `room:${[...people].sort().join(",")}` as Place),
      privatePlace: (person) => call("privatePlace", () => `private:${person}` as Place),
      members: (channel) => call("members", () => this.members.get(channel) ?? []),
      person: (id) =>
        call("person", () => ({
          name: `Name of ${id}`,
          kind: "person" as const,
          mayRunWorkshop: id.startsWith("maggie"),
        })),
      user: (id) => id as UserId,
      history: (place, next) => call("history", () => this.#page(place, next)),
    };
  }

  channelOf(place: Place): Place {
    if (!place.startsWith("thread:")) return place;
    return this.messages.get(place.slice("thread:".length) as MessageRef)?.place ?? place;
  }

  threadOf(ref: MessageRef): Place {
    return `thread:${ref}` as Place;
  }

  /** The threads on all messages of one key that ever stood. */
  threadsOf(key: SendKey | undefined): Place[] {
    return [...this.messages.values()].filter((one) => one.key === key).map(({ ref }) => this.threadOf(ref));
  }

  /** Whether people can type there yet. */
  isOpen(ref: MessageRef): boolean {
    return !this.#around.kind.threadsAreOpened || this.#opened.has(ref);
  }

  /** Somebody types. */
  say(by: UserId, place: Place, text: string): Said {
    const said = this.#put({ place, by, message: { body: [{ kind: "text", text }] }, text });
    this.#hear(said, "replied");
    return said;
  }

  edit(said: Said, text: string): void {
    Object.assign(said, { text, version: said.version + 1 });
    this.#hear(said, "edited");
  }

  retract(said: Said): void {
    said.live = false;
    const event = { kind: "retracted" as const, event: `gone/${said.ref}`, place: said.place, message: said.ref };
    this.#deliver({ ...event, by: { id: said.by as UserId }, at: this.#around.loop.now }, () => {
      said.retractionHeard = true;
      this.onHeard(said);
    });
  }

  /** Something that a person does and sees fail: they do it again in a while, as a new event. */
  interact(make: (event: string) => Inbound, kept: () => void, tries = 30): void {
    const { loop, random } = this.#around;
    this.#deliver(make(`act/${++this.#minted}`), kept, () => {
      if (tries > 0) loop.after(random.int(30_000, 120_000), () => this.interact(make, kept, tries - 1));
    });
  }

  /** The socket is refreshed, or the service is away for a while; whoever listens is told afterwards. */
  interrupt(ms: number, how: "deaf" | "out"): void {
    const { loop } = this.#around;
    this.#count(how);
    if (how === "out") this.outUntil = loop.now + ms;
    this.deafUntil = Math.max(this.deafUntil, loop.now + ms);
    this.onFault(ms);
    loop.after(ms + 1, () => {
      if (this.#listener?.life.alive && loop.now >= this.deafUntil) this.#listener.ears.connected();
    });
  }

  /** Our leave to read is taken away for a while, and the socket is refreshed meanwhile. */
  blind(ms: number): void {
    this.#count("blind");
    this.blindUntil = this.#around.loop.now + ms;
    this.onFault(ms);
    this.interrupt(5_000, "deaf");
  }

  #hear(said: Said, kind: "replied" | "edited"): void {
    const { loop } = this.#around;
    const { ref: message, place, text, version } = said;
    const by = { id: said.by as UserId };
    this.#deliver(
      { kind, event: `${kind}/${message}/${version}`, by, at: loop.now, place, message, text, version },
      () => {
        said.heard = Math.max(said.heard, version);
        this.onHeard(said);
      },
    );
  }

  #deliver(event: Inbound, kept: () => void, failed?: () => void): void {
    const { loop, random } = this.#around;
    const late = random.chance(this.#around.faults().delays) ? random.int(1_000, 360_000) : 0;
    loop.after(random.int(50, 1_500) + late, () => this.#hand(event, 0, kept, failed));
    if (random.chance(this.#around.faults().repeats)) {
      this.#count("repeat");
      for (let times = random.int(1, 3); times > 0; times--)
        loop.after(random.int(50, 400_000), () =>
          this.#hand(
            event,
            REDELIVERY.length,
            () => {},
            () => {},
          ),
        );
    }
  }

  #hand(event: Inbound, tried: number, kept: () => void, failed?: () => void): void {
    const { loop, kind } = this.#around;
    const listener = this.#listener;
    let answered = false;
    const again = () => {
      if (answered) return;
      answered = true;
      const pause = REDELIVERY[tried];
      if (failed) failed();
      else if (kind.redelivers && pause !== undefined) loop.after(pause, () => this.#hand(event, tried + 1, kept));
      else this.#count("event lost");
    };
    if (!listener?.life.alive || loop.now < this.deafUntil) {
      again();
      return;
    }
    // Without an acknowledgement in 3 s the platform takes it for unheard.
    loop.after(3_000, again);
    listener.ears.take(event).then(() => {
      if (answered || !listener.life.alive) return;
      answered = true;
      kept();
    }, again);
  }

  /** One call over the network. Its effect takes place or not; its answer arrives or not. */
  #call<Result>(life: Life, name: string, effect: () => Result): Promise<Result> {
    this.onCall(life);
    const { loop, random, core, kind } = this.#around;
    const faults = this.#around.faults();
    return new Promise((done, failed) => {
      const fail = (fault: Fault, after: number, retryAfterMs = 1_000) => {
        this.#count(`${name} ${fault}`);
        this.onFault(after + retryAfterMs);
        loop.after(after, () => failed(new core.PlatformError(fault, "a simulated fault", { retryAfterMs })), life);
      };
      const there = random.int(20, 1_200);
      if (loop.now < this.outUntil) return fail("unknown", random.int(50, 5_000));
      if (random.chance(faults.refuses))
        return fail("busy", there, random.chance(0.1) ? random.int(60_000, 900_000) : random.int(0, 5_000));
      if (random.chance(faults.losesBefore)) return fail("unknown", random.int(1_000, 10_000));
      if (name === "post" && random.chance(faults.late)) {
        this.#count("late effect");
        loop.after(random.int(...LATE), () => {
          this.#late = true;
          effect();
          this.#late = false;
        });
        return fail("unknown", random.int(50, 5_000));
      }
      const losesAnswer = random.chance(faults.losesAfter);
      const back = random.chance(faults.slow) ? random.int(1_000, 40_000) : random.int(5, 300);
      if (back >= 1_000) this.onFault(back);
      // What was sent takes effect, whatever becomes of whoever sent it.
      loop.after(there, () => {
        try {
          const result = effect();
          if (losesAnswer && kind) fail("unknown", back);
          else loop.after(back, () => done(result), life);
        } catch (error) {
          loop.after(back, () => failed(error), life);
        }
      });
    });
  }

  #post(place: Place, message: Message, key: SendKey): MessageRef {
    const { loop, random, kind } = this.#around;
    const known = this.#keys.get(key);
    if (kind.dedupesKeys && known && known.until > loop.now) return known.ref;
    const said = this.#put({ place, by: "us", key, message, text: wordsOf(message) });
    this.#keys.set(key, { ref: said.ref, until: loop.now + random.int(120_000, 600_000) });
    this.onPost(said);
    return said.ref;
  }

  #put(what: Pick<Said, "place" | "by" | "message" | "text"> & { key?: SendKey }): Said {
    const ref = `m${++this.#minted}` as MessageRef;
    const said: Said = {
      ...what,
      ref,
      at: this.#around.loop.now,
      version: 0,
      live: true,
      late: this.#late,
      heard: -1,
      retractionHeard: false,
    };
    this.messages.set(ref, said);
    const there = this.byPlace.get(said.place);
    if (there) there.push(said);
    else this.byPlace.set(said.place, [said]);
    return said;
  }

  #ours(ref: MessageRef, change: (said: Said) => unknown): void {
    const said = this.messages.get(ref);
    if (!said?.live) throw new this.#around.core.PlatformError("gone", "There is no such message.");
    change(said);
  }

  #drop(ref: MessageRef): void {
    const said = this.messages.get(ref);
    if (said) said.live = false;
  }

  #openThread(on: MessageRef): Place {
    this.#ours(on, () => {});
    if (!this.#opened.has(on)) {
      this.#opened.add(on);
      this.onThread(on);
    }
    return this.threadOf(on);
  }

  /** What a history shows by now. */
  #settled(place: Place): Said[] {
    const { loop, random } = this.#around;
    const lag = random.int(0, this.#around.faults().lag);
    return (this.byPlace.get(place) ?? []).filter((one) => one.live && one.at <= loop.now - lag);
  }

  #page(place: Place, next?: string): Page {
    if (this.#around.loop.now < this.blindUntil) return { items: [] };
    const root = this.messages.get(place.slice("thread:".length) as MessageRef);
    const all = [...(root?.live ? [root] : []), ...this.#settled(place)];
    // The cursor names the last message seen, as the platforms' do: what is deleted between two pages shifts nothing.
    const rest = all.filter(({ ref }) => next === undefined || numberOf(ref) > Number(next));
    const items = rest.slice(0, PAGE);
    const last = items.at(-1);
    return { items: items.map(heardOf), ...(last && rest.length > PAGE ? { next: String(numberOf(last.ref)) } : {}) };
  }

  #count(what: string): void {
    this.counts[what] = (this.counts[what] ?? 0) + 1;
  }
}

export const wordsOf = ({ body }: Message): string => body.map((span) => ("text" in span ? span.text : " ")).join("");

const numberOf = (ref: MessageRef): number => Number(ref.slice(1));

const heardOf = ({ ref, by, text, at, version }: Said): Heard => ({
  message: ref,
  by: (by === "us" ? "bot" : by) as UserId,
  mine: by === "us",
  human: by !== "us",
  text,
  at,
  version,
});
