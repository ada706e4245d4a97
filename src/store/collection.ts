/**
 * One kind of record: a key prefix, and how a stored value is read back. Ids are lists of parts; a part may hold any
 * characters, and a prefix is always of whole parts, so that `team_1` never reaches into `team_10`.
 */
import { type Json, type Store, StoreError, type Write } from "./store.ts";

export type Id = readonly [string, ...string[]];

interface Item<Value> {
  readonly id: Id;
  readonly value: Value;
}

/** Throws where the stored value is not one. A zod schema's `parse` is one. */
export type Parse<Value> = (stored: Json) => Value;

export interface Collection<Value> {
  key(...id: Id): string;
  get(...id: Id): Promise<Value | undefined>;
  put(id: Id, value: Value): Write;
  erase(id: Id): Write;
  /** Writes where there is nothing yet. True for one caller only, ever. */
  claim(id: Id, value: Value): Promise<boolean>;
  /** In the order of the keys' bytes: the escaped parts', first part first. `after` is the last id of the page before. */
  list(within: readonly string[], after: Id | undefined, limit: number): Promise<readonly Item<Value>[]>;
  /** Everything below, in pages; what is written meanwhile may or may not be among it. */
  all(within?: readonly string[]): AsyncIterable<Item<Value>>;
}

const NAME = /^[a-z][a-z-]*$/;
const PAGE = 200;

/** Reads a value as it was written, unchecked: for records that only this version's own code has written. */
export const asWritten =
  <Value>(): Parse<Value> =>
  // A cast, not a check: the schema version of the store stands for the shape.
  (stored) =>
    stored as Value;

export function collection<Value>(store: Store, name: string, parse: Parse<Value>): Collection<Value> {
  if (!NAME.test(name)) throw new TypeError(`A collection's name is of a-z and -, not "${name}"`);
  const key = (...id: Id) => `${name}/${id.map(escapePart).join("/")}`;
  // The store refuses whatever is not plain JSON, so `Value` need not prove it; an interface could not.
  const json = (value: Value) => value as Json;
  const read = (at: string, value: Json): Value => {
    try {
      return parse(value);
    } catch (cause) {
      throw new StoreError(
        "damaged",
        `The record ${at} is not one of "${name}". Restore a backup: npx together restore`,
        cause,
      );
    }
  };
  async function list(within: readonly string[], after: Id | undefined, limit: number) {
    const prefix = `${[name, ...within.map(escapePart)].join("/")}/`;
    const entries = await store.range(prefix, after && key(...after), limit);
    return entries.map((entry) => ({ id: idOf(entry.key), value: read(entry.key, entry.value) }));
  }
  return {
    key,
    async get(...id) {
      const value = await store.get(key(...id));
      return value === undefined ? undefined : read(key(...id), value);
    },
    put: (id, value) => ({ key: key(...id), value: json(value) }),
    erase: (id) => ({ key: key(...id), erase: true }),
    claim: (id, value) => store.claim(key(...id), json(value)),
    list,
    async *all(within = []) {
      let page: readonly Item<Value>[] = [];
      do {
        page = await list(within, page.at(-1)?.id, PAGE);
        yield* page;
      } while (page.length === PAGE);
    },
  };
}

/** What a key cannot hold (NUL, half a character), what separates parts, and the mark itself. */
const ESCAPED = /[%/\0]|\p{Surrogate}/gu;
/** Quicker to look for: what needs escaping, and whole characters of two halves. */
const SUSPECT = /[%/\0\ud800-\udfff]/;
const ESCAPE = /%([0-9A-F]{4})/g;

function escapePart(part: string): string {
  if (!SUSPECT.test(part)) return part;
  return part.replace(ESCAPED, (unit) => `%${unit.charCodeAt(0).toString(16).toUpperCase().padStart(4, "0")}`);
}

function readPart(part: string): string {
  if (!part.includes("%")) return part;
  return part.replace(ESCAPE, (_, code: string) => String.fromCharCode(Number.parseInt(code, 16)));
}

function idOf(key: string): Id {
  const [, first = "", ...others] = key.split("/").map(readPart);
  return [first, ...others];
}
