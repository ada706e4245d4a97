/** What is taken home: answers by prompt and stem, the quotes that were used, the ties that were drawn. */
import { Temporal } from "temporal-polyfill";
import { type Find, finds } from "../activities/hunt.ts";
import { type Drawn, drawnIn } from "../activities/quote.ts";
import { type Answer, Answers } from "../answers.ts";
import { Communities, type Community } from "../communities.ts";
import type { Pack } from "../pack/pack.ts";
import type { Person, PersonId } from "../people/roster.ts";
import type { Instant } from "../platform.ts";
import { type Prompt, Prompts } from "../prompts.ts";
import { lettingGo } from "../retention.ts";
import { Rounds, tiesOf } from "../rounds.ts";
import { asWritten, collection } from "../store/collection.ts";
import type { Store } from "../store/store.ts";

/** Instants are ISO 8601 in UTC. */
export interface Harvest {
  /** Platform and programme, `room/workshop`. */
  readonly community: string;
  readonly dayOne: string;
  readonly dayTwo: string;
  readonly answers: readonly HarvestedAnswer[];
  /** Words are kept for so long; when the last of those that are not here any more were let go of. */
  readonly letGo?: string;
  readonly quotes: readonly {
    readonly text: string;
    readonly source?: string;
    readonly from?: string;
    readonly at: string;
  }[];
  readonly ties: readonly {
    readonly people: readonly [string, string];
    readonly at: string;
    readonly state: "met" | "planned" | "not-met";
  }[];
}

export interface HarvestedAnswer {
  readonly prompt: string;
  /** As it was asked; "" for words that answer the prompt as a whole. */
  readonly stem: string;
  readonly by: string;
  readonly text: string;
  readonly at: string;
  readonly editedAt?: string;
}

/** Of one community, or of all. Reads only, so that it works beside a running companion. */
export async function harvestOf(store: Store, pack: Pack, only?: string): Promise<Harvest[]> {
  const all = (await new Communities(store).all()).filter(({ id }) => only === undefined || id === only);
  const names = await namesIn(store);
  return await Promise.all(all.map((community) => harvest(store, pack, community, names)));
}

type Names = (id: PersonId) => string;

async function namesIn(store: Store): Promise<Names> {
  const names = new Map<PersonId, string>();
  for await (const { value } of collection<Person>(store, "people", asWritten()).all()) names.set(value.id, value.name);
  return (id) => names.get(id) ?? "—";
}

async function harvest(store: Store, pack: Pack, community: Community, names: Names): Promise<Harvest> {
  const { id, platform, programme, dayOne, dayTwo } = community;
  const ties = tiesOf(await new Rounds(store).of(id));
  const letGo = await lettingGo(store).get(id);
  return {
    community: `${platform}/${programme}`,
    dayOne,
    dayTwo,
    answers: [...(await answersOf(store, id, names)), ...(await findsOf(store, pack, id, names))],
    ...(letGo === undefined ? {} : { letGo: iso(letGo) }),
    quotes: (await drawnIn(store, id)).flatMap((drawn) => quoted(pack, drawn)),
    ties: ties.map(({ people: [a, b], at, state }) => ({ people: [names(a), names(b)], at: iso(at), state })),
  };
}

/** In the order in which it was asked: by prompt, by stem, and then as the answers came. */
async function answersOf(store: Store, community: string, names: Names): Promise<HarvestedAnswer[]> {
  const prompts = await new Prompts(store).of(community);
  const answers = (await new Answers(store).in(community)).filter(({ draft }) => !draft);
  return prompts.flatMap((prompt) => {
    const stems = ["", ...prompt.stems.map(({ id }) => id)];
    const its = answers.filter((answer) => answer.prompt === prompt.id);
    its.sort((a, b) => stems.indexOf(a.stem) - stems.indexOf(b.stem) || a.at - b.at);
    return its.map((answer) => harvested(prompt, answer, names));
  });
}

function harvested(prompt: Prompt, { stem, person, text, at, editedAt }: Answer, names: Names): HarvestedAnswer {
  return {
    prompt: prompt.title,
    stem: prompt.stems.find((one) => one.id === stem)?.text ?? "",
    by: names(person),
    text,
    at: iso(at),
    ...(editedAt === undefined ? {} : { editedAt: iso(editedAt) }),
  };
}

/** What was told in the hunt counts when the found person said yes. */
async function findsOf(store: Store, pack: Pack, community: string, names: Names): Promise<HarvestedAnswer[]> {
  const confirmed: Find[] = [];
  for await (const { value } of finds(store).all([community])) if (value.state === "confirmed") confirmed.push(value);
  return confirmed.map(({ square, finder, found, told, at }) => ({
    prompt: "Find someone who …",
    stem: pack.findSomeone.find(({ id }) => id === square)?.text ?? "",
    by: names(finder),
    text: told === "" ? names(found) : `${names(found)}: ${told}`,
    at: iso(at),
  }));
}

function quoted(pack: Pack, { quote: id, at }: Drawn) {
  const quote = pack.quotes.find((one) => one.id === id);
  if (!quote) return [];
  const { text, source, from } = quote;
  return [{ text, ...(source === undefined ? {} : { source }), ...(from === undefined ? {} : { from }), at: iso(at) }];
}

const iso = (at: Instant): string => Temporal.Instant.fromEpochMilliseconds(at).toString();
