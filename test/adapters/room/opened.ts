/** A room as a test opens it: its people and its memory, which may fail, and ears that write down what they hear. */
import { Refused } from "../../../adapters/room/faults.ts";
import { type Room, room } from "../../../adapters/room/room.ts";
import type { RoomMemory } from "../../../adapters/room/state.ts";
import { VirtualClock } from "../../../src/clock.ts";
import type { Message, MessageRef, Place, SendKey } from "../../../src/platform.ts";
import { text } from "../../../src/words.ts";
import { Listener, PHRASES } from "../../contract/listener.ts";
import { arrayMemory } from "../../contract/room.world.ts";

// The test stands in for the outbox, who brands the keys.
export const KEY = "k".repeat(25) as SendKey;
export const said = (words: string): Message => ({ body: [text(words)] });

/** What the person is told instead. Rejects where it was allowed. */
export async function refusal(doing: Promise<unknown>): Promise<Refused> {
  try {
    await doing;
  } catch (error) {
    if (error instanceof Refused) return error;
    throw error;
  }
  throw new Error("It was allowed.");
}

export class OpenedRoom {
  readonly clock = new VirtualClock(Date.UTC(2026, 10, 24, 9));
  readonly memory: { -readonly [name in keyof RoomMemory]: RoomMemory[name] } = { ...arrayMemory() };
  hall: Room;
  ears = new Listener();
  served = new Map<string, (request: Request) => Promise<Response>>();

  static async open(): Promise<OpenedRoom> {
    const opened = new OpenedRoom();
    await opened.hall.start(opened.ears);
    opened.#channel = await opened.hall.channel("hall");
    return opened;
  }

  #channel: Place | undefined;

  private constructor() {
    this.hall = this.#built();
  }

  get channel(): Place {
    if (!this.#channel) throw new Error("The room is not open.");
    return this.#channel;
  }

  /** As after a crash: the same memory and nothing else. */
  async again(): Promise<void> {
    this.ears = new Listener();
    this.served = new Map();
    this.hall = this.#built();
    await this.hall.start(this.ears);
  }

  post(message: Message): Promise<MessageRef> {
    return this.hall.post(this.channel, message, KEY);
  }

  async thread(): Promise<Place> {
    return this.hall.openThread(await this.post(said("Why?")), "Why?");
  }

  withForm(): Promise<MessageRef> {
    const buttons = [{ id: "open", label: "Open", opens: { form: "short", about: "a" } }];
    return this.post({ body: [text("A form")], buttons });
  }

  /** The next save fails, having landed or not. */
  failNextSave(landed: boolean): void {
    const { save } = this.memory;
    this.memory.save = async (changes) => {
      this.memory.save = save;
      if (landed) await save(changes);
      throw new Error("The disk is full.");
    };
  }

  #built(): Room {
    const log = { debug() {}, info() {}, warn() {}, error() {} };
    const mount = (path: string, handler: (request: Request) => Promise<Response>) =>
      void this.served.set(path, handler);
    return room({ channel: "hall", memory: this.memory }, { clock: this.clock, log, phrases: PHRASES, mount });
  }
}
