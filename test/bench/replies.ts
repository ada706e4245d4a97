/**
 * A typed reply is stored and acknowledged: through the companion, the inbox and the embedded store on disk, answers
 * worked off in the same process meanwhile. Beside it a bare commit of the same size on the same disk, at the same rate.
 */
import { join } from "node:path";
import { DatabaseSync } from "@photostructure/sqlite";
import { room } from "../../adapters/room/room.ts";
import { systemClock } from "../../src/clock.ts";
import type { Inbound, MessageRef, Place, UserId } from "../../src/platform.ts";
import { arrayMemory } from "../contract/room.world.ts";
import { companyOver, scratch, storeOnDisk, surroundings, ZONE } from "./with/companion.ts";
import { hold, median, rounded, share, verdict } from "./with/figures.ts";

const RATE = 200;
const SECONDS = 10;
const SLICES = 5;
const PEOPLE = 60;
/** Milliseconds, on a machine that has nothing else to do. */
const GOAL = 20;
/** A reply is one commit itself, and two more are made of it while others wait; measured 1.0 to 1.4, also on a busy machine. */
const RATIO = 3;

const folder = scratch();
const store = await storeOnDisk(folder);
const people = Array.from({ length: PEOPLE }, (_, at) => ({ name: `Person ${at}` }));
const platform = room({ channel: "better-together", memory: arrayMemory(), people }, surroundings(systemClock));
const company = await companyOver(platform, store, systemClock);
const ears = await company.earsFor(platform);
await platform.start(ears);
const community = await company.seed({ platform, channel: "better-together", programme: "workshop", zone: ZONE });
const setting = company.setting(community);
if (!setting) throw new Error("The community has no setting.");
await company.timekeeper.byHand(setting, { activity: "round" }, "A round", "bench");
await company.idle();
const [prompt] = await company.office.prompts.of(community.id);
if (!prompt) throw new Error("Nothing was asked.");
const users = await platform.members(community.place);

const reply = (number: number): Inbound => ({
  kind: "replied",
  event: `event-${number}`,
  // What the room itself mints is opaque to us too.
  by: { id: users[number % users.length] as UserId },
  at: systemClock.now(),
  place: prompt.thread as Place,
  message: `message-${number}` as MessageRef,
  text: "I'm here because somebody once listened to me for a whole evening, and I would like to learn how that is done.",
  version: 0,
});

const bare = new DatabaseSync(join(folder, "bare.db"));
bare.exec(`PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA secure_delete = ON;
  CREATE TABLE keyv (key TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID`);
const put = bare.prepare("INSERT INTO keyv VALUES (?, ?)");

const turn: { number: number; kept: () => void }[] = [];

/** The two records of a journalled event; what came in one turn of the loop is one transaction, as in the store. */
function commit(): void {
  bare.exec("BEGIN IMMEDIATE");
  for (const { number } of turn) {
    put.run(`journal/${number}`, JSON.stringify({ platform: "room", event: reply(number) }));
    put.run(`seen/2026-11-22/${number}`, String(systemClock.now()));
  }
  bare.exec("COMMIT");
  for (const { kept } of turn.splice(0)) kept();
}

function barely(number: number): Promise<void> {
  if (turn.length === 0) setImmediate(commit);
  return new Promise((kept) => turn.push({ number, kept }));
}

/** Replies fall due by the clock, whether or not those before them are kept; each is measured from when it was due. */
async function paced(from: number, take: (number: number) => Promise<void>): Promise<number[]> {
  const begun = performance.now();
  const taken: Promise<number>[] = [];
  while (taken.length < (RATE * SECONDS) / SLICES) {
    const due = begun + taken.length * (1_000 / RATE);
    if (performance.now() < due) await new Promise((next) => setTimeout(next, 1));
    else taken.push(take(from + taken.length).then(() => performance.now() - due));
  }
  return Promise.all(taken);
}

const ours: number[] = [];
const alone: number[] = [];
const ratios: number[] = [];
// In turns, so that a disk that is busy for a while is busy for both; and one stall of it decides nothing.
for (let slice = 0; slice < SLICES; slice++) {
  const taken = await paced(ours.length, (number) => ears.take(reply(number)));
  await company.idle();
  const committed = await paced(alone.length, barely);
  ours.push(...taken);
  alone.push(...committed);
  ratios.push(share(taken, 0.99) / share(committed, 0.99));
}

const kept = await company.office.answers.in(community.id);
const row = (values: readonly number[]) => ({
  "p50 ms": rounded(median(values)),
  "p99 ms": rounded(share(values, 0.99)),
  "max ms": rounded(Math.max(...values)),
});
const ratio = median(ratios);
console.table({ [`taken, ${RATE} a second for ${SECONDS} s`]: row(ours), "a bare commit, same rate": row(alone) });
console.table({
  "p99 beside a bare commit, median of the slices": { measured: rounded(ratio), bound: RATIO },
  "p99 of a typed reply, ms": { measured: rounded(share(ours, 0.99)), goal: GOAL },
  "answers kept": { measured: kept.length, bound: RATE * SECONDS },
});
hold(ratio <= RATIO, `p99 of a typed reply is ${rounded(ratio)} × a bare commit's, at most ${RATIO}`);
hold(kept.length === RATE * SECONDS, `${RATE * SECONDS - kept.length} answers were not kept`);
await platform.stop();
await store.close();
verdict();
