/** Spans → what the page shows, and plain text. On the page every text is a value for `textContent`, never markup. */
import { LIMITS, type Message, type Span } from "../../src/platform.ts";
import { invalid } from "./faults.ts";

/** A span as the page draws it: a mention with its name, a link only where it leads to the web. */
export type Drawn =
  | { readonly kind: "text" | "bold" | "italic" | "quote"; readonly text: string }
  | { readonly kind: "link"; readonly text: string; readonly url: string }
  | { readonly kind: "mention"; readonly name: string; readonly me: boolean }
  | { readonly kind: "time"; readonly at: number; readonly style: "time" | "date" | "moment"; readonly text: string }
  | { readonly kind: "newline" };

export interface Names {
  nameOf(user: string): string;
  isMe(user: string): boolean;
}

export function draw(span: Span, names: Names): Drawn {
  switch (span.kind) {
    case "mention":
      return { kind: "mention", name: names.nameOf(span.user), me: names.isMe(span.user) };
    case "time":
      return { kind: "time", at: span.at, style: span.style, text: span.fallback };
    case "link":
      return /^(https?|mailto):/i.test(span.url) ? span : { kind: "text", text: `${span.text} (${span.url})` };
    default:
      return span;
  }
}

/** What the eye reads, marks gone. */
export function plain(body: readonly Span[], names: Names): string {
  return body
    .map((span) => {
      const drawn = draw(span, names);
      if (drawn.kind === "newline") return "\n";
      return drawn.kind === "mention" ? `@${drawn.name}` : drawn.text;
    })
    .join("");
}

/** Throws `invalid` for what no platform would take, so that the rehearsal finds it before a workshop does. */
export function checkSize(message: Message): void {
  const text = message.body.reduce((sum, span) => sum + ("text" in span ? span.text.length : 1), 0);
  if (text > LIMITS.text) throw invalid(`A message of ${text} characters; ${LIMITS.text} is the limit.`);
  const buttons = message.buttons ?? [];
  if (buttons.length > LIMITS.buttons) throw invalid(`${buttons.length} buttons; ${LIMITS.buttons} is the limit.`);
  for (const { id, label, opens } of buttons) {
    if (label.length > LIMITS.buttonLabel) throw invalid(`The button ${id} has a label of ${label.length} characters.`);
    if (!/^[!-~]+$/.test(id) || id.length > LIMITS.buttonId) throw invalid(`"${id}" is no id for a button.`);
    if (opens && opens.about.length > LIMITS.about) throw invalid(`The button ${id} says too much about its form.`);
  }
  if (new Set(buttons.map(({ id }) => id)).size < buttons.length) throw invalid("Two buttons have one id.");
}
