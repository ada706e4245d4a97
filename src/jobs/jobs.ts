/** The port "do this once, at this time, even after a crash". Durable, in lines, tried again where waiting mends it. */
import type { Instant } from "../platform.ts";

export interface Job<Work> {
  /** Names it: added again while it stands, it is the same job and keeps its time. At most 200 characters. */
  readonly id: string;
  /** Jobs of one line are done one after the other; lines do not wait for each other. */
  readonly line: string;
  readonly at: Instant;
  readonly work: Work;
}

/** `again`: nothing is over yet; the job comes back at that time, and lets its line go on meanwhile. */
export type Outcome = "done" | { readonly again: Instant };

/** `tried` counts the earlier beginnings, those that a crash cut short among them. Work that rejects comes back later. */
export type Worker<Work> = (job: Job<Work>, tried: number) => Promise<Outcome>;

export interface Jobs<Work> {
  /** Durable when it resolves; then the job is done at least once, and once only where its work is safe to repeat. */
  add(job: Job<Work>): Promise<void>;
  /** Hands what is due to `work` from now on, first what an earlier life left over. */
  open(work: Worker<Work>): Promise<void>;
  /** Looks what is due and begins it. Does not wait for it. */
  tick(): Promise<void>;
  /** Nothing is being done, and nothing is due. */
  idle(): Promise<void>;
}
