import type { Peer } from "./peer.ts";

/** All possible pairs by strength (200 less for each meeting, a little chance), taken greedily from the strongest. */
export const doughnut: Peer = {
  name: "doughnut",
  source: "doughnut_bot, create_matches; for an odd one it fails, so here they are left out",
  upTo: 200,
  oddOne: "fails",
  deal(present, past, random) {
    const options = present.flatMap((a, i) =>
      present.slice(0, i).map((b) => ({ a, b, strength: random(51) - 200 * past.times(a, b) })),
    );
    const matched = new Set<string>();
    const pairs: string[][] = [];
    for (const { a, b } of options.sort((one, other) => other.strength - one.strength)) {
      if (matched.has(a) || matched.has(b)) continue;
      matched.add(a).add(b);
      pairs.push([a, b]);
    }
    return pairs;
  },
};
