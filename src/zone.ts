/** Names of time zones, as the IANA database writes them. */
import { distance } from "fastest-levenshtein";

/** More slips than this and it was another word. */
const FAR = 3;

export function isZone(name: string): boolean {
  try {
    // An offset ("+01:00") passes too where Intl knows it, yet it has no clock changes: not a zone people live in.
    return /^[A-Z]/i.test(name) && new Intl.DateTimeFormat("en", { timeZone: name }).resolvedOptions().timeZone !== "";
  } catch {
    return false;
  }
}

/** "Europ/London", "london" and "Europe/Londn" all mean Europe/London; "Mars/Olympus" is near to none. */
export function nearestZone(name: string): string | undefined {
  const asked = plain(name);
  const ranked = Intl.supportedValuesOf("timeZone").map((zone) => ({ zone, far: farness(asked, zone) }));
  const best = ranked.sort((a, b) => a.far - b.far)[0];
  return best !== undefined && best.far <= FAR ? best.zone : undefined;
}

function farness(asked: string, zone: string): number {
  const city = zone.slice(zone.lastIndexOf("/") + 1);
  const short = distance(asked, plain(city));
  // A city alone has few letters, so it has to be nearly right.
  return Math.min(distance(asked, plain(zone)), short <= 1 ? short : Number.POSITIVE_INFINITY);
}

const plain = (name: string): string => name.toLowerCase().replace(/[\s_-]+/g, "_");
