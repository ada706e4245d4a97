/** What people do when they read something: reply, edit, delete, send forms, press, and ask to be forgotten. */
import type { Button, Instant, Message, MessageRef, Place, SendKey, UserId, Whisper } from "../../src/platform.ts";
import type { Chat, Said } from "./chat.ts";
import type { Loop } from "./loop.ts";
import type { Random } from "./random.ts";

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

/** A person's form under one prompt, as they left it: what they sent last, or nothing. */
export interface Sent {
  readonly by: UserId;
  /** Of the prompt: where it stands twice for a while, both its messages open the same form. */
  readonly key: SendKey | undefined;
  text: string | undefined;
  readonly former: string[];
  /** They did something more with it, and were not told that it was kept: it may be followed all the same. */
  unsure: boolean;
}

export class People {
  readonly replies: Said[] = [];
  /** Every text that a message held, oldest first. */
  readonly texts = new Map<MessageRef, string[]>();
  readonly forms: Sent[] = [];
  readonly forgotten = new Map<UserId, Instant>();
  /** When they last asked for it, heard or not: one that is journalled and not acknowledged is followed all the same. */
  readonly askedToBeForgotten = new Map<UserId, Instant>();
  /** Who has ever said anything that says whether they are paired. */
  readonly swayed = new Set<UserId>();
  readonly counts: Record<string, number> = {};
  readonly #around: { chat: Chat; loop: Loop; random: Random; fields: (form: string) => readonly string[] };
  /** By whom and about what. */
  readonly #filling = new Set<string>();
  #words = 0;
  #quiet = false;

  constructor(around: { chat: Chat; loop: Loop; random: Random; fields: (form: string) => readonly string[] }) {
    this.#around = around;
  }

  /** Nobody begins anything new. */
  quiet(): void {
    this.#quiet = true;
  }

  /** They see a message of ours. */
  read(said: Said): void {
    const { chat, random } = this.#around;
    const here = chat.members.get(said.place) ?? peopleOfRoom(said.place);
    for (const button of said.message.buttons ?? []) {
      for (const by of here) {
        if (button.opens && said.place.startsWith("channel:")) this.#prompted(by, said, button.opens);
        else if (button.id.startsWith("met:") && random.chance(0.4)) this.#later(() => this.#press(by, said, button));
        else if (/^(not-me|count-me-in):/.test(button.id) && random.chance(0.15))
          this.#later(() => this.#press(by, said, button));
        else if (button.id === "talk" && random.chance(0.03)) this.#later(() => this.#press(by, said, button));
      }
    }
  }

  /** The private question of `forget-me`, answered with yes. */
  forget(by: UserId, place: Place, community: string): void {
    this.#do("forget", by, place, { id: `forget:${community}`, label: "" }, () =>
      this.forgotten.set(by, this.#around.loop.now),
    );
  }

