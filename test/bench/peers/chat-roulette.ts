import { type Peer, shuffled } from "./peer.ts";

/** In random order each takes a random partner among those left, one they never met if there is any. */
export const chatRoulette: Peer = {
  name: "chat-roulette",
  source: "chat-roulettte/chat-roulette, GetRandomMatchesV2 in internal/database/migrations",
  upTo: 1_000,
  oddOne: "left out",
  deal(present, past, random) {
    const left = shuffled(present, random);
    const pairs: string[][] = [];
    for (let member = left.shift(); member !== undefined && left.length > 0; member = left.shift()) {
      const one = member;
      const unmet = left.filter((other) => past.times(one, other) === 0);
      const choice = unmet.length > 0 ? unmet : left;
      const partner = choice[random(choice.length)] ?? "";
      left.splice(left.indexOf(partner), 1);
      pairs.push([one, partner]);
    }
    return pairs;
  },
};
