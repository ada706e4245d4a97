// The left column: who one may be, and where one may go.
import { signal } from "@preact/signals";
import { html } from "htm/preact";
import { column, isUnread, me, openPlace, people, places, visit } from "./state.js";
import { act, become } from "./wire.js";

const coming = signal(false);
const problem = signal("");

const initials = (name) =>
  name
    .split(/[\s-]+/)
    .map((part) => [...part][0] ?? "")
    .slice(0, 2)
    .join("")
    .toUpperCase();

/** Together's own sign: two threads that cross. */
export function Face({ name, ours }) {
  if (!ours) return html`<span class="face" aria-hidden="true">${initials(name)}</span>`;
  return html`<span class="face" aria-hidden="true">
    <svg viewBox="0 0 24 24"><path d="M4 8c6 0 10 8 16 8" /><path d="M4 16c6 0 10-8 16-8" /></svg>
  </span>`;
}

function Someone({ person }) {
  const chosen = person.id === me.value;
  const choose = () => {
    column.value = "talk";
    if (!chosen) become(person.id);
  };
  return html`<li>
    <button class="someone" aria-pressed=${chosen} onClick=${choose}>
      <${Face} name=${person.name} />
      <span>${person.name}${person.mayRunWorkshop && html`<small>facilitator</small>`}</span>
    </button>
  </li>`;
}

async function comeIn(event) {
  event.preventDefault();
  const answer = await act({ do: "join", name: new FormData(event.target).get("name") });
  problem.value = answer.ok ? "" : answer.why;
  if (!answer.ok) return;
  coming.value = false;
  become(answer.person);
}

function Newcomer() {
  if (!coming.value) {
    return html`<button class="plain" onClick=${() => (coming.value = true)}>Someone new …</button>`;
  }
  return html`<form class="newcomer" onSubmit=${comeIn}>
    <label>Their name <input name="name" autocomplete="off" maxlength="40" autofocus /></label>
    <button>Come in</button>
    <p role="alert">${problem}</p>
  </form>`;
}

export const titleOf = (place) => (place.kind === "private" ? "Together and you" : place.title);

function Somewhere({ place }) {
  const here = place.id === openPlace.value;
  const unread = !here && isUnread(place.id);
  return html`<li>
    <button class="somewhere" aria-current=${here ? "page" : undefined} onClick=${() => visit(place.id)}>
      <span>${titleOf(place)}${place.kind === "room" && html`<small>private</small>`}</span>
      ${unread && html`<span class="new">new</span>`}
    </button>
  </li>`;
}

export function Sides() {
  const somewhere = places.value.filter((place) => place.kind !== "thread");
  const everyone = [...people.value].sort((a, b) => b.mayRunWorkshop - a.mayRunWorkshop);
  return html`<nav class="side" aria-label="People and places">
    <h1><${Face} ours /> Together</h1>
    <h2 id="being">Be someone</h2>
    <ul aria-labelledby="being">
      ${everyone.map((person) => html`<${Someone} key=${person.id} person=${person} />`)}
    </ul>
    <${Newcomer} />
    <h2 id="going">Places</h2>
    <ul aria-labelledby="going">
      ${somewhere.map((place) => html`<${Somewhere} key=${place.id} place=${place} />`)}
    </ul>
    <p class="note">A room for trying and rehearsing. Everything stays on this machine.</p>
  </nav>`;
}
