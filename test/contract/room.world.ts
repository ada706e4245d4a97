/** The people of the room, played over its own acting side; a thin wire in between can fail. */

import type { Room } from "../../adapters/room/room.ts";
import { room } from "../../adapters/room/room.ts";
import type { Kept, RoomMemory } from "../../adapters/room/state.ts";
import type { MessageView } from "../../adapters/room/views.ts";
import { VirtualClock } from "../../src/clock.ts";
import { type Ears, type Fault, type Inbound, type Log, type Platform, PlatformError } from "../../src/platform.ts";
import { PHRASES } from "./listener.ts";
import type { Handle, OpenForm, Seen, Who, World } from "./world.ts";

const CHANNEL = "better-together";
const QUIET: Log = { debug() {}, info() {}, warn() {}, error() {} };

/** What `main.ts` backs by the store. */
export function arrayMemory(kept = new Map<string, string>()): RoomMemory {
  return {
    load: async () => [...kept].map(([key, value]): Kept => ({ key, value })),
    async save(changes) {
      for (const { key, value } of changes) {
        if (value === undefined) kept.delete(key);
        else kept.set(key, value);
      }
    },
  };
}

export async function newRoomWorld(): Promise<World> {
  return new RoomWorld();
}

export class RoomWorld implements World {
  readonly channelName = CHANNEL;
  /** The room is the same program: it is closed while we are away. */
  readonly talksWhileAway = false;
  readonly #memory: RoomMemory;
  readonly #clock: VirtualClock;
  readonly #handles = new Map<string, Handle>();
  readonly #refusals: Seen[] = [];
  readonly #faults: { call: string; fault: Fault; afterwards: boolean }[] = [];
  #room: Room | undefined;
  #ears: Ears | undefined;
  #last: Inbound | undefined;

  constructor(memory = arrayMemory(), clock = new VirtualClock(Date.UTC(2026, 10, 24, 9))) {
    this.#memory = memory;
    this.#clock = clock;
  }

