/**
 * Reads the open prompts' threads again after a gap, so that what was typed while nobody listened is kept too, and what
 * was taken back meanwhile is forgotten. What is not found is not there only under the rule of `absent`.
 */
import type { Hall } from "./activities/activity.ts";
import { digest } from "./chance.ts";
import { wait } from "./clock.ts";
import { type Inbox, nameOf } from "./inbox.ts";
import type { Outbox } from "./outbox.ts";
import { type Heard, type Inbound, type Instant, type Place, type Platform, PlatformError } from "./platform.ts";
import type { Prompt, PromptId } from "./prompts.ts";

/** What was typed just now may be missing from a history for so long. */
const SETTLE = 5_000;
/** Between the two complete reads of a thread after which a reply counts as taken back. */
const APART = 60_000;
/** Before a thread that could not be read is tried again. */
const AGAIN = [60_000, 5 * 60_000, 15 * 60_000, 3_600_000];
const DAY = 24 * 3_600_000;
/** A prompt that is older than so long, or closed for so long, is not read back any more. */
const WEEKS = 3 * 7 * DAY;

/** What waiting may mend; of the platform's other answers the next is the same. */
const MENDED: ReadonlySet<string> = new Set(["unknown", "busy", "error"]);

/** What became of reading a thread. `later`: waiting may mend it. `closed`: it does not. `undefined`: it says nothing. */
type Reading = readonly Heard[] | "later" | { readonly closed: string } | undefined;

interface Turn {
  /** Pairs of reads that failed, one after the other. */
  failures: number;
  giveUp: () => void;
}

export class ReadBack {
  readonly #hall: Hall;
  readonly #inbox: Inbox;
  readonly #platform: Platform;
  readonly #unread: (prompt: Prompt, why: string) => Promise<void>;
  /** Prompts of which it was told in this life that they cannot be read. */
  readonly #told = new Set<PromptId>();
  /** The one turn of each prompt that is being read, or waits to be read again: a connect meanwhile takes its place. */
  readonly #turns = new Map<PromptId, Turn>();
  #running = false;
  #askedAgain = false;

  /** `unread` tells whoever can mend it that what is said under a prompt cannot be read. */
  constructor(around: {
    hall: Hall;
    inbox: Inbox;
    platform: Platform;
    unread: (prompt: Prompt, why: string) => Promise<void>;
  }) {
    this.#hall = around.hall;
    this.#inbox = around.inbox;
    this.#platform = around.platform;
    this.#unread = around.unread;
  }

  /** After a connect: every open prompt of the platform. Asked meanwhile, it is done once more afterwards. */
  all(): void {
    if (!this.#reads()) return;
    if (this.#running) {
      this.#askedAgain = true;
      return;
    }
    this.#running = true;
    void this.#quietly(async () => await this.#twice(await this.#open())).finally(() => {
      this.#running = false;
      if (!this.#askedAgain) return;
      this.#askedAgain = false;
      this.all();
    });
  }

  /** A thread that is listened to from now on: what was typed before that is in its history alone. */
  one(prompt: Prompt): void {
    if (this.#reads()) void this.#quietly(() => this.#twice([prompt]));
  }

  #reads(): boolean {
    return this.#platform.can.history && this.#platform.can.hearsReplies;
  }

  async #quietly(read: () => Promise<void>): Promise<void> {
    await read().catch((error: unknown) => {
      const facts = { platform: this.#platform.name, error: nameOf(error) };
      this.#hall.log.error("what was said meanwhile could not be read", facts);
    });
  }

  async #open(): Promise<Prompt[]> {
    const { communities, prompts, clock } = this.#hall;
    const ours = (await communities.all()).filter(({ platform }) => platform === this.#platform.name);
    const all = await Promise.all(ours.map(({ id }) => prompts.of(id)));
    return all.flat().filter((one) => isAnswered(one, clock.now()));
  }