  /** What was shown to one person alone: a facilitator who sees how a round of pairs would be mostly says yes. */
  told(to: Whisper, message: Message): void {
    const go = message.buttons?.find(({ id }) => id.startsWith("pairs-go:"));
    if (!go || this.#around.random.chance(0.2)) return;
    const [by = "", place = ""] = to.address.split("@");
    this.#later(() => this.#do("pairs-go", by as UserId, place as Place, go, () => {}));
  }

  command(by: UserId, place: Place, line: string, command: "together" | "together-run" = "together-run"): void {
    this.#count(`/${line.split(" ")[0]}`);
    if (command === "together") this.swayed.add(by);
    const { chat, loop } = this.#around;
    const whisper = { address: `${by}@${place}`, expires: loop.now + HOUR };
    chat.interact(
      (event) => ({
        kind: "commanded",
        event,
        by: { id: by },
        at: loop.now,
        command,
        line,
        people: [],
        place,
        whisper,
      }),
      () => {},
    );
  }

  #prompted(by: UserId, said: Said, opens: { form: string; about: string }): void {
    const { random, loop } = this.#around;
    if (opens.form === "hunt") return;
    if (random.chance(0.4)) loop.after(this.#soon(), () => this.#reply(by, said));
    const one = `${by}/${opens.about}`;
    if (random.chance(0.25) && !this.#filling.has(one)) {
      this.#filling.add(one);
      loop.after(this.#soon(), () => this.#fill(by, said, opens));
    }
  }

  #reply(by: UserId, said: Said): void {
    const { chat, loop, random } = this.#around;
    if (this.#quiet || !said.live) return;
    if (!chat.isOpen(said.ref)) return void loop.after(1_000, () => this.#reply(by, said));
    this.#count("reply");
    const text = this.#token();
    const reply = chat.say(by, chat.threadOf(said.ref), text);
    this.replies.push(reply);
    this.texts.set(reply.ref, [text]);
    for (let edits = random.chance(0.3) ? random.int(1, 3) : 0; edits > 0; edits--)
      this.#later(() => this.#edit(reply));
    if (random.chance(0.15)) this.#later(() => this.#retract(reply));
  }

  #edit(reply: Said): void {
    if (!reply.live) return;
    this.#count("edit");
    const text = this.#token();
    this.texts.get(reply.ref)?.push(text);
    this.#around.chat.edit(reply, text);
  }

  #retract(reply: Said): void {
    if (!reply.live) return;
    this.#count("retract");
    this.#around.chat.retract(reply);
  }

  /** Sends a form, perhaps sends it again with other words, perhaps takes it back; one after the other, as one does. */
  #fill(by: UserId, said: Said, opens: { form: string; about: string }, sent?: Sent): void {
    const { chat, loop, random } = this.#around;
    if (this.#quiet || !said.live) return;
    const form = sent ?? { by, key: said.key, text: undefined, former: [], unsure: false };
    if (!sent) this.forms.push(form);
    const text = this.#token();
    const values = Object.fromEntries(
      this.#around.fields(opens.form).map((field, nth) => [field, nth === 0 ? text : ""]),
    );
    this.#count("submit");
    form.unsure = true;
    chat.interact(
      (event) => ({
        kind: "submitted",
        event,
        by: { id: by },
        at: loop.now,
        form: opens.form,
        about: opens.about,
        values,
        place: said.place,
        message: said.ref,
        whisper: { address: "w", expires: loop.now + HOUR },
      }),
      () => {
        form.unsure = false;
        if (form.text !== undefined) form.former.push(form.text);
        form.text = text;
        if (random.chance(0.3)) this.#later(() => this.#fill(by, said, opens, form));
        else if (random.chance(0.15)) this.#later(() => this.#takeBack(by, said, opens.about, form));
      },
    );
  }

  #takeBack(by: UserId, said: Said, about: string, form: Sent): void {
    if (this.#quiet) return;
    // The button stands under "Kept", which comes with the post that shows the words.
    const { text } = form;
    const shown = (thread: Place) =>
      this.#around.chat.byPlace
        .get(thread)
        ?.some((one) => one.live && text !== undefined && one.text.includes(text)) === true;
    if (!this.#around.chat.threadsOf(form.key).some(shown)) {
      this.#later(() => this.#takeBack(by, said, about, form));
      return;
    }
    form.unsure = true;
    this.#do("take back", by, said.place, { id: `back:${about.split(".")[0]}`, label: "" }, () => {
      form.unsure = false;
      if (form.text !== undefined) form.former.push(form.text);
      form.text = undefined;
    });
  }

  #press(by: UserId, said: Said, button: Button): void {
    if (!this.#quiet && said.live) this.#do("press", by, said.place, button, () => {}, said.ref);
  }

  #do(what: string, by: UserId, place: Place, button: Button, kept: () => void, message?: MessageRef): void {
    const { chat, loop } = this.#around;
    this.#count(what);
    if (what === "forget" || /^(not-me|count-me-in):/.test(button.id)) this.swayed.add(by);
    const whisper = { address: "w", expires: loop.now + HOUR };
    chat.interact((event) => {
      if (what === "forget") this.askedToBeForgotten.set(by, loop.now);
      return {
        kind: "pressed",
        event,
        by: { id: by },
        at: loop.now,
        button: button.id,
        place,
        ...(message ? { message } : {}),
        whisper,
      };
    }, kept);
  }

  #later(act: () => void): void {
    this.#around.loop.after(this.#soon(), act);
  }

  /** Mostly in a few minutes; sometimes at once, sometimes after hours. */
  #soon(): number {
    const { random } = this.#around;
    return random.chance(0.2)
      ? random.int(50, 2_000)
      : random.chance(0.8)
        ? random.int(1_000, 20 * MINUTE)
        : random.int(0, 5 * HOUR);
  }

  /** Words that stand nowhere else. */
  #token(): string {
    return `=words-${++this.#words}= <@everyone>`;
  }

  #count(what: string): void {
    this.counts[what] = (this.counts[what] ?? 0) + 1;
  }
}

const peopleOfRoom = (place: Place): UserId[] =>
  place.startsWith("room:") ? (place.slice("room:".length).split(",") as UserId[]) : [];
