/** A page of the slides, message by message; a message that asks has a thread to answer in. */
import { ask, collect, filledIn, formOf } from "../collect.ts";
import { postBody } from "../pack/body.ts";
import type { Page, PagePost } from "../pack/pack.ts";
import { type Activity, type Hall, type Occasion, tell } from "./activity.ts";

export function show(hall: Hall): Activity {
  const label = hall.say.text("show.your-words");
  return {
    forms: [formOf("words", hall.say.text("show.title"), hall.say.text("collect.send"), [{ id: "words", label }])],
    hold: async (occasion) => {
      const wanted = occasion.does.activity === "show" ? occasion.does.page : "";
      const page = occasion.pack.pages.find(({ id }) => id === wanted);
      if (!page) throw new Error(`The pack has no page ${wanted}.`);
      for (const post of page.posts) await put(hall, occasion, page, post);
    },
    pressed: {},
    submitted: { words: (submission) => collect(hall, submission) },
    prefill: (_form, about, person) => filledIn(hall, about, person),
  };
}

async function put(hall: Hall, occasion: Occasion, page: Page, post: PagePost): Promise<void> {
  const body = postBody(page, post);
  if (!post.asks) {
    await tell(hall, occasion, post.id, { body });
    return;
  }
  const question = post.parts
    .map((part) => ("text" in part ? part.text : ""))
    .join(" ")
    .trim();
  await ask(hall, occasion, {
    part: post.id,
    form: "words",
    title: question,
    stems: [{ id: "words", text: question }],
    body,
  });
}
