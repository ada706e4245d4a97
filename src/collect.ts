/**
 * A prompt from asking to taking back: our message with its form and its thread, what people send with the form, and
 * the post that shows it. What is typed in the thread itself is heard by the companion.
 */
import { type Hall, type Occasion, type Press, type Submission, tell, whisper } from "./activities/activity.ts";
import type { Answer } from "./answers.ts";
import { FORM } from "./answers.ts";
import type { Person, PersonId } from "./people/roster.ts";
import {
  type Field,
  type Form,
  type Instant,
  LIMITS,
  type Message,
  type MessageRef,
  type Platform,
  PlatformError,
  type Prefill,
  type Span,
} from "./platform.ts";
import type { Prompt } from "./prompts.ts";
import { asWritten, type Collection, collection } from "./store/collection.ts";
import type { Write } from "./store/store.ts";
import { bold, italic, newline, quote, shorten } from "./words.ts";

export interface Asking {
  /** Tells two prompts of one occurrence apart. */
  readonly part: string;
  readonly title: string;
  readonly body: readonly Span[];
  readonly stems: readonly { readonly id: string; readonly text: string }[];
  /** The form that answers it; its fields' ids are the stems'. */
  readonly form: string;
  /** The label of the button that opens it, where it is not "Write it here". */
  readonly write?: string;
  /** The sentence that says how to answer, what is kept and who sees it, where it is not the usual one. */
  readonly how?: string;
}

/** Our post that shows what a person sent with a prompt's form. */
export interface Shown {
  readonly sentAs: string;
  /** Our post and its name; while it is not known to stand, what was to be posted: no other event makes a second one. */
  readonly posted: { readonly ref: MessageRef } | { readonly asked: Message; readonly at: Instant };
}

const shownBy = (hall: Hall): Collection<Shown> => collection<Shown>(hall.store, "shown", asWritten());

/** Posts a prompt, opens its thread and listens to it. Held again, it goes on where it stopped. */
export async function ask(hall: Hall, occasion: Occasion, asking: Asking): Promise<void> {
  const { community, platform, key } = occasion;
  const sentAs = `${key}/${asking.part}`;
  const id = hall.prompts.idOf(community.id, sentAs);
  const about = hall.prompts.about(id);
  const opens = {
    id: `open:${asking.form}`,
    label: asking.write ?? hall.say.text("collect.write"),
    opens: { form: asking.form, about },
  };
  const typed = hall.say.spans(asking.how ?? (platform.can.hearsReplies ? "collect.how" : "collect.how-form-only"));
  const message = await tell(hall, occasion, asking.part, {
    body: [...asking.body, newline, newline, ...typed],
    buttons: platform.can.forms ? [opens] : [],
  });
  if (await hall.prompts.get(id)) return;
  const thread = await hall.outbox.openThread(platform, message, asking.title);
  const { title, stems } = asking;
  await hall.prompts.add({
    id,
    community: community.id,
    activity: occasion.does.activity,
    title,
    stems,
    message,
    sentAs,
    thread,
    openedAt: hall.clock.now(),
  });
}

/** A form with one long field a stem. */
export function formOf(id: string, title: string, send: string, stems: readonly { id: string; label: string }[]): Form {
  const fields = stems.map(
    (stem): Field => ({
      kind: "text",
      id: stem.id,
      label: stem.label,
      long: true,
      required: stems.length === 1,
      maxLength: LIMITS.answer,
    }),
  );
  return { id, title, send, fields };
}

/** Keeps what a form brought, shows it in the prompt's thread, and tells its author what may be done with it. */
export async function collect(hall: Hall, submission: Submission): Promise<void> {
  const prompt = await hall.prompts.answered(submission.about, submission.at, hall.clock.now());
  if (!prompt || prompt.community !== submission.community.id)
    return await whisper(hall, submission, hall.say.spans("form.out-of-date"));
  await hall.answers.oneByOne(prompt.id, submission.person.id, () => keep(hall, submission, prompt));
}

async function keep(hall: Hall, submission: Submission, prompt: Prompt): Promise<void> {
  const answers = await hall.answers.submit(prompt, submission.person.id, submission.values, submission.at);
  if (answers.length === 0) {
    await unshow(hall, submission, prompt, submission.person.id);
    return await whisper(hall, submission, hall.say.spans("collect.nothing"));
  }
  if (answers.some(({ draft }) => draft)) return await whisper(hall, submission, hall.say.spans("collect.closed"));
  const stands = await show(hall, submission, prompt, answers);
  const body = hall.say.spans(stands ? "collect.kept" : "collect.kept-only");
  await whisper(hall, submission, { body, buttons: ownButtons(hall, prompt) });
}

/** [Change] and [Take back], for the author alone. */
export function ownButtons(hall: Hall, prompt: Prompt) {
  const form = formFor(prompt);
  return [
    {
      id: `change:${prompt.id}`,
      label: hall.say.text("collect.change"),
      opens: { form, about: hall.prompts.about(prompt.id) },
    },
    { id: `back:${prompt.id}`, label: hall.say.text("collect.take-back") },
  ];
}

