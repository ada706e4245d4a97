/** A pack's own texts as the body of a message. The loader measures exactly these against the limits. */
import type { Span } from "../platform.ts";
import { bold, italic, newline, quote as quoted, text } from "../words.ts";
import type { Page, PagePost, Part, Quote } from "./pack.ts";

/** The quote as posted by itself: under its slide's title where it needs one, whose words, and where they stood. */
export function quoteBody(quote: Quote): readonly Span[] {
  return [
    ...(quote.title === undefined ? [] : [bold(quote.title), newline]),
    ...attributed(quote),
    ...(quote.from === undefined ? [] : [newline, italic(quote.from)]),
  ];
}

/** One message of a page. The imperative stands beside the slide, so it is said once, with the page's first message. */
export function postBody(page: Page, post: PagePost): readonly Span[] {
  const spans: Span[] = [bold(page.title)];
  for (const part of post.parts) spans.push(newline, ...partBody(part));
  if (page.imperative !== undefined && post === page.posts[0]) spans.push(newline, newline, bold(page.imperative));
  return spans;
}

function partBody(part: Part): readonly Span[] {
  switch (part.kind) {
    case "text":
      return [text(part.text)];
    case "strong":
      return [bold(part.text)];
    case "item":
      return [text(`• ${part.text}`)];
    case "two-ways":
      return [text(part.from), newline, text("→ "), bold(part.to)];
    case "quote":
      return attributed(part.quote);
  }
}

/** On a page the page itself says where the words stood. */
const attributed = (quote: Quote): readonly Span[] =>
  quote.source === undefined ? [quoted(quote.text)] : [quoted(quote.text), text(quote.source)];
