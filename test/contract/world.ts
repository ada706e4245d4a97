/**
 * Lets a test play everyone else on one platform: the people, and the wire between us and them. A World keeps its own
 * handles and never uses the adapter's id codec, so that it can disagree with the adapter.
 */
import type { Fault, Platform } from "../../src/platform.ts";

/** The world's own name of a message, e.g. "m3". */
export type Handle = string;
/** Three people and a bot stand in the channel from the start: ana (manages the server), ben, cleo; robot. */
export type Who = "ana" | "ben" | "cleo" | "robot" | string;

/** One message as a person's screen shows it. */
export interface Seen {
  readonly handle: Handle;
  /** "channel", "room:ana,ben" (a private room by its people), "private:ana", or "thread:m3" under message m3. */
  readonly where: string;
  readonly by: Who | "together";
  /** What the eye reads, marks gone: bold and italic as plain words, a mention as @name, a time as its fallback or the platform's own. */
  readonly text: string;
  readonly mentions: readonly Who[];
  /** Labels, in order. */
  readonly buttons: readonly string[];
  readonly picture?: string;
  readonly file?: { readonly name: string; readonly text: string };
  /** Only this person sees it (a whisper). */
  readonly onlyFor?: Who;
}

/** A form that stands open before a person. */
export interface OpenForm {
  readonly title: string;
  readonly fields: readonly {
    readonly id: string;
    readonly label: string;
    readonly value: string;
    readonly options: readonly string[];
  }[];
  /** Opaque: whatever the world needs to submit it. */
  readonly token: unknown;
}

export interface World {
  /** A fresh adapter over the same wire: after `platform.stop()` this is a restart. */
  adapter(): Platform;
  /** Whether people can talk between `platform.stop()` and the next start. */
  readonly talksWhileAway: boolean;
  /** What an operator would write in the settings for the workshop's channel. */
  readonly channelName: string;
  /** The bare platform id of a person, as an operator writes it after the colon in FACILITATORS. */
  idOf(who: Who): string;
  /** Everything this person can see, oldest first. */
  sees(who: Who): Promise<readonly Seen[]>;
  /** Under a message (its thread), or in a private place by its `where`. */
  says(who: Who, where: Handle | string, text: string): Promise<Handle>;
  saysInChannel(who: Who, text: string): Promise<Handle>;
  edits(who: Who, message: Handle, text: string): Promise<void>;
  retracts(who: Who, message: Handle): Promise<void>;
  /** Resolves when the platform has had its answer: with the form that opened, if one did. */
  presses(who: Who, message: Handle, label: string): Promise<OpenForm | undefined>;
  /** Field values by id; a choice by option label; a person by name. Resolves with what the form says back, if it stays open. */
  submits(
    who: Who,
    form: OpenForm,
    values: Readonly<Record<string, string>>,
  ): Promise<{ readonly errors?: Readonly<Record<string, string>> }>;
  /** `/command line`; `@ben` in the line names a person. */
  commands(who: Who, command: string, line: string): Promise<void>;
  joins(who: Who): Promise<void>;
  leaves(who: Who): Promise<void>;
  /** Sends the last event that people caused once more, as platforms do when in doubt. */
  repeats(): Promise<void>;
  /** The next call of this kind from the adapter fails so; `afterwards`: it took effect all the same (only for unknown). */
  fails(
    call: "post" | "edit" | "openThread" | "openRoom" | "person" | "history" | "members",
    fault: Exclude<Fault, "invalid" | "unsupported">,
    afterwards?: boolean,
  ): void;
  /** Everything is heard and answered: nothing is under way on the wire. */
  settle(): Promise<void>;
  stop(): Promise<void>;
}

/** What an adapter's test file hands to `contract()`: a fresh world for every test. */
export type NewWorld = () => Promise<World>;
