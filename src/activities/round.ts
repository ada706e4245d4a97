/** The one-minute round: three stems, answered with a form or in the thread. */
import { ask, collect, filledIn, formOf, takeBack } from "../collect.ts";
import type { Pack } from "../pack/pack.ts";
import { newline, text } from "../words.ts";
import type { Activity, Hall } from "./activity.ts";

export function round(hall: Hall, pack: Pack): Activity {
  const { say } = hall;
  return {
    forms: [formOf("round", say.text("round.title"), say.text("collect.send"), pack.stems)],
    hold: (occasion) =>
      ask(hall, occasion, {
        part: "round",
        form: "round",
        title: say.text("round.title"),
        stems: occasion.pack.stems,
        body: [...say.spans("round.ask"), ...occasion.pack.stems.flatMap((stem) => [newline, text(`• ${stem.text}`)])],
      }),
    pressed: { back: (press) => takeBack(hall, press) },
    submitted: { round: (submission) => collect(hall, submission) },
    prefill: (_form, about, person) => filledIn(hall, about, person),
  };
}
