/** The bot's own sentences: ICU messages from `content/sentences/<language>.yaml`, turned into spans. */
import { readFileSync } from "node:fs";
import { IntlMessageFormat } from "intl-messageformat";
import { parse } from "yaml";
import { z } from "zod";
import type { Phrases, Span } from "./platform.ts";
import { bold, italic, newline, quote, text } from "./words.ts";

export type Values = Readonly<Record<string, string | number | Span>>;

export interface Sentences {
  /** Spans of one sentence. `<b>`, `<i>` and `<q>` are its only marks; what is put in is always plain text or a span. */
  spans(id: string, values?: Values): readonly Span[];
  /** The same where only plain text can stand, e.g. on a button or in a form. */
  text(id: string, values?: Values): string;
}

const MARKS = { b: bold, i: italic, q: quote } as const;
const File = z.record(z.string(), z.union([z.string(), z.record(z.string(), z.string())]));

/** Keys are `group.name` of the file's two levels. A sentence that does not parse is refused here, by its key. */
export function readSentences(file: string, language: string): Sentences {
  const formats = new Map<string, IntlMessageFormat>();
  for (const [group, entry] of Object.entries(File.parse(parse(readFileSync(file, "utf8"))))) {
    const sentences = typeof entry === "string" ? [["", entry] as const] : Object.entries(entry);
    for (const [name, sentence] of sentences) {
      const id = name ? `${group}.${name}` : group;
      formats.set(id, compile(id, sentence, language));
    }
  }
  const find = (id: string): IntlMessageFormat => {
    const format = formats.get(id);
    if (!format) throw new Error(`There is no sentence "${id}" in ${file}.`);
    return format;
  };
  return {
    spans: (id, values = {}) => toSpans(find(id), values),
    text: (id, values = {}) => toSpans(find(id), values).map(plain).join(""),
  };
}

function compile(id: string, sentence: string, language: string): IntlMessageFormat {
  try {
    return new IntlMessageFormat(sentence.replace(/\n+$/, ""), language);
  } catch (cause) {
    throw new Error(`The sentence "${id}" is not an ICU message.`, { cause });
  }
}

type Part = string | Span | readonly Part[];

function toSpans(format: IntlMessageFormat, values: Values): Span[] {
  const marks = Object.fromEntries(
    Object.entries(MARKS).map(([tag, mark]) => [
      tag,
      (chunks: readonly unknown[]) => mark(chunks.map(asText).join("")),
    ]),
  );
  // The library's own type of a result is `string | T | (string | T)[]`; T is Span here.
  const parts = format.format<Span>({ ...values, ...marks } as never) as Part;
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
export function plain(span: Span): string {
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
