/**
 * Spans → rich text blocks, which take every text as a value, and a plain text for notifications and screen readers.
 * Not mrkdwn: it cannot escape `*`, `_` and `~`.
 */
import type { types } from "@slack/bolt";
import { type Button, LIMITS, type Message, PlatformError, type Span, type UserId } from "../../src/platform.ts";

type Inline = types.RichTextText | types.RichTextLink | types.RichTextUserMention | types.RichTextDate;
type Line = types.RichTextSection | types.RichTextQuote;

export interface Rendered {
  readonly text: string;
  readonly blocks: types.KnownBlock[];
}

export type UserOf = (ref: UserId) => string;

/** Throws `invalid` beyond the limits: Slack would cut silently at its own. */
export function render(message: Message, userOf: UserOf): Rendered {
  const lines = linesOf(message.body, userOf);
  const buttons = message.buttons ?? [];
  const length = message.body.reduce((sum, span) => sum + ("text" in span ? span.text.length : 1), 0);
  if (length > LIMITS.text) throw invalid(`A message of ${length} characters; ${LIMITS.text} is the limit.`);
  if (buttons.length > LIMITS.buttons) throw invalid(`${buttons.length} buttons; ${LIMITS.buttons} is the limit.`);
  return {
    text: message.body.map((span) => notified(span, userOf)).join(""),
    blocks: [
      ...(lines.length > 0 ? [{ type: "rich_text" as const, elements: lines }] : []),
      ...(buttons.length > 0 ? [{ type: "actions" as const, elements: buttons.map(pressable) }] : []),
    ],
  };
}

/** A quote stands on lines of its own: the newline next to it is that line's end, not an empty line. */
function linesOf(body: readonly Span[], userOf: UserOf): Line[] {
  const lines: Line[] = [];
  let section: Inline[] = [];
  const close = () => {
    if (section.length > 0) lines.push({ type: "rich_text_section", elements: section });
    section = [];
  };
  for (const [index, span] of body.entries()) {
    if (span.kind === "quote" && span.text !== "") {
      close();
      lines.push({ type: "rich_text_quote", elements: [{ type: "text", text: shown(span.text) }] });
    } else if (span.kind !== "newline" || !(isQuote(body[index - 1]) || isQuote(body[index + 1]))) {
      section.push(...inline(span, userOf));
    }
  }
  close();
  return lines;
}

const isQuote = (span: Span | undefined): boolean => span?.kind === "quote";

/** At most one element; none for an empty text, which Slack refuses. */
function inline(span: Span, userOf: UserOf): Inline[] {
  switch (span.kind) {
    case "text":
    case "quote":
      return words(span.text);
    case "bold":
      return words(span.text, { bold: true });
    case "italic":
      return words(span.text, { italic: true });
    case "link":
      // Anything but the web and mail would be refused by Slack, or worse, not refused.
      if (!/^(https?:\/\/|mailto:)/i.test(span.url)) return words(`${span.text} (${span.url})`);
      return [{ type: "link", url: span.url, text: shown(span.text) }];
    case "mention":
      return [{ type: "user", user_id: userOf(span.user) }];
    case "time":
      return [
        { type: "date", timestamp: Math.floor(span.at / 1_000), format: FORMAT[span.style], fallback: span.fallback },
      ];
    case "newline":
      return words("\n");
  }
}

const words = (text: string, style?: { bold?: true; italic?: true }): Inline[] =>
  text === "" ? [] : [{ type: "text", text: shown(text), ...(style && { style }) }];

const FORMAT = { time: "{time}", date: "{date_long}", moment: "{date_short_pretty} {time}" } as const;

/** Half a character cannot be sent: the SDK's form encoding throws on it. */
const shown = (text: string): string => text.replace(/\p{Surrogate}/gu, "\uFFFD");

/** Within `text`, Slack reads `<…>` as a command; escaped so, nothing a person typed is one. */
const escaped = (text: string): string =>
  shown(text).replace(/&/g, "&amp;").replace(/</g, "&lt;").replace(/>/g, "&gt;");

function notified(span: Span, userOf: UserOf): string {
  if (span.kind === "mention") return `<@${userOf(span.user)}>`;
  if (span.kind === "newline") return "\n";
  return escaped(span.kind === "time" ? span.fallback : span.text);
}

/** `value` carries what the button opens; it comes back with the press. */
function pressable({ id, label, opens }: Button): types.Button {
  if (!/^[!-~]+$/.test(id) || id.length > LIMITS.buttonId) throw invalid(`"${id}" is no id for a button.`);
  if (label === "" || label.length > LIMITS.buttonLabel)
    throw invalid(`The button ${id} has a label of ${label.length} characters.`);
  if (opens && opens.about.length > LIMITS.about) throw invalid(`The button ${id} says too much about its form.`);
  const text = { type: "plain_text" as const, text: shown(label), emoji: false };
  return { type: "button", action_id: id, text, ...(opens && { value: JSON.stringify(opens) }) };
}

const invalid = (what: string): PlatformError => new PlatformError("invalid", what);
