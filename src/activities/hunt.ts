/** "Find someone who …" for the whole room: seven squares in one post; a find counts when the found person says yes. */

import { digest } from "../chance.ts";
import { ask } from "../collect.ts";
import type { Pack } from "../pack/pack.ts";
import type { Person, PersonId } from "../people/roster.ts";
import {
  type Form,
  type Instant,
  LIMITS,
  type MessageRef,
  type Platform,
  PlatformError,
  type Span,
  type UserId,
} from "../platform.ts";
import type { Prompt, PromptId } from "../prompts.ts";
import type { Sentences } from "../sentences.ts";
import { asWritten, collection } from "../store/collection.ts";
import type { Store } from "../store/store.ts";
import { bold, mention, newline, quote, shorten, text } from "../words.ts";
import { type Activity, type Hall, type Press, type Submission, whisper } from "./activity.ts";

export interface Find {
  readonly prompt: string;
  readonly square: string;
  readonly finder: PersonId;
  readonly found: PersonId;
  readonly told: string;
  readonly at: Instant;
  readonly state: "asked" | "confirmed" | "declined";
  readonly message?: MessageRef;
}

export const finds = (store: Store) => collection<Find>(store, "finds", asWritten());

export function hunt(hall: Hall, pack: Pack): Activity {
  const { say } = hall;
  return {
    forms: [formOf(say, pack)],
    hold: (occasion) =>
      ask(hall, occasion, {
        part: "hunt",
        form: "hunt",
        write: say.text("hunt.found"),
        how: "hunt.how",
        title: say.text("hunt.title"),
        stems: [],
        body: [
          ...say.spans("hunt.ask"),
          ...occasion.pack.findSomeone.flatMap((square) => [newline, text(`☐ ${square.text}`)]),
        ],
      }),
    pressed: {
      "hunt-yes": (press) => answer(hall, press, "confirmed"),
      "hunt-no": (press) => answer(hall, press, "declined"),
      "hunt-back": (press) => takeBack(hall, press),
    },
    submitted: { hunt: (submission) => found(hall, submission) },
  };
}

function formOf(say: Sentences, pack: Pack): Form {
  const options = pack.findSomeone.map(({ id, label }) => ({ id, label }));
  const told = { id: "told", label: say.text("hunt.told"), long: true, required: true, maxLength: LIMITS.answer };
  return {
    id: "hunt",
    title: say.text("hunt.title"),
    send: say.text("collect.send"),
    fields: [
      { kind: "choice", id: "square", label: say.text("hunt.which"), required: true, options },
      { kind: "person", id: "person", label: say.text("hunt.who"), required: true },
      { kind: "text", ...told },
    ],
  };
}

async function found(hall: Hall, submission: Submission): Promise<void> {
  const { say } = hall;
  const prompt = await hall.prompts.answered(submission.about, submission.at, hall.clock.now());
  if (!prompt) return await whisper(hall, submission, say.spans("form.out-of-date"));
  // The adapter hands a person field back as the UserId that it minted.
  const user = submission.values["person"] as UserId;
  const refused = await whyNot(hall, submission, user);
  if (refused) return await whisper(hall, submission, say.spans(refused));
  const { id: person, name } = await hall.roster.meet(submission.platform, user);
  const id = digest(submission.event, 12);
  const find: Find = {
    prompt: prompt.id,
    square: submission.values["square"] ?? "",
    finder: submission.person.id,
    found: person,
    told: submission.values["told"] ?? "",
    at: submission.at,
    state: "asked",
  };
  const stands = await sameAs(hall, prompt, id, find);
  if (stands) return await whisper(hall, submission, say.spans(`hunt.${stands}-already`, { name }));
  await finds(hall.store).claim([prompt.community, prompt.id, id], find);
  const message = await askWhomItIs(hall, submission, { prompt, id, find, user, name });
  // The found person may have answered while this had to be tried again.
  const now = (await finds(hall.store).get(prompt.community, prompt.id, id)) ?? find;
  await hall.store.batch([finds(hall.store).put([prompt.community, prompt.id, id], { ...now, message })]);
  const back = { id: `hunt-back:${prompt.id}:${id}`, label: say.text("collect.take-back") };
  await whisper(hall, submission, { body: say.spans("hunt.asked", { name }), buttons: [back] });
}

/** How the same find stands that the same person has sent before, in another form; a declined one may be asked again. */
async function sameAs(hall: Hall, prompt: Prompt, id: string, find: Find): Promise<Find["state"] | undefined> {
  for await (const { id: other, value } of finds(hall.store).all([prompt.community, prompt.id])) {
    const same = value.finder === find.finder && value.found === find.found && value.square === find.square;
    if (same && value.state !== "declined" && other[2] !== id) return value.state;
  }
  return undefined;
}

