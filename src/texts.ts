/** The file of the bot's own sentences, read and checked: two levels of keys, each sentence an ICU message. */
import { readFileSync } from "node:fs";
import { parse } from "yaml";
import { z } from "zod";
import { compile, type Sentences, sentencesOf, type Texts } from "./sentences.ts";

const File = z.record(z.string(), z.union([z.string(), z.record(z.string(), z.string())]));

/** Keys are `group.name`. A sentence that does not parse is refused here, by its key. */
export function readTexts(file: string, language: string): Texts {
  const groups = Object.entries(File.parse(parse(readFileSync(file, "utf8"))));
  const texts = groups.flatMap(([group, entry]) =>
    typeof entry === "string"
      ? [[group, entry] as const]
      : Object.entries(entry).map(([name, sentence]) => [`${group}.${name}`, sentence] as const),
  );
  for (const [id, sentence] of texts) compile(id, sentence, language);
  return Object.fromEntries(texts);
}

export const readSentences = (file: string, language: string): Sentences =>
  sentencesOf(readTexts(file, language), language);