  /** Two complete reads, apart; the threads that could not be read have another turn later. */
  async #twice(prompts: readonly Prompt[]): Promise<void> {
    const turns = prompts.map((prompt) => ({ prompt, turn: this.#turnOf(prompt) }));
    await wait(this.#hall.clock, SETTLE);
    const first = await this.#readAll(prompts);
    await wait(this.#hall.clock, APART);
    const second = await this.#readAll(prompts);
    for (const { prompt, turn } of turns) {
      const reads = [first.get(prompt.id), second.get(prompt.id)];
      const why = whyUnread(prompt, reads, turn.failures);
      if (why !== undefined) await this.#tell(prompt, why);
      const again = reads.includes("later");
      if (reads.every((read) => Array.isArray(read))) await this.#forgetAbsent(prompt, ...reads);
      this.#end(prompt.id, turn, again);
    }
  }

  #turnOf({ id }: Prompt): Turn {
    const before = this.#turns.get(id);
    before?.giveUp();
    const turn = { failures: before?.failures ?? 0, giveUp() {} };
    this.#turns.set(id, turn);
    return turn;
  }

  /** One that a later connect has taken the place of has nothing more to say. */
  #end(id: PromptId, turn: Turn, again: boolean): void {
    if (this.#turns.get(id) !== turn) return;
    if (!again) {
      this.#turns.delete(id);
      return;
    }
    const pause = AGAIN[Math.min(turn.failures++, AGAIN.length - 1)] ?? 0;
    turn.giveUp = this.#hall.clock.after(pause, () => void this.#quietly(() => this.#again(id)));
  }

  /** As it is by now: closed meanwhile, grown too old or forgotten, it is not read any more. */
  async #again(id: PromptId): Promise<void> {
    const { prompts, clock } = this.#hall;
    const prompt = await prompts.get(id);
    if (prompt && isAnswered(prompt, clock.now())) await this.#twice([prompt]);
    else this.#turns.delete(id);
  }

  async #tell(prompt: Prompt, why: string): Promise<void> {
    if (this.#told.has(prompt.id)) return;
    await this.#unread(prompt, why);
    this.#told.add(prompt.id);
  }

  async #readAll(prompts: readonly Prompt[]): Promise<Map<PromptId, Reading>> {
    const read = new Map<PromptId, Reading>();
    for (const prompt of prompts) {
      read.set(
        prompt.id,
        await this.#read(prompt).catch((error: unknown) => {
          // One thread that is gone or closed to us keeps no other from being read, and nothing is concluded from it.
          const fault = error instanceof PlatformError ? error.fault : "error";
          this.#hall.log.warn("a thread could not be read", { fault, prompt: prompt.id });
          return MENDED.has(fault) ? "later" : { closed: (error as PlatformError).message };
        }),
      );
    }
    return read;
  }

  /** `undefined`: it was read, and nothing is to be concluded, since a thread whose message is gone has no beginning. */
  async #read(prompt: Prompt): Promise<Heard[] | undefined> {
    const around = { outbox: this.#hall.outbox, inbox: this.#inbox, platform: this.#platform };
    const [thread, ...further] = await this.#hall.prompts.threadsOf(prompt);
    const read = thread && (await readReplies(around, thread));
    for (const other of further) await readReplies(around, other);
    return further.length ? undefined : read;
  }

  async #forgetAbsent(prompt: Prompt, ...reads: readonly (readonly Heard[])[]): Promise<void> {
    const { answers, clock } = this.#hall;
    for (const [source, at] of await answers.typedTo(prompt)) {
      if (reads.every((items) => absent(prompt, items, source, at)))
        await answers.retractSource(prompt.community, source, clock.now());
    }
  }
}

/** Why a thread counts as one that cannot be read; undefined: it does not. Where nothing comes, not even our own prompt, it is "". */
function whyUnread(prompt: Prompt, reads: readonly Reading[], failures: number): string | undefined {
  for (const read of reads) if (typeof read === "object" && "closed" in read) return read.closed;
  // Each read was tried for a quarter of an hour, and this is not the first pair of them.
  if (reads.every((read) => read === "later")) return failures > 0 ? "" : undefined;
  const isEmpty = (read: Reading) => Array.isArray(read) && !read.some(({ message }) => message === prompt.message);
  return reads.every(isEmpty) ? "" : undefined;
}

/** Reads a thread to its end. Every reply goes through the inbox like any other: known ones change nothing. */
export async function readReplies(
  { outbox, inbox, platform }: { outbox: Outbox; inbox: Inbox; platform: Platform },
  thread: Place,
): Promise<Heard[]> {
  const found: Heard[] = [];
  let next: string | undefined;
  do {
    const at = next;
    const page = await outbox.patiently(() => platform.history(thread, at));
    found.push(...page.items);
    for (const item of page.items) if (isReply(item)) await inbox.take(platform.name, asReply(item, thread));
    next = page.next;
  } while (next !== undefined);
  return found;
}

const asReply = ({ message, by, text, at, version }: Heard, place: Place): Inbound => ({
  kind: "replied",
  event: `read/${message}/${version}`,
  by: { id: by },
  at,
  place,
  message,
  text,
  version,
});

/** What was typed before it was closed, or just after, may be unheard yet. */
const isAnswered = ({ openedAt, closedAt }: Prompt, now: Instant): boolean =>
  openedAt > now - WEEKS && (closedAt ?? now) > now - DAY;

/** Where the text is missing we may not read it; it is not that nothing was said. */
const isReply = ({ mine, human, text }: Heard): boolean => !mine && human && text.trim() !== "";

/** A read from our prompt to a later message of ours has seen all that stands between; else nothing is concluded. */
function absent(prompt: Prompt, items: readonly Heard[], source: string, at: number): boolean {
  const whole = items.some(({ message }) => message === prompt.message) && items.some((one) => one.mine && one.at > at);
  return whole && items.every(({ message }) => digest(message) !== source);
}
