import blossom from "edmonds-blossom-fixed";
import { byTwos, type Peer } from "./peer.ts";

/** Rounds it remembers. */
const MEMORY = 10;

/** The largest matching, all edges alike, among those who did not meet lately; who is left over is paired as they stand. */
export const beans: Peer = {
  name: "beans",
  source: "beans, unweighted Blossom over a memory of some rounds",
  upTo: 50,
  oddOne: "left out",
  deal(present, past) {
    const edges: [number, number, number][] = [];
    present.forEach((a, i) => {
      present.slice(0, i).forEach((b, j) => {
        const last = past.last(a, b);
        if (last === 0 || past.rounds - last >= MEMORY) edges.push([j, i, 1]);
      });
    });
    const mates = edges.length > 0 ? blossom(edges, true) : [];
    const left = present.filter((_, i) => (mates[i] ?? -1) < 0);
    const paired = present.flatMap((a, i) => {
      const mate = mates[i] ?? -1;
      return mate > i ? [[a, present[mate] ?? ""]] : [];
    });
    return [...paired, ...byTwos(left)];
  },
};
