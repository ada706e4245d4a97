/** Slack gives us seconds, by our clock: what comes later is done without. */
import type { Surroundings } from "../../src/platform.ts";

/** Milliseconds that the store may take of the three seconds after which Slack says only that something went wrong. */
export const KEEPING = 2_500;

/** What `doing` gives within so many milliseconds, else `late`; what it gives afterwards, a failure too, is nobody's any more. */
export function inTime<Answer, Late>(
  clock: Surroundings["clock"],
  ms: number,
  doing: Promise<Answer>,
  late: Late,
): Promise<Answer | Late> {
  return new Promise((done, failed) => {
    const cancel = clock.after(ms, () => done(late));
    void doing.then(done, failed).finally(cancel);
  });
}
