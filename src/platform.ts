/**
 * The port: all that the core knows of a chat system. Adapters import only this file from the core; this file
 * imports nothing. What differs between chat systems is absorbed by the adapters and never reaches the core.
 *
 * Refs are opaque JSON-safe strings, minted by the adapter and never parsed by the core. Each contains its workspace
 * or server, so refs of two workspaces never collide. They survive a restart.
 */
declare const opaque: unique symbol;
type Opaque<Name extends string> = string & { readonly [opaque]: Name };

/** An account on one platform. A person may have several. */
export type UserId = Opaque<"UserId">;
/** Anywhere one can post: a channel, a thread, a private room, a person's private place. */
export type Place = Opaque<"Place">;
/** One message that exists. */
export type MessageRef = Opaque<"MessageRef">;
/** Names one intended message, at most 25 characters of a-z and 2-7, minted by the outbox. The same key never names two messages. */
export type SendKey = Opaque<"SendKey">;
/** Epoch milliseconds. */
export type Instant = number;

/**
 * One run of a message. Flat, so that a renderer is one switch; what a person typed is always a value, never markup.
 * `quote` is a block of its own. `time` is shown in the reader's own zone where the platform can, else as `fallback`.
 * Only the core makes mentions, and exactly those people are notified.
 */
export type Span =
  | { readonly kind: "text"; readonly text: string }
  | { readonly kind: "bold"; readonly text: string }
  | { readonly kind: "italic"; readonly text: string }
  | { readonly kind: "quote"; readonly text: string }
  | { readonly kind: "link"; readonly text: string; readonly url: string }
  | { readonly kind: "mention"; readonly user: UserId }
  | {
      readonly kind: "time";
      readonly at: Instant;
      readonly style: "time" | "date" | "moment";
      readonly fallback: string;
    }
  | { readonly kind: "newline" };

export interface Button {
  /** Returned in `pressed`: at most 64 ASCII characters, no white space. Unique within its message. */
  readonly id: string;
  readonly label: string;
  /** A button that opens a form: the adapter opens it by itself and `pressed` is not sent. */
  readonly opens?: { readonly form: string; readonly about: string };
}

export interface Message {
  readonly body: readonly Span[];
  readonly buttons?: readonly Button[];
  /** `png` is base64. `alt` says what the picture says. */
  readonly picture?: { readonly png: string; readonly alt: string };
  readonly file?: { readonly name: string; readonly text: string };
}

export interface Option {
  readonly id: string;
  readonly label: string;
}

export type Field =
  | {
      readonly kind: "text";
      readonly id: string;
      readonly label: string;
      readonly long: boolean;
      readonly required: boolean;
      readonly maxLength: number;
    }
  | {
      readonly kind: "choice";
      readonly id: string;
      readonly label: string;
      readonly required: boolean;
      readonly options: readonly Option[];
    }
  | { readonly kind: "person"; readonly id: string; readonly label: string; readonly required: boolean };

/** Registered once, at start. A choice whose options depend on the moment gets them with `prefill`. */
export interface Form {
  /** At most 24 characters of a-z, 0-9 and -. */
  readonly id: string;
  readonly title: string;
  /** The label of the button that sends it. At most 24 characters. */
  readonly send: string;
  readonly fields: readonly Field[];
}

/** What a form opens with, by field id: the text, the chosen option's id or the person; and the options of a choice. */
export interface Prefill {
  readonly values?: Readonly<Record<string, string>>;
  readonly options?: Readonly<Record<string, readonly Option[]>>;
}

export interface Verb {
  /** Lower case letters and -, at most 32. */
  readonly name: string;
  /** One line, at most 100 characters. */
  readonly about: string;
  readonly args: readonly Arg[];
}

/** Arguments are positional; only the last may take the rest of the line (`text`). */
export interface Arg {
  readonly kind: "word" | "text" | "person" | "choice";
  readonly name: string;
  readonly about: string;
  readonly required: boolean;
  /** For a choice: at most 25. */
  readonly options?: readonly Option[];
}

export interface Command {
  /** Without the slash. */
  readonly name: string;
  readonly about: string;
  readonly verbs: readonly Verb[];
  /**
   * True: the platform may hide the command from people who do not manage the server. The core decides about each
   * use all the same. False where a facilitator is listed whom the platform would not let through.
   */
  readonly hidden: boolean;
}

/** Where an answer can be shown to the person who acted, and to nobody else. Best effort; never needed after a restart. */
export interface Whisper {
  /** JSON-safe, opaque. */
  readonly address: string;
  readonly expires: Instant;
}

