/** Messages of ours that ask for answers, and the signed `about` by which a button or a form names one. */
import { createHmac, timingSafeEqual } from "node:crypto";
import type { Chance } from "./chance.ts";
import { digest } from "./chance.ts";
import type { CommunityId } from "./communities.ts";
import type { Instant, MessageRef, Place } from "./platform.ts";
import { asWritten, type Collection, collection } from "./store/collection.ts";
import type { Store, Write } from "./store/store.ts";

/** The community's id (13 characters) and 12 of its own: an `about` has room for it and a signature. */
export type PromptId = string;

export interface Prompt {
  readonly id: PromptId;
  readonly community: CommunityId;
  readonly activity: string;
  /** As the harvest heads it. */
  readonly title: string;
  /** What is asked, by id. Empty: any words are an answer. */
  readonly stems: readonly { readonly id: string; readonly text: string }[];
  readonly message: MessageRef;
  /** The name that the message was sent under. */
  readonly sentAs: string;
  /** The thread its answers are typed in. */
  readonly thread: Place;
  readonly openedAt: Instant;
  readonly closedAt?: Instant;
}

/** A prompt whose thread the platform would not open is tried again for a day; and our clock may be a day off. */
const NOT_YET = 3 * 24 * 3_600_000;
const SIGNATURE = 14;
const ID = 25;

export class Prompts {
  readonly #prompts: Collection<Prompt>;
  readonly #threads: Collection<PromptId>;
  readonly #furtherThreads: Collection<Place>;
  readonly #store: Store;
  #secret = "";
  #whenAdded: (prompt: Prompt) => void = () => {};

  constructor(store: Store) {
    this.#store = store;
    this.#prompts = collection<Prompt>(store, "prompts", asWritten());
    this.#threads = collection<PromptId>(store, "threads", asWritten());
    this.#furtherThreads = collection<Place>(store, "further-threads", asWritten());
  }

  /** Reads the signing secret, or makes it on the very first start. Before anything else is asked of this. */
  async open(chance: Chance): Promise<void> {
    const secrets = collection<string>(this.#store, "secrets", asWritten());
    await secrets.claim(["about"], chance.secret());
    this.#secret = (await secrets.get("about")) ?? "";
    if (!this.#secret) throw new Error("The store holds no signing secret.");
  }

  /** The same occurrence and part give the same id, so that a repeated run opens no second prompt. */
  idOf(community: CommunityId, name: string): PromptId {
    return community + digest(name, ID - community.length);
  }

  /** From now on replies in its thread are ours to keep. */
  async add(prompt: Prompt): Promise<void> {
    await this.#store.batch([this.#put(prompt), this.#threads.put([digest(prompt.thread)], prompt.id)]);
    this.#whenAdded(prompt);
  }

  /** Replies in this thread are the prompt's too: it hangs on a second message of the same, which is to go. */
  async hearAlso({ id }: Prompt, thread: Place): Promise<void> {
    const at = digest(thread);
    await this.#store.batch([this.#furtherThreads.put([id, at], thread), this.#threads.put([at], id)]);
  }

  /** Its own thread, and then any other that people have answered it in. */
  async threadsOf({ id, thread }: Prompt): Promise<readonly Place[]> {
    const threads = [thread];
    for await (const { value } of this.#furtherThreads.all([id])) threads.push(value);
    return threads;
  }

  /** `call` hears of each prompt when it is listened to: what was typed before that has to be read. */
  whenAdded(call: (prompt: Prompt) => void): void {
    this.#whenAdded = call;
  }

  get(id: PromptId): Promise<Prompt | undefined> {
    return this.#prompts.get(id.slice(0, 13), id);
  }

  /** The prompt whose thread a place is. */
  async in(thread: Place): Promise<Prompt | undefined> {
    const id = await this.#threads.get(digest(thread));
    return id === undefined ? undefined : await this.get(id);
  }

  async of(community: CommunityId): Promise<Prompt[]> {
    const found: Prompt[] = [];
    for await (const { value } of this.#prompts.all([community])) found.push(value);
    return found.sort((a, b) => a.openedAt - b.openedAt);
  }

  /** The writes that close all that is open in a community. */
  async close(community: CommunityId, at: Instant): Promise<Write[]> {
    const open = (await this.of(community)).filter((prompt) => prompt.closedAt === undefined);
    return open.map((prompt) => this.#put({ ...prompt, closedAt: at }));
  }

  /** What a button carries about a prompt: its id, signed, at most `LIMITS.about` characters. */
  about(id: PromptId): string {
    return `${id}.${this.#sign(id)}`;
  }

  /** The prompt an `about` names; undefined for one that we did not sign. */
  async signed(about: string): Promise<Prompt | undefined> {
    const id = this.#checked(about);
    return id === undefined ? undefined : await this.get(id);
  }

  /**
   * The same for what somebody sent at an instant. People answer in the second in which our message appears; where it
   * has not been written down yet, this rejects, so that what they sent is worked off once it has.
   */
  async answered(about: string, sent: Instant, now: Instant): Promise<Prompt | undefined> {
    const prompt = await this.signed(about);
    if (!prompt && this.#checked(about) !== undefined && now - sent < NOT_YET)
      throw new Error("The prompt is not written down yet.");
    return prompt;
  }

  #checked(about: string): PromptId | undefined {
    const [id = "", signature = ""] = about.split(".");
    const expected = Buffer.from(this.#sign(id));
    const given = Buffer.from(signature);
    return expected.length === given.length && timingSafeEqual(expected, given) ? id : undefined;
  }

  /** A name for something that must not be told from the store alone. */
  blinded(what: string): string {
    return createHmac("sha256", this.#secret).update(`blinded/${what}`).digest("base64url").slice(0, 22);
  }

  #sign(id: PromptId): string {
    return createHmac("sha256", this.#secret).update(id).digest("base64url").slice(0, SIGNATURE);
  }

  #put(prompt: Prompt): Write {
    return this.#prompts.put([prompt.community, prompt.id], prompt);
  }
}