  adapter(): Platform {
    const people = [{ name: "Ana", mayRunWorkshop: true }, { name: "Ben" }, { name: "Cleo" }];
    this.#room = room(
      { channel: CHANNEL, memory: this.#memory, people: [...people, { name: "Robot", kind: "bot" as const }] },
      { clock: this.#clock, log: QUIET, phrases: PHRASES, mount() {} },
    );
    return this.#wired(this.#room);
  }

  idOf(who: Who): string {
    return who;
  }

  async sees(who: Who): Promise<readonly Seen[]> {
    const view = await this.#open().views.of(who);
    const where = new Map(
      view.places.map((place) => {
        if (place.kind === "thread") return [place.id, `thread:${this.#handle(place.on ?? "")}`];
        if (place.kind === "channel") return [place.id, "channel"];
        return [place.id, `${place.kind}:${(place.people ?? []).join(",").toLowerCase()}`];
      }),
    );
    const seen = view.messages.map((message) => this.#seen(message, where.get(message.place) ?? "", who));
    return [...seen, ...this.#refusals.filter((refusal) => refusal.onlyFor === who)];
  }

  async says(who: Who, where: string, text: string): Promise<Handle> {
    const { views, doings } = this.#open();
    const place = (await views.of(who)).places.find(
      (one) =>
        (one.on !== undefined && this.#handle(one.on) === where) ||
        `${one.kind}:${(one.people ?? []).join(",").toLowerCase()}` === where,
    );
    if (!place) throw new Error(`${who} finds no thread or place ${where}.`);
    return this.#handle((await this.#told(who, () => doings.says(who, place.id, text))) ?? "");
  }

  async saysInChannel(who: Who, text: string): Promise<Handle> {
    const { views, doings } = this.#open();
    const channel = (await views.of(who)).places.find((place) => place.kind === "channel");
    return this.#handle(await doings.says(who, channel?.id ?? "", text));
  }

  edits(who: Who, message: Handle, text: string): Promise<void> {
    return this.#open().doings.edits(who, this.#ref(message), text);
  }

  retracts(who: Who, message: Handle): Promise<void> {
    return this.#open().doings.retracts(who, this.#ref(message));
  }

  async presses(who: Who, message: Handle, label: string): Promise<OpenForm | undefined> {
    const { views, doings } = this.#open();
    const ref = this.#ref(message);
    const seen = (await views.of(who)).messages.find((one) => one.id === ref);
    const button = seen?.buttons.find((one) => one.label === label);
    if (!button) throw new Error(`${who} sees no button "${label}".`);
    const form = await this.#told(who, () => doings.presses(who, ref, button.id));
    if (!form) return undefined;
    const fields = form.fields.map((field) => {
      const options = field.options ?? [];
      const value = options.find((option) => option.id === field.value)?.label ?? field.value;
      return { id: field.id, label: field.label, value, options: options.map((option) => option.label) };
    });
    return { title: form.title, fields, token: form };
  }

  async submits(who: Who, { token }: OpenForm, values: Readonly<Record<string, string>>) {
    const { doings } = this.#open();
    // The token is what `presses` put there.
    const form = token as NonNullable<Awaited<ReturnType<typeof doings.presses>>>;
    const ids = form.fields.flatMap((field) => {
      const typed = values[field.id];
      if (typed === undefined) return [];
      const option = field.options?.find((one) => one.label.toLowerCase() === typed.toLowerCase());
      return [[field.id, option?.id ?? typed]];
    });
    const errors = await this.#told(who, () => doings.submits(who, { ...form, values: Object.fromEntries(ids) }));
    return errors ? { errors } : {};
  }

  async commands(who: Who, command: string, line: string): Promise<void> {
    const { views, doings } = this.#open();
    const channel = (await views.of(who)).places.find((place) => place.kind === "channel");
    await doings.types(who, channel?.id ?? "", `/${command} ${line}`);
  }

  async joins(who: Who): Promise<void> {
    await this.#open().doings.joins(who);
  }

  leaves(who: Who): Promise<void> {
    return this.#open().doings.leaves(who);
  }

  async repeats(): Promise<void> {
    if (this.#last) await this.#ears?.take(this.#last);
  }

  fails(call: string, fault: Fault, afterwards = false): void {
    this.#faults.push({ call, fault, afterwards });
  }

  settle(): Promise<void> {
    return this.#clock.settle();
  }

  async stop(): Promise<void> {
    await this.#clock.settle();
  }

  #open(): Room {
    if (!this.#room) throw new Error("Ask for the adapter first.");
    return this.#room;
  }

  /** Puts the wire that the room has not between it and the core. */
  #wired(inner: Room): Platform {
    return new Proxy<Platform>(inner, {
      get: (_room, name) => {
        const value: unknown = Reflect.get(inner, name);
        if (typeof value !== "function") return value;
        if (name === "start") return (ears: Ears) => inner.start(this.#noting(ears));
        return (...args: unknown[]) => {
          const at = this.#faults.findIndex((one) => one.call === name);
          const [failing] = at < 0 ? [] : this.#faults.splice(at, 1);
          const call = () => Reflect.apply(value, inner, args) as unknown;
          return failing ? fail(failing, call) : call();
        };
      },
    });
  }

  #noting(ears: Ears): Ears {
    this.#ears = ears;
    return {
      forms: ears.forms,
      commands: ears.commands,
      prefill: (...asked) => ears.prefill(...asked),
      connected: () => ears.connected(),
      take: async (event) => {
        this.#last = event;
        await ears.take(event);
      },
    };
  }

  /** What a person is told instead of what they wanted, they alone see. */
  async #told<Result>(who: Who, act: () => Promise<Result>): Promise<Result | undefined> {
    try {
      return await act();
    } catch (error) {
      const text = error instanceof Error ? error.message : String(error);
      this.#refusals.push({
        handle: "refusal",
        where: "channel",
        by: "together",
        text,
        mentions: [],
        buttons: [],
        onlyFor: who,
      });
      return undefined;
    }
  }

  #seen(message: MessageView, where: string, who: Who): Seen {
    const read = message.body.map((span) => {
      if (span.kind === "newline") return "\n";
      return span.kind === "mention" ? `@${span.name}` : span.text;
    });
    return {
      handle: this.#handle(message.id),
      where,
      by: message.by ?? "together",
      text: read.join(""),
      mentions: message.body.flatMap((span) => (span.kind === "mention" ? [span.name.toLowerCase()] : [])),
      buttons: message.buttons.map((button) => button.label),
      ...(message.picture && { picture: message.picture.alt }),
      ...(message.file && { file: message.file }),
      ...(message.onlyYou && { onlyFor: who }),
    };
  }

  #handle(ref: string): Handle {
    const handle = this.#handles.get(ref) ?? `m${this.#handles.size + 1}`;
    this.#handles.set(ref, handle);
    return handle;
  }

  #ref(handle: Handle): string {
    const [ref] = [...this.#handles].find(([, one]) => one === handle) ?? [];
    if (!ref) throw new Error(`There is no message ${handle}.`);
    return ref;
  }
}

async function fail({ fault, afterwards }: { fault: Fault; afterwards: boolean }, call: () => unknown): Promise<never> {
  if (afterwards) await call();
  throw new PlatformError(fault, "The wire between us and the room was cut.");
}
