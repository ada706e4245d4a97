// What opens over the room: a form to answer, or the harvest to read.
import { html } from "htm/preact";
import { useEffect, useRef, useState } from "preact/hooks";
import { dialog } from "./state.js";
import { act } from "./wire.js";
import { Markdown } from "./words.js";

const close = () => {
  dialog.value = undefined;
};

/** The browser's own dialog: it keeps the focus inside. Closed, the focus is back where it was. */
function Over({ title, children }) {
  const box = useRef();
  useEffect(() => {
    const opened = box.current;
    const before = document.activeElement;
    opened.showModal();
    return () => {
      opened.close();
      before?.focus();
    };
  }, []);
  return html`<dialog ref=${box} aria-labelledby="dialog-title" onClose=${close}>
    <h2 id="dialog-title">${title}</h2>
    ${children}
  </dialog>`;
}

function Input({ field, error }) {
  const common = {
    name: field.id,
    id: `field-${field.id}`,
    "aria-invalid": error ? "true" : undefined,
    "aria-describedby": error ? `error-${field.id}` : undefined,
    "aria-required": field.required ? "true" : undefined,
  };
  if (field.kind !== "text") {
    return html`<select ...${common}>
      <option value="">–</option>
      ${field.options.map(
        ({ id, label }) => html`<option key=${id} value=${id} selected=${id === field.value}>${label}</option>`,
      )}
    </select>`;
  }
  if (field.long)
    return html`<textarea ...${common} rows="4" maxlength=${field.maxLength} defaultValue=${field.value}></textarea>`;
  return html`<input ...${common} maxlength=${field.maxLength} defaultValue=${field.value} autocomplete="off" />`;
}

function Asked({ field, error }) {
  return html`<div class="field">
    <label for=${`field-${field.id}`}>${field.label}${!field.required && html` <small>if you like</small>`}</label>
    <${Input} field=${field} error=${error} />
    ${error && html`<p class="refused" id=${`error-${field.id}`}>${error}</p>`}
  </div>`;
}

function Answering({ form }) {
  const [errors, setErrors] = useState({});
  const [why, setWhy] = useState("");
  const send = async (event) => {
    event.preventDefault();
    const { form: id, about, place, message } = form;
    const values = Object.fromEntries(new FormData(event.target));
    const answer = await act({ do: "submit", form: id, about, place, message, values });
    if (answer.ok && !answer.errors) return close();
    setWhy(answer.why ?? "");
    setErrors(answer.errors ?? {});
    const [first] = Object.keys(answer.errors ?? {});
    if (first) document.getElementById(`field-${first}`)?.focus();
  };
  return html`<${Over} title=${form.title}>
    <form onSubmit=${send} novalidate>
      ${form.fields.map((field) => html`<${Asked} key=${field.id} field=${field} error=${errors[field.id]} />`)}
      ${why && html`<p class="refused" role="alert">${why}</p>`}
      <div class="buttons">
        <button>${form.send}</button>
        <button type="button" class="plain" onClick=${close}>Cancel</button>
      </div>
    </form>
  <//>`;
}

function Harvest({ markdown }) {
  return html`<${Over} title="The harvest">
    <div class="harvest" tabindex="0">
      ${markdown.trim() === "" ? html`<p class="empty">Nothing is gathered yet. Start a round, and answer it.</p>` : html`<${Markdown} text=${markdown} />`}
    </div>
    <div class="buttons"><button onClick=${close}>Close</button></div>
  <//>`;
}

export function Dialogs() {
  if (dialog.value?.kind === "form") return html`<${Answering} form=${dialog.value.form} />`;
  if (dialog.value?.kind === "harvest") return html`<${Harvest} markdown=${dialog.value.markdown} />`;
  return undefined;
}
