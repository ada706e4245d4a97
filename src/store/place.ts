/** Where the embedded store lies: `sqlite:…` -> a file that is ours alone, or what stands in the way and how to mend it. */
import { chmodSync, closeSync, existsSync, mkdirSync, openSync, readdirSync, statfsSync, statSync } from "node:fs";
import { basename, dirname, join, resolve } from "node:path";
import { StoreError } from "./store.ts";

const EXAMPLE = "Example: DATABASE_URL=sqlite:data/together.db";

/** `sqlite:relative`, `sqlite:/absolute` and `sqlite:///absolute` -> an absolute path. */
export function storeFile(url: string): string {
  const path = url.startsWith("sqlite:") ? url.slice("sqlite:".length).replace(/^\/\/(?=\/)/, "") : "";
  // `//host/…` is a place elsewhere, `:memory:` none at all, and SQLite would read a query as its own options.
  if (path === "" || /^(\/\/|:)|[?#\0]/.test(path))
    throw new StoreError("path", `DATABASE_URL names no SQLite file. ${EXAMPLE}`);
  return resolve(path);
}

/** Makes the folder (its own parent has to be there: a whole missing branch is a slip or a missing mount) and the file. */
export function makeFile(file: string): void {
  const folder = dirname(file);
  const missing = `${dirname(folder)} is not there. Make it, or mend DATABASE_URL. ${EXAMPLE}`;
  if (!existsSync(folder)) attempt(() => mkdirSync(folder, { mode: 0o700 }), folder, missing);
  checkPlace(file);
  // Nobody else on this machine reads what people wrote; SQLite gives its own side files the same mode.
  const ours = () => {
    closeSync(openSync(file, "a", 0o600));
    chmodSync(file, 0o600);
  };
  attempt(ours, file, missing);
}

/** Another store is to lie beside this one, which need not be there yet; a folder in its place is a slip. */
export function checkNeighbour(file: string): void {
  if (existsSync(file)) checkPlace(file);
}

/** For reading: the file has to be there already. */
export function findFile(file: string): void {
  if (!existsSync(file))
    throw new StoreError("path", `There is no store at ${file}. Start Together once, or mend DATABASE_URL.`);
  checkPlace(file);
}

function checkPlace(file: string): void {
  const folder = dirname(file);
  if (!attempt(() => statSync(folder), folder).isDirectory())
    throw new StoreError("path", `${folder} is a file, not a folder. Mend DATABASE_URL. ${EXAMPLE}`);
  if (existsSync(file) && !attempt(() => statSync(file), file).isFile())
    throw new StoreError(
      "path",
      `${file} is a folder, not a file. Name a file in it: DATABASE_URL=sqlite:${join(file, "together.db")}`,
    );
  const network = networkName(attempt(() => statfsSync(folder), folder).type);
  if (network)
    throw new StoreError(
      "path",
      `${folder} lies on a network (${network}), where SQLite cannot lock. Take a disk of this machine.`,
    );
}

/** File systems over a network, by their magic number in linux/magic.h; SQLite's log needs memory shared on one machine. */
export function networkName(type: number): string | undefined {
  const NETWORKS: Readonly<Record<number, string>> = {
    26985: "NFS",
    20859: "SMB",
    4283649346: "CIFS",
    4266872130: "SMB2",
    1397113167: "AFS",
    12805120: "Ceph",
  };
  return NETWORKS[type];
}

function attempt<Result>(work: () => Result, path: string, missing = `${path} is not there.`): Result {
  try {
    return work();
  } catch (error) {
    throw new StoreError("path", remedy(codeOf(error), path, missing), error);
  }
}

const codeOf = (error: unknown) => (error instanceof Error && "code" in error ? String(error.code) : "");

function remedy(code: string, path: string, missing: string): string {
  if (code === "ENOENT") return missing;
  if (code === "EACCES" || code === "EPERM")
    return `${path} may not be written by this user. Give it to this user: chown it, or mend DATABASE_URL.`;
  if (code === "ENOTDIR") return `A part of ${path} is a file, not a folder. Mend DATABASE_URL. ${EXAMPLE}`;
  if (code === "EROFS")
    return `${path} lies on a disk that can only be read. Mount it for writing, or mend DATABASE_URL.`;
  if (code === "ENOSPC" || code === "EDQUOT") return `There is no room left for ${path}. Free some space on its disk.`;
  return `${path} cannot be used (${code}). Look at it, or mend DATABASE_URL. ${EXAMPLE}`;
}

/** A copy lies beside its store, `together.db.2026-11-22T03-17-11Z.backup`: names sort as ages do. */
export const copyName = (file: string, stamp: string, kind: "backup" | "damaged"): string => `${file}.${stamp}.${kind}`;

/** Every copy beside a store with what belongs to it, oldest first. */
export function copiesOf(file: string): readonly string[] {
  const folder = dirname(file);
  const names = attempt(() => readdirSync(folder), folder);
  return names
    .filter((name) => name.startsWith(`${basename(file)}.`) && /\.(backup|damaged(-wal|-shm)?)$/.test(name))
    .sort()
    .map((name) => join(folder, name));
}

export const newestBackup = (file: string): string | undefined =>
  copiesOf(file).findLast((name) => name.endsWith(".backup"));
