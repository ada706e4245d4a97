/** What was accepted, and so has to last; held in the end against what stands. */
import type { Entry } from "../../src/store/store.ts";

/** What somebody does about their words, or that they ask for something to be held. */
export interface Change {
  readonly says?: string;
  readonly unsays?: string;
  readonly asks?: true;
}

export interface Verdict {
  readonly twice: readonly string[];
  readonly lost: readonly string[];
  /** Begun and never ended. */
  readonly left: readonly unknown[];
}

export class Ledger {
  /** Unsure: they were on their way when the life ended. */
  readonly #words = new Map<string, "unsure" | "stand" | "gone">();
  #asked = 0;
  accepted = 0;

  /** `act` resolves when the platform says that it was accepted. */
  async change<Result>({ says, unsays, asks }: Change, act: () => Promise<Result>): Promise<Result> {
    for (const words of [says, unsays]) if (words) this.#words.set(words, "unsure");
    const result = await act();
    if (says) this.#words.set(says, "stand");
    if (unsays) this.#words.set(unsays, "gone");
    if (asks) this.#asked++;
    this.accepted++;
    return result;
  }

  /** `stands`: the store's rows. `posted`: place and key of each message of ours that stands. */
  verdict(stands: readonly Entry[], posted: readonly string[]): Verdict {
    const of = (prefix: string) => stands.filter(({ key }) => key.startsWith(`${prefix}/`)).map(({ value }) => value);
    const [all, answers] = [JSON.stringify(stands), JSON.stringify(of("answers"))];
    const lost = [...this.#words].filter(
      ([words, state]) => (state === "stand" && !answers.includes(words)) || (state === "gone" && all.includes(words)),
    );
    const occurrences = of("occurrences").map(
      // As occurrences.ts writes them.
      (value) => value as { readonly state: string; readonly asked?: string },
    );
    const followed = occurrences.flatMap(({ asked }) => asked ?? []);
    const unfollowed = followed.length < this.#asked ? [`${this.#asked - followed.length} commands`] : [];
    const begun = occurrences.filter(({ state }) => state === "begun");
    return {
      twice: [...repeated(posted), ...repeated(followed)],
      lost: [...lost.map(([words, state]) => `${words} ${state}`), ...unfollowed],
      left: [...of("journal"), ...of("jobs"), ...of("due"), ...begun],
    };
  }
}

function repeated(all: readonly string[]): string[] {
  const seen = new Set<string>();
  return all.filter((one) => seen.size === seen.add(one).size);
}
