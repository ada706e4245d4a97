/** `/together`: what everyone may ask, always answered to them alone. */

import type { Setting } from "../activities/activity.ts";
import { drawnIn } from "../activities/quote.ts";
import { quoteBody } from "../pack/body.ts";
import { allAboutMe, mySummary } from "../people/mydata.ts";
import { isPaused } from "../people/roster.ts";
import type { Message, Span } from "../platform.ts";
import { due, instantOf, localDate, parseDate } from "../programme.ts";
import { tiesOf } from "../rounds.ts";
import { bold, newline, text } from "../words.ts";
import { apart } from "./apart.ts";
import { helpOf } from "./help.ts";
import { ownWords } from "./own.ts";
import { inZone, moment } from "./times.ts";
import { anywhere, arg, here, type Office, type Reply, type Use, type VerbHere } from "./verb.ts";

/** Circles that one person can belong to, and how long a name may be. */
const CIRCLES = 5;
const CIRCLE_NAME = 40;

export function everyoneVerbs(office: Office): VerbHere[] {
  const verbs: VerbHere[] = [
    anywhere(office, "help", async () => helpOf(office, "together", verbs)),
    here(office, "today", (use) => today(office, use)),
    here(office, "quote", (use) => quoteAgain(office, use)),
    here(office, "next", (use) => next(office, use)),
    here(office, "me", (use) => ownWords(office, use)),
    here(office, "ties", (use) => ties(office, use)),
    anywhere(office, "circles", (use) => circles(office, use), [arg(office, "text", "circles")]),
    here(office, "apart", (use) => apart(office, use), [arg(office, "person", "person")]),
    anywhere(office, "pause", (use, setting) => pause(office, use, setting), [arg(office, "word", "until")]),
    anywhere(office, "resume", (use) => resume(office, use)),
    here(office, "my-data", (use) => myData(office, use)),
    here(office, "forget-me", (use) => askBeforeForgetting(office, use)),
  ];
  return verbs;
}

async function today(office: Office, { community, pack }: Use & Setting): Promise<Reply> {
  const { say, clock } = office;
  const date = localDate(clock.now(), community.zone);
  const start = instantOf(date, "00:00", community.zone) - 1;
  const programme = pack.programmes[community.programme];
  const blocks =
    programme && community.running ? due(programme, community, community.moved, start, start + 86_400_000) : [];
  if (blocks.length === 0) return say.spans("today.nothing");
  const lines = blocks
    .slice(0, 30)
    .flatMap(({ block, at }) => [newline, text(`${inZone(at, community.zone, "time")}  ${block.title}`)]);
  return [...say.spans("today.is", { title: programme?.title ?? "" }), ...lines];
}

async function quoteAgain(office: Office, { community, pack }: Use & Setting): Promise<Reply> {
  const last = (await drawnIn(office.store, community.id)).at(-1);
  const card = last && pack.quotes.find(({ id }) => id === last.quote);
  return card ? quoteBody(card) : office.say.spans("quote.none-yet");
}

async function next(office: Office, use: Use & Setting): Promise<Reply> {
  const coming = use.community.running ? await office.timekeeper.next(use) : undefined;
  if (!coming) return office.say.spans("next.nothing");
  return office.say.spans("next.is", { title: bold(coming.block.title), at: moment(coming.at, use.community.zone) });
}

async function ties(office: Office, { community, person }: Use & Setting): Promise<Reply> {
  const mine = tiesOf(await office.rounds.of(community.id)).filter(({ people }) => people.includes(person.id));
  const met = new Set(
    mine.filter(({ state }) => state === "met").flatMap(({ people }) => people.filter((id) => id !== person.id)),
  );
  const names = (await Promise.all([...met].map((id) => office.roster.get(id)))).flatMap((other) => other?.name ?? []);
  if (names.length === 0) return office.say.spans("ties.none");
  return office.say.spans("ties.are", {
    count: names.length,
    names: new Intl.ListFormat("en-GB").format(names.sort()),
  });
}

async function circles(office: Office, { person, rest }: Use): Promise<Reply> {
  const { say, roster } = office;
  if (!rest)
    return say.spans(person.circles.length ? "circles.are" : "circles.none", { circles: person.circles.join(", ") });
  const named =
    rest.toLowerCase() === "none"
      ? []
      : [
          ...new Set(
            rest
              .split(/[,;]/)
              .map((name) => name.trim().replace(/\s+/g, " "))
              .filter(Boolean),
          ),
        ];
  const wrong = named.find((name) => name.length > CIRCLE_NAME || !/^[\p{L}\p{N}\p{P} ]+$/u.test(name));
  if (wrong !== undefined || named.length > CIRCLES)
    return say.spans("circles.refused", { count: CIRCLES, length: CIRCLE_NAME });
  await roster.change(person.id, (now) => ({ ...now, circles: named }));
  return say.spans(named.length ? "circles.are" : "circles.cleared", { circles: named.join(", ") });
}

async function pause(office: Office, { person, words }: Use, setting: Setting | undefined): Promise<Reply> {
  const { say, roster, clock } = office;
  const zone = setting?.community.zone ?? "UTC";
  const [typed] = words;
  if (typed === undefined) {
    await roster.change(person.id, (now) => ({ ...now, pausedUntil: "forever" }));
    return say.spans("pause.until-resume");
  }
  const read = parseDate(typed);
  if ("problem" in read) return [text(read.problem)];
  const until = instantOf(read.date, "00:00", zone);
  if (until <= clock.now()) return say.spans("date.past", { today: inZone(clock.now(), zone, "date"), zone });
  await roster.change(person.id, (now) => ({ ...now, pausedUntil: until }));
  return say.spans("pause.until", { at: moment(until, zone) });
}

async function resume(office: Office, { person }: Use): Promise<Reply> {
  const was = isPaused(person, office.clock.now());
  await office.roster.change(person.id, ({ pausedUntil: _over, ...now }) => now);
  return office.say.spans(was ? "pause.over" : "pause.was-not");
}

/** The whole of it as a file in a private place where there is one; a summary at once. */
async function myData(office: Office, use: Use & Setting): Promise<Reply> {
  const { platform, by, event, person } = use;
  const everything = await allAboutMe(office, person);
  const summary: Span[] = [...mySummary(office, everything)];
  if (!platform.can.privatePlaces) return summary;
  const place = await office.outbox.patiently(() => platform.privatePlace(by));
  const file = { name: "my-data.json", text: JSON.stringify(everything, null, 2) };
  const message: Message = { body: office.say.spans("my-data.file"), file };
  await office.outbox.send({ platform, place, message, name: `my-data/${event}` });
  return [...summary, newline, ...office.say.spans("my-data.sent")];
}

/** Nothing is erased by a slip of the finger. */
async function askBeforeForgetting(office: Office, { community }: Use & Setting): Promise<Reply> {
  return {
    body: office.say.spans("forget.ask"),
    buttons: [{ id: `forget:${community.id}`, label: office.say.text("forget.yes") }],
  };
}