export async function takeBack(hall: Hall, press: Press): Promise<void> {
  const prompt = await hall.prompts.get(press.args[0] ?? "");
  if (!prompt) return await whisper(hall, press, hall.say.spans("form.out-of-date"));
  const { person } = press;
  const isGone = await hall.answers.oneByOne(prompt.id, person.id, async () => {
    const took = await hall.answers.takeBack(prompt, person.id, press.at);
    if (took) await unshow(hall, press, prompt, person.id);
    return took;
  });
  // They have sent it anew since, and heard so.
  if (!isGone) return;
  await whisper(hall, press, hall.say.spans("collect.taken-back"));
}

/** A form opens with what its person sent before. */
export async function filledIn(hall: Hall, about: string, person: Person | undefined): Promise<Prefill> {
  const prompt = person && (await hall.prompts.signed(about));
  if (!prompt) return {};
  const before = await hall.answers.by(prompt.community, person.id, prompt.id, FORM);
  return { values: Object.fromEntries(before.map((answer) => [answer.stem, answer.text])) };
}

/** Takes down our post that shows a person's words, if there is one. In turn with whatever else they do with the form. */
export async function unshow(
  hall: Hall,
  { platform }: Pick<Press, "platform">,
  prompt: Prompt,
  person: PersonId,
): Promise<void> {
  const shown = await shownBy(hall).get(prompt.id, person);
  if (!shown) return;
  const { sentAs: name, posted } = shown;
  if ("ref" in posted) await hall.outbox.remove(platform, posted.ref);
  else await hall.outbox.withdraw({ platform, place: prompt.thread, message: posted.asked, name });
  await hall.store.batch([shownBy(hall).erase([prompt.id, person])]);
}

/** The write that forgets which post of ours shows a person's words. */
export function unshown(hall: Hall, prompt: Prompt, person: PersonId): Write {
  return shownBy(hall).erase([prompt.id, person]);
}

/** False: there is no thread any more that could show it. */
async function show(hall: Hall, submission: Submission, prompt: Prompt, answers: readonly Answer[]): Promise<boolean> {
  const { platform, person } = submission;
  const message = { body: wrote(hall, person, prompt, answers) };
  const put = (shown: Shown) => hall.store.batch([shownBy(hall).put([prompt.id, person.id], shown)]);
  const known = await shownBy(hall).get(prompt.id, person.id);
  // Where somebody else took our post down, the words are shown anew.
  if (known && "ref" in known.posted && (await isEdited(hall, platform, known.posted.ref, message, known.sentAs)))
    return true;
  const earlier = known && "asked" in known.posted ? { sentAs: known.sentAs, asked: known.posted.asked } : undefined;
  // The event names the post: heard twice it is one post.
  const { sentAs, asked } = earlier ?? { sentAs: `shown/${prompt.id}/${submission.event}`, asked: message };
  if (!earlier) await put({ sentAs, posted: { asked, at: submission.at } });
  const sending = { platform, place: prompt.thread, message: asked, name: sentAs };
  const ref = await hall.outbox.send(sending).catch(goneIsNowhere);
  if (!ref) {
    await hall.store.batch([shownBy(hall).erase([prompt.id, person.id])]);
    return false;
  }
  // It is the earlier try's post, perhaps with earlier words: only what was asked for first is found by its content.
  if (earlier) await hall.outbox.edit(platform, ref, message, sentAs);
  await put({ sentAs, posted: { ref } });
  return true;
}

function goneIsNowhere(error: unknown): undefined {
  if (!(error instanceof PlatformError) || error.fault !== "gone") throw error;
}

/** False: the message is no more. */
async function isEdited(
  hall: Hall,
  platform: Platform,
  on: MessageRef,
  content: Message,
  name: string,
): Promise<boolean> {
  const edited = hall.outbox.edit(platform, on, content, name).then(() => true);
  return (await edited.catch(goneIsNowhere)) ?? false;
}

/** "*Ana* wrote:" and each stem with her words, shortened where a post has no room; what is kept is whole. */
function wrote(hall: Hall, person: Person, prompt: Prompt, answers: readonly Answer[]): Span[] {
  const room = Math.floor((LIMITS.text - 300) / (2 * answers.length));
  const order = new Map(prompt.stems.map((stem, at) => [stem.id, at]));
  const inOrder = [...answers].sort((a, b) => (order.get(a.stem) ?? 0) - (order.get(b.stem) ?? 0));
  const parts = inOrder.flatMap((answer): Span[] => {
    const stem = prompt.stems.length > 1 ? prompt.stems.find(({ id }) => id === answer.stem) : undefined;
    return [...(stem ? [newline, italic(stem.text)] : []), newline, quote(shorten(answer.text, room))];
  });
  return [...hall.say.spans("collect.wrote", { name: bold(person.name) }), ...parts];
}

/** The form that a prompt was asked with, known by its activity. */
function formFor(prompt: Prompt): string {
  return prompt.activity === "show" ? "words" : prompt.activity;
}
