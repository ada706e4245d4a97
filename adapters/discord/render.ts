/** Spans -> Discord's markdown, escaped so that what a person typed stays what it is. */
import {
  type APIActionRowComponent,
  type APIButtonComponentWithCustomId,
  ButtonStyle,
  ComponentType,
  MessageFlags,
  type RawFile,
} from "discord.js";
import { type Message, PlatformError, type SendKey, type Span } from "../../src/platform.ts";
import { accountOf, buttonTag } from "./ids.ts";

/** Discord's own limit; the port's limit on text stays below it. */
const CONTENT = 2_000;

export interface Rendered {
  readonly body: {
    readonly content: string;
    readonly components: APIActionRowComponent<APIButtonComponentWithCustomId>[];
    readonly allowed_mentions: { readonly parse: []; readonly users: string[]; readonly replied_user: false };
    readonly attachments: { readonly id: string; readonly filename: string; readonly description?: string }[];
    /** No preview of a link: it would let what a person typed take half the screen. */
    readonly flags: MessageFlags.SuppressEmbeds;
  };
  readonly files: RawFile[];
}

/** `opener`: the message whose button opened the form that these buttons open again. */
export function render(message: Message, key: SendKey | "", opener = ""): Rendered {
  const { buttons = [], picture, file } = message;
  const files: RawFile[] = [];
  if (picture) files.push({ name: "picture.png", data: Buffer.from(picture.png, "base64"), contentType: "image/png" });
  if (file) files.push({ name: file.name, data: Buffer.from(file.text), contentType: "text/plain; charset=utf-8" });
  const row = buttons.map((button) => ({
    type: ComponentType.Button as const,
    style: ButtonStyle.Secondary as const,
    label: button.label,
    custom_id: buttonTag(key, button, opener),
  }));
  return {
    body: {
      content: content(message.body),
      components: row.length ? [{ type: ComponentType.ActionRow, components: row }] : [],
      allowed_mentions: { parse: [], users: mentioned(message.body), replied_user: false },
      attachments: files.map(({ name }, id) => ({
        id: String(id),
        filename: name,
        ...(picture && id === 0 ? { description: picture.alt } : {}),
      })),
      flags: MessageFlags.SuppressEmbeds,
    },
    files,
  };
}

/** Exactly those whom the core mentions are notified, whatever else stands in the text. */
function mentioned(body: readonly Span[]): string[] {
  return [...new Set(body.flatMap((span) => (span.kind === "mention" ? [accountOf(span.user)] : [])))];
}

export function content(body: readonly Span[]): string {
  const text = body.reduce((before, span) => join(before, markdown(span), span), "").trim();
  if (text.length <= CONTENT) return text;
  throw new PlatformError("invalid", `A message of ${text.length} characters; Discord takes ${CONTENT}.`);
}

/** A quote stands on lines of its own; two runs of asterisks side by side would be read as one. */
function join(before: string, next: string, span: Span): string {
  if (!next) return before;
  const onNewLine = before === "" || before.endsWith("\n");
  if (span.kind === "quote" && !onNewLine) return `${before}\n${next}`;
  if (span.kind !== "newline" && span.kind !== "quote" && endsInQuote(before)) return `${before}\n${next}`;
  return before.endsWith("*") && next.startsWith("*") ? `${before}\u200b${next}` : before + next;
}

const endsInQuote = (text: string): boolean => text.slice(text.lastIndexOf("\n") + 1).startsWith("> ");

function markdown(span: Span): string {
  switch (span.kind) {
    case "text":
      return inert(span.text);
    case "bold":
      return marked("**", span.text);
    case "italic":
      return marked("*", span.text);
    case "quote":
      return quoted(span.text.trim());
    case "link":
      return link(span.text, span.url);
    case "mention":
      return `<@${accountOf(span.user)}>`;
    case "time":
      return `<t:${Math.floor(span.at / 1_000)}:${{ time: "t", date: "D", moment: "f" }[span.style]}>`;
    case "newline":
      return "\n";
  }
}

function quoted(text: string): string {
  const lines = text ? inert(text).split("\n") : [];
  return lines.map((line) => `> ${line}`).join("\n");
}

/** Discord reads no emphasis where white space stands inside the marks. */
function marked(mark: string, text: string): string {
  const [, before = "", inner = "", after = ""] = /^(\s*)([\s\S]*?)(\s*)$/.exec(text) ?? [];
  return inner ? before + mark + inert(inner) + mark + after : before;
}

function link(label: string, address: string): string {
  const url = URL.canParse(address) ? new URL(address) : undefined;
  if (!url || !/^https?:$/.test(url.protocol)) return inert(`${label} (${address})`);
  const target = url.href.replaceAll("(", "%28").replaceAll(")", "%29");
  return `[${inert(label || url.host).replaceAll("\n", " ")}](${target})`;
}

/**
 * Each character costs at most one more, and only those that `textLength` counts twice. The colon keeps an address
 * from becoming a link and a word from becoming an emoji; a zero-width joiner would change what people copy.
 */
function inert(text: string): string {
  return text
    .replaceAll("\r\n", "\n")
    .replaceAll("\r", "\n")
    .replace(/[\\*_~`|<>()[\]@#:]/g, "\\$&")
    .replace(/^([^\S\n]*\d*)([-+.])/gm, "$1\\$2")
    .replace(/(discord(?:app)?)\./gi, "$1\\.");
}
