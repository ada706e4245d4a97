/** Bad packs: what comes in, and what the person who wrote it is told. */
import { execFileSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { fc, test as property } from "@fast-check/vitest";
import { afterEach, describe, expect, test } from "vitest";
import { checkPack, formatProblem, loadPack, PackError } from "../src/pack/pack.ts";
import { all, bad } from "./fixtures/packs/bad.ts";

const SMALL = join(import.meta.dirname, "fixtures/packs/small");
const made: string[] = [];
afterEach(() => {
  for (const folder of made.splice(0)) rmSync(folder, { recursive: true, force: true });
});

/** The small pack, with one file changed. */
function pack(file: string, change: (text: string) => string | Uint8Array): string {
  const folder = mkdtempSync(join(tmpdir(), "pack-"));
  made.push(folder);
  cpSync(SMALL, folder, { recursive: true });
  writeFileSync(join(folder, file), change(readFileSync(join(folder, file), "utf8")));
  return folder;
}

function told(folder: string): string[] {
  const { problems, warnings } = checkPack(folder);
  return [...problems, ...warnings].map(formatProblem);
}

test("the small pack is sound", () => {
  expect(told(SMALL)).toEqual([]);
  expect(loadPack(SMALL).programmes["workshop"]?.blocks.map(({ id }) => id)).toEqual([
    "quote",
    "welcome",
    "pairs",
    "soon",
  ]);
});

describe("a pack with", () => {
  test.each(bad)("%s", (_, file, change, expected) => expect(told(pack(file, change))).toEqual(expected));
});

describe("a file", () => {
  const at = (change: (path: string, folder: string) => void): string[] => {
    const folder = pack("pack.yaml", (text) => text);
    rmSync(join(folder, "pages.yaml"));
    change(join(folder, "pages.yaml"), folder);
    return told(folder);
  };

  test("that is missing", () => {
    expect(at(() => {})).toEqual(["pages.yaml:1:1: it is missing. Every pack has this file. (E_PACK_PATH)"]);
  });

  test("that is a link out of the folder", () => {
    const outside = ["pages.yaml:1:1: it points outside the pack folder. Put the file itself there. (E_PACK_PATH)"];
    expect(at((path) => symlinkSync(join(SMALL, "pages.yaml"), path))).toEqual(outside);
    expect(at((path) => symlinkSync("../../../../../../../etc/passwd", path))).toEqual(outside);
    expect(at((path) => symlinkSync("/dev/zero", path))).toEqual(outside);
  });

  test("that is a link within the folder", () => {
    const inside = at((path, folder) => {
      cpSync(join(SMALL, "pages.yaml"), join(folder, "slides.yaml"));
      symlinkSync("slides.yaml", path);
    });
    expect(inside).toEqual([]);
  });

  test("that is a folder, or a pipe that nobody writes to", () => {
    expect(at((path) => mkdirSync(path))).toEqual(["pages.yaml:1:1: it is not a file. (E_PACK_PATH)"]);
    expect(at((path) => void execFileSync("env", ["mkfifo", path]))).toEqual([
      "pages.yaml:1:1: it is not a file. (E_PACK_PATH)",
    ]);
  });
});

describe("loadPack", () => {
  test("throws every problem at once", () => {
    const folder = pack("programme.yaml", (text) => text.replace("09:00", "24:00").replace("deck: only", "dekc: only"));
    writeFileSync(join(folder, "pack.yaml"), "");
    expect(() => loadPack(folder)).toThrow(PackError);
    const { message } = checkedError(folder);
    expect(message).toContain(`The pack in ${folder} cannot be used:\npack.yaml:1:1: it is empty.`);
    expect(message).toContain('programme.yaml:5:52: "24:00" is not a time.');
    expect(message).toContain('unknown field "dekc" (did you mean deck?)');
  });

  test("names the nearest pack when there is none", () => {
    const folder = join(import.meta.dirname, "fixtures/packs/smal");
    expect(told(folder)).toEqual([
      `${folder}:1:1: there is no such pack (did you mean ${basename(SMALL)}?). (E_PACK_PATH)`,
    ]);
    expect(told("/no/such/folder")).toEqual(["/no/such/folder:1:1: there is no such pack. (E_PACK_PATH)"]);
  });

  test("shows no more problems than anybody reads", () => {
    const folder = pack("prompts.yaml", all(`find-someone-who:\n${"- { x: 1 }\n".repeat(20)}`));
    expect(checkedError(folder).message.split("\n")).toHaveLength(22);
    expect(checkedError(folder).message).toMatch(/and 60 more$/);
  });
});

function checkedError(folder: string): PackError {
  try {
    loadPack(folder);
  } catch (error) {
    if (error instanceof PackError) return error;
    throw error;
  }
  throw new Error("The pack was taken.");
}

const FILES = ["pack", "quotes", "prompts", "forms", "pages", "reminders", "programme"].map((name) => `${name}.yaml`);
const SPICE = [
  "[",
  "]",
  "{",
  "}",
  ": ",
  "- ",
  "\n",
  "\t",
  '"',
  "'",
  "|",
  ">",
  "&a ",
  "*a",
  "!x ",
  "? ",
  "#",
  "---\n",
  "\0",
  "\uFEFF",
  "1e9",
  "null",
  "%",
  "@",
  "`",
  "\\",
  "é",
  "💧",
];

// A pack may be anybody's file: whatever it holds, it is taken or refused with a place in a file, and never crashes.
property.prop(
  {
    file: fc.constantFrom(...FILES),
    edits: fc.array(
      fc.record({
        at: fc.double({ min: 0, max: 1, noNaN: true }),
        cut: fc.nat(30),
        put: fc.oneof(fc.constantFrom(...SPICE), fc.string({ maxLength: 12 })),
      }),
      { minLength: 1, maxLength: 4 },
    ),
  },
  { numRuns: 100, seed: 7 },
)("any damage is refused with a place in a file, or does no harm", ({ file, edits }) => {
  const damage = (text: string) =>
    edits.reduce((left, { at, cut, put }) => {
      const from = Math.floor(at * left.length);
      return left.slice(0, from) + put + left.slice(from + cut);
    }, text);
  const { pack: loaded, problems } = checkPack(pack(file, damage));
  expect(problems.length > 0).toBe(loaded === undefined);
  for (const { file: named, line, column, what } of problems) {
    expect(FILES).toContain(named);
    expect(line).toBeGreaterThan(0);
    expect(column).toBeGreaterThan(0);
    expect(what).not.toMatch(/undefined|\[object/);
  }
  expect(Object.keys(Object.prototype)).toEqual([]);
});
