import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { ROOT } from "../src/root.ts";
import { bold } from "../src/words.ts";
import { pack, say } from "./stories/stage.ts";

const SOURCES = readdirSync(join(ROOT, "src"), { recursive: true, encoding: "utf8" }).filter((path) =>
  path.endsWith(".ts"),
);
const code = SOURCES.map((path) => readFileSync(join(ROOT, "src", path), "utf8")).join("\n");
const yaml = readFileSync(join(ROOT, "content", "sentences", "en.yaml"), "utf8");

/** A value for every argument that any sentence has. */
const EVERYTHING = Object.fromEntries([...yaml.matchAll(/\{(\w+)/g)].map(([, name = ""]) => [name, 2]));

describe("the bot's own sentences", () => {
  const used = [
    ...code.matchAll(/\b(?:spans|text)\(\s*(?:[^()"`]*\? )?"([a-z-]+\.[a-z-]+)"(?: : "([a-z-]+\.[a-z-]+)")?/g),
  ];
  const ids = [...new Set(used.flatMap(([, first, second]) => [first, second]).filter((id) => id !== undefined))];

  test.each(ids)("%s is there", (id) => expect(() => say.text(id, EVERYTHING)).not.toThrow());

  test("were found at all", () => expect(ids.length).toBeGreaterThan(60));

  test("shout nowhere, and call nobody a user", () => {
    expect(yaml.replace(/^#.*$/gm, "")).not.toMatch(/!|\b(users?|submit(ted)?|error occurred|successful(ly)?)\b/i);
  });

  test("are told apart by number: two, three, five", () => {
    const asked = (count: number) => say.text("pairs.ask", { count, ask: "is here", first: "Ana" });
    expect(asked(2)).toContain("the two of you");
    expect(asked(3)).toContain("the three of you");
    expect(asked(5)).toContain("the five of you");
  });

  test("what is put in is text, whatever it holds", () => {
    const nasty = "<b>{name}</b> '{' <q>";
    expect(say.spans("collect.wrote", { name: bold(nasty) })).toEqual([bold(nasty), { kind: "text", text: " wrote:" }]);
    expect(say.text("hunt.asked", { name: nasty })).toBe(`Thank you. It counts as soon as ${nasty} says yes.`);
  });

  test("a name that is not there is our mistake, and says which", () => {
    expect(() => say.text("no.such")).toThrow("no.such");
  });

  test("no code speaks for itself: the pack's own stems stand in no source", () => {
    const bare = code.replace(/\/\*[\s\S]*?\*\/|\/\/.*/g, "");
    const spoken = [...pack.stems, ...pack.findSomeone].filter(({ text }) => bare.includes(text));
    expect(spoken).toEqual([]);
  });
});