interface Happened {
  /** The platform's id of the event. It may come twice; the second time changes nothing. */
  readonly event: string;
  readonly by: { readonly id: UserId; readonly language?: string };
  /** Of presses, forms and commands by one clock, the platform's or ours, so that they can be told apart by it. */
  readonly at: Instant;
}

/** A message of ours that was looked for, and the thread on it, where people may have written in one already. */
export interface Found {
  readonly message: MessageRef;
  readonly thread?: Place;
}

/**
 * What people do. Only human beings' doings arrive: bots, webhooks and our own posts are dropped by the adapter.
 * `version` grows with every edit of one message. A reply arrives with `place`, the thread or private place it was
 * typed in; what is typed in a channel itself never arrives.
 */
export type Inbound =
  | (Happened & {
      readonly kind: "replied" | "edited";
      readonly place: Place;
      readonly message: MessageRef;
      readonly text: string;
      readonly version: number;
    })
  | (Happened & { readonly kind: "retracted"; readonly place: Place; readonly message: MessageRef })
  | (Happened & {
      readonly kind: "pressed";
      readonly button: string;
      readonly place: Place;
      readonly message?: MessageRef;
      readonly whisper: Whisper;
    })
  | (Happened & {
      readonly kind: "submitted";
      readonly form: string;
      readonly about: string;
      /** By field id: the text, the option's id or the UserId. Every required field is there and within its limits. */
      readonly values: Readonly<Record<string, string>>;
      readonly place?: Place;
      /** The message whose button opened the form, where the platform tells. */
      readonly message?: MessageRef;
      readonly whisper: Whisper;
    })
  | (Happened & {
      readonly kind: "commanded";
      readonly command: string;
      /** What was typed after the command, people taken out; they are in `people`, in the order they were named. */
      readonly line: string;
      readonly people: readonly UserId[];
      readonly place: Place;
      readonly whisper: Whisper;
    })
  | (Happened & { readonly kind: "joined" | "left"; readonly place: Place });

/** One message that we found by reading, oldest first. `mine` are our own posts. */
export interface Heard {
  readonly message: MessageRef;
  readonly by: UserId;
  readonly mine: boolean;
  readonly human: boolean;
  readonly text: string;
  readonly at: Instant;
  readonly version: number;
}

export interface Page {
  readonly items: readonly Heard[];
  /** Hand it to `history` for the following page. Absent: this was the last one, and the place was read to its end. */
  readonly next?: string;
}

export interface Person {
  readonly name: string;
  readonly kind: "person" | "bot" | "guest" | "gone";
  /** What the platform says (admin, owner, manages the server); the core adds its own list. */
  readonly mayRunWorkshop: boolean;
  readonly language?: string;
}

/** False: the call that needs it rejects with `unsupported`. The core asks first. */
export interface Capabilities {
  readonly forms: boolean;
  /** Typed replies arrive with their text. */
  readonly hearsReplies: boolean;
  readonly history: boolean;
  readonly members: boolean;
  readonly privatePlaces: boolean;
  /** People in one private room, without us. */
  readonly maxRoomSize: number;
  /** Milliseconds between two posts in one channel that the platform asks for; 0 where it asks for none. */
  readonly postEveryMs: number;
}

export type Connection = { readonly connected: true } | { readonly connected: false; readonly why: string };

/** The core's side. */
export interface Ears {
  readonly forms: readonly Form[];
  readonly commands: readonly Command[];
  /** Resolves when the event is durable and does nothing else. Only then does the adapter acknowledge. */
  take(event: Inbound): Promise<void>;
  /** The only core code within the 3-second window of an opening form. On an error or after 1 s, the form opens empty. */
  prefill(form: string, about: string, person: UserId): Promise<Prefill>;
  /** Called after each connect and reconnect: what happened meanwhile has to be read. */
  connected(): void;
}

