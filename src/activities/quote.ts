/** A quote, its source, and a button to talk about it. None comes again in a community until its deck is used up. */
import { shuffled } from "../chance.ts";
import type { Community } from "../communities.ts";
import { quoteBody } from "../pack/body.ts";
import type { Pack, Quote } from "../pack/pack.ts";
import { type Instant, PlatformError } from "../platform.ts";
import { asWritten, collection } from "../store/collection.ts";
import type { Store } from "../store/store.ts";
import { type Activity, type Hall, type Press, tell, whisper } from "./activity.ts";

export interface Drawn {
  readonly quote: string;
  readonly at: Instant;
  readonly run: number;
}

/** What was drawn in a community, by occurrence. */
const drawn = (store: Store) => collection<Drawn>(store, "quotes", asWritten());

export function quote(hall: Hall): Activity {
  return {
    forms: [],
    hold: async (occasion) => {
      const deck = occasion.does.activity === "quote" ? occasion.does.deck : "all";
      const next = await draw(hall, occasion.community, occasion.pack, deck, occasion.key);
      const talk = { id: "talk", label: hall.say.text("quote.talk") };
      await tell(hall, occasion, "quote", { body: quoteBody(next), buttons: [talk] });
    },
    pressed: { talk: (press) => talk(hall, press) },
    submitted: {},
  };
}

/** The quotes drawn in a community so far, oldest first. */
export async function drawnIn(store: Store, community: string): Promise<Drawn[]> {
  const all: Drawn[] = [];
  for await (const { value } of drawn(store).all([community])) all.push(value);
  return all.sort((a, b) => a.at - b.at);
}

/** Draws for an occurrence, and remembers it before anything is sent: held again, it is the same quote. */
async function draw(hall: Hall, community: Community, pack: Pack, deck: string, key: string): Promise<Quote> {
  const cards = pack.quotes.filter((card) => deck === "all" || card.deck === deck);
  const before = await drawn(hall.store).get(community.id, key);
  const again = cards.find(({ id }) => id === before?.quote);
  if (again) return again;
  const times = countDrawn(await drawnIn(hall.store, community.id));
  const next = nextCard(cards, times, `${community.seed}/${deck}`);
  if (!next) throw new Error(`The pack has no quote in the deck ${deck}.`);
  const drawing: Drawn = { quote: next.id, at: hall.clock.now(), run: community.run };
  await hall.store.batch([drawn(hall.store).put([community.id, key], drawing)]);
  return next;
}

function countDrawn(before: readonly Drawn[]): Map<string, number> {
  const times = new Map<string, number>();
  for (const { quote } of before) times.set(quote, (times.get(quote) ?? 0) + 1);
  return times;
}

/** Of the cards seen least often, the first in this cycle's own shuffled order. */
export function nextCard(cards: readonly Quote[], times: ReadonlyMap<string, number>, seed: string): Quote | undefined {
  const least = Math.min(...cards.map(({ id }) => times.get(id) ?? 0));
  const order = shuffled(
    [...cards].sort((a, b) => (a.id < b.id ? -1 : 1)),
    `${seed}/${least}`,
  );
  return order.find(({ id }) => (times.get(id) ?? 0) === least);
}

/** The talk is the people's own: we open the thread, say so once, and keep nothing of what is said in it. */
async function talk(hall: Hall, press: Press): Promise<void> {
  const { platform, message } = press;
  if (!message) return;
  const opening = hall.outbox.openThread(platform, message, hall.say.text("quote.thread"));
  // Somebody may have taken it down since; trying it again would not bring it back.
  const place = await opening.catch((error: unknown) => {
    if (!(error instanceof PlatformError) || error.fault !== "gone") throw error;
  });
  if (place === undefined) return await whisper(hall, press, hall.say.spans("form.out-of-date"));
  await hall.outbox.send({
    platform,
    place,
    message: { body: hall.say.spans("quote.opened") },
    name: `talk/${message}`,
  });
  await whisper(hall, press, hall.say.spans("quote.thread-open"));
}
