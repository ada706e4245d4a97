// Spans and Markdown → elements. Every text goes in as a text node; nothing is ever parsed as HTML.
import { html } from "htm/preact";

const zoned = (options) => new Intl.DateTimeFormat("en-GB", options);
const CLOCK = zoned({ hour: "2-digit", minute: "2-digit" });
const DAY = zoned({ weekday: "long", day: "numeric", month: "long" });
const MOMENT = zoned({ weekday: "short", day: "numeric", month: "short", hour: "2-digit", minute: "2-digit" });

export const clockTime = (at) => CLOCK.format(at);
export const dayOf = (at) => DAY.format(at);

const SHOWN = { time: CLOCK, date: DAY, moment: MOMENT };

function inline(span) {
  switch (span.kind) {
    case "bold":
      return html`<strong>${span.text}</strong>`;
    case "italic":
      return html`<em>${span.text}</em>`;
    case "mention":
      return html`<span class=${span.me ? "mention mine" : "mention"}>${span.name}</span>`;
    case "link":
      return html`<a href=${span.url} target="_blank" rel="noopener noreferrer">${span.text}</a>`;
    case "time":
      return html`<time>${SHOWN[span.style].format(span.at)}</time>`;
    default:
      return span.text;
  }
}

/** Paragraphs and block quotes. A message that begins with a quote is a quote: the rest says whose it is. */
export function Body({ spans }) {
  const blocks = [];
  let line = [];
  const flush = () => {
    if (line.length > 0) blocks.push(html`<p>${line}</p>`);
    line = [];
  };
  for (const span of spans) {
    if (span.kind === "newline") flush();
    else if (span.kind === "quote") {
      flush();
      blocks.push(html`<blockquote>${span.text}</blockquote>`);
    } else line.push(inline(span));
  }
  flush();
  return html`<div class=${spans[0]?.kind === "quote" ? "body quoted" : "body"}>${blocks}</div>`;
}

/** Where escaped characters wait, in Unicode's private area, while marks are looked for. */
const ASIDE = 0xe000;
const setAside = (text) =>
  text.replaceAll(/\\([!-/:-@[-`{-~])/g, (_, mark) => String.fromCharCode(ASIDE + mark.charCodeAt(0)));
const broughtBack = (text) =>
  text.replaceAll(/[\ue021-\ue07e]/g, (mark) => String.fromCharCode(mark.charCodeAt(0) - ASIDE));

const styled = (text) =>
  text.split(/(\*\*[^*]+\*\*)/).map((part) => {
    const [, strong] = /^\*\*([^*]+)\*\*$/.exec(part) ?? [];
    return strong ? html`<strong>${broughtBack(strong)}</strong>` : broughtBack(part);
  });

/** A block of a harvest: its kind by how its first line begins, and its words. */
const BLOCKS = [
  [/^(#{1,4}) /, (words, [, marks]) => html`<${`h${marks.length + 1}`}>${words}<//>`],
  [/^> ?/, (words) => html`<blockquote>${words}</blockquote>`],
  [/^[-*] /, (words) => html`<p class="item">${words}</p>`],
  [/^/, (words) => html`<p>${words}</p>`],
];

/** As much Markdown as a harvest has: headings, lists, quotes, paragraphs. The title is left to the dialog. */
export function Markdown({ text }) {
  const lines = setAside(text)
    .replace(/^# .*\n/, "")
    .replaceAll(/ {2}\n {2}/g, "\u2028")
    .replaceAll(/\n>\n> ?/g, "\u2028")
    .split("\n");
  return lines
    .filter((line) => line.trim() !== "" && line !== "---")
    .map((line) => {
      const [mark, draw] = BLOCKS.find(([begins]) => begins.test(line));
      return draw(styled(line.replace(mark, "").replaceAll("\u2028", "\n")), mark.exec(line));
    });
}
