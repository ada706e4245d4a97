/** What a group reads in its private place: who they are, what to ask, who begins, and how they stand to each other. */
import type { Hall, Setting } from "./activities/activity.ts";
import { shuffled } from "./chance.ts";
import type { History } from "./pairing/index.ts";
import type { Person } from "./people/roster.ts";
import type { Message, Span, UserId } from "./platform.ts";
import { joinersOf } from "./reseating.ts";
import type { RoundOfPairs } from "./rounds.ts";
import { bold, mention, text } from "./words.ts";

export interface Group {
  readonly round: RoundOfPairs;
  /** Its place among the round's groups. */
  readonly at: number;
  readonly people: readonly Person[];
  readonly users: readonly UserId[];
  /** What was before this round. */
  readonly before: History;
}

/** Fewer others than this, and a count of them would speak of persons. */
const OTHERS = 5;

export function introduction(hall: Hall, { community, pack }: Setting, group: Group): Message {
  const { say } = hall;
  const { round, at, people, users } = group;
  const { seed } = round.dealt;
  const asks = shuffled(pack.findSomeone, seed);
  const [first] = shuffled(people, `${seed}/first/${at}`);
  const named = `${community.id}${round.id}:${at}`;
  return {
    body: [
      ...users.flatMap((user, nth): Span[] => (nth ? [text(", "), mention(user)] : [mention(user)])),
      ...say.spans("pairs.ask", {
        count: people.length,
        ask: bold(asks[at % asks.length]?.text ?? ""),
        first: first?.name ?? "",
      }),
      ...say.spans("pairs.before", { times: timesMet(group), count: people.length }),
      ...movedHere(hall, group),
      ...acrossCircles(hall, group),
      ...metOthers(hall, group),
      ...say.spans("pairs.private"),
    ],
    buttons: [
      { id: `met:${named}`, label: say.text("pairs.met") },
      { id: `not-met:${named}`, label: say.text("pairs.not-met") },
    ],
  };
}

/** The most times that any two of a group have met before. */
function timesMet({ people, before }: Group): number {
  return Math.max(0, ...people.flatMap((a, i) => people.slice(i + 1).map((b) => before.timesMet(a.id, b.id))));
}

/** Somebody was dealt into another group, and it fell apart. */
function movedHere(hall: Hall, { round, at, people }: Group): readonly Span[] {
  const joiners = joinersOf(round, at).filter((id) => round.result.groups.flat().includes(id));
  const names = people.filter(({ id }) => joiners.includes(id)).map(({ name }) => name);
  return names.length === 0 ? [] : hall.say.spans("pairs.moved", { names: new Intl.ListFormat("en-GB").format(names) });
}

function acrossCircles(hall: Hall, { round, people }: Group): readonly Span[] {
  const circles = [...new Set(people.flatMap(({ id }) => round.dealt.circles?.[id] ?? []))];
  if (circles.length < 2) return [];
  return hall.say.spans("pairs.circles", { circles: new Intl.ListFormat("en-GB").format(circles) });
}

/** "Between you, you have met 9 of the 23 others here": of the group as a whole, so that nobody is measured against another. */
function metOthers(hall: Hall, { round, people, before }: Group): readonly Span[] {
  const here = new Set(people.map(({ id }) => id));
  const others = round.dealt.present.filter((id) => !here.has(id));
  const met = others.filter((other) => people.some(({ id }) => before.timesMet(id, other) > 0)).length;
  return met === 0 || others.length < OTHERS ? [] : hall.say.spans("pairs.met-others", { met, others: others.length });
}
