/** People brought together in twos and threes, each group in a private place, with something to ask each other. */
import { shuffled } from "../chance.ts";
import { type History, pairRound, type RoundInput } from "../pairing/index.ts";
import type { Participation } from "../people/participation.ts";
import { everyoneTakesPart } from "../people/participation.ts";
import { accountOn, type Person, type PersonId } from "../people/roster.ts";
import { type Message, PlatformError, type Span, type UserId } from "../platform.ts";
import { historyOf, type RoundOfPairs, type Rounds, roundId } from "../rounds.ts";
import { bold, mention, text } from "../words.ts";
import { type Activity, type Hall, type Occasion, type Press, tell, whisper } from "./activity.ts";

export interface PairsHall extends Hall {
  readonly rounds: Rounds;
  readonly participation: Participation;
}

export function pairs(hall: PairsHall): Activity {
  return {
    forms: [],
    hold: async (occasion) => {
      const round = await deal(hall, occasion);
      await announce(hall, occasion, round);
      const people = await peopleOf(hall, round.present);
      const before = historyOf(
        (await hall.rounds.of(occasion.community.id)).filter(({ number }) => number < round.number),
      );
      for (const at of round.groups.keys()) await bring(hall, occasion, round, at, people, before);
    },
    pressed: {
      met: (press) => say(hall, press, true),
      "not-met": (press) => say(hall, press, false),
      "count-me-in": (press) => takePart(hall, press, true),
      "not-me": (press) => takePart(hall, press, false),
    },
    submitted: {},
  };
}

/** Who meets whom, written before anything is sent: held again, it is the same round. */
async function deal(hall: PairsHall, occasion: Occasion): Promise<RoundOfPairs> {
  const { community, pack, platform, key, does } = occasion;
  const id = roundId(key);
  const known = await hall.rounds.get(community.id, id);
  if (known) return known;
  const rounds = await hall.rounds.of(community.id);
  const people = await hall.participation.present(community, pack, platform, hall.clock.now());
  const circles = circlesOf(people);
  const size = does.activity === "pairs" ? does.size : 2;
  const mode = does.activity === "pairs" ? does.mode : "any";
  const input: RoundInput = {
    present: people.map((person) => person.id),
    history: historyOf(rounds),
    circles: new Map(Object.entries(circles)),
    groupSize: size,
    mode,
    seed: `${community.seed}/${key}`,
  };
  const { groups, leftOut, repeats, bridging } = pairRound(input);
  const round: RoundOfPairs = {
    id,
    number: rounds.length + 1,
    at: hall.clock.now(),
    seed: input.seed,
    mode,
    size,
    present: input.present,
    circles,
    groups,
    leftOut,
    repeats,
    bridging,
    met: {},
  };
  await hall.store.batch([hall.rounds.put(community.id, round)]);
  return round;
}

function circlesOf(people: readonly Person[]): Record<PersonId, string> {
  return Object.fromEntries(people.flatMap((person) => (person.circles[0] ? [[person.id, person.circles[0]]] : [])));
}

async function announce(hall: PairsHall, occasion: Occasion, round: RoundOfPairs): Promise<void> {
  const { community, pack, platform } = occasion;
  const groups = round.groups.filter((group) => group.length > 1);
  const offer = everyoneTakesPart(community, pack, platform) ? "not-me" : "count-me-in";
  const threes = groups.filter((group) => group.length === 3).length;
  const said = groups.length === 0 ? "pairs.nobody" : "pairs.announce";
  await tell(hall, occasion, "announce", {
    body: hall.say.spans(said, { groups: groups.length, size: round.size, threes: round.size === 2 ? threes : 0 }),
    buttons: [{ id: `${offer}:${community.id}`, label: hall.say.text(`pairs.${offer}`) }],
  });
}

