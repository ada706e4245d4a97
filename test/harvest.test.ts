import { expect, test } from "vitest";
import type { Harvest } from "../src/harvest/harvest.ts";
import { asMarkdown } from "../src/harvest/markdown.ts";

const AT = "2027-12-06T10:00:00Z";
const harvest = (parts: Partial<Harvest>): Harvest => ({
  community: "room/workshop",
  dayOne: "2027-12-06",
  dayTwo: "2027-12-07",
  answers: [],
  quotes: [],
  ties: [],
  ...parts,
});
const answer = (text: string, by = "Ana") => ({ prompt: "Review day one", stem: "What now?", by, text, at: AT });

test("answers stand under what was asked, ties and quotes after them", () => {
  const document = asMarkdown([
    harvest({
      answers: [answer("ring the community centre"), answer("sing", "Ben")],
      ties: [
        { people: ["Ana", "Ben"], at: AT, state: "met" },
        { people: ["Ana", "Cleo"], at: AT, state: "planned" },
      ],
    }),
  ]);
  expect(document).toContain(
    "### Review day one: What now?\n\n- **Ana**: ring the community centre\n- **Ben**: sing\n",
  );
  expect(document).toContain("- Ana and Ben");
  expect(document).not.toContain("Cleo");
});

test("a quote is shown with its source and with where it stood, each where there is one", () => {
  const document = asMarkdown([
    harvest({
      quotes: [
        { text: "One", source: "Tom", from: "from the slides", at: AT },
        { text: "Two", from: "from a session", at: AT },
        { text: "Three", at: AT },
      ],
    }),
  ]);
  expect(document).toContain("> One\n>\n> Tom\n>\n> from the slides\n");
  expect(document).toContain("> Two\n>\n> from a session\n");
  expect(document).toContain("> Three\n\n");
});

// By the rules of CommonMark, each of these would begin a list, a heading, a rule or a table in a line of its own.
test.each([
  "- a list",
  "+ a list",
  "1. a list",
  "23) a list",
  "---",
  "===",
  "# a heading",
  "> a quote",
  "| a | table |",
])("what people wrote is text in every line of it: %s", (line) => {
  const [shown = ""] = asMarkdown([harvest({ answers: [answer(`first\n${line}`)] })]).match(/first.*\n.*/) ?? [];
  expect(shown.split("\n")[1]).toMatch(/^ {2}(?:\\|\d+\\[.)])/);
  expect(shown.split("\n")[1]?.replaceAll("\\", "").trim()).toBe(line);
});

test("what people wrote closes no mark and opens none", () => {
  const document = asMarkdown([harvest({ answers: [answer("**b** _i_ `c` [a](http://x) <b> &amp; ~~s~~ \\")] })]);
  expect(document).toContain("\\*\\*b\\*\\* \\_i\\_ \\`c\\` \\[a\\](http://x) \\<b\\> \\&amp; \\~\\~s\\~\\~ \\\\");
});
