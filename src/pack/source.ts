/** Reads one YAML file of a pack, which may be anybody's: bounded in size, depth and entries, and never outside its folder. */
import { closeSync, constants, fstatSync, openSync, readSync, realpathSync } from "node:fs";
import { join, sep } from "node:path";
import { isAlias, isMap, isScalar, isSeq, Lexer, LineCounter, type Node, type ParsedNode, parseDocument } from "yaml";
import type { Problem, ProblemCode } from "./problem.ts";

/** A value as YAML's core schema reads it: plain data whose objects have no prototype. */
export type Value = null | boolean | number | bigint | string | readonly Value[] | { readonly [key: string]: Value };

export type Path = readonly PropertyKey[];

export interface Source {
  readonly file: string;
  readonly value: Value;
  /** The problem at the value of a path; at its key where `onKey` is given. */
  problem(code: ProblemCode, what: string, path?: Path, onKey?: boolean): Problem;
}

const MAX_BYTES = 1_000_000;
const MAX_DEPTH = 20;
/**
 * What the parser pays for by the piece, with an object or an error each: tokens, lines and escapes. The largest file
 * of the built-in pack has 2,000 tokens and 200 lines; within these limits a hostile one stays under 1 s and 50 MB.
 */
const MAX_TOKENS = 20_000;
const MAX_LINES_AND_ESCAPES = 10_000;

export function readSource(folder: string, file: string): Source | readonly Problem[] {
  const text = readText(folder, file);
  return typeof text === "string" ? parse(file, text) : [text];
}

const atStart = (file: string, code: ProblemCode, what: string): Problem => ({ file, line: 1, column: 1, code, what });

function readText(folder: string, file: string): string | Problem {
  const bytes = readBytes(folder, file);
  if (!(bytes instanceof Uint8Array)) return bytes;
  if (bytes.length > MAX_BYTES) return atStart(file, "E_PACK_SIZE", "it is larger than 1 MB. Split the pack in two.");
  if ((bytes[0] === 0xff && bytes[1] === 0xfe) || (bytes[0] === 0xfe && bytes[1] === 0xff) || bytes.includes(0)) {
    return atStart(file, "E_PACK_PARSE", "it is not UTF-8 (it looks like UTF-16). Save it as UTF-8.");
  }
  // The decoder takes a byte-order mark away and puts U+FFFD in place of what is not UTF-8.
  const text = new TextDecoder().decode(bytes);
  const broken = text.indexOf("\uFFFD");
  if (broken < 0) return text;
  const before = text.slice(0, broken).split("\n");
  const what = "a character here is not UTF-8. Save the file as UTF-8.";
  return { file, line: before.length, column: (before.at(-1)?.length ?? 0) + 1, code: "E_PACK_PARSE", what };
}

function readBytes(folder: string, file: string): Uint8Array | Problem {
  try {
    const path = realpathSync(join(folder, file));
    if (!path.startsWith(realpathSync(folder) + sep)) {
      return atStart(file, "E_PACK_PATH", "it points outside the pack folder. Put the file itself there.");
    }
    // Without NONBLOCK, opening a pipe that nobody writes to waits for ever.
    const handle = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
    try {
      if (!fstatSync(handle).isFile()) return atStart(file, "E_PACK_PATH", "it is not a file.");
      return readUpTo(handle, MAX_BYTES + 1);
    } finally {
      closeSync(handle);
    }
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code; // node:fs throws nothing else
    const what = code === "ENOENT" ? "it is missing. Every pack has this file." : `it cannot be read (${code}).`;
    return atStart(file, "E_PACK_PATH", what);
  }
}

/** The size that the file system tells is not trusted: it may grow while we read. */
function readUpTo(handle: number, limit: number): Uint8Array {
  const buffer = new Uint8Array(limit);
  let length = 0;
  for (let read = -1; read !== 0 && length < limit; length += read) {
    read = readSync(handle, buffer, length, limit - length, null);
  }
  return buffer.subarray(0, length);
}

function parse(file: string, text: string): Source | readonly Problem[] {
  if (isTooBusy(text)) return [atStart(file, "E_PACK_SIZE", "it has more entries than a pack can need.")];
  const lines = new LineCounter();
  // Our own walk finds doubled keys in linear time; the parser's takes the square of their number.
  const document = parseDocument(text, {
    lineCounter: lines,
    uniqueKeys: false,
    prettyErrors: false,
    logLevel: "error",
  });
  const at = (offset: number, code: ProblemCode, what: string): Problem => {
    const { line, col } = lines.linePos(offset);
    return { file, line, column: col, code, what };
  };
  const walk = new Walk(text, at);
  const value = walk.value(document.contents, 0);
  if (walk.problems.length > 0) return walk.problems;
  // Only the first: what follows is mostly its echo.
  const [error] = document.errors;
  if (error !== undefined) return [at(error.pos[0], ...explain(error))];
  if (value === null)
    return [atStart(file, "E_PACK_PARSE", "it is empty. See content/README.md for what belongs here.")];
  const root = document.contents;
  return { file, value, problem: (code, what, path = [], onKey) => at(offsetOf(root, path, onKey), code, what) };
}