/** Opens one group's private place and says there who they are and what to ask. One that cannot be reached keeps nobody else waiting. */
async function bring(
  hall: PairsHall,
  occasion: Occasion,
  round: RoundOfPairs,
  at: number,
  people: ReadonlyMap<PersonId, Person>,
  before: History,
): Promise<void> {
  const group = (round.groups[at] ?? []).flatMap((id) => people.get(id) ?? []);
  const users = group.flatMap((person) => accountOn(person, occasion.platform.name) ?? []);
  if (users.length < 2) return;
  const { community, platform, key, until } = occasion;
  try {
    const names = new Intl.ListFormat("en-GB").format(group.map(({ name }) => name));
    const room = await hall.outbox.openRoom(
      platform,
      community.place,
      users,
      hall.say.text("pairs.room", { names, number: round.number }),
    );
    const message = introduction(hall, occasion, round, at, group, users, before);
    await hall.outbox.send({ platform, place: room, message, name: `${key}/group-${at}`, until });
  } catch (error) {
    if (!(error instanceof PlatformError)) throw error;
    hall.log.warn("a group could not be brought together", { fault: error.fault, round: round.id, group: at });
  }
}

function introduction(
  hall: PairsHall,
  { community, pack }: Occasion,
  round: RoundOfPairs,
  at: number,
  group: readonly Person[],
  users: readonly UserId[],
  before: History,
): Message {
  const asks = shuffled(pack.findSomeone, round.seed);
  const ask = asks[at % asks.length];
  const first = shuffled(group, `${round.seed}/first/${at}`)[0];
  const body: Span[] = [
    ...users.flatMap((user, nth): Span[] => (nth ? [text(", "), mention(user)] : [mention(user)])),
    ...hall.say.spans("pairs.ask", { count: group.length, ask: bold(ask?.text ?? ""), first: first?.name ?? "" }),
    ...hall.say.spans("pairs.before", { times: timesMet(group, before), count: group.length }),
    ...acrossCircles(hall, round, group),
    ...hall.say.spans("pairs.private"),
  ];
  const named = `${community.id}${round.id}:${at}`;
  return {
    body,
    buttons: [
      { id: `met:${named}`, label: hall.say.text("pairs.met") },
      { id: `not-met:${named}`, label: hall.say.text("pairs.not-met") },
    ],
  };
}

/** The most times that any two of a group have met before. */
function timesMet(group: readonly Person[], before: History): number {
  return Math.max(0, ...group.flatMap((a, i) => group.slice(i + 1).map((b) => before.timesMet(a.id, b.id))));
}

function acrossCircles(hall: PairsHall, round: RoundOfPairs, group: readonly Person[]): readonly Span[] {
  const circles = [...new Set(group.flatMap(({ id }) => round.circles[id] ?? []))];
  return circles.length < 2
    ? []
    : hall.say.spans("pairs.circles", { circles: new Intl.ListFormat("en-GB").format(circles) });
}

async function peopleOf(hall: PairsHall, ids: readonly PersonId[]): Promise<Map<PersonId, Person>> {
  const people = await Promise.all(ids.map((id) => hall.roster.get(id)));
  return new Map(people.flatMap((person) => (person ? [[person.id, person]] : [])));
}

/** "We met" or "Not yet", from anybody of the group; the last word counts. */
async function say(hall: PairsHall, press: Press, met: boolean): Promise<void> {
  const [named = "", at = ""] = press.args;
  const { community, person } = press;
  const round = await hall.rounds.get(community.id, named.slice(community.id.length));
  if (!round?.groups[Number(at)]?.includes(person.id))
    return await whisper(hall, press, hall.say.spans("pairs.not-yours"));
  await hall.store.batch([hall.rounds.put(community.id, { ...round, met: { ...round.met, [at]: met } })]);
  await whisper(hall, press, hall.say.spans(met ? "pairs.noted-met" : "pairs.noted-not-met"));
}

async function takePart(hall: PairsHall, press: Press, takesPart: boolean): Promise<void> {
  const { community, person } = press;
  await hall.participation.say(community.id, person.id, takesPart);
  const other = takesPart ? "not-me" : "count-me-in";
  await whisper(hall, press, {
    body: hall.say.spans(takesPart ? "pairs.you-are-in" : "pairs.you-are-out"),
    buttons: [{ id: `${other}:${community.id}`, label: hall.say.text(`pairs.${other}`) }],
  });
}
