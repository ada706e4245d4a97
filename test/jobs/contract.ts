/** What every implementation of the port `Jobs` keeps, over a store and a clock that outlive it. */
import { describe, expect, test } from "vitest";
import type { Job, Jobs, Worker } from "../../src/jobs/jobs.ts";

export interface JobsWorld {
  readonly now: () => number;
  advance(ms: number): Promise<void>;
  /** A new life over the same memory; the one before is cut off where it stands. */
  life(): Jobs<string>;
  /** How much is written down. */
  kept(): Promise<number>;
}

export function jobsContract(name: string, world: () => JobsWorld): void {
  describe(name, () => {
    const job = (id: string, at: number, line = "line"): Job<string> => ({ id, line, at, work: `work of ${id}` });

    async function begun(here: JobsWorld, work: (id: string, tried: number) => ReturnType<Worker<string>>) {
      const done: string[] = [];
      const jobs = here.life();
      await jobs.open((one, tried) => {
        done.push(one.id);
        return work(one.id, tried);
      });
      const beat = async (ms = 0) => {
        await here.advance(ms);
        await jobs.tick();
        await here.advance(0);
      };
      return { jobs, done, beat };
    }
    const well = async () => "done" as const;
    const cutOff = () => new Promise<"done">(() => {});

    test("is done at its time, not before, and once", async () => {
      const here = world();
      const { jobs, done, beat } = await begun(here, well);
      await jobs.add(job("a", here.now() + 5_000));
      await beat(4_999);
      expect(done).toEqual([]);
      await beat(1);
      await beat(60_000);
      expect([done, await here.kept()]).toEqual([["a"], 0]);
    });

    test("what waits to be tried again waits no longer where the clock is set back meanwhile", async () => {
      const here = world();
      const { jobs, done, beat } = await begun(here, async (_id, tried) =>
        tried === 0 ? { again: here.now() + 10_000 } : "done",
      );
      await jobs.add(job("a", here.now()));
      await beat(0);
      await here.advance(-3_600_000);
      await beat(9_000);
      expect(done).toEqual(["a"]);
      await beat(1_000);
      expect(done).toEqual(["a", "a"]);
      await beat(7_200_000);
      expect([done, await here.kept()]).toEqual([["a", "a"], 0]);
    });

    test("what is due already is done without waiting for a beat", async () => {
      const here = world();
      const { jobs, done } = await begun(here, well);
      await jobs.add(job("a", here.now() - 1));
      await jobs.idle();
      expect(done).toEqual(["a"]);
    });

    test("added again while it stands, it is the same job and keeps its time", async () => {
      const here = world();
      const { jobs, done, beat } = await begun(here, well);
      await jobs.add(job("a", here.now() + 1_000));
      await jobs.add(job("a", here.now() + 9_000));
      await beat(2_000);
      await beat(20_000);
      expect(done).toEqual(["a"]);
    });

    test("added before it is opened, it is kept for when it is", async () => {
      const here = world();
      await here.life().add(job("a", here.now()));
      const { jobs, done } = await begun(here, well);
      await jobs.idle();
      expect(done).toEqual(["a"]);
    });

    test("in order of time, whatever their names; in one line one after the other, other lines beside it", async () => {
      const here = world();
      const release: (() => void)[] = [];
      const { jobs, done, beat } = await begun(here, () => new Promise((ok) => release.push(() => ok("done"))));
      const now = here.now();
      for (const [id, after, line] of [
        ["z", 1, "one"],
        ["a", 9, "one"],
        ["m", 5, "one"],
        ["x", 9, "two"],
      ] as const)
        await jobs.add(job(id, now + after * 1_000, line));
      await beat(10_000);
      expect(done).toEqual(["z", "x"]);
      for (let turn = 0; turn < 4; turn++) {
        release.shift()?.();
        await here.advance(0);
      }
      expect(done).toEqual(["z", "x", "m", "a"]);
    });

    test("told `again`, it comes back at that time, and its line goes on meanwhile", async () => {
      const here = world();
      const tries: number[] = [];
      const { jobs, done, beat } = await begun(here, async (id, tried) => {
        if (id !== "a") return "done";
        tries.push(tried);
        return tried < 2 ? { again: here.now() + 10_000 } : "done";
      });
      await jobs.add(job("a", here.now()));
      await jobs.add(job("b", here.now()));
      await jobs.idle();
      expect(done).toEqual(["a", "b"]);
      await beat(9_000);
      expect(done).toHaveLength(2);
      await beat(1_000);
      await beat(10_000);
      expect([done, tries, await here.kept()]).toEqual([["a", "b", "a", "a"], [0, 1, 2], 0]);
    });

    test("work that rejects comes back by itself", async () => {
      const here = world();
      const { jobs, done, beat } = await begun(here, async (_id, tried) => {
        if (tried < 3) throw new Error("not now");
        return "done";
      });
      await jobs.add(job("a", here.now()));
      for (let minute = 0; minute < 5; minute++) await beat(60_000);
      expect([done.length, await here.kept()]).toEqual([4, 0]);
    });

    test("a crash in the middle: the next life does it again and knows that it was begun", async () => {
      const here = world();
      const first = await begun(here, cutOff);
      await first.jobs.add(job("a", here.now()));
      await here.advance(0);
      const tries: number[] = [];
      const second = await begun(here, async (_id, tried) => {
        tries.push(tried);
        return "done";
      });
      await second.jobs.idle();
      expect([first.done, second.done, tries, await here.kept()]).toEqual([["a"], ["a"], [1], 0]);
    });

    test("a clock set back an hour repeats nothing, and does nothing early", async () => {
      const here = world();
      const { jobs, done, beat } = await begun(here, well);
      await jobs.add(job("a", here.now()));
      await jobs.add(job("b", here.now() + 1_000));
      await jobs.idle();
      await beat(-3_600_000);
      expect(done).toEqual(["a"]);
      await beat(3_601_000);
      expect(done).toEqual(["a", "b"]);
    });

    test("a thousand jobs at one instant are all done, each once", async () => {
      const here = world();
      const { jobs, done, beat } = await begun(here, well);
      for (let nth = 0; nth < 1_000; nth++) await jobs.add(job(`job/${nth}`, here.now() + 1_000, `line ${nth % 7}`));
      await beat(1_000);
      await jobs.idle();
      expect([done.length, new Set(done).size, await here.kept()]).toEqual([1_000, 1_000, 0]);
    });
  });
}
