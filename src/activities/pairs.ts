/** People brought together in twos and threes, each group in a private place, with something to ask each other. */
import { Bringing, type PairsHall } from "../bringing.ts";
import { deal, inputOf, type Wish } from "../dealing.ts";
import { TooLate } from "../outbox.ts";
import { webOf } from "../pairing/web.ts";
import { everyoneTakesPart } from "../people/participation.ts";
import type { Person } from "../people/roster.ts";
import type { Span } from "../platform.ts";
import { seated } from "../reseating.ts";
import { type RoundOfPairs, roundId } from "../rounds.ts";
import { type Activity, type Occasion, type Press, type Setting, tell, whisper } from "./activity.ts";

/** Who comes in so long after a round began still joins a group of it, and is introduced to it so long after. */
const LATE = 90 * 60_000;
const CUT_SHORT = 24 * 3_600_000;

export function pairs(hall: PairsHall): Activity {
  return {
    forms: [],
    hold: (occasion) => hold(hall, occasion),
    pressed: {
      met: (press) => say(hall, press, true),
      "not-met": (press) => say(hall, press, false),
      "count-me-in": (press) => takePart(hall, press, true),
      "not-me": (press) => takePart(hall, press, false),
    },
    submitted: {},
    joined: (setting, person) => joinLate(hall, setting, person),
  };
}

/** What an occasion of pairs asks for. */
const wishOf = ({ does }: Occasion): Wish =>
  does.activity === "pairs" ? { size: does.size, mode: does.mode } : { size: 2, mode: "any" };

/** The round is written before anything is sent: held again after a crash, it is the same one. */
async function hold(hall: PairsHall, occasion: Occasion): Promise<void> {
  const { community, key } = occasion;
  const known = await hall.rounds.get(community.id, roundId(key));
  const round = known ?? (await deal(hall, occasion, wishOf(occasion), roundId(key)));
  if (!known) await hall.store.batch([hall.rounds.put(community.id, round)]);
  await announce(hall, occasion, round).catch(async (error: unknown) => {
    // Nobody has heard of it: it is no round that anybody met in.
    if (error instanceof TooLate) await hall.store.batch([hall.rounds.erase(community.id, round.id)]);
    throw error;
  });
  await new Bringing(hall, occasion, key).all(round);
  await tellHowConnected(hall, occasion, round);
}

async function announce(hall: PairsHall, occasion: Occasion, round: RoundOfPairs): Promise<void> {
  const { community, pack, platform } = occasion;
  const { groupSize: size } = round.dealt;
  const offer = everyoneTakesPart(community, pack, platform) ? "not-me" : "count-me-in";
  const threes = size === 2 ? round.groups.filter((group) => group.length === 3).length : 0;
  await tell(hall, occasion, "announce", {
    body: hall.say.spans(round.groups.length ? "pairs.announce" : "pairs.nobody", {
      groups: round.groups.length,
      size,
      threes,
    }),
    buttons: [{ id: `${offer}:${community.id}`, label: hall.say.text(`pairs.${offer}`) }],
  });
}

/** In plain words, to facilitators alone: about the room, never about a person. */
async function tellHowConnected(hall: PairsHall, setting: Setting, round: RoundOfPairs): Promise<void> {
  const { present, circles } = round.dealt;
  const rounds = (await hall.rounds.of(setting.community.id)).filter(({ number }) => number <= round.number);
  const held = rounds.map(({ groups, met }) => groups.filter((group, at) => group.length > 1 && met[at] !== false));
  const web = webOf(present, held, new Map(Object.entries(circles ?? {})));
  if (web.ties === 0) return;
  const across: readonly Span[] =
    web.acrossShare === undefined ? [] : hall.say.spans("web.across", { percent: Math.round(web.acrossShare * 100) });
  const body = [
    ...hall.say.spans("web.is", {
      number: round.number,
      people: web.people,
      ties: web.ties,
      pieces: web.pieces,
      steps: (web.meanDistance ?? 0).toFixed(1),
    }),
    ...across,
  ];
  // The day is the round's: gone on with after midnight, it is the same word.
  await hall.notify(setting, `web-${round.id}`, body, round.at);
}

/** "We met" or "Not yet", from anybody of the group; the last word counts. */
async function say(hall: PairsHall, press: Press, met: boolean): Promise<void> {
  const [named = "", at = ""] = press.args;
  const { community, person } = press;
  const id = named.slice(community.id.length);
  const theirs = (await hall.rounds.get(community.id, id))?.groups[Number(at)]?.includes(person.id);
  if (!theirs) return await whisper(hall, press, hall.say.spans("pairs.not-yours"));
  await hall.rounds.change(community.id, id, (round) => ({ ...round, met: { ...round.met, [at]: met } }));
  await whisper(hall, press, hall.say.spans(met ? "pairs.noted-met" : "pairs.noted-not-met"));
}

async function takePart(hall: PairsHall, press: Press, takesPart: boolean): Promise<void> {
  const { community, person } = press;
  await hall.participation.say(community.id, person.id, takesPart);
  const joined = takesPart && (await joinLate(hall, press, person));
  const other = takesPart ? "not-me" : "count-me-in";
  const said = joined ? "pairs.you-joined" : takesPart ? "pairs.you-are-in" : "pairs.you-are-out";
  await whisper(hall, press, {
    body: hall.say.spans(said),
    buttons: [{ id: `${other}:${community.id}`, label: hall.say.text(`pairs.${other}`) }],
  });
}

/** Somebody who comes in while a round runs joins one of its groups, or somebody who waits; nobody is dealt again. */
async function joinLate(hall: PairsHall, setting: Setting, person: Person): Promise<boolean> {
  const { community, pack, platform } = setting;
  const rounds = await hall.rounds.of(community.id);
  const last = rounds.at(-1);
  // Who was dealt in is introduced with the round; who came late and was cut short by a crash, with what is left of this.
  if (!last || last.result.groups.flat().includes(person.id)) return false;
  const isIn = last.groups.flat().includes(person.id);
  if (hall.clock.now() - last.at > (isIn ? CUT_SHORT : LATE)) return false;
  const present = await hall.participation.present(community, pack, platform, hall.clock.now());
  if (!present.some(({ id }) => id === person.id)) return false;
  const input = inputOf(last.dealt, rounds.slice(0, -1));
  const round = await hall.rounds.change(community.id, last.id, (now) => seated(now, person.id, input));
  const at = round?.groups.findIndex((group) => group.includes(person.id)) ?? -1;
  if (!round || at < 0) return false;
  const bringing = new Bringing(hall, setting, `late/${round.id}`);
  const later = await bringing.one(round, at);
  if (later?.fault === "gone") await bringing.notReached(round, at, [person]);
  else if (later) throw later;
  return true;
}
