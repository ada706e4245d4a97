/** A form on a person's screen: what it opens with, and whether what comes back is fit to be taken. */
import type { Field, Form, Option, Phrases, Prefill } from "../../src/platform.ts";

/** A form that stands open before somebody. Everything but `title`, `send` and `fields` comes back when it is sent. */
export interface OpenForm {
  readonly form: string;
  readonly about: string;
  readonly place: string;
  readonly message?: string;
  readonly title: string;
  readonly send: string;
  /** A person field offers everybody in the channel as its options. */
  readonly fields: readonly (Field & { readonly value: string; readonly options?: readonly Option[] })[];
}

export interface Submission {
  readonly form: string;
  readonly about: string;
  readonly place: string;
  readonly message?: string;
  readonly values: Readonly<Record<string, string>>;
}

/** What is wrong, by field id. */
export type FieldErrors = Readonly<Record<string, string>>;

export function filledIn(form: Form, prefill: Prefill, people: readonly Option[]): OpenForm["fields"] {
  return form.fields.map((field) => {
    const value = prefill.values?.[field.id] ?? "";
    if (field.kind === "text") return { ...field, value };
    return { ...field, value, options: field.kind === "person" ? people : optionsOf(field, prefill) };
  });
}

/** Values that nobody asked for are dropped; a field left open is not in `values`. */
export function check(
  fields: OpenForm["fields"],
  values: Readonly<Record<string, string>>,
  phrases: Phrases,
): { readonly values: Record<string, string>; readonly errors?: FieldErrors } {
  const errors: [string, string][] = [];
  const good: [string, string][] = [];
  for (const field of fields) {
    const value = Object.hasOwn(values, field.id) ? (values[field.id] ?? "") : "";
    const error = problem(field, value, phrases);
    if (error) errors.push([field.id, error]);
    else if (value.trim() !== "") good.push([field.id, value]);
  }
  return { values: Object.fromEntries(good), ...(errors.length > 0 && { errors: Object.fromEntries(errors) }) };
}

function problem(field: OpenForm["fields"][number], value: string, phrases: Phrases): string | undefined {
  if (value.trim() === "") return field.required ? phrases.required : undefined;
  if (field.kind === "text") return value.length > field.maxLength ? phrases.tooLong(field.maxLength) : undefined;
  return field.options?.some((option) => option.id === value) ? undefined : phrases.noSuchOption;
}

function optionsOf(field: Field & { kind: "choice" }, prefill: Prefill): readonly Option[] {
  return prefill.options?.[field.id] ?? field.options;
}
