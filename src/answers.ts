/** One person's words to one prompt, typed in its thread or sent with its form: kept, changed, taken back. */
import { digest } from "./chance.ts";
import type { CommunityId } from "./communities.ts";
import { InTurn } from "./in-turn.ts";
import type { PersonId } from "./people/roster.ts";
import type { Instant, MessageRef } from "./platform.ts";
import type { Prompt, PromptId } from "./prompts.ts";
import { sayings } from "./stems.ts";
import { asWritten, type Collection, collection, type Id } from "./store/collection.ts";
import type { Store, Write } from "./store/store.ts";

export interface Answer {
  readonly prompt: PromptId;
  /** The stem's or step's id; "" for words that answer the prompt as a whole. */
  readonly stem: string;
  readonly person: PersonId;
  readonly text: string;
  readonly at: Instant;
  readonly editedAt?: Instant;
  /** "form", or the digest of the message it was typed in. */
  readonly source: string;
  /** Came after the prompt was closed: its author's alone, never posted nor harvested. */
  readonly draft?: true;
}

/** What became of a typed message, and when. One that was taken back stays known, so that reading it again restores nothing. */
type Typed =
  | {
      readonly state: "kept";
      readonly prompt: PromptId;
      readonly person: PersonId;
      readonly version: number;
      readonly at: Instant;
    }
  | { readonly state: "gone"; readonly at: Instant };

export const FORM = "form";

/** A typed reply, in one of its versions. */
interface Typing {
  readonly message: MessageRef;
  readonly text: string;
  readonly version: number;
  readonly at: Instant;
  readonly edited: boolean;
}

/** Words that stood when the prompt was closed stay, also mended; only what comes first after it is a draft. */
const isDraft = (prompt: Prompt, before: readonly Answer[]): boolean =>
  prompt.closedAt !== undefined && !before.some(({ draft }) => !draft);

export class Answers {
  readonly #answers: Collection<Answer>;
  readonly #typed: Collection<Typed>;
  /** When a person last sent or took back a prompt's form: by community, person and prompt. */
  readonly #lastDone: Collection<Instant>;
  readonly #store: Store;
  readonly #inTurn = new InTurn();
  readonly #erased: () => void;

  /** `erased` is called when words were erased that must leave every byte of the store. */
  constructor(store: Store, erased: () => void = () => {}) {
    this.#store = store;
    this.#erased = erased;
    this.#answers = collection<Answer>(store, "answers", asWritten());
    this.#typed = collection<Typed>(store, "typed", asWritten());
    this.#lastDone = collection<Instant>(store, "form-done", asWritten());
  }

  /** A typed reply or its newer version; an older one, and one of a message that was taken back, changes nothing. */
  hear(prompt: Prompt, person: PersonId, heard: Typing): Promise<void> {
    const source = digest(heard.message);
    // Two versions of a message may be worked off at once, where the older had to be tried again.
    return this.#inTurn.do(source, () => this.#hear(prompt, person, source, heard));
  }

