/** Everything that is kept about one person, from every community, and nothing about anybody else. */

import type { Hall } from "../activities/activity.ts";
import { finds } from "../activities/hunt.ts";
import type { Span } from "../platform.ts";
import { type Rounds, tiesOf } from "../rounds.ts";
import type { Notify } from "../timekeeper.ts";
import { newline } from "../words.ts";
import type { Apart } from "./apart.ts";
import type { Facilitators } from "./facilitators.ts";
import type { Participation } from "./participation.ts";
import type { Person } from "./roster.ts";

export interface Archive extends Hall {
  readonly rounds: Rounds;
  readonly participation: Participation;
  readonly apart: Apart;
  readonly facilitators: Pick<Facilitators, "forget">;
  readonly timekeeper: { readonly notify: Notify };
}

export async function allAboutMe(archive: Archive, person: Person) {
  const communities = await archive.communities.all();
  const everywhere = await Promise.all(
    communities.map((community) => inOne(archive, person, community.id, community.programme)),
  );
  return {
    person,
    communities: everywhere.filter(
      (one) =>
        one.answers.length || one.ties.length || one.finds.length || one.apart > 0 || one.takesPart !== undefined,
    ),
  };
}

async function inOne(archive: Archive, person: Person, community: string, programme: string) {
  const takesPart = await archive.participation.word(community, person.id);
  const answers = (await archive.answers.by(community, person.id)).map(({ stem, text, at, editedAt, draft }) => ({
    stem,
    text,
    at,
    editedAt,
    draft,
  }));
  const ties = tiesOf(await archive.rounds.of(community))
    .filter(({ people }) => people.includes(person.id))
    .map(({ at, state }) => ({ at, state }));
  const hunts = [];
  for await (const { value } of finds(archive.store).all([community])) {
    if (value.finder === person.id)
      hunts.push({ role: "finder", square: value.square, told: value.told, at: value.at, state: value.state });
    else if (value.found === person.id)
      hunts.push({ role: "found", square: value.square, at: value.at, state: value.state });
  }
  const apart = (await archive.apart.of(community, person.id)).length;
  return { programme, takesPart, answers, ties, finds: hunts, apart };
}

export function mySummary({ say }: Hall, { person, communities }: Awaited<ReturnType<typeof allAboutMe>>): Span[] {
  const count = (of: "answers" | "ties" | "finds") =>
    communities.reduce((sum, community) => sum + community[of].length, 0);
  return [
    ...say.spans("my-data.is", {
      name: person.name,
      answers: count("answers"),
      ties: count("ties"),
      finds: count("finds"),
    }),
    newline,
    ...say.spans("my-data.circles", { circles: person.circles.join(", "), count: person.circles.length }),
  ];
}
