import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { content, render } from "../../../adapters/discord/render.ts";
import type { Span, UserId } from "../../../src/platform.ts";
import { bold, italic, link, mention, newline, quote, text, textLength, time } from "../../../src/words.ts";
import { read } from "../../fakes/discord/reads.ts";

// What the adapter mints; the test stands in for it.
const ANA = "discord:80351110224678912" as UserId;
const names = { nameOf: () => "ana" };

/** Pieces that mean something to Discord, alone or side by side. */
const PIECES = [
  ..."\\*_~`|<>()[]@#:!&+-.=1 \n\t\r\u200b\u202e",
  ..."@everyone @here <@80351110224678912> <@&1> <#2> </run:3> <:a:4> <t:0:R> :smile: ||x|| ```js\n``` ~~y~~ __z__".split(
    " ",
  ),
  ..."https://evil.example http:// [bank](https://evil.example) discord.gg/abc **b** *i* # - >>> > -# 1. é 🌱 \ud800".split(
    " ",
  ),
];
const typed = fc.array(fc.constantFrom(...PIECES), { maxLength: 12 }).map((pieces) => pieces.join(""));
const kinds = fc.constantFrom(text, bold, italic, quote);

/** Zero-width spaces keep marks apart; white space at line ends and line breaks are Discord's own affair. */
const words = (value: string) => value.replaceAll(/[\u200b\s]/g, "");

describe("what a person typed", () => {
  test("never pings, links or marks anything, wherever it stands (10,000 strings)", () => {
    let pings = 0;
    let links = 0;
    const began = performance.now();
    fc.assert(
      fc.property(fc.array(fc.tuple(kinds, typed), { minLength: 2, maxLength: 2 }), (parts) => {
        const body = parts.map(([kind, value]) => kind(value));
        const { body: sent } = render({ body }, "");
        const seen = read(sent.content, names);
        pings += seen.mentions.length + sent.allowed_mentions.users.length + (seen.marks.has("ping") ? 1 : 0);
        links += seen.links.length;
        expect(words(seen.text)).toBe(words(parts.map(([, value]) => value).join("")));
        expect([...seen.marks].filter((mark) => !["bold", "italic", "quote"].includes(mark))).toEqual([]);
      }),
      { numRuns: 5_000, seed: 20261122 },
    );
    const ms = Math.round(performance.now() - began);
    console.log(`Discord: 10,000 typed strings in ${ms} ms, ${pings} pings, ${links} links`);
    expect([pings, links]).toEqual([0, 0]);
  });

  test("costs no more than the port counts", () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(kinds, typed), { maxLength: 40 }), (parts) => {
        const body = parts.map(([kind, value]) => kind(value));
        fc.pre(textLength(body) <= 1_800);
        expect(content(body).length).toBeLessThanOrEqual(2_000);
      }),
      { numRuns: 1_000, seed: 7 },
    );
  });
});

describe("our own markup", () => {
  const shown = (...body: Span[]) => content(body);

  test.each<[string, Span[], string]>([
    ["bold and italic side by side stay two", [bold("a"), italic("b")], "**a**\u200b*b*"],
    ["no white space within marks", [bold(" a "), text("b")], "**a** b"],
    ["nothing for nothing", [bold(""), text("b")], "b"],
    ["a quote on lines of its own", [text("a"), quote("b\nc"), text("d")], "a\n> b\n> c\nd"],
    ["no second line break after a quote", [quote("b"), newline, italic("c")], "> b\n*c*"],
    [
      "a link with its label",
      [link("the [page]", "https://example.org/a_(b)")],
      "[the \\[page\\]](https://example.org/a_%28b%29)",
    ],
    ["no link to anything but the web", [link("x", "javascript:alert(1)")], "x \\(javascript\\:alert\\(1\\)\\)"],
    ["a mention", [mention(ANA)], "<@80351110224678912>"],
    ["a time in the reader's zone", [time(1_795_000_000_500, "moment", "…")], "<t:1795000000:f>"],
    ["a time and a date", [time(0, "time", ""), text(" "), time(0, "date", "")], "<t:0:t> <t:0:D>"],
  ])("%s", (_what, body, expected) => {
    expect(shown(...body)).toBe(expected);
  });

  test("is read as it is meant", () => {
    const seen = read(shown(bold("a*b"), italic("c_d"), quote("e> f"), link("g", "https://h.example/")), names);
    expect(seen.text).toBe("a*b\u200bc_d\ne> f\ng");
    expect([...seen.marks].sort()).toEqual(["bold", "italic", "link", "quote"]);
  });

  test("notifies exactly whom the core mentions, each once", () => {
    const { body } = render({ body: [mention(ANA), text(" <@1> @everyone "), mention(ANA)] }, "");
    expect(body.allowed_mentions).toEqual({ parse: [], users: ["80351110224678912"], replied_user: false });
  });

  test("is refused as our bug where it is too long", () => {
    expect(() => shown(text("x".repeat(2_001)))).toThrow(expect.objectContaining({ fault: "invalid" }));
  });
});
