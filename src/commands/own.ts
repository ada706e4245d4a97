/** `/together me`: one's own words, with [Change] and [Take back] for the last one that came with a form. */

import type { Setting } from "../activities/activity.ts";
import { type Answer, FORM } from "../answers.ts";
import { ownButtons } from "../collect.ts";
import type { Prompt } from "../prompts.ts";
import { bold, italic, newline, quote, shorten } from "../words.ts";
import type { Office, Reply, Use } from "./verb.ts";

/** Prompts shown at once; the whole is in `my-data`. */
const SHOWN = 4;
const ROOM = 220;

export async function ownWords(office: Office, { community, person }: Use & Setting): Promise<Reply> {
  const { say, answers, prompts } = office;
  const mine = await answers.by(community.id, person.id);
  const asked = (
    await Promise.all([...new Set(mine.map(({ prompt }) => prompt))].map((id) => prompts.get(id)))
  ).flatMap((prompt) => prompt ?? []);
  if (asked.length === 0) return say.spans("me.nothing");
  const latest = asked.sort((a, b) => b.openedAt - a.openedAt);
  const body = latest.slice(0, SHOWN).flatMap((prompt) => [
    newline,
    bold(prompt.title.slice(0, 100)),
    ...inOrder(prompt, mine)
      .slice(0, 3)
      .flatMap((answer) => {
        const stem = prompt.stems.length > 1 ? prompt.stems.find(({ id }) => id === answer.stem) : undefined;
        return [newline, ...(stem ? [italic(stem.text), newline] : []), quote(shorten(answer.text, ROOM / 2))];
      }),
  ]);
  const changeable = latest.find((prompt) =>
    mine.some((answer) => answer.prompt === prompt.id && answer.source === FORM),
  );
  return { body: [...say.spans("me.wrote"), ...body], buttons: changeable ? ownButtons(office, changeable) : [] };
}

/** One prompt's answers in the order of its stems. */
function inOrder(prompt: Prompt, answers: readonly Answer[]): Answer[] {
  const rank = new Map(prompt.stems.map(({ id }, at) => [id, at]));
  const its = answers.filter((answer) => answer.prompt === prompt.id);
  return its.sort((a, b) => (rank.get(a.stem) ?? 0) - (rank.get(b.stem) ?? 0));
}
