// Messages, as one person sees them, and where one writes.
import { signal } from "@preact/signals";
import { html } from "htm/preact";
import { useLayoutEffect, useRef } from "preact/hooks";
import { Composer } from "./composer.js";
import { Face, titleOf } from "./people.js";
import {
  column,
  dialog,
  expectThread,
  facilitator,
  leaveThread,
  me,
  messages,
  messagesIn,
  place,
  replies,
  self,
  thread,
  threads,
  visitThread,
} from "./state.js";
import { act, become } from "./wire.js";
import { Body, clockTime, dayOf } from "./words.js";

/** The message one is changing, and what the room said to the last thing done to a message. */
const changing = signal("");
const refusal = signal({ message: "", why: "" });

async function attempt(message, what) {
  const answer = await act(what);
  refusal.value = answer.ok ? { message: "", why: "" } : { message, why: answer.why };
  return answer;
}

async function press(message, button) {
  expectThread(message);
  const { form } = await attempt(message, { do: "press", message, button });
  if (form) dialog.value = { kind: "form", form };
}

function Buttons({ message }) {
  if (message.buttons.length === 0) return undefined;
  return html`<div class="buttons">
    ${message.buttons.map(
      ({ id, label }) => html`<button key=${id} onClick=${() => press(message.id, id)}>${label}</button>`,
    )}
  </div>`;
}

function Attached({ message: { picture, file } }) {
  return html`
    ${picture && html`<img class="picture" src=${`data:image/png;base64,${picture.png}`} alt=${picture.alt} />`}
    ${file && html`<details class="file"><summary>${file.name}</summary><pre>${file.text}</pre></details>`}
  `;
}

function Own({ message }) {
  if (message.by !== me.value || changing.value === message.id) return undefined;
  return html`<div class="own">
    <button class="plain" onClick=${() => (changing.value = message.id)}>Change</button>
    <button class="plain" onClick=${() => attempt(message.id, { do: "retract", message: message.id })}>Take back</button>
  </div>`;
}

function Changing({ message }) {
  const save = async (event) => {
    event.preventDefault();
    const text = new FormData(event.target).get("text");
    const answer = await attempt(message.id, { do: "edit", message: message.id, text });
    if (answer.ok) changing.value = "";
  };
  return html`<form class="changing" onSubmit=${save}>
    <textarea name="text" aria-label="Your words" rows="3" autofocus>
${message.body.map((span) => span.text).join("")}</textarea
    >
    <div class="buttons">
      <button>Save</button>
      <button type="button" class="plain" onClick=${() => (changing.value = "")}>Leave it</button>
    </div>
  </form>`;
}

function Threaded({ message }) {
  const opened = threads.value.get(message.id);
  if (!opened || thread.value?.id === opened.id) return undefined;
  const count = replies.value.get(opened.id) ?? 0;
  const label = count === 0 ? "Answer in the thread" : count === 1 ? "1 answer" : `${count} answers`;
  // The room rings no bell: who is named in a thread sees so where the thread hangs.
  const named = messagesIn(opened.id).some(({ body }) => body.some((span) => span.me));
  return html`<button class="plain" onClick=${() => visitThread(opened.id)}>${label}</button>${
    named && html` <span class="mention mine">names you</span>`
  }`;
}

function Spoken({ message }) {
  const ours = message.by === undefined;
  const kind = ours ? (message.onlyYou ? "message ours whisper" : "message ours") : "message";
  return html`<article class=${kind} aria-label=${`${message.name}, ${clockTime(message.at)}`}>
    <${Face} name=${message.name} ours=${ours} />
    <div>
      <header>
        <b>${message.name}</b> <time>${clockTime(message.at)}</time>
        ${message.edited && html`<small>edited</small>`}
        ${message.onlyYou && html`<small class="only">Only you see this</small>`}
      </header>
      ${changing.value === message.id ? html`<${Changing} message=${message} />` : html`<${Body} spans=${message.body} />`}
      <${Attached} message=${message} />
      <${Buttons} message=${message} />
      ${refusal.value.message === message.id && html`<p class="refused" role="alert">${refusal.value.why}</p>`}
      <${Threaded} message=${message} />
      <${Own} message=${message} />
    </div>
  </article>`;
}

/** Keeps its end in sight, as a conversation does. */
function Log({ list, label, day: begun = "", children }) {
  const log = useRef();
  const last = list.at(-1)?.id;
  useLayoutEffect(() => {
    if (log.current) log.current.scrollTop = log.current.scrollHeight;
  }, [last, list[0]?.id]);
  let day = begun;
  return html`<div class="log" role="log" aria-label=${label} tabindex="0" ref=${log}>
    ${children}
    ${list.map((message) => {
      const its = dayOf(message.at);
      const turned = its !== day;
      day = its;
      return html`${turned && html`<p class="day" key=${its}>${its}</p>`}<${Spoken} key=${message.id} message=${message} />`;
    })}
  </div>`;
}

function Empty() {
  const { kind, people } = place.value;
  if (kind === "room") {
    return html`<p class="empty">This room is for ${people.join(" and ")}. What is said here stays here.</p>`;
  }
  if (kind === "private") return html`<p class="empty">Between Together and you. Nobody else reads this.</p>`;
  const host = facilitator.value;
  if (!host || self.value?.mayRunWorkshop) {
    return html`<p class="empty">Nothing here yet. Press <em>Post a quote</em> above, then be someone else and answer.</p>`;
  }
  return html`<p class="empty">
    Nothing here yet. Be <button class="plain" onClick=${() => become(host.id)}>${host.name}</button> and press
    <em>Post a quote</em>.
  </p>`;
}

export function Conversation() {
  const list = messagesIn(place.value.id);
  const { kind, people, id } = place.value;
  return html`<section class="talk" aria-label=${titleOf(place.value)}>
    <header class="top">
      <button class="back" onClick=${() => (column.value = "places")}>People and places</button>
      <h2>${titleOf(place.value)}</h2>
      ${kind === "room" && html`<p>${people.join(", ")} and Together</p>`}
    </header>
    <${Log} key=${id} list=${list} label="Conversation">${list.length === 0 && html`<${Empty} />`}<//>
    <${Composer} key=${`${me.value} ${id}`} place=${id} hint=${kind === "channel" ? "Say something, or type /together" : "Say something"} />
  </section>`;
}

export function Thread() {
  if (!thread.value) {
    return html`<aside class="thread quiet" aria-label="Thread">
      <p class="empty">A thread opens here: press <em>Answer in the thread</em> under a message.</p>
    </aside>`;
  }
  const { id, title, on } = thread.value;
  const root = messages.value.find((message) => message.id === on);
  const list = messagesIn(id);
  return html`<aside class="thread" aria-label=${`Thread: ${title}`}>
    <header class="top">
      <button class="back" onClick=${leaveThread}>Conversation</button>
      <h2>${title}</h2>
      <button class="plain close" onClick=${leaveThread}>Close</button>
    </header>
    <${Log} key=${id} list=${list} label="Answers" day=${root && dayOf(root.at)}>
      ${root ? html`<div class="root"><${Spoken} message=${root} /></div>` : html`<p class="empty">What this hung on was taken back.</p>`}
      ${list.length === 0 && html`<p class="empty">Nobody has answered yet.</p>`}
    <//>
    <${Composer} key=${`${me.value} ${id}`} place=${id} hint="Answer in the thread" />
  </aside>`;
}
