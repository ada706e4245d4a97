/** Group commit: what arrives in one turn of the loop is handed over together, in the order of arrival. */
import type { Clock } from "../clock.ts";

export type Outcome<Result> = { readonly result: Result } | { readonly error: unknown };

interface Waiting<Job, Result> {
  readonly job: Job;
  readonly kept: (result: Result) => void;
  readonly failed: (error: unknown) => void;
}

export class Turn<Job, Result> {
  readonly #clock: Pick<Clock, "endOfTurn">;
  readonly #commit: (jobs: readonly Job[]) => readonly Outcome<Result>[];
  #waiting: Waiting<Job, Result>[] = [];

  /** `commit` keeps or refuses each job by itself; where it throws, none of them was kept. */
  constructor(clock: Pick<Clock, "endOfTurn">, commit: (jobs: readonly Job[]) => readonly Outcome<Result>[]) {
    this.#clock = clock;
    this.#commit = commit;
  }

  add(job: Job): Promise<Result> {
    if (this.#waiting.length === 0) this.#clock.endOfTurn(() => this.end());
    return new Promise((kept, failed) => this.#waiting.push({ job, kept, failed }));
  }

  /** Also called before closing; a turn that is empty by then does nothing. */
  end(): void {
    const turn = this.#waiting;
    if (turn.length === 0) return;
    this.#waiting = [];
    try {
      const outcomes = this.#commit(turn.map(({ job }) => job));
      for (const [at, { kept, failed }] of turn.entries()) {
        const outcome = outcomes[at] ?? { error: new Error("A commit without an outcome") };
        if ("error" in outcome) failed(outcome.error);
        else kept(outcome.result);
      }
    } catch (error) {
      for (const { failed } of turn) failed(error);
    }
  }
}
