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

/** Paragraphs and block quotes. The line right after a quote says whose it is. */
export function Body({ spans }) {
  const blocks = [];
  let line = [];
  let blank = 0;
  const flush = () => {
    if (line.length > 0) {
      const after = blocks.at(-1)?.type === "blockquote" && blank < 2;
      blocks.push(html`<p class=${after ? "attribution" : ""}>${line}</p>`);
      blank = 0;
    }
    line = [];
  };
  for (const span of spans) {
    if (span.kind === "newline") {
      flush();
      blank++;
    } else if (span.kind === "quote") {
      flush();
      blank = 0;
      blocks.push(html`<blockquote>${span.text}</blockquote>`);
    } else line.push(inline(span));
  }
  flush();
  return html`<div class="body">${blocks}</div>`;
}

const STYLED = /(\*\*[^*]+\*\*|\*[^*]+\*|_[^_]+_)/;

function styled(text) {
  const plain = (part) => part.replaceAll(/\\([\\`*_{}[\]()#+\-.!<>|~&])/g, "$1");
  return text.split(STYLED).map((part) => {
    if (part.startsWith("**") && part.length > 4) return html`<strong>${plain(part.slice(2, -2))}</strong>`;
    if (/^[*_].+[*_]$/.test(part)) return html`<em>${plain(part.slice(1, -1))}</em>`;
    return plain(part);
  });
}

/** As much Markdown as a harvest has: headings, lists, quotes, paragraphs. */
export function Markdown({ text }) {
  return text.split("\n").flatMap((line) => {
    const [, marks, heading] = /^(#{1,4}) (.*)$/.exec(line) ?? [];
    if (marks) return html`<${`h${Math.min(marks.length + 1, 5)}`}>${styled(heading)}<//>`;
    const [, item] = /^\s*[-*] (.*)$/.exec(line) ?? [];
    if (item) return html`<p class="item">${styled(item)}</p>`;
    const [, quoted] = /^> ?(.*)$/.exec(line) ?? [];
    if (quoted) return html`<blockquote>${styled(quoted)}</blockquote>`;
    return line.trim() === "" ? [] : html`<p>${styled(line)}</p>`;
  });
}