function isTooBusy(text: string): boolean {
  let pieces = 0;
  for (let at = 0; at < text.length; at++) {
    const char = text[at];
    if ((char === "\n" || char === "\\") && ++pieces > MAX_LINES_AND_ESCAPES) return true;
  }
  // No character makes more than two tokens, so that a small file is not read twice.
  if (text.length * 2 <= MAX_TOKENS) return false;
  let tokens = 0;
  for (const _ of new Lexer().lex(text)) if (++tokens > MAX_TOKENS) return true;
  return false;
}

function explain(error: { code: string; message: string }): [ProblemCode, string] {
  if (error.code === "RESOURCE_EXHAUSTION") return ["E_PACK_SIZE", `it is nested deeper than ${MAX_DEPTH}.`];
  if (error.code === "TAB_AS_INDENT") return ["E_PACK_PARSE", "a tab stands where spaces should indent. Use spaces."];
  if (error.code === "MULTIPLE_DOCS") return ["E_PACK_PARSE", "a second document begins here. Take the --- out."];
  return ["E_PACK_PARSE", `${error.message}. If this is text, put it in quotes.`];
}

/** Names that mean something to JavaScript itself; no field of a pack is called so. */
const FORBIDDEN = new Set(["__proto__", "constructor", "prototype", "toJSON"]);

/** Turns nodes into plain values, and notes what a pack may not use. */
class Walk {
  readonly problems: Problem[] = [];
  readonly #text: string;
  readonly #at: (offset: number, code: ProblemCode, what: string) => Problem;

  constructor(text: string, at: (offset: number, code: ProblemCode, what: string) => Problem) {
    this.#text = text;
    this.#at = at;
  }

  value(node: ParsedNode | null, depth: number): Value {
    if (node === null) return null;
    const start = node.range[0];
    if (isAlias(node)) return this.#refuse(start, "E_PACK_SIZE", `it uses a YAML alias (*)${OR_TEXT}`);
    // The node itself begins after its mark.
    if (node.anchor) return this.#refuse(this.#mark("&", start), "E_PACK_SIZE", `it uses a YAML anchor (&)${OR_TEXT}`);
    if (node.tag) return this.#refuse(this.#mark("!", start), "E_PACK_PARSE", `it uses a YAML tag (!)${OR_TEXT}`);
    if (depth > MAX_DEPTH) return this.#refuse(start, "E_PACK_SIZE", `it is nested deeper than ${MAX_DEPTH}.`);
    if (isSeq(node)) return node.items.map((item) => this.value(item as ParsedNode, depth + 1)); // parsed, so its items are
    if (isMap(node)) return this.#map(node.items, depth);
    return isScalar(node) ? (node.value as Value) : null; // the core schema makes no other scalars
  }

  #map(pairs: readonly { key: ParsedNode; value: ParsedNode | null }[], depth: number): Value {
    const result: Record<string, Value> = Object.create(null);
    for (const { key, value } of pairs) {
      const name = this.value(key, depth + 1);
      const start = key.range[0];
      if (typeof name !== "string" || FORBIDDEN.has(name))
        this.#refuse(start, "E_FIELD", "this cannot be a field's name.");
      else if (name in result) this.#refuse(start, "E_PACK_PARSE", `"${name}" stands here twice. Take one out.`);
      else result[name] = this.value(value, depth + 1);
    }
    return result;
  }

  #mark(mark: string, before: number): number {
    return Math.max(0, this.#text.lastIndexOf(mark, before));
  }

  #refuse(offset: number, code: ProblemCode, what: string): null {
    this.problems.push(this.#at(offset, code, what));
    return null;
  }
}

const OR_TEXT = ", which a pack may not. If it is text, put it in quotes.";

/** Where the value of a path begins; of what cannot be found (a missing field), where its parent does. */
function offsetOf(root: Node | null, path: Path, onKey = false): number {
  let node: unknown = root;
  let offset = root?.range?.[0] ?? 0;
  for (const [depth, step] of path.entries()) {
    const last = depth === path.length - 1;
    const pair = isMap(node) ? node.items.find((item) => isScalar(item.key) && item.key.value === step) : undefined;
    const next: unknown = pair
      ? onKey && last
        ? pair.key
        : (pair.value ?? pair.key)
      : isSeq(node)
        ? node.items[Number(step)]
        : undefined;
    if (!isScalar(next) && !isMap(next) && !isSeq(next)) return offset;
    node = next;
    offset = next.range?.[0] ?? offset;
  }
  return offset;
}
