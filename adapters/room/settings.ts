/** What `main.ts` tells the room, and who stands in it when it is opened for the first time. */
import type { PersonRecord, RoomMemory } from "./state.ts";

export interface RoomSettings {
  /** The channel's name, and the room's own within its refs. */
  readonly channel: string;
  readonly memory: RoomMemory;
  /** Who stands in the channel at first; six people and a facilitator, if nobody is named. */
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

interface Strip {
  /** The room's clock, epoch milliseconds, and the workshop's zone. */
  readonly clock: number;
  readonly zone: string;
  readonly now?: string;
  readonly next?: { readonly title: string; readonly at: number };
}

export const READY: readonly Newcomer[] = [
  { name: "Maggie", mayRunWorkshop: true },
  ...["Ana", "Ben", "Cleo", "Dev", "Efua", "Finn"].map((name) => ({ name })),
];
