/** Builders of spans for the core, and the one way to count a text against its limit. */
import { type Instant, LIMITS, type Message, PlatformError, type Span, type UserId } from "./platform.ts";

export const text = (value: string): Span => ({ kind: "text", text: value });
export const bold = (value: string): Span => ({ kind: "bold", text: value });
export const italic = (value: string): Span => ({ kind: "italic", text: value });
export const quote = (value: string): Span => ({ kind: "quote", text: value });
export const link = (label: string, url: string): Span => ({ kind: "link", text: label, url });
export const mention = (user: UserId): Span => ({ kind: "mention", user });
export const newline: Span = { kind: "newline" };
export const time = (at: Instant, style: "time" | "date" | "moment", fallback: string): Span => ({
  kind: "time",
  at,
  style,
  fallback,
});

/** A mention or a time takes at most so many characters on any platform. */
const REFERENCE = 32;
const MARKUP = /[\\*_~`|>#\-[\]()<@:&.+!]/g;

/** Characters of a body as the strictest platform counts them: markup characters count twice, since it escapes them. */
export function textLength(body: readonly Span[]): number {
  return body.reduce((sum, span) => sum + spanLength(span), 0);
}

function spanLength(span: Span): number {
  switch (span.kind) {
    case "newline":
      return 1;
    case "mention":
      return REFERENCE;
    case "time":
      return REFERENCE;
    case "link":
      return escapedLength(span.text) + span.url.length + 4;
    default:
      // Bold is the dearest pair of marks, a quote's line the dearest line start.
      return escapedLength(span.text) + 6 + span.text.split("\n").length * 2;
  }
}

function escapedLength(value: string): number {
  return value.length + (value.match(MARKUP)?.length ?? 0);
}

/** Throws `invalid` where a message is over the limits of every platform. */
export function mustFit({ body, buttons = [] }: Message): void {
  const length = textLength(body);
  const wrong =
    (length > LIMITS.text && `a text of ${length}`) ||
    (buttons.length > LIMITS.buttons && `${buttons.length} buttons`) ||
    (buttons.some(({ label, id }) => label.length > LIMITS.buttonLabel || id.length > LIMITS.buttonId) && "a button");
  if (wrong) throw new PlatformError("invalid", `A message is over the limits: ${wrong}.`);
}

/** A text that fits into so many characters, its end marked where something was left out. Never splits a character. */
export function shorten(value: string, limit: number): string {
  const characters = [...value];
  return characters.length <= limit
    ? value
    : `${characters
        .slice(0, limit - 1)
        .join("")
        .trimEnd()}…`;
}
