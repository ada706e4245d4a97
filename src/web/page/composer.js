// Where one writes. Enter sends, Shift and Enter begins a line; a line with a slash is a command.
import { html } from "htm/preact";
import { useRef, useState } from "preact/hooks";
import { commands, home } from "./state.js";
import { act } from "./wire.js";

/** Lines one may mean by what is typed so far. */
function meant(typed) {
  if (!/^\/\S*(\s\S*)?$/.test(typed)) return [];
  return commands.value
    .flatMap(({ name, verbs }) => verbs.map((verb) => ({ line: `/${name} ${verb.name}`, about: verb.about })))
    .filter(({ line }) => line.startsWith(typed) && line !== typed);
}

export function Composer({ place, hint }) {
  const [typed, setTyped] = useState("");
  const [why, setWhy] = useState("");
  const [sending, setSending] = useState(false);
  const box = useRef();

  const send = async (text) => {
    if (text.trim() === "" || sending) return;
    setSending(true);
    const said = text.startsWith("/") ? { do: "command" } : { do: "say" };
    const answer = await act({ ...said, place, text });
    setSending(false);
    setWhy(answer.ok ? "" : answer.why);
    if (answer.ok) setTyped("");
    box.current?.focus();
  };
  const keys = (event) => {
    // While somebody composes a character, Enter belongs to their input method.
    if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
    event.preventDefault();
    void send(typed);
  };
  const submit = (event) => {
    event.preventDefault();
    void send(typed);
  };
  const take = (line) => {
    setTyped(`${line} `);
    box.current?.focus();
  };

  const lines = place === home.value?.id || typed.startsWith("/") ? meant(typed) : [];
  return html`<form class="composer" onSubmit=${submit}>
    ${
      lines.length > 0 &&
      html`<ul class="meant" aria-label="Commands">
        ${lines.map(
          ({ line, about }) => html`<li key=${line}>
            <button type="button" class="plain" onClick=${() => take(line)}>${line}</button> <small>${about}</small>
          </li>`,
        )}
      </ul>`
    }
    ${why && html`<p class="refused" role="alert">${why}</p>`}
    <div class="write">
      <textarea
        ref=${box}
        aria-label=${hint}
        placeholder=${hint}
        rows=${Math.min(6, typed.split("\n").length)}
        value=${typed}
        onInput=${(event) => setTyped(event.target.value)}
        onKeyDown=${keys}
      ></textarea>
      <button aria-disabled=${sending}>Send</button>
    </div>
  </form>`;
}
