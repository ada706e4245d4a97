/** The embedded driver: one SQLite file. Each turn of the loop is one transaction, each batch in it all or nothing. */
import { Buffer } from "node:buffer";
import type { DatabaseSyncInstance, StatementSyncInstance } from "@photostructure/sqlite";
import type { Clock } from "../clock.ts";
import { wait } from "../clock.ts";
import type { Driver, Line, Row } from "./driver.ts";
import { storeError } from "./faults.ts";
import { StoreError } from "./store.ts";
import { type Outcome, Turn } from "./turn.ts";

type Job = { readonly lines: readonly Line[] } | { readonly claim: string; readonly text: string };

/** How long a scrub waits for readers that hold back the log, and how often it looks. */
const SCRUB_MS = 30_000;
const SCRUB_STEP_MS = 250;

/** The right to write. */
export interface Guard {
  /** Called inside every transaction; throws where this process may no longer write. */
  check(): void;
  /** Gives it up, before the file is closed. */
  release(): void;
}

export class SqliteDriver implements Driver {
  readonly dialect = "sqlite";
  readonly #db: DatabaseSyncInstance;
  readonly #file: string;
  readonly #clock: Clock;
  readonly #guard: Guard | undefined;
  readonly #turn: Turn<Job, boolean>;
  readonly #sql: Record<keyof typeof SQL, StatementSyncInstance>;

  /** Without a guard: for reading only. */
  constructor(db: DatabaseSyncInstance, file: string, clock: Clock, guard?: Guard) {
    this.#db = db;
    this.#file = file;
    this.#clock = clock;
    this.#guard = guard;
    this.#turn = new Turn(clock, (jobs) => this.#try(() => this.#transaction(jobs)));
    this.#sql = this.#try(() => prepareAll(db));
  }

  read(key: string): string | undefined {
    // The columns of a STRICT table have the types that the schema gives them.
    return this.#try(() => this.#sql.read.get(key) as { value: string } | undefined)?.value;
  }

  async write(lines: readonly Line[]): Promise<void> {
    this.#check();
    if (lines.length > 0) await this.#turn.add({ lines });
  }

  async claim(key: string, text: string): Promise<boolean> {
    this.#check();
    return this.#turn.add({ claim: key, text });
  }

  range(prefix: string, after: string | undefined, limit: number): readonly Row[] {
    // 0xFF is in no UTF-8 text, so this is greater than every key with the prefix.
    const end = Buffer.concat([Buffer.from(prefix), Buffer.of(0xff)]);
    // As in `read`.
    return this.#try(() => this.#sql.range.all(prefix, after ?? "", end, limit) as Row[]);
  }

  /**
   * `secure_delete` blanks what is erased, but a page whose neighbours were merged into it may keep a copy in its gap
   * (test/store/scrub.test.ts); only a rebuilt file has none. Then the log is emptied. About 6 ms a megabyte.
   */
  async scrub(): Promise<void> {
    this.#turn.end();
    this.#try(() => this.#guard?.check());
    this.#try(() => this.#sql.rebuild.run());
    for (let left = SCRUB_MS; left >= 0; left -= SCRUB_STEP_MS) {
      // Of this pragma's row, `busy` is 1 where a reader still needs the log.
      const { busy } = this.#try(() => this.#sql.empty.get() as { busy: number });
      if (busy === 0) return;
      await wait(this.#clock, SCRUB_STEP_MS);
    }
    throw new StoreError(
      "locked",
      `${this.#file} is being read by another program, so what was erased is still in its log.`,
    );
  }

  async close(): Promise<void> {
    this.#turn.end();
    if (!this.#db.isOpen) return;
    try {
      if (this.#guard) this.#try(() => this.#leave());
    } finally {
      this.#db.close();
    }
  }

  /** The file alone is whole from here on: a closed database empties its log only once its statements are collected. */
  #leave(): void {
    this.#guard?.release();
    this.#sql.empty.get();
  }

  #check(): void {
    if (!this.#db.isOpen) throw new StoreError("failed", `${this.#file} is closed.`);
  }

  #try<Result>(work: () => Result): Result {
    try {
      this.#check();
      return work();
    } catch (error) {
      throw storeError(error, this.#file);
    }
  }

  /**
   * Nearly always every job of a turn is kept, and a savepoint each would be half of the work: only where one is
   * refused is the turn taken again, job by job. A commit that failed is never taken again: it may have been kept.
   */
  #transaction(jobs: readonly Job[]): Outcome<boolean>[] {
    let refused = false;
    const plainly = (job: Job): Outcome<boolean> => {
      try {
        return { result: this.#apply(job) };
      } catch (error) {
        refused = true;
        throw error;
      }
    };
    try {
      return this.#committed(() => jobs.map(plainly));
    } catch (error) {
      if (!refused || jobs.length === 1) throw error;
      return this.#committed(() => jobs.map((job) => this.#keep(job)));
    }
  }

  #committed<Result>(work: () => Result): Result {
    this.#sql.begin.run();
    try {
      this.#guard?.check();
      const outcome = work();
      this.#sql.commit.run();
      return outcome;
    } catch (error) {
      if (this.#db.isTransaction) this.#sql.rollback.run();
      throw error;
    }
  }

  #keep(job: Job): Outcome<boolean> {
    this.#sql.save.run();
    try {
      const result = this.#apply(job);
      this.#sql.release.run();
      return { result };
    } catch (error) {
      // A full disk or a failing one ends the whole transaction by itself: then nothing of this turn is kept.
      if (!this.#db.isTransaction) throw error;
      this.#sql.undo.run();
      this.#sql.release.run();
      return { error: storeError(error, this.#file) };
    }
  }

  #apply(job: Job): boolean {
    if ("claim" in job) return this.#sql.claim.run(job.claim, job.text).changes === 1;
    for (const { key, text } of job.lines) {
      if (text === undefined) this.#sql.erase.run(key);
      else this.#sql.put.run(key, text);
    }
    return true;
  }
}

const SQL = {
  read: "SELECT value FROM keyv WHERE key = ?",
  range:
    "SELECT key, value AS text FROM keyv WHERE key >= ? AND key > ? AND key < CAST(? AS TEXT) ORDER BY key LIMIT ?",
  put: "INSERT INTO keyv (key, value) VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value",
  erase: "DELETE FROM keyv WHERE key = ?",
  claim: "INSERT INTO keyv (key, value) VALUES (?, ?) ON CONFLICT (key) DO NOTHING",
  begin: "BEGIN IMMEDIATE",
  commit: "COMMIT",
  rollback: "ROLLBACK",
  save: "SAVEPOINT batch",
  release: "RELEASE batch",
  undo: "ROLLBACK TO batch",
  rebuild: "VACUUM",
  empty: "PRAGMA wal_checkpoint(TRUNCATE)",
} as const;

function prepareAll(db: DatabaseSyncInstance): Record<keyof typeof SQL, StatementSyncInstance> {
  const entries = Object.entries(SQL).map(([name, sql]) => [name, db.prepare(sql)] as const);
  // The entries are those of SQL, so the keys are its keys.
  return Object.fromEntries(entries) as Record<keyof typeof SQL, StatementSyncInstance>;
}
