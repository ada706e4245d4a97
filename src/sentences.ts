/** The bot's own sentences: ICU messages turned into spans. `texts.ts` reads their file. */
import { IntlMessageFormat } from "intl-messageformat";
import type { Phrases, Span } from "./platform.ts";
import { bold, italic, newline, quote, text } from "./words.ts";

type Values = Readonly<Record<string, string | number | Span>>;

export interface Sentences {
  /** Spans of one sentence. `<b>`, `<i>` and `<q>` are its only marks; what is put in is always plain text or a span. */
  spans(id: string, values?: Values): readonly Span[];
  /** The same where only plain text can stand, e.g. on a button or in a form. */
  text(id: string, values?: Values): string;
}

const marked = (mark: (words: string) => Span) => (chunks: readonly unknown[]) => mark(chunks.map(asText).join(""));
const MARKS = { b: marked(bold), i: marked(italic), q: marked(quote) };
/** ICU messages by their keys, `group.name`. */
export type Texts = Readonly<Record<string, string>>;

/** Each is compiled when it is first said: a start says only a few of them. */
export function sentencesOf(texts: Texts, language: string): Sentences {
  const formats = new Map<string, IntlMessageFormat>();
  const find = (id: string): IntlMessageFormat => {
    const text = texts[id];
    if (text === undefined) throw new Error(`There is no sentence "${id}".`);
    const format = formats.get(id) ?? compile(id, text, language);
    formats.set(id, format);
    return format;
  };
  return {
    spans: (id, values = {}) => toSpans(find(id), values),
    text: (id, values = {}) => toSpans(find(id), values).map(plain).join(""),
  };
}

export function compile(id: string, sentence: string, language: string): IntlMessageFormat {
  try {
    return new IntlMessageFormat(sentence.replace(/\n+$/, ""), language);
  } catch (cause) {
    throw new Error(`The sentence "${id}" is not an ICU message.`, { cause });
  }
}

type Part = string | Span | readonly Part[];

function toSpans(format: IntlMessageFormat, values: Values): Span[] {
  // The library's own type of a result is `string | T | (string | T)[]`; T is Span here.
  const parts = format.format<Span>({ ...values, ...MARKS } as never) as Part;
  return flatten(parts);
}

function flatten(part: Part): Span[] {
  if (typeof part === "string") {
    return part.split("\n").flatMap((line, at) => [...(at ? [newline] : []), ...(line ? [text(line)] : [])]);
  }
  return "kind" in part ? [part] : part.flatMap(flatten);
}

const asText = (chunk: unknown): string => (typeof chunk === "string" ? chunk : plain(chunk as Span));

/** What an eye reads of a span where no span can be shown. */
function plain(span: Span): string {
  switch (span.kind) {
    case "newline":
      return "\n";
    case "mention":
      return "";
    case "time":
      return span.fallback;
    default:
      return span.text;
  }
}

/** The words an adapter needs by itself. */
export function phrases(say: Sentences): Phrases {
  return {
    required: say.text("form.required"),
    tooLong: (limit) => say.text("form.too-long", { limit }),
    noSuchOption: say.text("form.no-such-option"),
    tryAgain: say.text("form.try-again"),
    openAgain: say.text("form.open-again"),
    notKept: say.text("form.not-kept"),
    outOfDate: say.text("form.out-of-date"),
  };
}
