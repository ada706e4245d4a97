/** What people press, send and command. Each is taken first and acknowledged then, both within Discord's 3 seconds. */
import {
  type APIChatInputApplicationCommandInteraction,
  type APIInteraction,
  type APIInteractionResponse,
  type APIMessageComponentInteraction,
  type APIModalSubmitInteraction,
  ApplicationCommandType,
  InteractionResponseType,
  InteractionType,
  MessageFlags,
  type RawFile,
  Routes,
  SnowflakeUtil,
} from "discord.js";
import {
  type Ears,
  type Form,
  type Inbound,
  type Message,
  type Place,
  PlatformError,
  type Prefill,
  type Span,
  type Surroundings,
  type Whisper,
} from "../../src/platform.ts";
import { lineOf } from "./commands.ts";
import { codeOf, isOver } from "./faults.ts";
import { answers, isOfTheMoment, modal, problems, type Values } from "./forms.ts";
import { type FormTag, formTag, messageRef, placeIn, readButtonTag, readFormTag, userId } from "./ids.ts";
import { tell } from "./posts.ts";
import { render } from "./render.ts";
import type { Wire } from "./wire.ts";

/** Discord's token of an interaction lives 15 minutes; one is left for clocks that differ. */
const TOKEN_MS = 14 * 60_000;
const PREFILL_MS = 1_000;
/** Of Discord's 3 seconds: a store that takes longer is not waited for where nothing typed could be lost by it. */
const DEFER_MS = 2_000;
/** Escaped, so many typed characters surely fit into a message; more are handed back as a file. */
const QUOTED = 600;
const ALREADY_ANSWERED = 40060;

type Acted = APIMessageComponentInteraction | APIModalSubmitInteraction | APIChatInputApplicationCommandInteraction;

/** Where a whisper finds the person: nothing of it is kept in memory. */
export interface Address {
  readonly app: string;
  readonly token: string;
  readonly user: string;
}

interface Attempt {
  readonly form: Form;
  readonly tag: FormTag;
  readonly values: Values;
}

export class Interactions {
  readonly #wire: Wire;
  readonly #ears: Ears;
  readonly #around: Surroundings;
  /** What somebody tried to send in vain, by person, form and prompt: best effort, for "open again". */
  readonly #drafts = new Map<string, Values>();

  constructor(wire: Wire, ears: Ears, around: Surroundings) {
    this.#wire = wire;
    this.#ears = ears;
    this.#around = around;
  }

  async hear(acted: APIInteraction): Promise<void> {
    switch (acted.type) {
      case InteractionType.MessageComponent:
        return this.#pressed(acted);
      case InteractionType.ModalSubmit:
        return this.#submitted(acted);
      case InteractionType.ApplicationCommand:
        // Discord's types do not narrow by the kind of command; slash commands are the only kind that we register.
        if (acted.data.type === ApplicationCommandType.ChatInput)
          return this.#commanded(acted as APIChatInputApplicationCommandInteraction);
    }
  }

