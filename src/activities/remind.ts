/** A reminder for all in one post; what is one's own is shown to oneself alone, behind "Show me mine". */
import { shuffled } from "../chance.ts";
import type { Mine, Pack, Reminder } from "../pack/pack.ts";
import { everyoneTakesPart } from "../people/participation.ts";
import type { Span } from "../platform.ts";
import { due, instantOf, localDate } from "../programme.ts";
import { type Rounds, tiesOf } from "../rounds.ts";
import { bold, newline, quote, shorten, text } from "../words.ts";
import { type Activity, type Hall, type Occasion, type Press, tell, whisper } from "./activity.ts";

const DAY = 24 * 3_600_000;

export interface RemindHall extends Hall {
  readonly rounds: Rounds;
}

export function remind(hall: RemindHall): Activity {
  return {
    forms: [],
    hold: async (occasion) => {
      if (occasion.words !== undefined) {
        await tell(hall, occasion, "remind", { body: [text(occasion.words)] });
        return;
      }
      const wanted = occasion.does.activity === "remind" ? occasion.does.reminder : "";
      const reminder = occasion.pack.reminders.find(({ id }) => id === wanted);
      if (!reminder) throw new Error(`The pack has no reminder ${wanted}.`);
      await tell(hall, occasion, "remind", { body: [text(reminder.text)], buttons: buttons(hall, occasion, reminder) });
    },
    pressed: {
      mine: (press) => showMine(hall, press),
      "see-you": (press) => whisper(hall, press, hall.say.spans("remind.see-you-too", { name: press.person.name })),
    },
    submitted: {},
  };
}

function buttons(hall: RemindHall, { community, pack, platform }: Occasion, reminder: Reminder) {
  const mine = { id: `mine:${community.id}:${reminder.id}`, label: hall.say.text("remind.mine") };
  // Where nobody is in unasked, "Not me" would ask for what nobody has: the offer is turned round.
  const offer = reminder.offers && (everyoneTakesPart(community, pack, platform) ? "not-me" : "count-me-in");
  return [
    ...(reminder.mine.length ? [mine] : []),
    ...(offer ? [{ id: `${offer}:${community.id}`, label: hall.say.text(`pairs.${offer}`) }] : []),
  ];
}

async function showMine(hall: RemindHall, press: Press): Promise<void> {
  const reminder = press.pack.reminders.find(({ id }) => id === press.args[1]);
  const kinds = reminder?.mine ?? [];
  const parts = await Promise.all(kinds.map((kind) => MINE[kind](hall, press)));
  const body = parts.flatMap((part, at) => (at && part.length ? [newline, ...part] : part));
  await whisper(hall, press, {
    body: body.length ? body : [...hall.say.spans("remind.nothing-yet")],
    buttons: kinds.includes("tomorrow") ? [{ id: "see-you", label: hall.say.text("remind.see-you") }] : [],
  });
}

const MINE: Record<Mine, (hall: RemindHall, press: Press) => Promise<Span[]>> = {
  "now-what": nowWhat,
  tomorrow: async (hall, press) => tomorrow(hall, press),
  "look-for": lookFor,
};

/** The last thing this person wrote under the review's last step. */
async function nowWhat(hall: RemindHall, { community, person, pack }: Press): Promise<Span[]> {
  const step = pack.steps.at(-1);
  const written = (await hall.answers.by(community.id, person.id)).filter((answer) => answer.stem === step?.id);
  const last = written.at(-1);
  if (!last || !step) return [...hall.say.spans("remind.no-now-what", { step: step?.text ?? "" })];
  return [...hall.say.spans("remind.now-what", { step: step.text }), quote(shorten(last.text, 600))];
}

/** The first thing tomorrow that people come for; a reminder is not one. */
function tomorrow(hall: RemindHall, { community, pack }: Press): Span[] {
  const date = localDate(hall.clock.now() + DAY, community.zone);
  const midnight = instantOf(date, "00:00", community.zone) - 1;
  const programme = pack.programmes[community.programme];
  const all = programme ? due(programme, community, community.moved, midnight, midnight + DAY) : [];
  const start = all.find(({ block }) => block.does.activity !== "remind");
  if (!start) return [];
  const at = community.moved[start.block.id] ?? start.block.when.at;
  return [...hall.say.spans("remind.tomorrow", { at, what: start.block.title })];
}

/** Somebody this person has not met, who wrote down what they want to understand; the same one however often it is asked today. */
async function lookFor(hall: RemindHall, { community, person, pack }: Press): Promise<Span[]> {
  const met = tiesOf(await hall.rounds.of(community.id)).filter(
    ({ state, people }) => state === "met" && people.includes(person.id),
  );
  const known = new Set([person.id, ...met.flatMap(({ people }) => people)]);
  const wishes = (await hall.answers.in(community.id)).filter(
    (answer) => answer.stem === wish(pack)?.id && !answer.draft && !known.has(answer.person),
  );
  const one = shuffled(wishes, `${community.seed}/look-for/${person.id}`)[0];
  const other = one && (await hall.roster.get(one.person));
  if (!one || !other) return [];
  return [
    ...hall.say.spans("remind.look-for", { name: bold(other.name), stem: wish(pack)?.text ?? "" }),
    quote(shorten(one.text, 300)),
  ];
}

/** "I want to understand more about …" stands last. */
const wish = (pack: Pack) => pack.stems.at(-1);
