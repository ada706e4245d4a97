#!/usr/bin/env node
// The way in, in plain JavaScript: compiles what is stale where a compiler is installed, then runs the compiled verbs.
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const compiled = join(root, "dist", "src", "cli.js");
// Written after a build that went well. The compiler's own record is not touched when a file is saved unchanged.
const stamp = join(root, "dist", ".built");

const timeOf = (path) => statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0;

function newest(folder) {
  const entries = readdirSync(folder, { withFileTypes: true });
  const times = entries.map((entry) => {
    const path = join(folder, entry.name);
    // A folder's own time tells of files that went away.
    return entry.isDirectory()
      ? Math.max(timeOf(path), newest(path))
      : /\.(ts|json)$/.test(entry.name)
        ? timeOf(path)
        : 0;
  });
  return Math.max(0, ...times);
}

function isStale() {
  const sources = [join(root, "src"), join(root, "adapters")].filter(existsSync).map(newest);
  return Math.max(...sources, timeOf(join(root, "tsconfig.json"))) > timeOf(stamp);
}

function compiler() {
  try {
    return createRequire(import.meta.url).resolve("typescript/lib/tsc.js");
  } catch {
    return undefined;
  }
}

function build(tsc) {
  const begun = Date.now();
  process.stderr.write("Building … ");
  // What older code made of the content files.
  rmSync(join(root, "dist", "kept"), { recursive: true, force: true });
  // Emitted only: the types are looked at by `npm run check`, at three times the time.
  const words = [tsc, "-p", join(root, "src", "tsconfig.json"), "--noCheck"];
  const { status, stdout } = spawnSync(process.execPath, words, { encoding: "utf8" });
  if (status !== 0) {
    process.stderr.write(`stopped.\n${stdout}`);
    process.exit(1);
  }
  mkdirSync(dirname(stamp), { recursive: true });
  writeFileSync(stamp, "");
  process.stderr.write(`${((Date.now() - begun) / 1000).toFixed(1)} s\n`);
}

function stop(why) {
  process.stderr.write(`${why}\n`);
  process.exit(1);
}

const [major, minor] = process.versions.node.split(".").map(Number);
if (major < 20 || (major === 20 && minor < 19))
  stop(`Together needs Node 20.19 or newer; this is ${process.versions.node}.`);
if (!existsSync(join(root, "node_modules"))) stop("The dependencies are not installed yet. Run: npm ci && npm start");
const tsc = isStale() ? compiler() : undefined;
if (tsc !== undefined) build(tsc);
if (!existsSync(compiled)) stop("Nothing is built and no compiler is installed. Run: npm ci && npm start");
// "build" stops here: for whoever wants the compiled files and nothing run.
if (process.argv[2] !== "build") await import("../dist/src/cli.js");
