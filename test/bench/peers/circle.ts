import type { Peer } from "./peer.ts";

/** The round-robin of tournaments: one stays, the others move on by one seat a round. It knows seats, not people. */
export const circle: Peer = {
  name: "circle method",
  source: "the circle (polygon) method of round-robin tournaments",
  upTo: 1_000,
  oddOne: "trio",
  deal(present, past) {
    const odd = present.length % 2 === 1;
    const seats = odd ? present.slice(0, -1) : [...present];
    const [fixed = "", ...ring] = seats;
    const turn = ring.map((_, i) => ring[(i + past.rounds) % ring.length] ?? "");
    const line = [fixed, ...turn];
    const groups = line.slice(0, line.length / 2).map((member, i) => [member, line[line.length - 1 - i] ?? ""]);
    if (odd) groups[past.rounds % groups.length]?.push(present.at(-1) ?? "");
    return groups;
  },
};
