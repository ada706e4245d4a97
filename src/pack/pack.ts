/** What a pack is: one workshop as data, read from a folder of `content/`. Everything in it was checked when it was loaded. */
export { checkPack, loadPack } from "./load.ts";
export { formatProblem, PackError } from "./problem.ts";

export interface Pack {
  readonly id: string;
  readonly title: string;
  /** Where the workshop was or is held, as its own slide says it. */
  readonly place: string;
  /** The language of its texts, e.g. `en-GB`: shared posts are in it. */
  readonly language: string;
  readonly hosts: readonly string[];
  readonly quotes: readonly Quote[];
  readonly findSomeone: readonly FindSomeone[];
  /** The one-minute round. */
  readonly stems: readonly Stem[];
  /** The review: What? So what? What now? */
  readonly steps: readonly Stem[];
  readonly pages: readonly Page[];
  readonly reminders: readonly Reminder[];
  /** By id: `workshop`, `alumni`. */
  readonly programmes: Readonly<Record<string, Programme>>;
}

export interface Quote {
  readonly id: string;
  readonly text: string;
  /** Whose words they are, exactly as the slide has it; absent where it names nobody. */
  readonly source?: string;
  /** Where it stood, in our own words. Shown apart from the source. */
  readonly from?: string;
  /** Its slide's title, for a statement that is a fragment without it. */
  readonly title?: string;
  readonly deck: string;
}

interface FindSomeone {
  readonly id: string;
  /** What follows "Find someone who". */
  readonly text: string;
  /** The same in short, for the form of the hunt: at most `LIMITS.optionLabel`. */
  readonly label: string;
}

export interface Stem {
  readonly id: string;
  /** As people see it: "I'm here because …". */
  readonly text: string;
  /** For a form's field: at most `LIMITS.fieldLabel`. */
  readonly label: string;
}

export interface Page {
  readonly id: string;
  readonly title: string;
  /** "Think!", "Develop!" …: said with the page's first message. */
  readonly imperative?: string;
  /** Each is one message. `body.ts` turns it into spans. */
  readonly posts: readonly PagePost[];
}

export interface PagePost {
  /** Unique within its page. */
  readonly id: string;
  readonly parts: readonly Part[];
  /** It is a question: people answer in its thread, and the answers are kept. */
  readonly asks: boolean;
}

export type Part =
  | { readonly kind: "text"; readonly text: string }
  | { readonly kind: "strong"; readonly text: string }
  | { readonly kind: "item"; readonly text: string }
  /** Two ways of seeing the same: from the first to the second. */
  | { readonly kind: "two-ways"; readonly from: string; readonly to: string }
  | { readonly kind: "quote"; readonly quote: Quote };

/** What "Show me mine" shows, privately: one's own "What now?", tomorrow's start, someone to look for. */
export type Mine = "now-what" | "tomorrow" | "look-for";

export interface Reminder {
  readonly id: string;
  readonly text: string;
  /** Empty: the reminder has no such button. */
  readonly mine: readonly Mine[];
  /** The button about pairs that it carries: out of them where everyone is in, into them where nobody is. */
  readonly offers?: "not-me" | "count-me-in";
}

export interface Programme {
  readonly id: string;
  readonly title: string;
  /** In the file's order. */
  readonly blocks: readonly Block[];
}

export interface Block {
  /** Unique within its programme, and stable: it is part of every occurrence's key. */
  readonly id: string;
  readonly title: string;
  readonly when: When;
  readonly does: Does;
  readonly missed: Missed;
}

/** Local time of day, 00:00 to 23:59, always five characters. */
export type TimeOfDay = string;

export type When =
  /** `offset` days after (or before, negative) that day of the workshop. */
  | { readonly kind: "day"; readonly day: "one" | "two"; readonly offset: number; readonly at: TimeOfDay }
  /** On every local date that the pattern matches: day of month, month, day of week, as croner reads them (`* * MON#1`). */
  | { readonly kind: "every"; readonly pattern: string; readonly at: TimeOfDay };

type Mode = "any" | "bridge" | "bond";

export type Does =
  /** `all` draws from every deck. */
  | { readonly activity: "quote"; readonly deck: string }
  | { readonly activity: "show"; readonly page: string }
  | { readonly activity: "pairs"; readonly size: 2 | 3 | 4 | 5; readonly mode: Mode }
  | { readonly activity: "hunt" }
  | { readonly activity: "round" }
  /** `of` is what is looked back on. */
  | { readonly activity: "review"; readonly of: "day-one" | "day-two" | "month" }
  | { readonly activity: "remind"; readonly reminder: string };

export type Activity = Does["activity"];

/** What happens to an occurrence that was missed: held once within the window, or skipped after it. Never twice. */
export interface Missed {
  readonly rule: "once" | "skip";
  readonly withinMinutes: number;
}
