#!/usr/bin/env node
// The way in, in plain JavaScript: builds what is stale where a bundler is installed, then runs the verbs.
import { existsSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const built = join(root, "dist");
const verbs = join(built, "cli.js");
// Written after a build that went well.
const stamp = join(built, ".built");

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

function bundler() {
  try {
    return createRequire(import.meta.url)("esbuild");
  } catch {
    return undefined;
  }
}

/** Every start needs these, and they are made of many small modules: they are bundled with us. */
const WITHIN = [
  "@hono/node-server",
  "croner",
  "fastest-levenshtein",
  "hono",
  "intl-messageformat",
  "pure-rand",
  "temporal-polyfill",
];

function packagesButThose(bundled) {
  const { dependencies } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
  const others = Object.keys(dependencies).filter((name) => !bundled.includes(name));
  // The thread that deals a large round registers this one where it runs from the sources.
  return [...others, "tsx"];
}

/**
 * One file for each verb and for what they share, instead of one for each source: a start is half as long, since Node
 * loads few modules sooner than many. Other packages stay where they are. Types are looked at by `npm run check`.
 */
function build(esbuild) {
  const begun = Date.now();
  process.stderr.write("Building … ");
  // Also what older code made of the content files (kept.ts).
  rmSync(built, { recursive: true, force: true });
  try {
    esbuild.buildSync({
      entryPoints: [join(root, "src", "cli.ts"), join(root, "src", "pairing", "aside-worker.ts")],
      // Side by side, whatever their folders: the thread's file is looked for beside whoever starts it.
      entryNames: "[name]",
      outdir: built,
      ...{ bundle: true, splitting: true, external: packagesButThose(WITHIN), sourcemap: true },
      ...{ format: "esm", platform: "node", target: "node20.19", logLevel: "error" },
    });
  } catch {
    // Said by the bundler itself, by file and line.
    process.exit(1);
  }
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
const esbuild = isStale() ? bundler() : undefined;
if (esbuild !== undefined) build(esbuild);
if (!existsSync(verbs)) stop("Nothing is built and no bundler is installed. Run: npm ci && npm start");
// "build" stops here: for whoever wants the built files and nothing run.
if (process.argv[2] !== "build") await import("../dist/cli.js");
