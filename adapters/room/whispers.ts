/** What one person alone is told. In memory only: nobody needs a whisper after a restart. */
import type { Message, Surroundings, Whisper } from "../../src/platform.ts";
import { gone } from "./faults.ts";
import { type MessageRecord, TOGETHER } from "./state.ts";

/** How long after acting a person can be whispered to, as on the other platforms. */
const OPEN_MS = 15 * 60_000;
/** Whispers that stay on one person's screen. */
const KEPT = 20;

export type Whispered = MessageRecord & { readonly to: string };

export class Whispers {
  readonly #clock: Surroundings["clock"];
  readonly #addresses = new Map<string, { person: string; place: string; expires: number }>();
  readonly #watchers = new Set<(whisper: Whispered) => Promise<void>>();
  #said: Whispered[] = [];
  #count = 0;

  constructor(clock: Surroundings["clock"]) {
    this.#clock = clock;
  }

  address(person: string, place: string): Whisper {
    const now = this.#clock.now();
    for (const [address, { expires }] of this.#addresses) if (expires <= now) this.#addresses.delete(address);
    const address = `whisper-${++this.#count}`;
    this.#addresses.set(address, { person, place, expires: now + OPEN_MS });
    return { address, expires: now + OPEN_MS };
  }

  /** Resolves when it stands on every screen that shows this person. */
  async say({ address }: Whisper, content: Message): Promise<void> {
    const found = this.#addresses.get(address);
    const at = this.#clock.now();
    if (!found || found.expires <= at) throw gone("person to whisper to");
    const id = `whisper-${++this.#count}`;
    const said = { ...content, id, place: found.place, by: TOGETHER, at, version: 1, to: found.person };
    const theirs = this.to(found.person);
    const oldest = theirs.length < KEPT ? undefined : theirs[0];
    this.#said = [...this.#said.filter((whisper) => whisper !== oldest), said];
    await Promise.all([...this.#watchers].map((call) => call(said)));
  }

  to(person: string): readonly Whispered[] {
    return this.#said.filter((whisper) => whisper.to === person);
  }

  watch(call: (whisper: Whispered) => Promise<void>): () => void {
    this.#watchers.add(call);
    return () => this.#watchers.delete(call);
  }
}