  async #hear(prompt: Prompt, person: PersonId, source: string, heard: Typing): Promise<void> {
    const known = await this.#typed.get(source);
    // What is dropped stood in the journal.
    if (known?.state === "gone") return this.#erased();
    if (known && known.version >= heard.version) return;
    const before = await this.by(prompt.community, person, prompt.id, source);
    const first = before[0]?.at;
    const draft = isDraft(prompt, before);
    const now = sayings(heard.text, prompt.stems).map(
      (said): Answer => ({
        ...said,
        prompt: prompt.id,
        person,
        source,
        at: first ?? heard.at,
        ...(first !== undefined || heard.edited ? { editedAt: heard.at } : {}),
        ...(draft ? { draft: true as const } : {}),
      }),
    );
    await this.#store.batch([
      ...before.map((answer) => this.#erase(prompt.community, answer)),
      ...now.map((answer) => this.#put(prompt.community, answer)),
      this.#typed.put([source], {
        state: "kept",
        prompt: prompt.id,
        person,
        version: heard.version,
        at: heard.at,
      }),
    ]);
  }

  /** Forgets what was typed in a message, and remembers only that it is to stay forgotten. */
  retract(community: CommunityId, message: MessageRef, at: Instant): Promise<void> {
    return this.retractSource(community, digest(message), at);
  }

  /** The messages in which answers to a prompt were typed, by their digests, and when. */
  async typedTo(prompt: Prompt): Promise<Map<string, Instant>> {
    const answers = await this.in(prompt.community);
    return new Map(
      answers.filter((one) => one.prompt === prompt.id && one.source !== FORM).map(({ source, at }) => [source, at]),
    );
  }

  retractSource(community: CommunityId, source: string, at: Instant): Promise<void> {
    return this.#inTurn.do(source, () => this.#retract(community, source, at));
  }

  async #retract(community: CommunityId, source: string, at: Instant): Promise<void> {
    const known = await this.#typed.get(source);
    const kept = known?.state === "kept" ? await this.by(community, known.person, known.prompt, source) : [];
    await this.#store.batch([
      ...kept.map((answer) => this.#erase(community, answer)),
      this.#typed.put([source], { state: "gone", at }),
    ]);
    if (kept.length) this.#erased();
  }

  /**
   * Keeping what somebody sent with a prompt's form and showing it is one thing, and so is taking it back: what has to be
   * tried again may come at the same time as what they did after it.
   */
  oneByOne<Result>(prompt: PromptId, person: PersonId, work: () => Promise<Result>): Promise<Result> {
    return this.#inTurn.do(`${prompt}/${person}`, work);
  }

  /**
   * What a person sent with the prompt's form takes the place of what they sent with it before. Blank stems are left out.
   * What they did later stands: an event that had to be tried again changes nothing then. Resolves with what stands.
   */
  async submit(
    prompt: Prompt,
    person: PersonId,
    values: Readonly<Record<string, string>>,
    at: Instant,
  ): Promise<Answer[]> {
    const before = await this.by(prompt.community, person, prompt.id, FORM);
    if (await this.#didSince(prompt, person, at)) {
      this.#erased();
      return before;
    }
    const draft = isDraft(prompt, before);
    const now = Object.entries(values)
      .map(([stem, text]) => ({ stem, text: text.trim() }))
      .filter(({ text }) => text !== "")
      .map(({ stem, text }): Answer => {
        const earlier = before.find((answer) => answer.stem === stem);
        const changed = earlier !== undefined && earlier.text !== text;
        return {
          prompt: prompt.id,
          stem,
          text,
          person,
          source: FORM,
          at: earlier?.at ?? at,
          ...(changed ? { editedAt: at } : earlier?.editedAt === undefined ? {} : { editedAt: earlier.editedAt }),
          ...(draft ? { draft: true as const } : {}),
        };
      });
    await this.#store.batch([
      ...before.map((answer) => this.#erase(prompt.community, answer)),
      ...now.map((answer) => this.#put(prompt.community, answer)),
      this.#lastDone.put([prompt.community, person, prompt.id], at),
    ]);
    // Sent blank, it takes back what was sent before.
    if (now.length < before.length) this.#erased();
    return now;
  }

  /** False: they have sent it anew since. */
  async takeBack(prompt: Prompt, person: PersonId, at: Instant): Promise<boolean> {
    if (await this.#didSince(prompt, person, at)) return false;
    const kept = await this.by(prompt.community, person, prompt.id, FORM);
    await this.#store.batch([
      ...kept.map((answer) => this.#erase(prompt.community, answer)),
      this.#lastDone.put([prompt.community, person, prompt.id], at),
    ]);
    this.#erased();
    return true;
  }

  async #didSince(prompt: Prompt, person: PersonId, at: Instant): Promise<boolean> {
    return ((await this.#lastDone.get(prompt.community, person, prompt.id)) ?? at) > at;
  }

  /** One person's answers in a community, to one prompt, from one source; oldest first. */
  async by(community: CommunityId, person: PersonId, ...within: readonly string[]): Promise<Answer[]> {
    const found: Answer[] = [];
    for await (const { value } of this.#answers.all([community, person, ...within])) found.push(value);
    return found.sort((a, b) => a.at - b.at);
  }

  async in(community: CommunityId): Promise<Answer[]> {
    const found: Answer[] = [];
    for await (const { value } of this.#answers.all([community])) found.push(value);
    return found.sort((a, b) => a.at - b.at);
  }

  /** The writes that forget a person's words in a community, and keep them forgotten. */
  async forget(community: CommunityId, person: PersonId, at: Instant): Promise<Write[]> {
    const done: Write[] = [];
    for await (const { id } of this.#lastDone.all([community, person])) done.push(this.#lastDone.erase(id));
    const erased = (await this.by(community, person)).flatMap((answer) => [
      this.#erase(community, answer),
      ...(answer.source === FORM ? [] : [this.#typed.put([answer.source], { state: "gone", at })]),
    ]);
    return [...done, ...erased];
  }

  #id(community: CommunityId, answer: Answer): Id {
    return [community, answer.person, answer.prompt, answer.source, answer.stem || "-"];
  }

  #put(community: CommunityId, answer: Answer): Write {
    return this.#answers.put(this.#id(community, answer), answer);
  }

  #erase(community: CommunityId, answer: Answer): Write {
    return this.#answers.erase(this.#id(community, answer));
  }
}
