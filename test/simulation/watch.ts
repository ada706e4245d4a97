/**
 * What must hold after every event, not only when the calm is over: the invariants that name a moment or a span of time.
 * Where one speaks of "within so long", nothing may have disturbed the companion meanwhile.
 */
import type { SendKey, UserId } from "../../src/platform.ts";
import { type Asked, type Chat, type Said, wordsOf } from "./chat.ts";
import type { Disk } from "./disk.ts";
import type { Life, Loop } from "./loop.ts";
import type { People } from "./people.ts";

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
/** A message that stands twice is one again when nothing has disturbed us for so long: what failed is tried each 5 minutes, and what waits for it too. */
const REPAIR = 12 * MINUTE;
/** What was acknowledged is in the store so soon, where nothing went wrong for a while. */
const SOON = 2 * MINUTE;
/** Work that failed is tried again for so long before it is left for later. */
const BEFORE = 45 * MINUTE;

/** One time that a message was asked to be posted. */
export interface Ask {
  readonly life: Life;
  readonly at: number;
  /** By the machine's clock. */
  readonly wall: number;
}

interface Around {
  readonly world: { readonly wall: number; readonly isAlive: boolean; readonly wrong: (problem: string) => void };
  readonly loop: Loop;
  readonly chat: Chat;
  readonly disk: Disk;
  readonly people: People;
  /** What facilitators are told when nothing can be written. */
  readonly ofFullDisk: string;
}

export class Watch {
  /** By key: when it was asked to be posted, first to last. */
  readonly asks = new Map<SendKey, Ask[]>();
  /** Until then something is disturbed: a fault, a pause, a new life. */
  #disturbedUntil = 0;
  #takenOverAt = Number.NEGATIVE_INFINITY;
  readonly #lastAsked = new Map<string, Ask>();
  readonly #around: Around;

  constructor(around: Around) {
    this.#around = around;
  }

  /** Something goes wrong now, and for so long. */
  disturbed(ms = 0): void {
    this.#disturbedUntil = Math.max(this.#disturbedUntil, this.#around.loop.now + ms);
  }

  /** A process asks for a post. I7, and I10 for its half that is about posts; one life knows nothing of the one before. */
  asked(life: Life, { place, key, message }: Asked): void {
    const { loop, chat, disk, world } = this.#around;
    const { wrong } = world;
    const now = { life, at: loop.now, wall: world.wall };
    const channel = chat.channelOf(place);
    const last = this.#lastAsked.get(channel);
    if (last?.life === life && now.at - last.at < SECOND)
      wrong(`I10 ${channel} was posted to ${now.at - last.at} ms after the last time`);
    this.#lastAsked.set(channel, now);
    // Of a full disk somebody has to hear, though nothing can be written down about that.
    const isOfFullDisk = place.startsWith("private:") && wordsOf(message) === this.#around.ofFullDisk;
    if (!isOfFullDisk && !disk.isIntended(life, key))
      wrong(`I7 ${key} in ${place} is posted, and the store did not say that it may be`);
    this.asks.set(key, [...(this.asks.get(key) ?? []), now]);
  }

  /** Another process has taken over from one that slept, and may post what that one is about to. */
  takenOver(): void {
    this.#takenOverAt = this.#around.loop.now;
  }

  /**
   * I1: a second message of one key comes only where the first took effect after it was looked for, or where two
   * processes hold for a moment; and is gone within the time of repair.
   */
  posted({ place, key, text }: Said): void {
    const { chat, loop, world, ofFullDisk } = this.#around;
    // What is said of a full disk is written down nowhere, so nobody can look whether it was said twice.
    if (text === ofFullDisk) return;
    const same = () => (chat.byPlace.get(place) ?? []).filter((one) => one.live && one.key === key);
    if (same().length < 2) return;
    const twice = `I1 ${key} stands in ${place} twice: ${text.slice(0, 60)}`;
    const isExcused = same().some(({ late }) => late) || loop.now - this.#takenOverAt < BEFORE;
    if (!isExcused) world.wrong(twice);
    this.#whenCalmFor(REPAIR, () => {
      if (same().length > 1) world.wrong(`${twice}, and is not mended`);
    });
  }

  /** I3 with its bound: what was acknowledged is kept as it was said last, and what was taken back is not. */
  heard(said: Said): void {
    // Not a moment later: what a later reading mends must not hide what was wrong.
    this.#around.loop.after(SOON, () => {
      if (this.#calmFor(SOON + BEFORE)) void this.#isKept(said);
    });
  }

  async #isKept(said: Said): Promise<void> {
    const { disk, people, world } = this.#around;
    const { wrong } = world;
    const texts = people.texts.get(said.ref) ?? [];
    const newest = said.heard;
    const answers = await disk.truth.range("answers/", undefined, 100_000);
    const kept = texts.flatMap((text, version) =>
      answers.some(({ value }) => JSON.stringify(value).includes(JSON.stringify(text).slice(1, -1))) ? [version] : [],
    );
    const gone = said.retractionHeard || people.askedToBeForgotten.has(said.by as UserId);
    if (said.retractionHeard && kept.length) wrong(`I4 ${said.ref} was taken back ${SOON / SECOND} s ago, and is kept`);
    if (!gone && said.live && !kept.some((version) => version >= newest))
      wrong(`I3 version ${newest} of ${said.ref} was acknowledged ${SOON / SECOND} s ago, and is not kept`);
    if (!gone && kept.some((version) => version < newest))
      wrong(`I3 a version of ${said.ref} older than ${newest} is still kept after ${SOON / SECOND} s`);
  }

  #calmFor(ms: number): boolean {
    return this.#around.loop.now - this.#disturbedUntil >= ms;
  }

  #whenCalmFor(ms: number, call: () => void): void {
    const { loop } = this.#around;
    const left = Math.max(loop.now, this.#disturbedUntil + ms) - loop.now;
    const isCalm = () => this.#calmFor(ms) && this.#around.world.isAlive;
    loop.after(left || MINUTE, () => (isCalm() ? call() : this.#whenCalmFor(ms, call)));
  }
}