/** The post in the thread that the found person answers. */
function askWhomItIs(
  hall: Hall,
  submission: Submission,
  { prompt, id, find, user, name }: { prompt: Prompt; id: string; find: Find; user: UserId; name: string },
): Promise<MessageRef> {
  const body = [
    ...claim(hall, submission, find, submission.person, mention(user)),
    newline,
    ...hall.say.spans("hunt.is-that-you", { name }),
  ];
  const buttons = [
    { id: `hunt-yes:${prompt.id}:${id}`, label: hall.say.text("hunt.yes") },
    { id: `hunt-no:${prompt.id}:${id}`, label: hall.say.text("hunt.no") },
  ];
  const { platform } = submission;
  return hall.outbox.send({
    platform,
    place: prompt.thread,
    name: postOf(prompt.id, id),
    message: { body, buttons },
  });
}

/** The name of the post that asks whether it is so. */
const postOf = (prompt: PromptId, id: string): string => `find/${prompt}/${id}`;

/** Takes down the post about a find, also where it only may have been sent: its buttons bear its key. */
export async function unpost(hall: Hall, platform: Platform, prompt: Prompt, id: string, find: Find): Promise<void> {
  if (find.message) return await hall.outbox.remove(platform, find.message);
  await hall.outbox.withdraw({ platform, place: prompt.thread, name: postOf(prompt.id, id) });
}

/** The sentence that says why somebody cannot have been found; nothing when they can. */
async function whyNot(hall: Hall, { platform, community, by }: Submission, user: UserId): Promise<string | undefined> {
  if (user === by) return "hunt.not-oneself";
  const profile = await hall.outbox
    .patiently(() => platform.person(user))
    .catch((error: unknown) => {
      if (error instanceof PlatformError && error.fault === "gone") return undefined;
      throw error;
    });
  if (!profile || profile.kind === "gone") return "hunt.not-a-stranger";
  if (profile.kind === "bot") return "hunt.not-a-bot";
  if (!platform.can.members) return undefined;
  const here = await hall.outbox.patiently(() => platform.members(community.place));
  return here.includes(user) ? undefined : "hunt.not-a-stranger";
}

async function answer(hall: Hall, press: Press, state: "confirmed" | "declined"): Promise<void> {
  const [prompt = "", id = ""] = press.args;
  const asked = await hall.prompts.get(prompt);
  const find = asked && (await finds(hall.store).get(asked.community, prompt, id));
  if (!asked || !find) return await whisper(hall, press, hall.say.spans("form.out-of-date"));
  if (find.found !== press.person.id) return await whisper(hall, press, hall.say.spans("hunt.not-yours"));
  if (find.state !== "asked") return await whisper(hall, press, hall.say.spans("hunt.already"));
  await hall.store.batch([finds(hall.store).put([asked.community, prompt, id], { ...find, state })]);
  await settle(hall, press, asked, id, { ...find, state });
  const count = state === "confirmed" ? await countSquares(hall, asked) : 0;
  await whisper(hall, press, hall.say.spans(`hunt.${state}`, { count, of: press.pack.findSomeone.length }));
}

/** The finder's own words, gone from the thread and from the store, whatever the found person said. */
async function takeBack(hall: Hall, press: Press): Promise<void> {
  const [prompt = "", id = ""] = press.args;
  const asked = await hall.prompts.get(prompt);
  const find = asked && (await finds(hall.store).get(asked.community, prompt, id));
  if (!asked || find?.finder !== press.person.id) return await whisper(hall, press, hall.say.spans("form.out-of-date"));
  await unpost(hall, press.platform, asked, id, find);
  await hall.store.batch([finds(hall.store).erase([asked.community, prompt, id])]);
  hall.scrubber.soon();
  await whisper(hall, press, hall.say.spans("collect.taken-back"));
}

/** A yes stays in the thread, without its buttons; a no takes the post away, without a word about it. */
async function settle(hall: Hall, press: Press, prompt: Prompt, id: string, find: Find): Promise<void> {
  const message = find.message ?? press.message;
  const finder = await hall.roster.get(find.finder);
  if (!message || !finder) return;
  if (find.state === "declined") return await hall.outbox.remove(press.platform, message);
  const body = [
    ...claim(hall, press, find, finder, bold(press.person.name)),
    newline,
    ...hall.say.spans("hunt.counts"),
  ];
  await hall.outbox.edit(press.platform, message, { body }, postOf(prompt.id, id));
}

async function countSquares(hall: Hall, prompt: Prompt): Promise<number> {
  const squares = new Set<string>();
  for await (const { value } of finds(hall.store).all([prompt.community, prompt.id])) {
    if (value.state === "confirmed") squares.add(value.square);
  }
  return squares.size;
}

function claim(hall: Hall, { pack }: Press, find: Find, finder: Person, found: Span): Span[] {
  const square = pack.findSomeone.find(({ id }) => id === find.square)?.text ?? "";
  return [
    ...hall.say.spans("hunt.claim", { finder: bold(finder.name), found, square }),
    newline,
    quote(shorten(find.told, 500)),
  ];
}
