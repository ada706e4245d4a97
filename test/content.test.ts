/** The built-in pack against its source: the slides as their text was extracted, kept in fixtures/slides.txt. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { postBody, quoteBody } from "../src/pack/body.ts";
import { type Block, checkPack, loadPack, type Part } from "../src/pack/pack.ts";
import { textLength } from "../src/words.ts";
import { DAY_TWO, HARD_TO_HEAR, MADE_OF, MENDS, OPENING, SAID_ELSEWHERE, SUM } from "./fixtures/slides.ts";

const FOLDER = join(import.meta.dirname, "../content/better-together");
const pack = loadPack(FOLDER);
const workshop = pack.programmes["workshop"]?.blocks ?? [];
const alumni = pack.programmes["alumni"]?.blocks ?? [];

/** Quotation marks, dashes, bullets, commas, dots that trail off, spaces and case do not count. */
const fold = (text: string): string =>
  text
    .replace(/…[.…]*|\.{2,}/g, "")
    .replace(/[\s'"‘’“”\-–—•,]/g, "")
    .toLowerCase();

const slides = MENDS.reduce(
  (text, [slip, mended]) => {
    if (!text.includes(slip)) throw new Error(`The slides have no "${slip}".`);
    return text.replaceAll(slip, mended);
  },
  fold(readFileSync(join(import.meta.dirname, "fixtures/slides.txt"), "utf8")),
);

const words = (part: Part): readonly string[] => {
  if (part.kind === "two-ways") return [part.from, part.to];
  return part.kind === "quote" ? [part.quote.text] : [part.text];
};
const posts = pack.pages.flatMap((page) => page.posts.map((post) => ({ page, post })));
const page = (id: string) => pack.pages.find((candidate) => candidate.id === id);
const items = (id: string, kind: Part["kind"] = "item") =>
  (page(id)?.posts ?? []).flatMap(({ parts }) => parts.filter((part) => part.kind === kind).flatMap(words));

/** Everything of the slides that the pack holds. */
const held = [
  ...pack.quotes.flatMap(({ text, source, title }) => [text, source ?? "", title ?? ""]),
  ...pack.findSomeone.map(({ text }) => text),
  ...[...pack.stems, ...pack.steps].map(({ text }) => text),
  ...pack.pages.flatMap(({ title, imperative }) => [...title.split(" – More"), imperative ?? ""]),
  ...posts.flatMap(({ post }) => post.parts.flatMap(words)),
  "More than the sum",
  "Audit Commission",
].filter((text) => text !== "");

describe("the slides", () => {
  test("the pack is sound and calls nobody", () => {
    expect(checkPack(FOLDER)).toMatchObject({ problems: [], warnings: [] });
  });

  test.each(held)("say %j", (text) => expect(slides).toContain(fold(text)));

  test.each(SAID_ELSEWHERE)("are named: %s", (text) => {
    const titles = [...workshop.map(({ title }) => title), ...pack.quotes.map(({ from }) => from ?? "")];
    expect(fold(titles.join("\n"))).toContain(fold(text));
  });

  test("say nothing that the pack does not hold", () => {
    const longestFirst = [...held, ...SAID_ELSEWHERE].map(fold).sort((a, b) => b.length - a.length);
    const left = longestFirst.reduce((text, piece) => text.replaceAll(piece, "|"), slides);
    expect(left.split("|").filter((piece) => piece !== "")).toEqual([]);
  });
});

describe("the quotes", () => {
  const of = (deck: string) => pack.quotes.filter((quote) => quote.deck === deck);
  const shown = (deck: string) => of(deck).map(({ id, text, source }) => ({ id, text, source }));
  const begins = (rows: typeof OPENING) =>
    rows.map(([id, beginning, source]) => ({ id, text: expect.stringMatching(new RegExp(`^${beginning}`)), source }));

  test("are 36, each as it begins and with the slide's own attribution", () => {
    expect(shown("arrival")).toEqual(begins(OPENING));
    expect(shown("more-than-the-sum")).toEqual(begins(SUM));
    expect(shown("hard-to-hear")).toEqual(begins(HARD_TO_HEAR));
    expect([OPENING, SUM, HARD_TO_HEAR].map((rows) => rows.length)).toEqual([20, 3, 13]);
    expect(pack.quotes).toHaveLength(36);
  });

  test("say in our words where they stood", () => {
    for (const { from } of of("arrival")) expect(from).toContain("Community Leadership Strategy");
    for (const { from } of of("more-than-the-sum")) expect(from).toBe("from More than the sum, Audit Commission");
    for (const { from } of of("hard-to-hear")) {
      expect(from).toBe("from the session Reaching out to the ‘hard to hear’, Laura Chapman");
    }
  });

  test("that go on from their slide stand under its title", () => {
    const titled = pack.quotes.flatMap(({ id, title }) => (title === undefined ? [] : [[id, title]]));
    expect(titled).toEqual([
      ["chapman-fairer-society", "Why?"],
      ["chapman-balance", "The bigger picture"],
      ["chapman-met-needs", "The bigger picture"],
      ["chapman-conditions", "The bigger picture"],
    ]);
  });
});

describe("the pages", () => {
  test.each(MADE_OF)("%s has %i of %s", (id, count, kind) => expect(items(id, kind)).toHaveLength(count));

  test("have the imperative of their slide", () => {
    const imperatives = pack.pages.flatMap(({ id, imperative }) =>
      imperative === undefined ? [] : [[id, imperative]],
    );
    expect(imperatives).toEqual([
      ["why", "Think!"],
      ["understandings", "Develop!"],
      ["shared-vision", "Listen!"],
      ["gifts", "Promote!"],
      ["relationships", "Liberate!"],
      ["bigger-picture", "Build!"],
    ]);
  });

  test("ask the five questions, each in a message of its own", () => {
    const asking = posts.filter(({ post }) => post.asks);
    expect(asking.map(({ page: { id }, post }) => [id, post.id])).toEqual(
      ["ethos", "wider-community", "integrated", "families", "resource"].map((id) => ["questions", id]),
    );
  });

  test("name the five hosts", () => {
    expect(items("hosts")).toEqual(pack.hosts);
    expect(pack.hosts).toEqual([
      "Laura Mole Chapman",
      "Jackie Dearden",
      "Maggie Farrar",
      "George Otero",
      "John West Burnham",
    ]);
  });

  test("set two ways of seeing side by side", () => {
    expect(page("gifts")?.posts[0]?.parts.filter(({ kind }) => kind === "two-ways")).toEqual([
      {
        kind: "two-ways",
        from: "Clients/users have deficiencies and are perceived as weak/victims",
        to: "Individuals have strengths",
      },
      {
        kind: "two-ways",
        from: "Minorities are deprived and have needs",
        to: "Communities have capacities, assets and power",
      },
    ]);
  });
});

test("seven to find, three stems, three steps", () => {
  expect(pack.findSomeone).toHaveLength(7);
  expect(pack.stems.map(({ text }) => text)).toEqual([
    "I’m here because …",
    "I want to be better at …",
    "I want to understand more about …",
  ]);
  expect(pack.steps.map(({ text }) => text)).toEqual(["What?", "So what?", "What now?"]);
});

test("every message fits, with room for what the bot adds", () => {
  for (const quote of pack.quotes) expect(textLength(quoteBody(quote))).toBeLessThanOrEqual(1_500);
  for (const { page: slide, post } of posts) expect(textLength(postBody(slide, post))).toBeLessThanOrEqual(1_500);
});

describe("the programmes", () => {
  const activity = (blocks: readonly Block[], name: Block["does"]["activity"]) =>
    blocks.flatMap(({ does }) => (does.activity === name ? [does] : []));
  const drawn = (deck: string) => workshop.filter(({ does }) => does.activity === "quote" && does.deck === deck);

  test("show every slide but those that stand as quotes, in their order", () => {
    const shown = activity(workshop, "show").map((does) => "page" in does && does.page);
    expect(shown).toEqual(["welcome", "hosts", "aims", "urgency", "journey", "questions", ...DAY_TWO, "framework"]);
    const never = pack.pages.filter(({ id }) => !shown.includes(id)).map(({ id }) => id);
    expect(never).toEqual(["more-than-the-sum"]);
  });

  test("draw the whole arrival deck, and the whole of More than the sum on day one", () => {
    expect(drawn("arrival")).toHaveLength(20);
    expect(drawn("more-than-the-sum").map(({ when }) => "day" in when && [when.day, when.offset])).toEqual(
      Array.from({ length: 3 }, () => ["one", 0]),
    );
    for (const { when } of drawn("hard-to-hear")) expect(when).toMatchObject({ day: "two", offset: 0 });
    expect(drawn("hard-to-hear").length).toBeGreaterThan(0);
  });

  test("run each day from its blocks' first to last without going back", () => {
    for (const day of ["one", "two"]) {
      const times = workshop.flatMap(({ when }) =>
        when.kind === "day" && when.day === day && when.offset === 0 ? [when.at] : [],
      );
      expect(times).toEqual([...times].sort());
      expect(new Set(times).size).toBe(times.length);
    }
  });

  test("have who we are, why we are here and both reviews where the slides have them", () => {
    const order = workshop.map(({ id }) => id);
    const asOnTheSlides = ["welcome", "hosts", "who-are-we", "hunt", "why-are-we-here", "aims", "urgency", "journey"];
    const then = ["more-than-the-sum-1", "questions", "review-one", "evening-between", "morning-two", "why"];
    const positions = [...asOnTheSlides, ...then, "framework-again", "review-two"].map((id) => order.indexOf(id));
    expect(positions).not.toContain(-1);
    expect(positions).toEqual([...positions].sort((a, b) => a - b));
  });

  test("bring together within communities first, then across, and never within only", () => {
    expect(activity(workshop, "pairs").map((does) => "mode" in does && does.mode)).toEqual([
      "bond",
      "bridge",
      "bridge",
    ]);
  });

  test("remind before, between, and 7 and 30 days after, each with its own", () => {
    const reminders = [...activity(workshop, "remind"), ...activity(alumni, "remind")].map(
      (does) => "reminder" in does && does.reminder,
    );
    expect([...reminders].sort()).toEqual(pack.reminders.map(({ id }) => id).sort());
    const weeks = workshop.filter(({ id }) => id.endsWith("-after") && !id.startsWith("after"));
    expect(weeks.map(({ when }) => when)).toMatchObject([
      { day: "two", offset: 7 },
      { day: "two", offset: 30 },
    ]);
    const mine = (id: string) => pack.reminders.find((reminder) => reminder.id === id)?.mine;
    expect(mine("evening-between")).toEqual(["now-what", "tomorrow", "look-for"]);
    expect([mine("week-after"), mine("month-after")]).toEqual([["now-what"], ["now-what"]]);
  });

  test("give alumni a quote each weekday from every deck, and pairs twice a month", () => {
    expect(alumni).toMatchObject([
      { id: "daily-quote", when: { pattern: "* * MON-FRI" }, does: { deck: "all" } },
      {},
      { id: "pairs", when: { pattern: "* * MON#1,MON#3" }, does: { activity: "pairs", size: 2 } },
      {},
      {},
      {},
      {},
    ]);
    expect(alumni.every(({ when }) => when.kind === "every")).toBe(true);
  });

  test("let a missed quote wait longer than a reminder", () => {
    const missed = (name: string) => workshop.find(({ does }) => does.activity === name)?.missed;
    expect(missed("quote")).toEqual({ rule: "once", withinMinutes: 720 });
    expect(missed("review")).toEqual({ rule: "once", withinMinutes: 720 });
    expect(missed("pairs")).toEqual({ rule: "once", withinMinutes: 120 });
    expect(missed("remind")).toEqual({ rule: "skip", withinMinutes: 30 });
  });
});
