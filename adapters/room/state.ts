/** What the room remembers: people, places, messages. Plain records, each kept under its own key. */
import type { Button, Inbound, Instant, Message, SendKey, Span } from "../../src/platform.ts";

export interface PersonRecord {
  readonly id: string;
  readonly name: string;
  readonly kind: "person" | "bot" | "guest" | "gone";
  readonly mayRunWorkshop: boolean;
  /** Whether they are in the channel now. */
  readonly here: boolean;
  readonly language?: string;
}

export interface PlaceRecord {
  readonly id: string;
  readonly kind: "channel" | "thread" | "room" | "private";
  readonly title: string;
  /** Who may enter; absent: everybody. */
  readonly people?: readonly string[];
  /** For a thread: the message it hangs on. */
  readonly on?: string;
}

export interface MessageRecord {
  readonly id: string;
  readonly place: string;
  /** A person's id; ours is `TOGETHER`. */
  readonly by: string;
  readonly at: Instant;
  readonly version: number;
  readonly body: readonly Span[];
  readonly buttons?: readonly Button[];
  readonly picture?: NonNullable<Message["picture"]>;
  readonly file?: NonNullable<Message["file"]>;
  readonly key?: SendKey;
}

/** What somebody did that the core may not have heard yet: told again after a crash, and only then shown. */
export interface Unheard {
  readonly id: string;
  readonly event: Inbound;
  readonly changes: readonly Change[];
}

export type Change =
  | { readonly kind: "person"; readonly value: PersonRecord }
  | { readonly kind: "place"; readonly value: PlaceRecord }
  | { readonly kind: "message"; readonly value: MessageRecord }
  | { readonly kind: "erased"; readonly value: MessageRecord }
  | { readonly kind: "unheard"; readonly value: Unheard }
  | { readonly kind: "heard"; readonly value: Unheard }
  | { readonly kind: "count"; readonly value: { readonly id: "ids"; readonly last: number } };

/** One thing kept, as JSON text. The same key replaces it; without a value it is erased. */
export interface Kept {
  readonly key: string;
  readonly value?: string;
}

/** Where the room's state outlives a restart. An error of `save` leaves open whether it was kept. */
export interface RoomMemory {
  load(): Promise<readonly Kept[]>;
  /** All or nothing. */
  save(changes: readonly Kept[]): Promise<void>;
}

/** Who posts for us. No person can have this id: theirs are made of letters, digits and hyphens. */
export const TOGETHER = "*";

const shelf = { person: "person", place: "place", message: "message", unheard: "unheard", count: "count" } as const;
const erases = { erased: "message", heard: "unheard" } as const;

export function toKept(change: Change): Kept {
  if (change.kind === "erased" || change.kind === "heard") return { key: `${erases[change.kind]}/${change.value.id}` };
  return { key: `${shelf[change.kind]}/${change.value.id}`, value: JSON.stringify(change.value) };
}

export class State {
  readonly people = new Map<string, PersonRecord>();
  readonly places = new Map<string, PlaceRecord>();
  readonly messages = new Map<string, MessageRecord>();
  readonly unheard = new Map<string, Unheard>();
  #last = 0;

  static from(kept: readonly Kept[]): State {
    const state = new State();
    const inOrder = [...kept].sort((a, b) => (a.key < b.key ? -1 : 1));
    for (const { key, value } of inOrder) {
      if (value === undefined) continue;
      // What `toKept` wrote under this key, and nobody else writes here.
      state.apply({ kind: key.split("/")[0], value: JSON.parse(value) } as Change);
    }
    return state;
  }

  /** Ids sort in the order they were given, and none is ever given twice: the count is kept with every change. */
  nextId(): { id: string; count: Change } {
    const last = ++this.#last;
    return { id: String(last).padStart(9, "0"), count: { kind: "count", value: { id: "ids", last } } };
  }

  apply(change: Change): void {
    switch (change.kind) {
      case "person":
        this.people.set(change.value.id, change.value);
        return;
      case "place":
        this.places.set(change.value.id, change.value);
        return;
      case "message":
        this.messages.set(change.value.id, change.value);
        return;
      case "erased":
        this.messages.delete(change.value.id);
        return;
      case "unheard":
        this.unheard.set(change.value.id, change.value);
        return;
      case "heard":
        this.unheard.delete(change.value.id);
        return;
      case "count":
        this.#last = Math.max(this.#last, change.value.last);
    }
  }

  /** Oldest first. */
  messagesIn(place: string): readonly MessageRecord[] {
    const here = [...this.messages.values()].filter((message) => message.place === place);
    return here.sort((a, b) => (a.id < b.id ? -1 : 1));
  }

  threadOn(message: string): PlaceRecord | undefined {
    return [...this.places.values()].find(({ on }) => on === message);
  }

  mayEnter(person: string, place: string): boolean {
    const found = this.places.get(place);
    return found !== undefined && (found.people === undefined || found.people.includes(person));
  }
}
