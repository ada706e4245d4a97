/** The shape of each file of a pack, as it is written. Every message is `CODE: what, and how to mend it`. */
import { z } from "zod";
import { LIMITS } from "../platform.ts";
import { isPattern, isTimeOfDay } from "../programme.ts";
import { hint, nearestOf } from "./nearest.ts";
import type { ProblemCode } from "./problem.ts";

/** Ids stand in keys, in buttons and in what people type. */
const ID = /^[a-z][a-z0-9-]{0,31}$/;
/** What cannot be shown, or turns the reading direction of its neighbours; the joiners of emoji and of Persian may stay. */
const UNSHOWABLE = /(?![\n\u200c\u200d])[\p{Cc}\p{Cf}\p{Cs}]/u;

/** The blocks a programme may have, the messages a page may have, the entries of any other list. */
const MOST = { blocks: 200, posts: 12, items: 40, list: 1_000, days: 400, minutes: 7 * 24 * 60 };

const says =
  (code: ProblemCode, what: (input: unknown) => string) =>
  (issue: { readonly input?: unknown }): string =>
    issue.input === undefined ? "E_FIELD: missing" : `${code}: ${what(issue.input)}`;

const named = (input: unknown): string => {
  if (input === null) return "nothing";
  if (typeof input === "string") return `"${input.slice(0, 40)}"`;
  if (Array.isArray(input)) return "a list";
  return typeof input === "object" ? "fields" : `${typeof input} ${String(input).slice(0, 40)}`;
};

const inQuotes = (input: unknown): string => (typeof input === "object" ? "Write a text." : "Put it in quotes.");
const string = () =>
  z.string({ error: says("E_TYPE", (input) => `expected text, got ${named(input)}. ${inQuotes(input)}`) });

const count = (value: number): string => value.toLocaleString("en-GB");

/** A text for people, at most so many characters. What a whole message holds is measured where it is put together. */
const text = (most: number = LIMITS.text) =>
  string()
    .trim()
    .superRefine((value, context) => {
      const wrong = (code: ProblemCode, what: string) => context.addIssue(`${code}: ${what}`);
      if (value === "") return wrong("E_TYPE", "expected text, got an empty one.");
      if (value.length > most)
        wrong("E_TEXT_LONG", `${count(value.length)} characters; ${count(most)} fit here. Shorten it.`);
      const odd = UNSHOWABLE.exec(value)?.[0].codePointAt(0);
      if (odd !== undefined) {
        wrong(
          "E_TEXT_CHARS",
          `it has a character that cannot be shown (U+${odd.toString(16).toUpperCase().padStart(4, "0")}). Take it out.`,
        );
      }
    });

const id = string().regex(ID, {
  error: (issue) =>
    `E_ID: "${String(issue.input).slice(0, 40)}" is not an id. Use up to 32 of a-z, 0-9 and -, a letter first.`,
});

function isLanguage(tag: string): boolean {
  try {
    return Intl.getCanonicalLocales(tag).length === 1;
  } catch {
    return false; // RangeError is its way to say no
  }
}

const noneOf = (input: unknown, known: readonly string[]): string => {
  const meant = typeof input === "string" ? nearestOf(input, known) : undefined;
  return `${named(input)} is none of: ${known.join(", ")}.${meant === undefined ? "" : ` Did you mean ${meant}?`}`;
};

const oneOf = <const T extends readonly string[]>(known: T) =>
  z.enum(known, { error: says("E_FIELD", (input) => noneOf(input, known)) });

const whole = (least: number, most: number) => {
  const error = says("E_TYPE", (input) => `expected a whole number from ${least} to ${most}, got ${named(input)}.`);
  return z.int({ error }).min(least, { error }).max(most, { error });
};

const list = <T extends z.ZodType>(item: T, most: number = MOST.list, least = 1) =>
  z
    .array(item, {
      error: says("E_TYPE", (input) => `expected a list, got ${named(input)}. Begin each entry with "- ".`),
    })
    .min(least, { error: `E_TYPE: expected at least ${least} here.` })
    .max(most, { error: `E_PACK_SIZE: at most ${most} fit here.` });

/** An object with these fields and no others. */
const fields = <T extends z.ZodRawShape>(shape: T) =>
  z.strictObject(shape, {
    error: (issue) => {
      const known = Object.keys(shape);
      if (issue.code !== "unrecognized_keys")
        return says("E_TYPE", (input) => `expected fields (${known.join(", ")}), got ${named(input)}.`)(issue);
      return `E_FIELD: ${issue.keys.map((key) => `unknown field "${key}"${hint(key, known)}`).join(", ")}.`;
    },
  });

const language = string().refine(isLanguage, {
  error: (issue) => `E_TYPE: ${named(issue.input)} is not a language. Use a tag such as en-GB or de.`,
});

