/** What every verb is: what the platforms register, and what it does. Its answer is shown to the person who asked, alone. */

import type { Hall, Press, Setting } from "../activities/activity.ts";
import type { Chance } from "../chance.ts";
import type { Occurrences } from "../occurrences.ts";
import type { Pack } from "../pack/pack.ts";
import type { Apart } from "../people/apart.ts";
import type { Facilitators } from "../people/facilitators.ts";
import type { Participation } from "../people/participation.ts";
import type { Message, Place, Platform, Span, UserId, Verb } from "../platform.ts";
import type { Rounds } from "../rounds.ts";
import type { Timekeeper } from "../timekeeper.ts";

/** What the verbs are handed beside the hall. */
export interface Office extends Hall {
  readonly rounds: Rounds;
  readonly participation: Participation;
  readonly apart: Apart;
  readonly facilitators: Facilitators;
  readonly occurrences: Occurrences;
  readonly timekeeper: Timekeeper;
  readonly chance: Chance;
  /** What `start` takes where nothing is said. */
  readonly defaults: { readonly zone: string; readonly programme: string };
}

/** A verb as somebody used it, in a channel that may have a community yet or not. */
export interface Use extends Omit<Press, keyof Setting | "args" | "message"> {
  readonly platform: Platform;
  readonly pack: Pack;
  readonly place: Place;
  /** The words after the verb, and the same as typed. */
  readonly words: readonly string[];
  readonly rest: string;
  readonly people: readonly UserId[];
}

export type Reply = Message | readonly Span[];

/** `anywhere`: it needs no community, and is handed the channel's where there is one. */
export type VerbHere =
  | { readonly verb: Verb; readonly anywhere: false; readonly does: (use: Use & Setting) => Promise<Reply> }
  | {
      readonly verb: Verb;
      readonly anywhere: true;
      readonly does: (use: Use, setting: Setting | undefined) => Promise<Reply>;
    };

/** A verb of a community. What it is about is the sentence `verb.<name>`, or another where two commands share a name. */
export function here(
  office: Office,
  name: string,
  does: (use: Use & Setting) => Promise<Reply>,
  args: Verb["args"] = [],
  about = name,
): VerbHere {
  return { verb: { name, about: office.say.text(`verb.${about}`), args }, anywhere: false, does };
}

export function anywhere(
  office: Office,
  name: string,
  does: (use: Use, setting: Setting | undefined) => Promise<Reply>,
  args: Verb["args"] = [],
  about = name,
): VerbHere {
  return { verb: { name, about: office.say.text(`verb.${about}`), args }, anywhere: true, does };
}

/** An argument; what it is about is the sentence `arg.<name>`. */
export const arg = (
  office: Office,
  kind: "word" | "text" | "person",
  name: string,
  required = false,
): Verb["args"][number] => ({ kind, name, about: office.say.text(`arg.${name}`), required });
