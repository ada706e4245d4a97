// The two ways to the room: a stream of what one sees, a door for what one does.
import { begin, change, me, online } from "./state.js";

const ROOM_IS_CLOSED = "The room does not answer. Your words are still here; try again when it is back.";

const RETRY_MS = 3_000;

let token = tokenIn(document);
let stream;
/** Called at each heartbeat of the stream and each change: what is shown of the moment may be stale. */
let onBeat = () => {};

function tokenIn(page) {
  return page.querySelector('meta[name="token"]')?.content ?? "";
}

export function whenAlive(call) {
  onBeat = call;
}

/** Becomes somebody: everything is sent anew, as they see it. */
export function become(person) {
  stream?.close();
  stream = new EventSource(`/room/stream?as=${encodeURIComponent(person)}`);
  stream.addEventListener("everything", (event) => {
    begin(JSON.parse(event.data));
    onBeat();
  });
  stream.addEventListener("sight", (event) => {
    change(JSON.parse(event.data));
    onBeat();
  });
  stream.addEventListener("beat", () => onBeat());
  // The browser tries again by itself, and then everything comes anew; unless it was turned away, so we do.
  const ours = stream;
  stream.onerror = () => {
    online.value = false;
    if (ours.readyState === EventSource.CLOSED) setTimeout(() => ours === stream && become(person), RETRY_MS);
  };
}

/** Resolves with the room's answer: `ok`, and `why` where it said no. Never rejects. */
export async function act(what) {
  return post("/room/do", { as: me.value, ...what });
}

export async function post(path, body) {
  try {
    let response = await send(path, body);
    if (response.status === 401 && (await renewToken())) response = await send(path, body);
    if (response.headers.get("content-type")?.startsWith("application/json")) return await response.json();
    return { ok: false, why: (await response.text()).trim() };
  } catch {
    return { ok: false, why: ROOM_IS_CLOSED };
  }
}

/** Undefined where there was no answer. */
export async function get(path) {
  try {
    const response = await fetch(path);
    return response.ok ? await response.json() : undefined;
  } catch {
    return undefined;
  }
}

function send(path, body) {
  const headers = { "content-type": "application/json", "x-together-token": token };
  return fetch(path, { method: "POST", headers, body: JSON.stringify(body) });
}

/** The room was started anew since this page was loaded: its page has the new token. */
async function renewToken() {
  const page = new DOMParser().parseFromString(await (await fetch("/")).text(), "text/html");
  token = tokenIn(page);
  return token !== "";
}
