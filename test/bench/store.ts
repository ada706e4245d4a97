/**
 * What the store costs, beside a bare loop over the same binding on the same disk in the same run: `npx tsx
 * test/bench/store.ts`. Figures are printed; only the ratios and the 20 ms for a typed reply are asserted.
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "@photostructure/sqlite";
import { systemClock } from "../../src/clock.ts";
import { openStore } from "../../src/store/open.ts";
import type { Store } from "../../src/store/store.ts";

const REPLIES_A_SECOND = 200;
const SECONDS = 5;
const ROUNDS = 5;
const SETS = 1_000;
const TOGETHER = 100;
/** A reply of two sentences with what is kept beside it. */
const reply = (number: number) => ({
  prompt: "c1/quote/2026-11-22/1",
  person: `p${number % 40}`,
  words: "I am here because somebody once listened to me for a whole evening. I would like to learn how that is done.",
  place: "T0123456789/C0123456789/1732270000.000100",
  version: 1,
  at: 1_795_348_800_000 + number,
});

const folder = mkdtempSync(join(tmpdir(), "together-bench-"));
const silent = { debug() {}, info() {}, warn() {}, error() {} };
const store = await openStore({ url: `sqlite:${join(folder, "store.db")}`, clock: systemClock, log: silent });
const bare = new DatabaseSync(join(folder, "bare.db"));
bare.exec(`PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA secure_delete = ON;
  CREATE TABLE keyv (key TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID`);
const put = bare.prepare("INSERT INTO keyv VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value");
const read = bare.prepare("SELECT value FROM keyv WHERE key = ?");

/** A reply is journalled, then kept as an answer: two commits, the second after the first, as the inbox does it. */
async function takeReply(number: number): Promise<number> {
  const start = performance.now();
  await store.batch([{ key: `journal/${number}`, value: reply(number) }]);
  await store.batch([
    { key: `answers/c1/${number}`, value: reply(number) },
    { key: `journal/${number}`, erase: true },
  ]);
  return performance.now() - start;
}

/** Replies arrive by the clock, whether or not those before them are kept: a slow store shows as waiting. */
async function latencies(): Promise<number[]> {
  const start = performance.now();
  const taken: Promise<number>[] = [];
  await new Promise<void>((done) => {
    const timer = setInterval(() => {
      const due = Math.floor(((performance.now() - start) / 1_000) * REPLIES_A_SECOND);
      while (taken.length < Math.min(due, REPLIES_A_SECOND * SECONDS)) taken.push(takeReply(taken.length));
      if (taken.length < REPLIES_A_SECOND * SECONDS) return;
      clearInterval(timer);
      done();
    }, 1);
  });
  return (await Promise.all(taken)).sort((a, b) => a - b);
}

/** Operations a second. */
async function rate(count: number, work: () => Promise<void> | void): Promise<number> {
  const start = performance.now();
  await work();
  return count / ((performance.now() - start) / 1_000);
}

const numbers = Array.from({ length: SETS }, (_, at) => at);
const loops: Readonly<Record<string, readonly [(store: Store) => Promise<void>, () => void]>> = {
  "sets, one at a time": [
    async (store) => {
      for (const at of numbers) await store.batch([{ key: `one/${at}`, value: reply(at) }]);
    },
    () => {
      for (const at of numbers) put.run(`one/${at}`, JSON.stringify(reply(at)));
    },
  ],
  [`sets, ${TOGETHER} a turn`]: [
    async (store) => {
      for (let at = 0; at < SETS; at += TOGETHER)
        await Promise.all(
          numbers.slice(at, at + TOGETHER).map((one) => store.batch([{ key: `many/${one}`, value: reply(one) }])),
        );
    },
    () => {
      for (let at = 0; at < SETS; at += TOGETHER) {
        bare.exec("BEGIN IMMEDIATE");
        for (const one of numbers.slice(at, at + TOGETHER)) put.run(`many/${one}`, JSON.stringify(reply(one)));
        bare.exec("COMMIT");
      }
    },
  ],
  gets: [
    async (store) => {
      for (const at of numbers) await store.get(`one/${at}`);
    },
    () => {
      for (const at of numbers) JSON.parse(String(Reflect.get(Object(read.get(`one/${at}`)), "value")));
    },
  ],
};

const median = (values: readonly number[]) => [...values].sort((a, b) => a - b)[values.length >> 1] ?? 0;
const at = (sorted: readonly number[], share: number) => sorted[Math.floor((sorted.length - 1) * share)] ?? 0;
/** The store may cost at most so much of the bare loop's speed; well below what was measured, for noisy machines. */
const LEAST: Readonly<Record<string, number>> = {
  "sets, one at a time": 0.15,
  [`sets, ${TOGETHER} a turn`]: 0.2,
  gets: 0.1,
};

const failed: string[] = [];
const table: Record<string, Record<string, number>> = {};
for (const [name, [ours, theirs]] of Object.entries(loops)) {
  const rounds = [];
  // Turn and turn about, so that a busy disk is busy for both.
  for (let round = 0; round < ROUNDS; round++)
    rounds.push([await rate(SETS, () => ours(store)), await rate(SETS, theirs)] as const);
  const store1 = Math.round(median(rounds.map(([mine]) => mine)));
  const bare1 = Math.round(median(rounds.map(([, other]) => other)));
  const ratio = median(rounds.map(([mine, other]) => mine / other));
  table[name] = { "store/s": store1, "bare/s": bare1, ratio: Number(ratio.toFixed(2)) };
  if (ratio < (LEAST[name] ?? 0)) failed.push(`${name}: ratio ${ratio.toFixed(2)}, at least ${LEAST[name]}`);
}
console.table(table);

const taken = await latencies();
const [p50, p99, max] = [at(taken, 0.5), at(taken, 0.99), at(taken, 1)];
console.table({
  [`a typed reply journalled and kept, ${REPLIES_A_SECOND} a second for ${SECONDS} s`]: {
    "p50 ms": Number(p50.toFixed(2)),
    "p99 ms": Number(p99.toFixed(2)),
    "max ms": Number(max.toFixed(2)),
  },
});
if (p99 > 20) failed.push(`a typed reply: p99 ${p99.toFixed(1)} ms, at most 20`);

await store.close();
bare.close();
rmSync(folder, { recursive: true, force: true });
if (failed.length > 0) {
  console.error(failed.join("\n"));
  process.exitCode = 1;
}
