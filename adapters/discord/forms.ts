/** Forms -> modals, and back. Discord closes a modal as soon as it is sent, so what is wrong is said afterwards. */
import {
  type APILabelComponent,
  type APIModalInteractionResponseCallbackData,
  type APIModalSubmission,
  ComponentType,
  SelectMenuDefaultValueType,
  TextInputStyle,
} from "discord.js";
import type { Field, Form, Option, Phrases, Prefill, UserId } from "../../src/platform.ts";
import { accountOf, userId } from "./ids.ts";

export type Values = Readonly<Record<string, string>>;

export function modal(form: Form, tag: string, prefill: Prefill): APIModalInteractionResponseCallbackData {
  const components = form.fields.map((field) => labelled(field, prefill));
  return { custom_id: tag, title: form.title, components };
}

function labelled(field: Field, prefill: Prefill): APILabelComponent {
  const value = prefill.values?.[field.id];
  return { type: ComponentType.Label, label: field.label, component: input(field, value, prefill) };
}

function input(field: Field, value: string | undefined, prefill: Prefill): APILabelComponent["component"] {
  const common = { custom_id: field.id, required: field.required };
  switch (field.kind) {
    case "text": {
      const style = field.long ? TextInputStyle.Paragraph : TextInputStyle.Short;
      // Discord refuses the whole modal for a value that is too long; opening it empty loses less.
      const fits = value && value.length <= field.maxLength ? { value } : {};
      return { type: ComponentType.TextInput, style, max_length: field.maxLength, ...common, ...fits };
    }
    case "choice": {
      const options = (prefill.options?.[field.id] ?? field.options).map(({ id, label }) => ({
        value: id,
        label,
        default: id === value,
      }));
      return { type: ComponentType.StringSelect, options, min_values: field.required ? 1 : 0, ...common };
    }
    case "person": {
      const chosen = value && { id: accountOf(value as UserId), type: SelectMenuDefaultValueType.User as const };
      const defaults = chosen ? { default_values: [chosen] } : {};
      return { type: ComponentType.UserSelect, min_values: field.required ? 1 : 0, ...common, ...defaults };
    }
  }
}

/** What was filled in, by field id; fields that were left empty are left out. */
export function answers(sent: APIModalSubmission, form: Form): Values {
  const values = new Map<string, string>();
  for (const row of sent.components) {
    // Discord sends labels back where we sent labels; compatible servers may still send rows, as it once did.
    const component = row.type === ComponentType.ActionRow ? row.components[0] : "component" in row && row.component;
    if (!component) continue;
    if (component.type === ComponentType.TextInput) values.set(component.custom_id, component.value);
    const chosen = "values" in component ? component.values[0] : undefined;
    if (chosen === undefined) continue;
    values.set(component.custom_id, component.type === ComponentType.UserSelect ? userId(chosen) : chosen);
  }
  const known = form.fields.map(({ id }) => [id, values.get(id) ?? ""] as const);
  return Object.fromEntries(known.filter(([, value]) => value.trim() !== ""));
}

/** One line for each field that cannot be taken as it is; `offered` are the options of the moment. */
export function problems(form: Form, values: Values, offered: Prefill["options"], phrases: Phrases): readonly string[] {
  return form.fields.flatMap((field) => {
    const reason = problem(field, values[field.id], offered?.[field.id], phrases);
    return reason ? [`${field.label}: ${reason}`] : [];
  });
}

/** Whether a choice was made among other options than the form was registered with. */
export function isOfTheMoment(form: Form, values: Values): boolean {
  return form.fields.some(
    (field) => field.kind === "choice" && field.id in values && !has(field.options, values[field.id]),
  );
}

const has = (options: readonly Option[], value: string | undefined) => options.some(({ id }) => id === value);

function problem(field: Field, value: string | undefined, offered: readonly Option[] = [], phrases: Phrases) {
  if (value === undefined) return field.required ? phrases.required : undefined;
  if (field.kind === "text" && value.length > field.maxLength) return phrases.tooLong(field.maxLength);
  if (field.kind !== "choice") return undefined;
  return has(field.options, value) || has(offered, value) ? undefined : phrases.noSuchOption;
}
