/** Looks a pack through and says what is in it, or everything that is wrong with it. */
import { checkPack } from "../pack/load.ts";
import type { Pack } from "../pack/pack.ts";
import { formatProblem, PackError } from "../pack/problem.ts";
import { packFolder } from "../root.ts";

/** `folder`: a name in `content/` or a path. Throws a `PackError`. */
export function checkContent(folder: string): readonly string[] {
  const path = packFolder(folder);
  const { pack, problems, warnings } = checkPack(path);
  if (pack === undefined) throw new PackError(path, problems);
  return [...warnings.map(formatProblem), contentsOf(pack)];
}

function contentsOf(pack: Pack): string {
  const programmes = Object.values(pack.programmes).map(({ id, blocks }) => `${id} (${blocks.length} blocks)`);
  return `${pack.title}: ${pack.quotes.length} quotes, ${pack.pages.length} pages, ${programmes.join(", ")}.`;
}
