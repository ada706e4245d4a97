// What the page knows: the last `everything` the room sent, and each change since.
import { computed, signal } from "@preact/signals";

export const me = signal("");
export const channel = signal("");
export const people = signal([]);
export const places = signal([]);
/** Oldest first. */
export const messages = signal([]);
export const commands = signal([]);
/** False while the stream is cut: before the first `everything`, and while the room is not running. */
export const online = signal(false);

/** The place and the thread that stand open, by id. */
export const openPlace = signal("");
export const openThread = signal("");
/** Which column a narrow screen shows: "places", "talk" or "thread". */
export const column = signal("talk");
/** What stands in a dialog: a form, the harvest, or nothing. */
export const dialog = signal(undefined);
/** The last message that each place's reader has seen, by place; of the person one is. */
const read = signal({});

export const self = computed(() => people.value.find((person) => person.id === me.value));
export const facilitator = computed(() => people.value.find((person) => person.mayRunWorkshop));
export const place = computed(() => places.value.find((one) => one.id === openPlace.value));
export const thread = computed(() => places.value.find((one) => one.id === openThread.value));
export const home = computed(() => places.value.find((one) => one.kind === "channel"));

/** Threads by the message they hang on. */
export const threads = computed(() => new Map(places.value.filter((one) => one.on).map((one) => [one.on, one])));

export const messagesIn = (id) => messages.value.filter((message) => message.place === id);

export const replies = computed(() => {
  const counts = new Map();
  for (const { place: id } of messages.value) counts.set(id, (counts.get(id) ?? 0) + 1);
  return counts;
});

export function begin(everything) {
  me.value = everything.me;
  channel.value = everything.channel;
  people.value = everything.people;
  places.value = everything.places;
  messages.value = everything.messages;
  commands.value = everything.commands;
  online.value = true;
  document.title = `Together – ${everything.channel}`;
  sessionStorage.setItem("me", me.value);
  read.value = JSON.parse(sessionStorage.getItem(`read ${me.value}`) ?? "{}");
  if (!place.value) openPlace.value = home.value?.id ?? "";
  if (!thread.value) openThread.value = "";
  markRead();
}

const put = (list, item) => [...list.filter((one) => one.id !== item.id), item];

export function change({ kind, value }) {
  if (kind === "person") people.value = put(people.value, value);
  if (kind === "left") people.value = people.value.filter((one) => one.id !== value);
  if (kind === "place") {
    places.value = put(places.value, value);
    if (value.on && value.on === expected) visitThread(value.id);
  }
  if (kind === "erased") messages.value = messages.value.filter((one) => one.id !== value);
  if (kind === "message") {
    const known = messages.value.some((one) => one.id === value.id);
    messages.value = known
      ? messages.value.map((one) => (one.id === value.id ? value : one))
      : [...messages.value, value];
    if (value.place === openPlace.value) markRead();
  }
}

/** The message on which one just pressed something: if a thread opens there, it is shown. */
let expected = "";

export function expectThread(message) {
  expected = message;
}

export function visit(id) {
  openPlace.value = id;
  openThread.value = "";
  expected = "";
  column.value = "talk";
  markRead();
}

export function visitThread(id) {
  openThread.value = id;
  column.value = "thread";
}

export function leaveThread() {
  openThread.value = "";
  column.value = "talk";
}

/** Refs of one kind sort in the order their messages were made. */
const lastIn = (id) => messagesIn(id).findLast((message) => !message.onlyYou)?.id ?? "";

export const isUnread = (id) => lastIn(id) > (read.value[id] ?? "");

function markRead() {
  read.value = { ...read.value, [openPlace.value]: lastIn(openPlace.value) };
  sessionStorage.setItem(`read ${me.value}`, JSON.stringify(read.value));
}
