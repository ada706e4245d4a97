/** The project's own folder, the same from `src/` and from the compiled `dist/src/`: the nearest one with a package.json. */
import { existsSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";

function nearestProject(folder: string): string {
  return existsSync(join(folder, "package.json")) ? folder : nearestProject(dirname(folder));
}

export const ROOT = nearestProject(dirname(fileURLToPath(import.meta.url)));

/** A bare name is a folder of `content/`; anything with a slash is a path of the operator's own. */
export const packFolder = (pack: string): string => (/[/\\]/.test(pack) ? resolve(pack) : join(ROOT, "content", pack));
