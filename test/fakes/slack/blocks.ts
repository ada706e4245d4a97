/** Slack's rules for blocks, as far as we use them, and what the eye reads in them. Source: docs.slack.dev/reference/block-kit */
import type { Block } from "./workspace.ts";

type Node = Readonly<Record<string, unknown>>;

const nodes = (value: unknown): Node[] => (Array.isArray(value) ? value : []);
const string = (value: unknown): string => (typeof value === "string" ? value : "");
const textOf = (value: unknown): string =>
  typeof value === "object" && value !== null && "text" in value ? string(value.text) : "";

/** The first thing Slack would refuse, or undefined. */
export function refused(blocks: readonly Block[], limit: number): string | undefined {
  if (blocks.length > limit) return "too many blocks";
  const ids = blocks.flatMap((block) => (block["block_id"] === undefined ? [] : [string(block["block_id"])]));
  if (new Set(ids).size < ids.length) return "block_id twice";
  if (ids.some((id) => id === "" || id.length > 255)) return "block_id";
  for (const block of blocks) {
    const complaint = complaintOf(block);
    if (complaint) return complaint;
  }
  return undefined;
}

function complaintOf(block: Block): string | undefined {
  switch (block["type"]) {
    case "rich_text":
      return nodes(block["elements"]).length === 0 ? "empty rich text" : first(nodes(block["elements"]).map(richLine));
    case "actions":
      return actions(nodes(block["elements"]));
    case "input":
      return label(block["label"], 2_000) ?? element(block["element"] as Node);
    default:
      return `block ${string(block["type"])}`;
  }
}

const first = (complaints: readonly (string | undefined)[]): string | undefined =>
  complaints.find((one) => one !== undefined);

function richLine(line: Node): string | undefined {
  if (line["type"] !== "rich_text_section" && line["type"] !== "rich_text_quote") return `line ${string(line["type"])}`;
  if (nodes(line["elements"]).length === 0) return "empty line";
  return first(nodes(line["elements"]).map(richElement));
}

function richElement(one: Node): string | undefined {
  switch (one["type"]) {
    case "text":
      return string(one["text"]) === "" ? "empty text" : undefined;
    case "link":
      return /^(https?:\/\/|mailto:)/.test(string(one["url"])) ? undefined : "url";
    case "user":
      return /^[UW][A-Z0-9]{7,}$/.test(string(one["user_id"])) ? undefined : "user_id";
    case "date":
      return Number.isInteger(one["timestamp"]) && /\{\w+\}/.test(string(one["format"])) ? undefined : "date";
    default:
      return `element ${string(one["type"])}`;
  }
}

function actions(elements: readonly Node[]): string | undefined {
  if (elements.length === 0 || elements.length > 25) return "actions";
  const ids = elements.map((one) => string(one["action_id"]));
  if (new Set(ids).size < ids.length) return "action_id twice";
  if (ids.some((id) => id === "" || id.length > 255)) return "action_id";
  if (elements.some((one) => string(one["value"]).length > 2_000)) return "value";
  return first(elements.map((one) => label(one["text"], 75)));
}

function label(value: unknown, limit: number): string | undefined {
  const text = textOf(value);
  return text === "" || text.length > limit ? `a text of ${text.length} characters` : undefined;
}

function element(one: Node): string | undefined {
  const initial = string(one["initial_value"]);
  switch (one["type"]) {
    case "plain_text_input":
      return initial.length > Number(one["max_length"]) || Number(one["max_length"]) > 3_000 ? "max_length" : undefined;
    case "static_select": {
      const options = nodes(one["options"]);
      if (options.length === 0 || options.length > 100) return "options";
      const known = options.map((option) => JSON.stringify(option));
      if (one["initial_option"] && !known.includes(JSON.stringify(one["initial_option"]))) return "initial_option";
      return first(
        options.map(
          (option) => label(option["text"], 75) ?? (string(option["value"]).length > 150 ? "value" : undefined),
        ),
      );
    }
    case "users_select":
      return one["initial_user"] === undefined || /^[UW][A-Z0-9]{7,}$/.test(string(one["initial_user"]))
        ? undefined
        : "initial_user";
    default:
      return `element ${string(one["type"])}`;
  }
}

/** The first thing Slack would refuse about a modal, or undefined. */
export function refusedModal(view: Node): string | undefined {
  if (view["type"] !== "modal" || string(view["callback_id"]).length > 255) return "modal";
  if (string(view["private_metadata"]).length > 3_000) return "private_metadata";
  return label(view["title"], 24) ?? label(view["submit"], 24) ?? refused(nodes(view["blocks"]), 100);
}

export interface Read {
  readonly text: string;
  /** User ids. */
  readonly mentions: readonly string[];
  readonly buttons: readonly {
    readonly label: string;
    readonly id: string;
    readonly value?: string;
    readonly block: string;
  }[];
}

/** Marks gone; each line of rich text on its own. `names` turns a user's id into what is read. */
export function read(blocks: readonly Block[], names: (id: string) => string): Read {
  const rich = blocks.filter((block) => block["type"] === "rich_text").flatMap((block) => nodes(block["elements"]));
  const lines = rich.map((line) =>
    nodes(line["elements"])
      .map((one) => readElement(one, names))
      .join(""),
  );
  const users = rich.flatMap((line) => nodes(line["elements"])).filter((one) => one["type"] === "user");
  const pressable = blocks.filter((block) => block["type"] === "actions");
  return {
    text: lines.join("\n"),
    mentions: users.map((one) => string(one["user_id"])),
    buttons: pressable.flatMap((block) =>
      nodes(block["elements"]).map((one) => ({
        label: textOf(one["text"]),
        id: string(one["action_id"]),
        block: string(block["block_id"]),
        ...(typeof one["value"] === "string" && { value: one["value"] }),
      })),
    ),
  };
}

function readElement(one: Node, names: (id: string) => string): string {
  if (one["type"] === "user") return `@${names(string(one["user_id"]))}`;
  if (one["type"] === "date") return string(one["fallback"]);
  return string(one["text"]);
}

/** Who a message's `text` would notify, and where it would lead: Slack reads every `<…>` in it. */
export function commandsIn(text: string): string[] {
  return [...text.matchAll(/<([^<>]*)>/g)].map(([, command = ""]) => command);
}
