/** What is taken home: answers by prompt and stem, the quotes that were used, the ties that were drawn. */
import { Temporal } from "temporal-polyfill";
import { type Find, finds } from "../activities/hunt.ts";
import { type Drawn, drawnIn } from "../activities/quote.ts";
import { Answers } from "../answers.ts";
import { Communities, type Community } from "../communities.ts";
import type { Pack } from "../pack/pack.ts";
import type { Person, PersonId } from "../people/roster.ts";
import type { Instant } from "../platform.ts";
import { Prompts } from "../prompts.ts";
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
  return {
    community: `${platform}/${programme}`,
    dayOne,
    dayTwo,
    answers: [...(await answersOf(store, id, names)), ...(await findsOf(store, pack, id, names))].sort((a, b) =>
      a.at < b.at ? -1 : 1,
    ),
    quotes: (await drawnIn(store, id)).flatMap((drawn) => quoted(pack, drawn)),
    ties: ties.map(({ people: [a, b], at, state }) => ({ people: [names(a), names(b)], at: iso(at), state })),
  };
}

async function answersOf(store: Store, community: string, names: Names): Promise<HarvestedAnswer[]> {
  const prompts = new Map((await new Prompts(store).of(community)).map((prompt) => [prompt.id, prompt]));
  const answers = (await new Answers(store).in(community)).filter(({ draft }) => !draft);
  return answers.map(({ prompt: id, stem, person, text, at, editedAt }) => {
    const prompt = prompts.get(id);
    return {
      prompt: prompt?.title ?? "",
      stem: prompt?.stems.find((one) => one.id === stem)?.text ?? "",
      by: names(person),
      text,
      at: iso(at),
      ...(editedAt === undefined ? {} : { editedAt: iso(editedAt) }),
    };
  });
}

/** What was told in the hunt counts when the found person said yes. */
async function findsOf(store: Store, pack: Pack, community: string, names: Names): Promise<HarvestedAnswer[]> {
  const confirmed: Find[] = [];
  for await (const { value } of finds(store).all([community])) if (value.state === "confirmed") confirmed.push(value);
  return confirmed.map(({ square, finder, found, told, at }) => ({
    prompt: "Find someone who …",
    stem: pack.findSomeone.find(({ id }) => id === square)?.text ?? "",
    by: names(finder),
    text: `${names(found)}: ${told}`,
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