  async #pressed(acted: APIMessageComponentInteraction): Promise<void> {
    const { phrases } = this.#around;
    const tag = readButtonTag(acted.data.custom_id);
    if (!tag) return this.#say(acted, phrases.outOfDate);
    // A whisper has no ref: only its reader can reach it.
    const whispered = ((acted.message.flags ?? 0) & MessageFlags.Ephemeral) !== 0;
    if ("form" in tag) return this.#open(acted, whispered || tag.message ? tag : { ...tag, message: acted.message.id });
    const happened = this.#happened(acted);
    const from = whispered ? {} : { message: messageRef(happened.place, acted.message.id) };
    const pressed = { kind: "pressed", ...happened, button: tag.button, ...from } as const;
    const kept = await this.#keep(acted, pressed, { type: InteractionResponseType.DeferredMessageUpdate });
    if (!kept) await this.#say(acted, phrases.notKept);
  }

  async #open(acted: APIMessageComponentInteraction, tag: FormTag): Promise<void> {
    const form = this.#ears.forms.find(({ id }) => id === tag.form);
    if (!form) return this.#say(acted, this.#around.phrases.outOfDate);
    const prefill = await this.#prefill(acted, tag);
    const draft = this.#drafts.get(draftKey(acted, tag));
    const data = modal(form, formTag(tag), draft ? { ...prefill, values: draft } : prefill);
    await this.#answer(acted, { type: InteractionResponseType.Modal, data });
  }

  #prefill(acted: Acted, tag: FormTag): Promise<Prefill> {
    const asked = this.#ears.prefill(tag.form, tag.about, userId(accountOf(acted)));
    return new Promise((open) => {
      const forget = this.#around.clock.after(PREFILL_MS, () => open({}));
      asked.then(open, () => open({})).finally(forget);
    });
  }

  async #submitted(acted: APIModalSubmitInteraction): Promise<void> {
    const { phrases } = this.#around;
    const tag = readFormTag(acted.data.custom_id);
    const form = this.#ears.forms.find(({ id }) => id === tag?.form);
    if (!tag || !form) return this.#say(acted, phrases.outOfDate);
    const attempt = { form, tag, values: answers(acted.data, form) };
    const { options } = isOfTheMoment(form, attempt.values) ? await this.#prefill(acted, tag) : {};
    const wrong = problems(form, attempt.values, options, phrases);
    if (wrong.length) return this.#handBack(acted, attempt, wrong);
    const happened = this.#happened(acted);
    const from = tag.message ? { message: messageRef(happened.place, tag.message) } : {};
    const { form: id, about } = tag;
    const kept = await this.#take({ kind: "submitted", ...happened, form: id, about, values: attempt.values, ...from });
    if (!kept) return this.#handBack(acted, attempt, [phrases.notKept]);
    this.#drafts.delete(draftKey(acted, tag));
    await this.#answer(acted, { type: InteractionResponseType.DeferredMessageUpdate });
  }

  async #commanded(acted: APIChatInputApplicationCommandInteraction): Promise<void> {
    const said = lineOf(acted.data, this.#ears.commands);
    const commanded = { kind: "commanded", ...this.#happened(acted), command: acted.data.name, ...said } as const;
    const data = { flags: MessageFlags.Ephemeral } as const;
    const thinking = { type: InteractionResponseType.DeferredChannelMessageWithSource, data } as const;
    const kept = await this.#keep(acted, commanded, thinking);
    if (!kept) await this.#say(acted, this.#around.phrases.notKept, said.line);
  }

  /**
   * Kept, then acknowledged; where the store is slow, Discord is told meanwhile that we are at it. Neither answer says to
   * anybody that something was kept. A form waits for the store: an answer closes it, and the words with it.
   */
  async #keep(acted: Acted, event: Inbound, answer: APIInteractionResponse): Promise<boolean> {
    let told: Promise<void> | undefined;
    const forget = this.#around.clock.after(DEFER_MS, () => {
      told = this.#answer(acted, answer);
    });
    const kept = await this.#take(event);
    forget();
    if (kept) told ??= this.#answer(acted, answer);
    await told;
    return kept;
  }

  async #take(event: Inbound): Promise<boolean> {
    try {
      await this.#ears.take(event);
      return true;
    } catch {
      this.#around.log.error("Discord: what somebody did was not kept.", { kind: event.kind });
      return false;
    }
  }

  /** Discord has closed the form already: the words go back to their author, with a button that opens it filled in. */
  async #handBack(acted: Acted, { form, tag, values }: Attempt, reasons: readonly string[]): Promise<void> {
    const { phrases, clock } = this.#around;
    const key = draftKey(acted, tag);
    this.#drafts.set(key, values);
    // A later one of the same has its own time.
    clock.after(TOKEN_MS, () => this.#drafts.get(key) === values && this.#drafts.delete(key));
    const words = form.fields.flatMap(({ kind, id }) => (kind === "text" && values[id] ? [values[id]] : []));
    const openAgain = { id: "again", label: phrases.openAgain, opens: { form: tag.form, about: tag.about } };
    const lines = [...reasons, ...(words.length ? [phrases.tryAgain] : [])];
    await this.#reply(acted, { ...withWords(lines, words), buttons: [openAgain] }, tag.message);
  }

  #say(acted: Acted, reason: string, words = ""): Promise<void> {
    return this.#reply(acted, withWords([reason], words ? [words] : []));
  }

  /** As the first answer; where there was one, or it is too late for it, beside it or by DM. */
  async #reply(acted: Acted, message: Message, opener = ""): Promise<void> {
    const { body, files } = render(message, "", opener);
    const data = { ...body, flags: body.flags | MessageFlags.Ephemeral };
    const first = this.#first(acted, { type: InteractionResponseType.ChannelMessageWithSource, data }, files);
    const said = first.catch(async (error) => {
      if (!isOver(error) && codeOf(error) !== ALREADY_ANSWERED) throw error;
      await tell(this.#wire, addressOf(acted), { body, files });
    });
    await said.catch((error) => this.#failed(error));
  }

  /** Too late, or cut off: what was done is in the journal all the same, and what is said about it goes by DM. */
  async #answer(acted: Acted, body: APIInteractionResponse): Promise<void> {
    await this.#first(acted, body).catch((error) => this.#failed(error));
  }

  async #first(acted: Acted, body: APIInteractionResponse, files: RawFile[] = []): Promise<void> {
    const route = Routes.interactionCallback(acted.id, acted.token);
    await this.#wire.call("answer", "POST", route, { body, files, auth: false });
  }

  #failed(error: unknown): void {
    if (codeOf(error) === ALREADY_ANSWERED) return;
    this.#around.log.warn("Discord: an acknowledgement failed.", { why: String(error) });
  }

  #happened(acted: Acted) {
    const address = JSON.stringify(addressOf(acted));
    const whisper: Whisper = { address, expires: this.#around.clock.now() + TOKEN_MS };
    const by = { id: userId(accountOf(acted)), language: acted.locale };
    return { event: `act-${acted.id}`, by, at: SnowflakeUtil.timestampFrom(acted.id), place: placeOf(acted), whisper };
  }
}

function withWords(lines: readonly string[], words: readonly string[]): Message {
  const said = lines.flatMap((line): Span[] => [{ kind: "text", text: line }, { kind: "newline" }]);
  const typed = words.join("\n\n");
  if (typed.length > QUOTED) return { body: said, file: { name: "your-words.txt", text: typed } };
  return { body: typed ? [...said, { kind: "quote", text: typed }] : said };
}

/** In a server the person stands in `member`, in a DM in `user`. */
const accountOf = (acted: Acted): string => acted.member?.user.id ?? acted.user?.id ?? "0";

const addressOf = (acted: Acted): Address => ({
  app: acted.application_id,
  token: acted.token,
  user: accountOf(acted),
});

const draftKey = (acted: Acted, { form, about }: FormTag): string => `${accountOf(acted)}|${form}|${about}`;

function placeOf({ channel, guild_id }: Acted): Place {
  if (channel) return placeIn(guild_id, channel);
  throw new PlatformError("invalid", "Discord: an interaction without a channel.");
}
