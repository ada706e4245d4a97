/** Ears that write down what they hear, and can fail like a store or hesitate like one. */
import type { Command, Ears, Form, Inbound, Phrases, Prefill, UserId } from "../../src/platform.ts";
import { LIMITS } from "../../src/platform.ts";

export const PHRASES: Phrases = {
  required: "Please write at least one sentence.",
  tooLong: (limit) => `Please keep it to ${limit} characters.`,
  noSuchOption: "Please choose one of the list.",
  tryAgain: "Nothing is lost. You wrote:",
  openAgain: "Open again",
  notKept: "I could not keep that. Please try again.",
  outOfDate: "That form is out of date. Open it again.",
};

const options = Array.from({ length: LIMITS.options }, (_, index) => {
  const label = `Option ${index} `.padEnd(LIMITS.optionLabel, "o");
  return { id: `o${index}`, label };
});

export const FORMS: readonly Form[] = [
  {
    id: "short",
    title: "A minute",
    send: "Send",
    fields: [
      { kind: "text", id: "words", label: "I'm here because", long: true, required: true, maxLength: 40 },
      {
        kind: "choice",
        id: "square",
        label: "Square",
        required: false,
        options: [
          { id: "twin", label: "Has a twin" },
          { id: "boat", label: "Built a boat" },
        ],
      },
      { kind: "person", id: "who", label: "Who", required: false },
    ],
  },
  {
    id: "full",
    title: "f".repeat(LIMITS.formTitle),
    send: "s".repeat(LIMITS.formTitle),
    fields: [
      ...["a", "b", "c"].map((id) => ({
        kind: "text" as const,
        id,
        label: id.repeat(LIMITS.fieldLabel),
        long: true,
        required: true,
        maxLength: LIMITS.answer,
      })),
      { kind: "choice", id: "d", label: "d".repeat(LIMITS.fieldLabel), required: true, options },
      { kind: "person", id: "e", label: "e".repeat(LIMITS.fieldLabel), required: true },
    ],
  },
];

const word = (name: string) => ({ kind: "word" as const, name, about: `The ${name}`, required: false });

const COMMANDS: readonly Command[] = [
  {
    name: "together",
    about: "For everyone",
    hidden: false,
    verbs: [
      { name: "help", about: "What I can do", args: [] },
      { name: "pause", about: "Take a break", args: [word("until")] },
    ],
  },
  {
    name: "together-run",
    about: "For facilitators",
    hidden: false,
    verbs: [
      {
        name: "remind",
        about: "Say it",
        args: [{ kind: "text", name: "words", about: "What to say", required: true }],
      },
      {
        name: "facilitator",
        about: "Who may",
        args: [
          {
            kind: "choice",
            name: "change",
            about: "What to do",
            required: true,
            options: [
              { id: "add", label: "add" },
              { id: "remove", label: "remove" },
            ],
          },
          { kind: "person", name: "person", about: "Who", required: true },
        ],
      },
    ],
  },
];

/** The members of a union that have this kind. */
type Of<Kind extends Inbound["kind"]> = Inbound & { readonly kind: Kind };

export class Listener implements Ears {
  readonly forms = FORMS;
  readonly commands = COMMANDS;
  /** In the order they came; a repeated one stands here twice. */
  readonly taken: Inbound[] = [];
  /** How many of the next events the store refuses. */
  refusals = 0;
  connections = 0;
  prefilled: () => Promise<Prefill> = async () => ({});
  readonly asked: { form: string; about: string; person: UserId }[] = [];

  async take(event: Inbound): Promise<void> {
    if (this.refusals > 0) {
      this.refusals--;
      throw new Error("The store is full.");
    }
    this.taken.push(event);
  }

  async prefill(form: string, about: string, person: UserId): Promise<Prefill> {
    this.asked.push({ form, about, person });
    return this.prefilled();
  }

  connected(): void {
    this.connections++;
  }

  /** Events of one kind, each once however often it came. */
  heard<Kind extends Inbound["kind"]>(kind: Kind): readonly Of<Kind>[] {
    const once = new Map(this.taken.map((event) => [event.event, event]));
    // Narrowed by the filter, which the compiler does not follow through a type parameter.
    return [...once.values()].filter((event) => event.kind === kind) as Of<Kind>[];
  }

  /** The one event of a kind; throws where there is none or more. */
  only<Kind extends Inbound["kind"]>(kind: Kind): Of<Kind> {
    const [one, ...more] = this.heard(kind);
    if (!one || more.length > 0) {
      throw new Error(`Expected one ${kind}, heard: ${this.taken.map((event) => event.kind).join(", ") || "nothing"}`);
    }
    return one;
  }
}
