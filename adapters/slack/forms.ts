/** A form → a modal, and what a person sent with it → checked values. Slack shows the complaints on the fields themselves. */
import type { types, ViewOutput } from "@slack/bolt";
import type { Field, Form, Option, Phrases, Prefill, UserId } from "../../src/platform.ts";
import type { Ids } from "./ids.ts";

/** Travels in `private_metadata`, since a submitted modal does not know where it was opened. At most 3,000 characters. */
export interface Origin {
  readonly about: string;
  readonly channel: string;
  readonly thread?: string;
  /** The message with the button; absent where only one person saw it, since that one has no name afterwards. */
  readonly message?: string;
}

/** The one element within each block; the block is named after the field. */
const INPUT = "input";

export function modal(form: Form, origin: Origin, prefill: Prefill, ids: Ids, phrases: Phrases): types.ModalView {
  return {
    type: "modal",
    callback_id: form.id,
    private_metadata: JSON.stringify(origin),
    title: plain(form.title),
    submit: plain(form.send),
    blocks: form.fields.map((field) => ({
      type: "input",
      block_id: field.id,
      optional: !field.required,
      label: plain(field.label),
      element: elementOf(field, prefill, ids, phrases),
    })),
  };
}

function elementOf(field: Field, prefill: Prefill, ids: Ids, phrases: Phrases): types.InputBlock["element"] {
  const value = prefill.values?.[field.id];
  switch (field.kind) {
    case "text": {
      // Slack refuses the whole form when the first text is longer than the field takes.
      const fits = value !== undefined && value !== "" && value.length <= field.maxLength;
      const text = { multiline: field.long, max_length: field.maxLength, ...(fits && { initial_value: value }) };
      return { type: "plain_text_input", action_id: INPUT, ...text };
    }
    case "choice": {
      const offered = (prefill.options?.[field.id] ?? field.options).map(offer);
      // Slack refuses a choice of nothing; one that cannot be chosen says so and keeps the other fields' words.
      const options = offered.length > 0 ? offered : [offer({ id: NOTHING, label: phrases.noSuchOption })];
      const chosen = options.find((option) => option.value === value);
      return { type: "static_select", action_id: INPUT, options, ...(chosen && { initial_option: chosen }) };
    }
    case "person":
      return { type: "users_select", action_id: INPUT, ...(value && { initial_user: ids.userOf(value as UserId) }) }; // The core hands a UserId.
  }
}

const NOTHING = "-";
const plain = (text: string): types.PlainTextElement => ({ type: "plain_text", text, emoji: false });
const offer = ({ id, label }: Option): types.PlainTextOption => ({ text: plain(label), value: id });

export type Checked = { readonly values: Record<string, string> } | { readonly errors: Record<string, string> };

/** Every required field is there and each is within its limits, or the complaints by field. */
export function check(form: Form, view: ViewOutput, ids: Ids, phrases: Phrases): Checked {
  const values: Record<string, string> = {};
  const errors: Record<string, string> = {};
  for (const field of form.fields) {
    const typed = typedIn(field, view);
    const complaint = complaintOf(field, typed, view, phrases);
    if (complaint) errors[field.id] = complaint;
    else if (typed !== "") values[field.id] = field.kind === "person" ? ids.user(typed) : typed;
  }
  return Object.keys(errors).length > 0 ? { errors } : { values };
}

/** Empty where nothing was typed or chosen. */
function typedIn(field: Field, view: ViewOutput): string {
  const state = view.state.values[field.id]?.[INPUT];
  if (field.kind === "text") return state?.value?.trim() ? state.value : "";
  return (field.kind === "choice" ? state?.selected_option?.value : state?.selected_user) ?? "";
}

function complaintOf(field: Field, typed: string, view: ViewOutput, phrases: Phrases): string | undefined {
  if (typed === "") return field.required ? phrases.required : undefined;
  if (field.kind === "text" && typed.length > field.maxLength) return phrases.tooLong(field.maxLength);
  if (field.kind === "choice" && !offeredIn(view, field.id).includes(typed)) return phrases.noSuchOption;
  return undefined;
}

/** What this form really offered, which `prefill` may have changed since it was registered. Slack hands the modal back. */
function offeredIn(view: ViewOutput, field: string): string[] {
  const block = view.blocks.find((one) => one.block_id === field);
  if (!block || !("element" in block) || block.element.type !== "static_select") return [];
  return (block.element.options ?? []).flatMap((option) =>
    option.value && option.value !== NOTHING ? [option.value] : [],
  );
}

/** Undefined where it is not ours: nobody but us writes it, but anything may come back. */
export function originOf(view: ViewOutput): Origin | undefined {
  try {
    const { about, channel, thread, message } = JSON.parse(view.private_metadata);
    if (typeof about !== "string" || typeof channel !== "string") return undefined;
    return {
      about,
      channel,
      ...(typeof thread === "string" && { thread }),
      ...(typeof message === "string" && { message }),
    };
  } catch {
    return undefined;
  }
}
