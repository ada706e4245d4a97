/**
 * What the core asks of a store. Keys are paths, `collection/id/…`, of any characters but no longer than 255;
 * values are JSON. An error is never "not found": every call rejects with a `StoreError` instead.
 */
export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json | undefined };

export type Write = { readonly key: string; readonly value: Json } | { readonly key: string; readonly erase: true };

export interface Entry<Value extends Json = Json> {
  readonly key: string;
  readonly value: Value;
}

export interface Store {
  get(key: string): Promise<Json | undefined>;
  /** All or nothing, across collections. Resolves after the commit; what arrives in one turn of the loop is one commit. */
  batch(writes: readonly Write[]): Promise<void>;
  /** Writes the value where the key is free. True for one caller only, ever. */
  claim(key: string, value: Json): Promise<boolean>;
  /** Entries whose key starts with the prefix and is greater than `after`, in the order of the keys' UTF-8 bytes. */
  range(prefix: string, after: string | undefined, limit: number): Promise<readonly Entry[]>;
  close(): Promise<void>;
}

/** `remedy` says what the operator does next. */
export class StoreError extends Error {
  override readonly name = "StoreError";
  readonly code: "locked" | "full" | "readonly" | "damaged" | "path" | "newer" | "held" | "value" | "failed";

  constructor(code: StoreError["code"], message: string, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause });
    this.code = code;
  }
}
