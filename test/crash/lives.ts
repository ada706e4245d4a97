/** One store's and one platform's lives, one after another: each told a chapter, most of them killed in it. */
import { join } from "node:path";
import { Chapter } from "./chapter.ts";
import type { Left } from "./child.ts";
import { Ledger } from "./ledger.ts";
import { Process } from "./life.ts";
import type { Program } from "./program.ts";
import type { Stage } from "./stage.ts";

const MINUTE = 60_000;
/** Between two lives: too long for Discord to know a nonce again, and soon enough that what was begun is still wanted. */
const AWAY = 10 * MINUTE;
/** For what an earlier life began to be finished, and for this one's to come to rest. */
const REST = 3 * MINUTE;

type Rest = (ms: number) => Promise<void>;

export class Lives {
  readonly ledger = new Ledger();
  killed = 0;
  readonly #stage: Stage;
  readonly #program: Program;
  #count = 0;

  constructor(stage: Stage, program: Program) {
    this.#stage = stage;
    this.#program = program;
  }

  /** A chapter is lived through, or cut short at a point. */
  next(crashAt = ""): Promise<Left> {
    return this.#live(crashAt, async (process, rest) => {
      const people = this.#stage.people ?? process.people;
      await new Chapter(this.#count, people, this.ledger, rest).tell();
      await rest(REST);
    });
  }

  /** Nobody does anything any more. */
  last(): Promise<Left> {
    return this.#live("", (_, rest) => rest(90 * MINUTE));
  }

  async #live(crashAt: string, tell: (process: Process, rest: Rest) => Promise<void>): Promise<Left> {
    await this.#stage.time.advance(AWAY);
    this.#count++;
    const process = this.#born(crashAt);
    const told = this.#told(process, tell);
    // Where the life is killed, what it is told is cut short; else `told` is awaited below.
    told.catch(() => {});
    const { signal, code, errors } = await process.ended;
    if (crashAt && signal === "SIGKILL") {
      this.killed++;
      return { points: [], stands: [] };
    }
    return await told.catch((cause: unknown) => {
      throw new Error(`A life failed (${signal ?? `exit ${code}`}): ${cause}\n${errors}`, { cause });
    });
  }

  #born(crashAt: string): Process {
    const { time, channel, settings } = this.#stage;
    const { file: program, content, folder } = this.#program;
    return new Process(program, { file: join(folder, "bot.db"), now: time.now(), crashAt, channel, content, settings });
  }

  async #told(process: Process, tell: (process: Process, rest: Rest) => Promise<void>): Promise<Left> {
    const rest = async (ms: number) => {
      await this.#stage.time.advance(ms);
      await process.rest(ms);
    };
    try {
      await rest(REST);
      await tell(process, rest);
      return await process.end();
    } catch (error) {
      process.stop();
      throw error;
    }
  }
}
