/** The house rules, read off the files themselves: who may import whom, and what may stand in which room. */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { describe, expect, it } from "vitest";
import { SETTINGS } from "../src/config.ts";
import { ROOT } from "../src/root.ts";

const read = (path: string): string => readFileSync(join(ROOT, path), "utf8");
const filesIn = (folder: string): string[] =>
  existsSync(join(ROOT, folder))
    ? readdirSync(join(ROOT, folder), { recursive: true, encoding: "utf8" }).map((path) => join(folder, path))
    : [];

const SOURCES = [...filesIn("src"), ...filesIn("adapters")].filter((path) => path.endsWith(".ts"));
/** A string, or a comment: whichever begins first. */
const STRING_OR_COMMENT = /"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*'|`(?:\\.|[^`\\])*`|\/\*[\s\S]*?\*\/|\/\/.*/g;
const isComment = (found: string): boolean => found.startsWith("//") || found.startsWith("/*");
const withoutComments = (path: string): string =>
  read(path).replace(STRING_OR_COMMENT, (found) => (isComment(found) ? "" : found));
const withoutWords = (path: string): string => read(path).replace(STRING_OR_COMMENT, "");

interface Import {
  readonly from: string;
  /** A path from the top for our own files, a package's name for others. */
  readonly what: string;
  readonly onlyType: boolean;
}