export const packFile = fields({
  id,
  title: text(LIMITS.threadTitle),
  place: text(200),
  language,
  hosts: list(text(100), MOST.items),
});

const quote = fields({ id, title: text(LIMITS.threadTitle).optional(), text: text(), source: text(200).optional() });
export const quotesFile = fields({ decks: list(fields({ id, from: text(200).optional(), quotes: list(quote) })) });

export const promptsFile = fields({
  "find-someone-who": list(fields({ id, text: text(300), label: text(LIMITS.optionLabel) }), LIMITS.options),
});

const stem = fields({ id, text: text(200), label: text(LIMITS.fieldLabel).optional() });
export const formsFile = fields({ round: list(stem, LIMITS.fields), review: list(stem, LIMITS.fields) });

/** A part has exactly one of these. */
const part = fields({
  text: text().optional(),
  strong: text().optional(),
  items: list(text(), MOST.items).optional(),
  "two-ways": list(fields({ from: text(), to: text() }), MOST.items).optional(),
  quote: id.optional(),
  "from-pack": oneOf(["place", "hosts"]).optional(),
}).refine((value) => Object.keys(value).length === 1, {
  error: 'E_FIELD: a part has exactly one field. Begin another part with its own "- ".',
});

const yesNo = z.boolean({ error: says("E_TYPE", (input) => `expected true or false, got ${named(input)}.`) });
const post = fields({ id, asks: yesNo.default(false), parts: list(part, MOST.items) });
const page = fields({
  id,
  title: text(LIMITS.threadTitle),
  imperative: text(40).optional(),
  posts: list(post, MOST.posts),
});
export const pagesFile = fields({ pages: list(page) });

const reminder = fields({
  id,
  text: text(),
  mine: list(oneOf(["now-what", "tomorrow", "look-for"]), 3, 0).default([]),
  offers: oneOf(["not-me", "count-me-in"]).optional(),
});
export const remindersFile = fields({ reminders: list(reminder) });

const day = z.enum(["one", "two"], {
  error: says(
    "E_PLAN_DAY",
    (input) => `there is no day ${String(input)}. A workshop has day one and day two; \`days\` counts from there.`,
  ),
});
const at = string().refine(isTimeOfDay, {
  error: (issue) =>
    `E_TIME: "${String(issue.input).slice(0, 40)}" is not a time. Use 00:00-23:59, with two digits each.`,
});
const every = string().refine(isPattern, {
  error: (issue) =>
    `E_TIME: "${String(issue.input).slice(0, 40)}" is not a pattern of days, or no day ever matches it. Use day of month, month and day of week, such as "* * MON-FRI" or "* * MON#1".`,
});

const size = z.literal([2, 3, 4, 5], {
  error: says("E_TYPE", (input) => `groups have 2 to 5 people, and this says ${named(input)}.`),
});

const whenAndHow = {
  id,
  title: text(LIMITS.threadTitle),
  day: day.optional(),
  days: whole(-MOST.days, MOST.days).optional(),
  every: every.optional(),
  at,
  missed: fields({ rule: oneOf(["once", "skip"]), withinMinutes: whole(1, MOST.minutes) }).optional(),
};

const does = {
  quote: { deck: id },
  show: { page: id },
  pairs: { size, mode: oneOf(["any", "bridge", "bond"]) },
  hunt: {},
  round: {},
  // The bot's own sentences have a name for each of these.
  review: { of: oneOf(["day-one", "day-two", "month"]) },
  remind: { reminder: id },
} as const;

const block = z.discriminatedUnion(
  "activity",
  [
    fields({ ...whenAndHow, activity: z.literal("quote"), ...does.quote }),
    fields({ ...whenAndHow, activity: z.literal("show"), ...does.show }),
    fields({ ...whenAndHow, activity: z.literal("pairs"), ...does.pairs }),
    fields({ ...whenAndHow, activity: z.literal("hunt"), ...does.hunt }),
    fields({ ...whenAndHow, activity: z.literal("round"), ...does.round }),
    fields({ ...whenAndHow, activity: z.literal("review"), ...does.review }),
    fields({ ...whenAndHow, activity: z.literal("remind"), ...does.remind }),
  ],
  {
    error: (issue) => {
      if (issue.code !== "invalid_union")
        return says("E_TYPE", (input) => `expected a block's fields, got ${named(input)}.`)(issue);
      const { activity } = { activity: undefined, ...(issue.input as object) }; // of a union's options, each is an object
      return activity === undefined ? "E_FIELD: missing" : `E_FIELD: ${noneOf(activity, Object.keys(does))}`;
    },
  },
);
const programme = fields({ id, title: text(LIMITS.threadTitle), blocks: list(block, MOST.blocks) });
export const programmeFile = fields({ programmes: list(programme) });

export type RawPart = z.output<typeof part>;
export type RawBlock = z.output<typeof block>;
