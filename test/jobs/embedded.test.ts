import { expect, test } from "vitest";
import { VirtualClock } from "../../src/clock.ts";
import { EmbeddedJobs } from "../../src/jobs/embedded.ts";
import type { Log } from "../../src/platform.ts";
import { memoryStore } from "../../src/store/memory.ts";
import { type Store, StoreError } from "../../src/store/store.ts";
import { jobsContract } from "./contract.ts";

const START = Date.UTC(2027, 11, 6, 9);
const log: Log = { debug() {}, info() {}, warn() {}, error() {} };

jobsContract("jobs kept in the store", () => {
  const timers = new VirtualClock(START);
  let stepped = 0;
  const clock = {
    now: () => timers.now() + stepped,
    elapsed: () => timers.elapsed(),
    after: (ms: number, call: () => void) => timers.after(ms, call),
    endOfTurn: (call: () => void) => timers.endOfTurn(call),
  };
  const store = memoryStore(clock);
  return {
    now: clock.now,
    async advance(ms) {
      if (ms < 0) stepped += ms;
      await timers.advance(Math.max(0, ms));
    },
    life: () => new EmbeddedJobs<string>({ store, clock, log }),
    kept: async () =>
      (await store.range("jobs/", undefined, 2_000)).length + (await store.range("due/", undefined, 2_000)).length,
  };
});

test("a store that fails before, within or after the work loses no job and repeats none that is over", async () => {
  for (let failing = 0; failing < 4; failing++) {
    const clock = new VirtualClock(START);
    const base = memoryStore(clock);
    let writes = 0;
    const store: Store = {
      ...base,
      async batch(lines) {
        if (writes++ === failing) throw new StoreError("locked", "another program is writing");
        await base.batch(lines);
      },
    };
    const jobs = new EmbeddedJobs<string>({ store, clock, log });
    let done = 0;
    await jobs.open(async () => {
      done++;
      return "done";
    });
    const job = { id: "a", line: "line", at: START, work: "" };
    await jobs.add(job).catch(() => jobs.add(job));
    for (let beat = 0; beat < 5; beat++) {
      await clock.advance(1_000);
      await jobs.tick();
      await jobs.idle();
    }
    expect(await base.range("jobs/", undefined, 1)).toEqual([]);
    // Only where the end itself could not be written is the work done twice: that is why work is safe to repeat.
    expect(done).toBe(failing === 2 ? 2 : 1);
  }
});
