/**
 * One writing process a store. The lease is a row in the store itself, so that it is read in the same transaction as
 * each write: whoever lost it cannot write, however long they slept. Its number grows with every holder and never falls.
 */
import { hostname } from "node:os";
import type { DatabaseSyncInstance, StatementSyncInstance } from "@photostructure/sqlite";
import type { Clock } from "../clock.ts";
import type { Instant, Log } from "../platform.ts";
import { quoted, rows } from "./rows.ts";
import type { Guard } from "./sqlite.ts";
import { StoreError } from "./store.ts";

/** A holder that died on another machine, or whose process number is used again, is waited for no longer than this. */
const LEASE_MS = 30_000;
const RENEW_MS = 10_000;

/** Called once, when it is found that another process has taken the store over. */
export type Lost = (error: StoreError) => void;

interface Holder {
  readonly host: string;
  readonly pid: number;
  readonly number: number;
  readonly until: Instant;
}

/** What this very process holds, as `file#number`: its process number alone may be that of a dead one before it. */
const ours = new Set<string>();

export class Lease implements Guard {
  readonly #db: DatabaseSyncInstance;
  readonly #file: string;
  readonly #clock: Clock;
  readonly #log: Log;
  readonly #lost: Lost;
  readonly #number: number;
  /** Prepared, since it runs in every commit. */
  readonly #held: StatementSyncInstance;
  #cancel = () => {};

  constructor(db: DatabaseSyncInstance, file: string, clock: Clock, log: Log, lost: Lost = () => {}) {
    this.#db = db;
    this.#file = file;
    this.#clock = clock;
    this.#log = log;
    this.#lost = lost;
    this.#number = takeLease(db, file, clock.now());
    this.#held = db.prepare("SELECT 1 FROM lease WHERE number = ?");
    ours.add(`${file}#${this.#number}`);
    this.#renewLater();
  }

  check(): void {
    if (!this.#held.get(this.#number)) throw this.#takenOver();
  }

  #takenOver(): StoreError {
    const holder = readHolder(this.#db);
    const who = holder ? `process ${holder.pid} on ${holder.host}` : "another process";
    return new StoreError("held", `${this.#file} has been taken over by ${who} while this one slept. Stop this one.`);
  }

  release(): void {
    this.#cancel();
    ours.delete(`${this.#file}#${this.#number}`);
    this.#setUntil(0);
  }

  #renewLater(): void {
    this.#cancel = this.#clock.after(RENEW_MS, () => {
      try {
        if (!this.#setUntil(this.#clock.now() + LEASE_MS)) return this.#lost(this.#takenOver());
      } catch (error) {
        // A locked or full store: the number stays ours until somebody takes over, so only the next try matters.
        this.#log.warn("The store's lease could not be renewed yet", { file: this.#file, why: String(error) });
      }
      this.#renewLater();
    });
  }

  /** False: the lease is another's by now. */
  #setUntil(until: Instant): boolean {
    const mine = `UPDATE lease SET until = ${until} WHERE number = ${this.#number} RETURNING tell(number)`;
    return rows(this.#db, mine).length === 1;
  }
}

/** Makes this process the holder, or throws `held` naming who is. The answer is the new holder's number. */
export function takeLease(db: DatabaseSyncInstance, file: string, now: Instant): number {
  db.exec("BEGIN IMMEDIATE");
  try {
    const before = readHolder(db);
    if (before && lives(before, file, now))
      throw new StoreError(
        "held",
        `${file} is in use by process ${before.pid} on ${before.host}. Stop that one first, or give this one its own DATABASE_URL.`,
      );
    const number = (before?.number ?? 0) + 1;
    db.exec(
      `INSERT OR REPLACE INTO lease (one, host, pid, number, until)
       VALUES (1, ${quoted(hostname())}, ${process.pid}, ${number}, ${now + LEASE_MS})`,
    );
    db.exec("COMMIT");
    return number;
  } catch (error) {
    if (db.isTransaction) db.exec("ROLLBACK");
    throw error;
  }
}

function readHolder(db: DatabaseSyncInstance): Holder | undefined {
  const [row] = rows(db, "SELECT tell(host, pid, number, until) FROM lease");
  if (!row) return undefined;
  const [host, pid, number, until] = row;
  return { host: String(host), pid: Number(pid), number: Number(number), until: Number(until) };
}

function lives(holder: Holder, file: string, now: Instant): boolean {
  // Further ahead than any lease: the clock went back since, and nobody renewed.
  if (holder.until <= now || holder.until > now + LEASE_MS) return false;
  if (holder.host !== hostname()) return true;
  return holder.pid === process.pid ? ours.has(`${file}#${holder.number}`) : runs(holder.pid);
}

function runs(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    // EPERM: it runs, but is another user's.
    return error instanceof Error && "code" in error && error.code === "EPERM";
  }
}
