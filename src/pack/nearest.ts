/** What somebody may have meant by a name that does not exist. */
import { distance } from "fastest-levenshtein";

/** At most half of a short name, or four letters of a long one, may be wrong. */
const tolerance = (name: string): number => Math.min(4, Math.max(1, Math.floor(name.length / 2)));

export function nearestOf(name: string, known: readonly string[]): string | undefined {
  const wanted = name.slice(0, 100).toLowerCase();
  const ranked = known.map((candidate) => ({ candidate, far: distance(wanted, candidate.toLowerCase()) }));
  ranked.sort((a, b) => a.far - b.far);
  const best = ranked[0];
  return best !== undefined && best.far <= tolerance(wanted) ? best.candidate : undefined;
}

/** `(did you mean title?)`, or what there is, or nothing. */
export function hint(name: string, known: readonly string[]): string {
  const meant = nearestOf(name, known);
  if (meant !== undefined) return ` (did you mean ${meant}?)`;
  return known.length > 0 && known.length <= 20 ? ` (there is: ${known.join(", ")})` : "";
}
