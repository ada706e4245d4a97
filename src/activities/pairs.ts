/** People brought together in twos and threes, each group in a private place, with something to ask each other. */
import { atOnce } from "../at-once.ts";
import { type DealingHall, deal, inputOf, type Wish } from "../dealing.ts";
import { InTurn } from "../in-turn.ts";
import { introduction } from "../introduction.ts";
import type { Outbox } from "../outbox.ts";
import { type History, joinRound, type RoundInput } from "../pairing/index.ts";
import { webOf } from "../pairing/web.ts";
import type { Facilitators } from "../people/facilitators.ts";
import { everyoneTakesPart } from "../people/participation.ts";
import { accountOn, type Person, type PersonId } from "../people/roster.ts";
import { PlatformError, type Span } from "../platform.ts";
import { localDate } from "../programme.ts";
import { historyOf, type RoundOfPairs, roundId } from "../rounds.ts";
import { type Activity, type Occasion, type Press, type Setting, tell, whisper } from "./activity.ts";

export interface PairsHall extends DealingHall {
  readonly facilitators: Pick<Facilitators, "tell">;
}

/** Groups that are brought together at the same time: enough that only the platform's limits are waited for. */
const AT_ONCE = 4;
/** Who comes in so long after a round began still joins a group of it. */
const LATE = 90 * 60_000;

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

/** One group that is to be told; `name` is its message's, `before` what was before its round. */
interface Bringing {
  readonly round: RoundOfPairs;
  readonly at: number;
  readonly before: History;
  readonly name: string;
}

type Send = Outbox["send"];

/** What an occasion of pairs asks for. */
const wishOf = ({ does }: Occasion): Wish =>
  does.activity === "pairs" ? { size: does.size, mode: does.mode } : { size: 2, mode: "any" };

/** The round is written before anything is sent: held again after a crash, it is the same one. */
async function hold(hall: PairsHall, occasion: Occasion): Promise<void> {
  const { community, key } = occasion;
  const known = await hall.rounds.get(community.id, roundId(key));
  const round = known ?? (await deal(hall, occasion, wishOf(occasion), roundId(key)));
  if (!known) await hall.store.batch([hall.rounds.put(community.id, round)]);
  await announce(hall, occasion, round);
  await bringAll(hall, occasion, round);
  await tellHowConnected(hall, occasion, round);
}

async function bringAll(hall: PairsHall, occasion: Occasion, round: RoundOfPairs): Promise<void> {
  const { platform, key } = occasion;
  const before = await pastOf(hall, occasion, round);
  const lines = new InTurn();
  // Where the groups' places share a channel's pace, one of them stands in its line: a prompt waits for no more.
  const send: Send = (sending) => lines.do(platform.channelOf(sending.place), () => hall.outbox.send(sending));
  let later: PlatformError | undefined;
  await atOnce(AT_ONCE, round.groups.keys(), async (at) => {
    later = (await bring(hall, occasion, { round, at, before, name: `${key}/group-${at}` }, send)) ?? later;
  });
  // Those who could be reached have been; held again, only the others are tried.
  if (later) throw later;
}

async function pastOf(hall: PairsHall, { community }: Setting, { number }: RoundOfPairs): Promise<History> {
  return historyOf((await hall.rounds.of(community.id)).filter((round) => round.number < number));
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

/**
 * Opens one group's private place and introduces them. One that cannot be reached keeps nobody else waiting; where trying
 * again may help, it resolves with what stood in the way.
 */
async function bring(
  hall: PairsHall,
  setting: Setting,
  { round, at, before, name }: Bringing,
  send: Send,
): Promise<PlatformError | undefined> {
  const { community, platform } = setting;
  const people = await peopleOf(hall, round.groups[at] ?? []);
  const users = people.flatMap((person) => accountOn(person, platform.name) ?? []);
  if (users.length < 2) return undefined;
  const names = new Intl.ListFormat("en-GB").format(people.map((person) => person.name));
  const message = introduction(hall, setting, { round, at, people, users, before });
  try {
    const title = hall.say.text("pairs.room", { names, number: round.number });
    const place = await hall.outbox.openRoom(platform, community.place, users, title);
    await send({ platform, place, message, name });
  } catch (error) {
    if (!(error instanceof PlatformError)) throw error;
    if (error.fault === "busy" || error.fault === "unknown") return error;
    hall.log.warn("a group could not be brought together", { fault: error.fault, round: round.id, group: at });
    await notify(hall, setting, `group-${round.id}-${at}`, hall.say.spans("notice.group", { names }));
  }
  return undefined;
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
  await notify(hall, setting, `web-${round.id}`, body);
}

async function notify(hall: PairsHall, setting: Setting, cause: string, body: readonly Span[]): Promise<void> {
  const day = localDate(hall.clock.now(), setting.community.zone);
  await hall.facilitators.tell(setting, { cause, day, body });
}

async function peopleOf(hall: PairsHall, ids: readonly PersonId[]): Promise<Person[]> {
  return (await Promise.all(ids.map((id) => hall.roster.get(id)))).flatMap((person) => person ?? []);
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
  if (!last || hall.clock.now() - last.at > LATE) return false;
  const present = await hall.participation.present(community, pack, platform, hall.clock.now());
  if (!present.some(({ id }) => id === person.id)) return false;
  const input = inputOf(last.dealt, rounds.slice(0, -1));
  const round = await hall.rounds.change(community.id, last.id, (now) => seated(now, person.id, input));
  const at = round?.groups.findIndex((group) => group.includes(person.id)) ?? -1;
  if (!round || at < 0) return false;
  const before = await pastOf(hall, setting, round);
  const bringing = { round, at, before, name: `late/${round.id}/${person.id}` };
  const later = await bring(hall, setting, bringing, (sending) => hall.outbox.send(sending));
  if (later) throw later;
  return true;
}

function seated(round: RoundOfPairs, person: PersonId, input: RoundInput): RoundOfPairs {
  const { result, groups, waiting } = round;
  if ([...groups.flat(), ...waiting.map(({ member }) => member)].includes(person)) return round;
  const joined = joinRound({ ...result, groups, leftOut: waiting }, person, input);
  return { ...round, groups: joined.groups, waiting: joined.leftOut };
}
