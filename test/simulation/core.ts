/** The core under test: the real one, or a copy of it with one known mistake. Its classes are told apart by identity. */
import type { Company } from "../../src/company.ts";
import type { PlatformError } from "../../src/platform.ts";
import type { memoryStore } from "../../src/store/memory.ts";
import type { StoreError } from "../../src/store/store.ts";

export interface Core {
  readonly Company: typeof Company;
  readonly PlatformError: typeof PlatformError;
  readonly StoreError: typeof StoreError;
  readonly memoryStore: typeof memoryStore;
}

/** `src` is a folder's URL, with a slash at its end. */
export async function coreOf(src: string): Promise<Core> {
  const [{ Company }, { PlatformError }, { StoreError }, { memoryStore }] = await Promise.all([
    import(/* @vite-ignore */ `${src}company.ts`),
    import(/* @vite-ignore */ `${src}platform.ts`),
    import(/* @vite-ignore */ `${src}store/store.ts`),
    import(/* @vite-ignore */ `${src}store/memory.ts`),
  ]);
  return { Company, PlatformError, StoreError, memoryStore };
}
