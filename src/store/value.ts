/**
 * The one stored form of keys and values, for every store. `{"value":…}` is Keyv's own envelope; its serialiser is not
 * used, since that calls `toJSON`, turns a Buffer and ":base64:…" into each other and lets NaN become null.
 */
import { type Json, StoreError } from "./store.ts";

/** What Keyv's SQL adapters take. */
const LONGEST_KEY = 255;
/** Deeper than any record of ours, and far from the end of the stack. Also how a value that contains itself is found. */
const DEEPEST = 200;
/** SQLite cuts a bound text at a NUL; a lone surrogate has no UTF-8, so two such keys would become one. */
const UNFIT = /\0|\p{Surrogate}/u;

export function checkKey(key: string): string {
  if (key.length === 0 || key.length > LONGEST_KEY)
    throw new StoreError("value", `A key has 1 to ${LONGEST_KEY} characters; this one has ${key.length}: ${key}`);
  if (UNFIT.test(key)) throw new StoreError("value", `A key holds neither NUL nor half a character: ${key}`);
  return key;
}

/** What comes back is equal to what was given; only -0 comes back as 0, and a field that is undefined as no field. */
export function encode(key: string, value: Json): string {
  const unfit = unfitPart(value, "", 0);
  if (unfit) throw new StoreError("value", `Only plain JSON can be kept; the value of ${key} has ${unfit}`);
  return JSON.stringify({ value });
}

export function decode(stored: string, name = "A record"): Json {
  try {
    // `encode` alone writes stored texts, always with this envelope; another shape means that the file was meddled with.
    const { value } = JSON.parse(stored) as { value?: Json };
    if (value !== undefined) return value;
  } catch {
    // Said below: the parser's own message would quote the value.
  }
  throw new StoreError("damaged", `${name} cannot be read back. Restore a backup: npx together restore`);
}

/** Where and what the first part is that JSON would lose or change, or undefined. Never quotes a value. */
function unfitPart(value: unknown, path: string, depth: number): string | undefined {
  if (depth > DEEPEST) return `more than ${DEEPEST} levels`;
  if (value === null || typeof value === "string" || typeof value === "boolean") return undefined;
  if (typeof value === "number")
    return Number.isFinite(value) ? undefined : `the number ${value} at ${path || "its top"}`;
  if (typeof value !== "object") return `a ${typeof value} at ${path || "its top"}`;
  if (Array.isArray(value)) return firstUnfit([...value.entries()], path, depth);
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype !== Object.prototype && prototype !== null) return `an object of a class at ${path || "its top"}`;
  const fields = Object.entries(value).filter(([, field]) => field !== undefined);
  return firstUnfit(fields, path, depth);
}

function firstUnfit(parts: readonly (readonly [string | number, unknown])[], path: string, depth: number) {
  for (const [name, part] of parts) {
    const unfit = unfitPart(part, `${path}/${name}`, depth + 1);
    if (unfit) return unfit;
  }
  return undefined;
}
