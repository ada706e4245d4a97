/** What every activity is, and what it is handed. Activities know the port, the words and this; never each other. */
import type { Answers } from "../answers.ts";
import type { Clock } from "../clock.ts";
import type { Communities, Community } from "../communities.ts";
import type { Outbox } from "../outbox.ts";
import type { Block, Does, Pack } from "../pack/pack.ts";
import type { Person, Roster } from "../people/roster.ts";
import type { Form, Instant, Log, Message, MessageRef, Platform, Prefill, Span, UserId, Whisper } from "../platform.ts";
import type { Prompts } from "../prompts.ts";
import type { Scrubber } from "../scrubber.ts";
import type { Sentences } from "../sentences.ts";
import type { Store } from "../store/store.ts";

/** The shared parts of one running companion. */
export interface Hall {
  readonly store: Store;
  readonly clock: Clock;
  readonly log: Log;
  readonly say: Sentences;
  readonly outbox: Outbox;
  readonly communities: Communities;
  readonly roster: Roster;
  readonly prompts: Prompts;
  readonly answers: Answers;
  readonly scrubber: Scrubber;
}

/** A community with its platform and its pack: where something happens. */
export interface Setting {
  readonly community: Community;
  readonly platform: Platform;
  readonly pack: Pack;
}

/** One occurrence, being held. Held again after a crash it finds its own traces and does only what is missing. */
export interface Occasion extends Setting {
  /** community/run/block/local date/attempt. */
  readonly key: string;
  readonly does: Does;
  /** The block it comes from; absent when a facilitator asked for it by hand. */
  readonly block?: Block;
  /** After this instant it is not begun any more. */
  readonly until: Instant;
  /** Whether a message of it stands: what was begun in time is finished, however long the platform takes. */
  readonly begun: { yet: boolean };
  /** What a facilitator typed with it, for `remind`. */
  readonly words?: string;
}

/** Somebody pressed one of our buttons. */
export interface Press extends Setting {
  readonly event: string;
  readonly at: Instant;
  readonly by: UserId;
  readonly person: Person;
  /** What follows the button's first word. */
  readonly args: readonly string[];
  readonly message?: MessageRef;
  readonly whisper: Whisper;
}

/** Somebody sent one of our forms. */
export interface Submission extends Press {
  readonly about: string;
  readonly values: Readonly<Record<string, string>>;
}

export interface Activity {
  readonly forms: readonly Form[];
  hold(occasion: Occasion): Promise<void>;
  /** By the first word of a button's id. */
  readonly pressed: Readonly<Record<string, (press: Press) => Promise<void>>>;
  /** By the form's id. */
  readonly submitted: Readonly<Record<string, (submission: Submission) => Promise<void>>>;
  /** Somebody came into the community's channel. */
  joined?(setting: Setting, person: Person): Promise<unknown>;
  /** What a form of this activity opens with for a person. */
  prefill?(form: string, about: string, person: Person | undefined): Promise<Prefill>;
}

/** Sends one part of an occurrence to the community's channel. */
export async function tell(hall: Hall, occasion: Occasion, part: string, message: Message): Promise<MessageRef> {
  const { platform, community, key, until, begun } = occasion;
  const sending = { platform, place: community.place, message, name: `${key}/${part}` };
  const sent = await hall.outbox.send({ ...sending, ...(begun.yet ? {} : { until }) });
  begun.yet = true;
  return sent;
}

/** Answers privately the person who acted. Best effort: when it cannot be shown, nothing else goes wrong. */
export async function whisper(
  hall: Hall,
  press: Pick<Press, "platform" | "whisper">,
  message: Message | readonly Span[],
): Promise<void> {
  const content = "body" in message ? message : { body: message };
  await press.platform
    .whisper(press.whisper, content)
    .catch((error: unknown) =>
      hall.log.warn("a private word could not be shown", { fault: String((error as { fault?: unknown }).fault) }),
    );
}
