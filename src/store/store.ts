/**
 * What the core asks of a store. Keys are paths, `collection/id/…`, of at most 255 characters, NUL and lone surrogates
 * excepted (`collection.ts` escapes both); values are JSON. An error is never "not found": every call rejects with a
 * `StoreError` instead.
 */
export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json | undefined };

export type Write = { readonly key: string; readonly value: Json } | { readonly key: string; readonly erase: true };

export interface Entry<Value extends Json = Json> {
  readonly key: string;
  readonly value: Value;
}

/**
 * Reads see what is committed, so a get after an awaited write sees it. Writes and claims take effect in the order in
 * which they were asked for, awaited or not.
 */
export interface Store {
  get(key: string): Promise<Json | undefined>;
  /** All or nothing, across collections. Resolves after the commit; what arrives in one turn of the loop is one commit. */
  batch(writes: readonly Write[]): Promise<void>;
  /** Writes the value where the key is free. True for one caller only, ever. */
  claim(key: string, value: Json): Promise<boolean>;
  /** Entries whose key starts with the prefix and is greater than `after`, in the order of the keys' UTF-8 bytes. */
  range(prefix: string, after: string | undefined, limit: number): Promise<readonly Entry[]>;
  /** Leaves no byte of what was erased or replaced in any file of the store. Called after an erasure that was promised. */
  scrub(): Promise<void>;
  /** Commits what still waits, then lets go. Every later call rejects. */
  close(): Promise<void>;
}

/**
 * The message says what is wrong and what the operator does next, and never holds a value.
 * locked: another program is writing. newer: written by a later version. held: another process runs on this store, or
 * has taken it over. value: our bug, a key or value that no store can keep.
 */
export class StoreError extends Error {
  override readonly name = "StoreError";
  readonly code: "locked" | "full" | "readonly" | "damaged" | "path" | "newer" | "held" | "value" | "failed";

  constructor(code: StoreError["code"], message: string, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause });
    this.code = code;
  }
}