const IMPORT = /\b(?:import|export)\b(\s+type\b)?(?:[^"'`;()]*?\bfrom)?\s*\(?\s*"([^"]+)"/g;
const IMPORTS: readonly Import[] = SOURCES.flatMap((from) =>
  [...withoutComments(from).matchAll(IMPORT)].map(([, type, what = ""]) => ({
    from,
    what: what.startsWith(".") ? relative(ROOT, join(ROOT, dirname(from), what)) : what,
    onlyType: type !== undefined,
  })),
);

/** Lists the imports that break a rule; a rule is broken where it matches both ends. */
const broken = (breaks: (one: Import) => boolean): string[] =>
  IMPORTS.filter(breaks).map(({ from, what }) => `${from} imports ${what}`);
const inside = (folder: string) => (path: string) => path.startsWith(`${folder}/`);
const isOwn = (what: string): boolean => /^(src|adapters|test)\//.test(what);
const adapterOf = (path: string): string => path.split("/").slice(0, 2).join("/");
const SDK: Readonly<Record<string, RegExp>> = { slack: /^@slack\//, discord: /^discord\.js$/ };
const isVendors = (what: string): boolean => Object.values(SDK).some((sdk) => sdk.test(what));
const isAside = /^src\/pairing\/aside(-worker)?\.ts$/;
const mayReadConfig = /^src\/(main|config|cli)\.ts$|^src\/cli\//;

describe("directions", () => {
  it("were found at all", () => expect(IMPORTS.length).toBeGreaterThan(SOURCES.length / 2));

  it.each<[string, (one: Import) => boolean]>([
    ["the port imports nothing", ({ from }) => from === "src/platform.ts"],
    ["nothing imports tests", ({ what }) => inside("test")(what)],
    [
      "only main.ts imports adapters",
      ({ from, what }) => inside("src")(from) && from !== "src/main.ts" && inside("adapters")(what),
    ],
    [
      "only main.ts and the verbs import config.ts",
      ({ from, what, onlyType }) => what === "src/config.ts" && !onlyType && !mayReadConfig.test(from),
    ],
    [
      "an adapter imports of ours only itself and the port",
      ({ from, what }) =>
        inside("adapters")(from) && isOwn(what) && adapterOf(what) !== adapterOf(from) && what !== "src/platform.ts",
    ],
    [
      "an adapter imports no other's SDK",
      ({ from, what }) => isVendors(what) && SDK[adapterOf(from).slice("adapters/".length)]?.test(what) !== true,
    ],
    [
      "activities never import each other",
      ({ from, what }) =>
        inside("src/activities")(from) && inside("src/activities")(what) && !/\/activity\.ts$/.test(what),
    ],
    [
      "activities are handed what they need",
      ({ from, what, onlyType }) =>
        inside("src/activities")(from) &&
        !onlyType &&
        (!isOwn(what) || /^src\/(store\/(?!collection)|web|jobs|config|clock|log|main|cli)/.test(what)),
    ],
    [
      "pairing is pure, but for the thread it steps aside to",
      ({ from, what }) => inside("src/pairing")(from) && !inside("src/pairing")(what) && !isAside.test(from),
    ],
    [
      "the programme is pure",
      ({ from, what, onlyType }) =>
        from === "src/programme.ts" && !onlyType && /^node:|^src\/(store|log|config|clock)\b/.test(what),
    ],
    [
      "only the store imports keyv and SQLite",
      ({ from, what }) => /^@?keyv|sqlite$/.test(what) && !inside("src/store")(from),
    ],
  ])("%s", (_rule, breaks) => expect(broken(breaks)).toEqual([]));
});

/** What stands in a folder, as the map writes it: folders end in a slash. */
const roomsOf = (folder: string): string[] =>
  readdirSync(join(ROOT, folder), { withFileTypes: true }).map((entry) =>
    entry.isDirectory() ? `${entry.name}/` : entry.name,
  );
/** The names at the start of each indented line: several, where two spaces part them. */
const namesIn = (map: string): string[] =>
  map
    .split("\n")
    .flatMap((line) => /^ {2}((?:[\w-]+(?:\/|\.m?[tj]s)(?: {2})?)+)/.exec(line)?.[1]?.trim().split(/ {2}/) ?? []);

/** Lists the files of a selection whose code has a word. */
const having = (word: RegExp, paths: readonly string[], code = withoutWords): string[] =>
  paths.filter((path) => word.test(code(path)));

describe("rooms", () => {
  it("no vendor's name in the core", () => {
    const core = SOURCES.filter((path) => inside("src")(path) && !["src/main.ts", "src/config.ts"].includes(path));
    expect(having(/slack|discord|guild|snowflake|block_?kit|embed_?builder/i, core)).toEqual([]);
  });

  it("time and chance have one room each", () => {
    const raw =
      /\bDate\.now\b|\bnew Date\(\s*\)|\bset(Timeout|Interval|Immediate)\b|\bnextTick\b|\bperformance\.now\b|\bMath\.random\b/;
    expect(having(raw, SOURCES, withoutComments)).toEqual(["src/clock.ts"]);
  });

  it("the environment is read in one place", () => {
    expect(having(/\bprocess\.env\b/, SOURCES, withoutComments)).toEqual(["src/config.ts"]);
  });

  it("files are of a size to read", () => {
    const long = SOURCES.filter((path) => read(path).split("\n").length > 400);
    expect(long).toEqual([]);
  });
});

describe("what is written twice", () => {
  it(".env.example has every setting once, under a line that explains it", () => {
    const lines = read(".env.example").split("\n");
    const named = lines.map((line) => /^#([A-Z_]+)=/.exec(line)?.[1]);
    expect(named.filter((name) => name !== undefined).sort()).toEqual([...SETTINGS].sort());
    expect(named.filter((name, at) => name !== undefined && !/^# \w/.test(lines[at - 1] ?? ""))).toEqual([]);
  });

  it("the README's map is the house", () => {
    const map = /```\n(src\/[\s\S]*?)```/.exec(read("README.md"))?.[1] ?? "";
    const [named, house] = [namesIn(map), ["src", "adapters"].flatMap(roomsOf)];
    expect(house.filter((name) => !named.includes(name))).toEqual([]);
    expect(named.filter((name) => !house.includes(name))).toEqual([]);
  });

  it("the README's table has every setting", () => {
    const table = [...read("README.md").matchAll(/`([A-Z][A-Z_]+)`/g)].map(([, name]) => name);
    expect(SETTINGS.filter((name) => !table.includes(name))).toEqual([]);
  });
});
