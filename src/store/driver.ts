/** What one database has to offer, and the store that is made of it. The only importer of Keyv. */
import { Keyv, type KeyvStoreAdapter } from "keyv";
import { type Json, type Store, StoreError, type Write } from "./store.ts";
import { checkKey, decode, encode } from "./value.ts";

/** A record in its stored form; `text` undefined erases it. */
export interface Line {
  readonly key: string;
  readonly text: string | undefined;
}

export interface Row {
  readonly key: string;
  readonly text: string;
}

/** Every call throws or rejects with a `StoreError` and nothing else. `write` and `claim` keep the order they are called in. */
export interface Driver {
  readonly dialect: string;
  read(key: string): string | undefined;
  /** All or nothing. */
  write(lines: readonly Line[]): Promise<void>;
  claim(key: string, text: string): Promise<boolean>;
  /** In the order of the keys' UTF-8 bytes. */
  range(prefix: string, after: string | undefined, limit: number): readonly Row[];
  scrub(): Promise<void>;
  close(): Promise<void>;
}

/**
 * Reads go through Keyv. Writes go straight to the driver, in the same stored form: Keyv's `set` waits for its
 * serialiser before it reaches the adapter, so a set and a batch asked for one after the other would change places.
 */
export function storeOver(driver: Driver): Store {
  const keyv = keyvOver(driver);
  const line = (write: Write): Line => ({
    key: checkKey(write.key),
    text: "erase" in write ? undefined : encode(write.key, write.value),
  });
  return {
    get: async (key) => keyv.get<Json>(checkKey(key)),
    batch: async (writes) => driver.write(writes.map(line)),
    claim: async (key, value) => driver.claim(checkKey(key), encode(key, value)),
    range: async (prefix, after, limit) =>
      driver.range(prefix, after, checkLimit(limit)).map(({ key, text }) => ({ key, value: decode(text, key) })),
    scrub: async () => driver.scrub(),
    close: async () => keyv.disconnect(),
  };
}

function checkLimit(limit: number): number {
  if (Number.isSafeInteger(limit) && limit > 0) return limit;
  throw new StoreError("value", `A range takes a limit of 1 or more, not ${limit}`);
}

/** A whole Keyv over a driver. Without `throwOnErrors` a locked store would answer "not found". */
export function keyvOver(driver: Driver): Keyv {
  return new Keyv({
    store: adapterOver(driver),
    throwOnErrors: true,
    useKeyPrefix: false,
    // Keyv hands these two the envelope it also hands to its own serialiser; there is no TTL, so only the value counts.
    serialize: ({ value }) => encode("a record", value as Json),
    deserialize: <Value>(text: string) => ({ value: decode(text) as Value }),
  });
}

function adapterOver(driver: Driver): KeyvStoreAdapter {
  const adapter: KeyvStoreAdapter = {
    opts: { dialect: driver.dialect },
    // Keyv's own type: an adapter answers with whatever Keyv's `deserialize` takes, which is the stored text.
    get: async <Value>(key: string) => driver.read(key) as Value | undefined,
    set: async (key: string, text: string) => driver.write([{ key, text }]),
    async delete(key) {
      const there = driver.read(key) !== undefined;
      await driver.write([{ key, text: undefined }]);
      return there;
    },
    async clear() {
      const all = driver.range("", undefined, Number.MAX_SAFE_INTEGER);
      await driver.write(all.map(({ key }) => ({ key, text: undefined })));
    },
    disconnect: () => driver.close(),
    // Errors are thrown, never emitted, so nobody needs to listen.
    on: () => adapter,
  };
  return adapter;
}
