/** What the bot is connected to while it is killed again and again. */
import type { VirtualClock } from "../../src/clock.ts";
import type { Entry } from "../../src/store/store.ts";
import type { People } from "./chapter.ts";

export interface Stage {
  /** Beside this file, the program of one life: `slack` is `slack.child.ts`. */
  readonly name: string;
  /** Of the platform, which the process follows. */
  readonly time: VirtualClock;
  readonly channel: string;
  /** Of the adapter in the process. */
  readonly settings: Readonly<Record<string, string>>;
  /** Where they outlive the process; the room's live in it. */
  readonly people?: People;
  /** Where each message of ours stands, and the key it was sent with. `stands`: the store's rows. */
  posted(stands: readonly Entry[]): readonly string[];
  close(): Promise<void>;
}

/** The channel's alumni hold their blocks from here on. */
export const START = Date.UTC(2027, 5, 1, 9);
