/** Nothing a person typed is ever a mention, a link or markup: not in the blocks, not in the text beside them. */
import fc from "fast-check";
import { expect, test } from "vitest";
import { newIds } from "../../../adapters/slack/ids.ts";
import { render } from "../../../adapters/slack/render.ts";
import type { Span } from "../../../src/platform.ts";
import { bold, italic, link, mention, newline, quote, text, time } from "../../../src/words.ts";
import { read, refused } from "../../fakes/slack/blocks.ts";

const ids = newIds("T1");
const drawn = (...body: Span[]) => render({ body }, ids.userOf);
const BAIT = [
  "<",
  ">",
  "|",
  "@",
  "!",
  "#",
  "&",
  "&lt;",
  "*",
  "_",
  "~",
  "`",
  "\n",
  "channel",
  "here",
  "U0ANA0000",
  "subteam^S1",
  "https://evil.example",
  ":smile:",
  "\ud83d",
  "\u202e",
  "\0",
  " ",
];

test("10,000 strings stay words on every path", () => {
  const hostile = fc.array(fc.oneof(fc.constantFrom(...BAIT), fc.string({ unit: "binary", maxLength: 3 })), {
    maxLength: 12,
  });
  const spans = fc.constantFrom<(value: string) => Span>(text, bold, italic, quote, (label) =>
    link(label, "https://example.org"),
  );
  fc.assert(
    fc.property(hostile, spans, (parts, span) => {
      const typed = parts.join("");
      const { blocks, text: beside } = drawn(text("x"), span(typed), newline);
      const seen = JSON.parse(JSON.stringify(blocks));
      const shown = read(seen, (id) => id);
      const whole = shown.text.includes(typed.replace(/\p{Surrogate}/gu, "\uFFFD"));
      const inert = shown.mentions.length === 0 && !/[<>]/.test(beside) && !/\p{Surrogate}/u.test(beside);
      // Not `expect`: ten thousand of them take longer than all the rest.
      return refused(seen, 50) === undefined && whole && inert;
    }),
    { numRuns: 10_000, seed: 7 },
  );
});

test("every span has its one element", () => {
  const at = Date.UTC(2026, 10, 24, 9);
  const user = ids.user("U1");
  const { blocks, text: beside } = drawn(
    bold("a"),
    italic("b"),
    newline,
    mention(user),
    time(at, "moment", "at nine"),
    quote("q"),
    link("l", "https://x.org/?a=1&b=2"),
  );
  expect(blocks).toEqual([
    {
      type: "rich_text",
      elements: [
        {
          type: "rich_text_section",
          elements: [
            { type: "text", text: "a", style: { bold: true } },
            { type: "text", text: "b", style: { italic: true } },
            { type: "text", text: "\n" },
            { type: "user", user_id: "U1" },
            { type: "date", timestamp: at / 1_000, format: "{date_short_pretty} {time}", fallback: "at nine" },
          ],
        },
        { type: "rich_text_quote", elements: [{ type: "text", text: "q" }] },
        { type: "rich_text_section", elements: [{ type: "link", url: "https://x.org/?a=1&b=2", text: "l" }] },
      ],
    },
  ]);
  expect(beside).toBe("ab\n<@U1>at nineql");
});

test("a link leads to the web or to mail; anything else is words", () => {
  const { blocks } = drawn(link("press", "javascript:alert(1)"));
  expect(JSON.stringify(blocks)).not.toContain('"link"');
  expect(read(JSON.parse(JSON.stringify(blocks)), String).text).toBe("press (javascript:alert(1))");
});

test("what is too long is refused, never cut", () => {
  expect(() => drawn(text("x".repeat(1_801)))).toThrow(/1801 characters/);
  const button = { id: "b", label: "x".repeat(76) };
  expect(() => render({ body: [text("x")], buttons: [button] }, ids.userOf)).toThrow(/76 characters/);
});

test("an empty body or a lone newline next to a quote makes no empty element", () => {
  expect(drawn().blocks).toEqual([]);
  expect(drawn(text(""), newline, quote("q"), newline).blocks).toHaveLength(1);
  expect(
    read(JSON.parse(JSON.stringify(drawn(text("a"), newline, quote("q"), newline, text("b")).blocks)), String).text,
  ).toBe("a\nq\nb");
});
