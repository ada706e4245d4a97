import { fc, test as property } from "@fast-check/vitest";
import { describe, expect, test } from "vitest";
import { sayings } from "../src/stems.ts";
import { pack } from "./stories/stage.ts";

const round = (text: string) => sayings(text, pack.stems).map(({ stem, text }) => [stem, text]);
const review = (text: string) => sayings(text, pack.steps).map(({ stem, text }) => [stem, text]);

describe("a typed reply answers the stem that it begins with", () => {
  test.each([
    ["I'm here because of Ana", [["here-because", "of Ana"]]],
    ["I’m here because … of Ana", [["here-because", "of Ana"]]],
    ["im here because of Ana", [["here-because", "of Ana"]]],
    ["  *I'm here because* of Ana", [["here-because", "of Ana"]]],
    ["I'm here because: of Ana", [["here-because", "of Ana"]]],
    ["I WANT TO BE BETTER AT listening", [["better-at", "listening"]]],
    ["Just curious", [["", "Just curious"]]],
    ["I am glad I'm here because of Ana", [["", "I am glad I'm here because of Ana"]]],
    ["I'm here because\nof Ana\nand Ben", [["here-because", "of Ana\nand Ben"]]],
    [
      "Hello all.\nI want to be better at maths",
      [
        ["", "Hello all."],
        ["better-at", "maths"],
      ],
    ],
    ["", []],
    [" \n ", []],
  ])("%j", (text, said) => expect(round(text)).toEqual(said));

  test.each([
    [
      "What? a\nSo what? b\nWhat now? c",
      [
        ["what", "a"],
        ["so-what", "b"],
        ["now-what", "c"],
      ],
    ],
    [
      "What: a\nwhat now: c",
      [
        ["what", "a"],
        ["now-what", "c"],
      ],
    ],
    ["What a day", [["", "What a day"]]],
    ["So what if it rains", [["", "So what if it rains"]]],
    ["What? a\nmore\nWhat? b", [["what", "a\nmore\nb"]]],
    ["**What?** a", [["what", "a"]]],
    ["What?", []],
  ])("%j", (text, said) => expect(review(text)).toEqual(said));
});

const line = fc.string().filter((text) => !/here|want|what/i.test(text));
property.prop([fc.array(line, { maxLength: 6 })])("words under no stem are there to the letter", (lines) => {
  const text = lines.join("\n");
  expect(round(text)).toEqual(text.trim() ? [["", text.trim()]] : []);
});

const stem = fc.constantFrom(...pack.stems.map(({ text }) => text));
property.prop([fc.array(fc.oneof(line, stem), { maxLength: 8 })])(
  "no stem is answered twice, and no answer is blank",
  (lines) => {
    const said = sayings(lines.join("\n"), pack.stems);
    expect(new Set(said.map((one) => one.stem)).size).toBe(said.length);
    for (const { text } of said) expect(text.trim()).not.toBe("");
  },
);
