import { byTwos, type Peer, shuffled } from "./peer.ts";

export const shuffle: Peer = {
  name: "shuffle",
  source: "OfficeDev/microsoft-teams-apps-icebreaker, MakePairs; the Recurse Center's pairing bot",
  upTo: 1_000,
  oddOne: "left out",
  deal: (present, _past, random) => byTwos(shuffled(present, random)),
};
