/** The program of a life as one file: started from its many sources, a life would take six times as long. */
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { build } from "esbuild";
import { loadPack } from "../../src/pack/load.ts";
import { ROOT } from "../../src/root.ts";
import { readTexts } from "../../src/texts.ts";

/** Inside the project, where packages and the project's own folder are found. */
const FOLDER = join(ROOT, "node_modules", ".cache", "crash");

export interface Program {
  readonly file: string;
  /** The pack and the sentences, read once for all lives. */
  readonly content: string;
  /** For the stores. */
  readonly folder: string;
  remove(): void;
}

export async function program(name: string): Promise<Program> {
  const folder = join(FOLDER, `${name}-${process.pid}`);
  mkdirSync(folder, { recursive: true });
  const file = join(folder, "child.mjs");
  await build({
    entryPoints: [join(ROOT, "test", "crash", `${name}.child.ts`)],
    outfile: file,
    ...{ bundle: true, format: "esm", platform: "node", target: "node20.19", logLevel: "error" },
    // Native, or looked for in vain where it is not installed.
    external: ["@photostructure/sqlite", "zlib-sync", "bufferutil", "utf-8-validate", "tsx"],
    // Packages in CommonJS ask for Node's own modules so.
    banner: {
      js: `import * as nodeModule from "node:module"; const require = nodeModule.createRequire(import.meta.url);`,
    },
  });
  const content = join(folder, "content.json");
  const texts = readTexts(join(ROOT, "content", "sentences", "en.yaml"), "en-GB");
  writeFileSync(content, JSON.stringify({ pack: loadPack(join(ROOT, "content", "better-together")), texts }));
  return { file, content, folder, remove: () => rmSync(folder, { recursive: true, force: true }) };
}