/** Every call rejects with a `PlatformError` and nothing else. */
export interface Platform {
  /** The word before the colon in `FACILITATORS`. */
  readonly name: string;
  readonly can: Capabilities;
  /** Resolves when connected. Rejects with `denied` where an operator must act. */
  start(ears: Ears): Promise<void>;
  /** Stops hearing, then lets what was heard be acknowledged. Within 10 s. */
  stop(): Promise<void>;
  connection(): Connection;
  /** The channel an operator or facilitator means by an id or a name, or a channel's own place once more. `gone`: there is none; `denied`: we are not in it. */
  channel(id: string): Promise<Place>;
  /** The channel a place belongs to: of a thread its channel, of a channel itself. */
  channelOf(place: Place): Place;
  /** The key travels with the message, so that `find` finds it. */
  post(place: Place, message: Message, key: SendKey): Promise<MessageRef>;
  /**
   * All our own messages there that bear the key, oldest first, where it was first intended at `since`: that is by our
   * clock, so that `CLOCK_ERROR` before it they may be found too. Where a message cannot bear a key, also those that say
   * the same as `message` and are no older than the send, as far as clocks agree; without it, only what is certain.
   */
  find(place: Place, message: Message | undefined, key: SendKey, since: Instant): Promise<readonly Found[]>;
  /** `key` is the one that the message was posted with: an edited message keeps it. */
  edit(message: MessageRef, content: Message, key: SendKey): Promise<void>;
  /** Our own messages only. Already gone counts as done. */
  remove(message: MessageRef): Promise<void>;
  whisper(to: Whisper, message: Message): Promise<void>;
  /** The thread on one of our messages. A second call gives the same thread. */
  openThread(on: MessageRef, title: string): Promise<Place>;
  /** A private room for these people and us, reached from `channel`. A second call with the same title gives the same room. */
  openRoom(channel: Place, people: readonly UserId[], title: string): Promise<Place>;
  privatePlace(person: UserId): Promise<Place>;
  members(channel: Place): Promise<readonly UserId[]>;
  person(id: UserId): Promise<Person>;
  /** What the operator calls a person (a bare platform id) as a UserId, e.g. from `FACILITATORS`. */
  user(id: string): UserId;
  history(place: Place, next?: string): Promise<Page>;
}

/** Milliseconds that our clock may be wrong by, and the platform's is not: looking so far back costs a page or two, and is rare. */
export const CLOCK_ERROR = 26 * 3_600_000;

/**
 * Common limits, so that the core never branches; every adapter takes a message of exactly these sizes.
 * Source: the smaller of Slack's and Discord's documented limits. `text` counts what `textLength` in words.ts counts.
 */
export const LIMITS = {
  text: 1_800,
  buttons: 5,
  buttonLabel: 75,
  buttonId: 64,
  about: 40,
  options: 25,
  optionLabel: 75,
  formTitle: 24,
  fields: 5,
  fieldLabel: 45,
  answer: 3_000,
  threadTitle: 100,
} as const;

/**
 * busy: nothing happened, try again after `retryAfterMs`. unknown: it may have happened. gone: place, message or
 * person is no more. denied: an operator must act, the message says how. invalid: our bug. unsupported: capability off.
 */
export type Fault = "busy" | "unknown" | "gone" | "denied" | "invalid" | "unsupported";

export class PlatformError extends Error {
  override readonly name = "PlatformError";
  readonly fault: Fault;
  readonly retryAfterMs: number;

  constructor(fault: Fault, message: string, more: { retryAfterMs?: number; cause?: unknown } = {}) {
    super(message, more.cause === undefined ? undefined : { cause: more.cause });
    this.fault = fault;
    this.retryAfterMs = more.retryAfterMs ?? 1_000;
  }
}

/** What `main.ts` hands to an adapter beside its settings, so that it needs nothing else of the core. */
export interface Surroundings {
  readonly clock: {
    now(): Instant;
    /** Calls once, after so many milliseconds; the result takes it back. */
    after(ms: number, call: () => void): () => void;
  };
  /** Never handed a person's words or a token. */
  readonly log: Log;
  readonly phrases: Phrases;
  /**
   * Serves a path on the one web server. `open` ones answer on the public address too and check their callers
   * themselves; the others answer on this machine only.
   */
  readonly mount: (path: string, handler: (request: Request) => Promise<Response>, access: "open" | "local") => void;
}

/** The few words an adapter says by itself, within a form or instead of one; taken from `content/sentences`. */
export interface Phrases {
  /** On a field that was left blank. */
  readonly required: string;
  readonly tooLong: (limit: number) => string;
  readonly noSuchOption: string;
  /** Before the words a person typed, when the form has to be opened again; the button that does it. */
  readonly tryAgain: string;
  readonly openAgain: string;
  /** The store did not take it. */
  readonly notKept: string;
  /** A button or form whose message or signature we do not know. */
  readonly outOfDate: string;
}

export interface Log {
  debug(message: string, facts?: Readonly<Record<string, unknown>>): void;
  info(message: string, facts?: Readonly<Record<string, unknown>>): void;
  warn(message: string, facts?: Readonly<Record<string, unknown>>): void;
  error(message: string, facts?: Readonly<Record<string, unknown>>): void;
}
