/**
 * What was read from content files and found good, kept as JSON under the files' fingerprint: a start then needs
 * neither the YAML parser nor the schemas, which take as long as all the rest of it.
 */
import { createHash } from "node:crypto";
import { mkdirSync, readdirSync, readFileSync, renameSync, statSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { ROOT } from "./root.ts";

/** Beside the compiled code, since other code may read the same files otherwise: a build begins with an empty folder. */
const FOLDER = join(ROOT, "dist", "kept");
/** Run from its source, nothing is kept: the code may change between two runs without a build. */
const IS_BUILT = import.meta.filename.startsWith(join(ROOT, "dist"));

/** Bytes of one file; a pack's own limit is the same. */
const LARGEST = 1_000_000;

/** `make` reads the files, and throws where they are not good; what it makes is plain JSON. */
export async function kept<Value extends object>(files: readonly string[], make: () => Promise<Value>): Promise<Value> {
  const place = IS_BUILT ? placeOf(files) : undefined;
  if (place === undefined) return make();
  const found = quietly(() => readFileSync(place, "utf8"));
  // What lies there was written below, from a Value.
  if (found !== undefined) return JSON.parse(found) as Value;
  const made = await make();
  // Where the folder may not be written, every start reads anew.
  quietly(() => keep(place, JSON.stringify(made)));
  return made;
}

/** None where there is no such folder. */
export const yamlIn = (folder: string): readonly string[] =>
  (quietly(() => readdirSync(folder)) ?? []).filter((name) => name.endsWith(".yaml")).map((name) => join(folder, name));

/** Undefined where one is no ordinary file of a size to read, or cannot be read: `make` says why. */
function placeOf(files: readonly string[]): string | undefined {
  const fingerprint = createHash("sha256");
  const add = (file: string) => fingerprint.update(`${file}\0`).update(readFileSync(file)).update("\0");
  return quietly(() => {
    if (!files.map((file) => statSync(file)).every((one) => one.isFile() && one.size <= LARGEST)) return undefined;
    for (const file of files) add(file);
    return join(FOLDER, `${fingerprint.digest("hex")}.json`);
  });
}

/** Never seen half written, not even by another start beside this one. */
function keep(place: string, text: string): void {
  mkdirSync(dirname(place), { recursive: true });
  const part = `${place}.${process.pid}`;
  writeFileSync(part, text);
  renameSync(part, place);
}

function quietly<Result>(work: () => Result): Result | undefined {
  try {
    return work();
  } catch {
    return undefined;
  }
}
