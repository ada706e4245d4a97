import { byTwos, type Peer, type Random, shuffled } from "./peer.ts";

const POPULATION = 50;
const STALE = 1_000;

/** Orders of people, neighbours being pairs; the fittest are kept and two people of a copy trade places, until nothing improves. */
export const genetic: Peer = {
  name: "genetic",
  source: "ckoehler/buddy-up, crates/lib/src/algorithm",
  upTo: 50,
  oddOne: "must be even",
  deal(present, past, random) {
    const cost = (line: readonly string[]): number =>
      byTwos(line).reduce((sum, [a = "", b = ""]) => sum + past.times(a, b), 0);
    let crowd = Array.from({ length: POPULATION }, () => scored(shuffled(present, random), cost));
    let best = Number.POSITIVE_INFINITY;
    for (let stale = 0; stale < STALE && best > 0; stale++) {
      const children = crowd.map(({ line }) =>
        random(5) === 0 ? scored(mutated(line, random), cost) : scored(line, cost),
      );
      crowd = [...crowd, ...children].sort((a, b) => a.cost - b.cost).slice(0, POPULATION);
      const fittest = crowd[0]?.cost ?? 0;
      if (fittest < best) stale = 0;
      best = Math.min(best, fittest);
    }
    return byTwos(crowd[0]?.line ?? []);
  },
};

const scored = (line: readonly string[], cost: (line: readonly string[]) => number) => ({ line, cost: cost(line) });

function mutated(line: readonly string[], random: Random): string[] {
  const copy = [...line];
  const [i, j] = [random(copy.length), random(copy.length)];
  [copy[i], copy[j]] = [copy[j] ?? "", copy[i] ?? ""];
  return copy;
}
