/** The review of a day: What? So what? What now? */
import { ask, collect, filledIn, formOf } from "../collect.ts";
import type { Pack } from "../pack/pack.ts";
import { bold, newline } from "../words.ts";
import type { Activity, Hall } from "./activity.ts";

export function review(hall: Hall, pack: Pack): Activity {
  const { say } = hall;
  return {
    forms: [formOf("review", say.text("review.title"), say.text("collect.send"), pack.steps)],
    hold: (occasion) => {
      const of = occasion.does.activity === "review" ? occasion.does.of : "day-one";
      return ask(hall, occasion, {
        part: "review",
        form: "review",
        title: say.text("review.of", { of: selector(of) }),
        stems: occasion.pack.steps,
        body: [
          ...say.spans("review.ask", { of: selector(of) }),
          ...occasion.pack.steps.flatMap((step) => [newline, bold(step.text)]),
        ],
      });
    },
    pressed: {},
    submitted: { review: (submission) => collect(hall, submission) },
    prefill: (_form, about, person) => filledIn(hall, about, person),
  };
}

/** A sentence's `select` knows no hyphens. */
const selector = (of: string): string => of.replaceAll("-", "");
