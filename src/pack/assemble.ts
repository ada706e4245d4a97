/** Puts the files of a pack together: references resolved, ids unique, every message measured. */
import type { z } from "zod";
import { newline, text } from "../words.ts";
import { postBody, quoteBody } from "./body.ts";
import { Findings } from "./findings.ts";
import type { Pack, Page, PagePost, Part, Quote, Reminder, Stem } from "./pack.ts";
import type { Problem } from "./problem.ts";
import { programmesOf } from "./programmes.ts";
import type * as schema from "./schema.ts";
import type { Path, Source } from "./source.ts";

export interface File<T extends z.ZodType> {
  readonly source: Source;
  readonly data: z.output<T>;
}

export interface Parts {
  readonly pack: File<typeof schema.packFile>;
  readonly quotes: File<typeof schema.quotesFile>;
  readonly prompts: File<typeof schema.promptsFile>;
  readonly forms: File<typeof schema.formsFile>;
  readonly pages: File<typeof schema.pagesFile>;
  readonly reminders: File<typeof schema.remindersFile>;
  readonly programme: File<typeof schema.programmeFile>;
}

interface Assembled {
  readonly pack: Pack;
  readonly problems: readonly Problem[];
  readonly warnings: readonly Problem[];
}

/** The pack may be used only where there are no problems. */
export function assemble(parts: Parts): Assembled {
  const findings = new Findings();
  for (const { source } of Object.values(parts)) findings.mentions(source);
  const quotes = quotesOf(parts.quotes, findings);
  const pages = pagesOf(parts, quotes, findings);
  const reminders = remindersOf(parts.reminders, findings);
  const decks = new Set(quotes.map(({ deck }) => deck));
  const names = {
    decks: [...decks, "all"],
    pages: pages.map(({ id }) => id),
    reminders: reminders.map(({ id }) => id),
  };
  const pack: Pack = {
    ...parts.pack.data,
    quotes,
    findSomeone: findSomeoneOf(parts.prompts, findings),
    ...stemsOf(parts.forms, findings),
    pages,
    reminders,
    programmes: programmesOf(parts.programme, names, findings),
  };
  return { pack, problems: findings.problems, warnings: findings.warnings };
}

/** An entry that is there or is not, never there as undefined. */
const given = <K extends string, V>(key: K, value: V | undefined) =>
  // A computed key widens to string; it is K.
  (value === undefined ? {} : { [key]: value }) as { readonly [P in K]?: V };

function quotesOf({ source, data }: File<typeof schema.quotesFile>, findings: Findings): readonly Quote[] {
  const placed = data.decks.flatMap((deck, d) =>
    deck.quotes.map(({ id, text: words, source: whose, title }, q) => {
      const quote = { id, text: words, deck: deck.id };
      const more = { ...given("source", whose), ...given("from", deck.from), ...given("title", title) };
      return { id, path: ["decks", d, "quotes", q], quote: { ...quote, ...more } satisfies Quote };
    }),
  );
  findings.unique(
    source,
    "deck",
    data.decks.map(({ id }, d) => ({ id, path: ["decks", d] })),
  );
  findings.unique(source, "quote", placed);
  for (const { quote, path } of placed) findings.fits(source, quoteBody(quote), [...path, "text"]);
  return placed.map(({ quote }) => quote);
}

function pagesOf({ pages: file, pack }: Parts, quotes: readonly Quote[], findings: Findings): readonly Page[] {
  const { source, data } = file;
  findings.unique(
    source,
    "page",
    data.pages.map(({ id }, p) => ({ id, path: ["pages", p] })),
  );
  return data.pages.map(({ id, title, imperative, posts: raw }, p) => {
    const path = ["pages", p, "posts"];
    findings.unique(
      source,
      "post",
      raw.map((post, i) => ({ id: post.id, path: [...path, i] })),
    );
    const posts = raw.map(({ id, asks, parts }, i): PagePost => {
      const found = parts.flatMap((part, j) =>
        partsOf(part, pack.data, quotes, (quote) =>
          findings.known(
            source,
            "quote",
            quote,
            quotes.map((known) => known.id),
            [...path, i, "parts", j, "quote"],
          ),
        ),
      );
      return { id, asks, parts: found };
    });
    const page: Page = { id, title, ...given("imperative", imperative), posts };
    for (const [i, post] of posts.entries()) findings.fits(source, postBody(page, post), [...path, i]);
    return page;
  });
}

/** One entry as written may be several parts: a list is an item each. */
function partsOf(
  raw: schema.RawPart,
  pack: z.output<typeof schema.packFile>,
  quotes: readonly Quote[],
  check: (quote: string) => void,
): readonly Part[] {
  const item = (text: string): Part => ({ kind: "item", text });
  if (raw.text !== undefined) return [{ kind: "text", text: raw.text }];
  if (raw.strong !== undefined) return [{ kind: "strong", text: raw.strong }];
  if (raw.items !== undefined) return raw.items.map(item);
  if (raw["two-ways"] !== undefined) return raw["two-ways"].map((pair): Part => ({ kind: "two-ways", ...pair }));
  if (raw["from-pack"] === "hosts") return pack.hosts.map(item);
  if (raw.quote === undefined) return [{ kind: "text", text: pack.place }];
  check(raw.quote);
  return quotes.filter(({ id }) => id === raw.quote).map((quote): Part => ({ kind: "quote", quote }));
}

function remindersOf({ source, data }: File<typeof schema.remindersFile>, findings: Findings): readonly Reminder[] {
  findings.unique(source, "reminder", entries("reminders", data.reminders));
  return data.reminders.map(({ id, text: words, mine, offers }, r) => {
    findings.fits(source, [text(words)], ["reminders", r, "text"]);
    return { id, text: words, mine, ...given("offers", offers) };
  });
}

const entries = (list: string, all: readonly { readonly id: string }[]): { id: string; path: Path }[] =>
  all.map(({ id }, index) => ({ id, path: [list, index] }));

function findSomeoneOf({ source, data }: File<typeof schema.promptsFile>, findings: Findings) {
  const all = data["find-someone-who"];
  findings.unique(source, "prompt", entries("find-someone-who", all));
  // The hunt shows all of them in one message.
  findings.fits(
    source,
    all.flatMap(({ text: words }) => [text(words), newline]),
    ["find-someone-who"],
  );
  return all;
}

function stemsOf({ source, data }: File<typeof schema.formsFile>, findings: Findings) {
  const labelled = (list: "round" | "review"): readonly Stem[] => {
    findings.unique(source, "stem", entries(list, data[list]));
    return data[list].map(({ id, text: words, label }, index) => {
      findings.label(source, label ?? words, [list, index, "text"]);
      return { id, text: words, label: label ?? words };
    });
  };
  return { stems: labelled("round"), steps: labelled("review") };
}
