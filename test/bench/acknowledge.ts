/**
 * Slack events a second: journalled and then acknowledged by us, beside a bare Bolt app that only acknowledges, and
 * beside Vercel's Chat SDK. Each hears the same wire over Socket Mode, 32 events in flight, turn and turn about.
 */
import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "@photostructure/sqlite";
import { APP_TOKEN, BOT_TOKEN, SlackServer } from "../fakes/slack/server.ts";
import { scratch } from "./with/companion.ts";
import { hold, median, rounded, verdict } from "./with/figures.ts";

const IN_FLIGHT = 32;
const EVENTS = 3_000;
const WARM_UP = 3_000;
const ROUNDS = 7;
const PEOPLE = 40;
/** Of bare Bolt's events a second, at how much of its processor time; and of the Chat SDK's events a second. */
const LEAST = 0.7;
const MOST_TIME = 1.4;
const LEAST_CHAT_SDK = 2;

const CHAT_SDK = join(import.meta.dirname, "chat-sdk");

interface Contender {
  readonly child: ChildProcess;
  readonly say: (event: number) => Promise<void>;
}

interface Round {
  readonly perSecond: number;
  /** Milliseconds of processor time for a thousand events. */
  readonly time: number;
}

async function contender(name: string): Promise<Contender> {
  const server = new SlackServer();
  await server.listen();
  const { workspace } = server;
  const people = Array.from({ length: PEOPLE }, (_, at) => workspace.addUser(`person-${at}`).id);
  const channel = workspace.addChannel("better-together", "public", [workspace.bot.id, ...people]);
  const child =
    name === "chat-sdk"
      ? fork(join(CHAT_SDK, "app.mjs"), [server.apiUrl, BOT_TOKEN, APP_TOKEN], { execArgv: [] })
      : fork(join(import.meta.dirname, "with", "contender.ts"), [name, server.apiUrl], {
          execArgv: ["--import", "tsx"],
        });
  await once(child, "message");
  // What the companion asked is the prompt; whoever asked nothing is answered all the same.
  const root = workspace.messages[0] ?? workspace.add({ channel: channel.id, user: workspace.bot.id, text: "Why?" });
  const say = (number: number) =>
    server.event({
      type: "message",
      channel: channel.id,
      user: people[number % PEOPLE],
      text: "I'm here because somebody once listened to me for a whole evening.",
      ts: workspace.stamp(),
      thread_ts: root.ts,
    });
  return { child, say };
}

async function used({ child }: Contender): Promise<number> {
  child.send("used?");
  const [milliseconds] = await once(child, "message");
  return Number(milliseconds);
}

async function heard({ say }: Contender, events: number): Promise<void> {
  let next = 0;
  const line = async () => {
    while (next < events) await say(next++);
  };
  await Promise.all(Array.from({ length: IN_FLIGHT }, line));
}

async function round(one: Contender): Promise<Round> {
  const before = await used(one);
  const begun = performance.now();
  await heard(one, EVENTS);
  const seconds = (performance.now() - begun) / 1_000;
  return { perSecond: EVENTS / seconds, time: ((await used(one)) - before) / (EVENTS / 1_000) };
}

const names = ["bolt", "journal", "companion"];
if (existsSync(join(CHAT_SDK, "node_modules"))) names.push("chat-sdk");
else process.stdout.write("The Chat SDK is left out: it is not installed. (cd test/bench/chat-sdk && npm ci)\n");

const disk = new DatabaseSync(join(scratch(), "bare.db"));
disk.exec("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; CREATE TABLE kept (words TEXT)");
const put = disk.prepare("INSERT INTO kept VALUES (?)");

/** What the disk asks for one commit just now, milliseconds: the journal cannot be quicker than that. */
function commit(): number {
  const begun = performance.now();
  put.run("I'm here because somebody once listened to me for a whole evening.".repeat(100));
  return performance.now() - begun;
}

const commits: number[] = [];
const all = new Map<string, Contender>();
for (const name of names) all.set(name, await contender(name));
for (const one of all.values()) await heard(one, WARM_UP);
const rounds = new Map<string, Round[]>(names.map((name) => [name, []]));
for (let at = 0; at < ROUNDS; at++) {
  for (const [name, one] of all) rounds.get(name)?.push(await round(one));
  for (let times = 0; times < 20; times++) commits.push(commit());
}

/** The median over the rounds of ours beside theirs in the same round. */
function beside(ours: string, theirs: string, figure: keyof Round): number {
  const others = rounds.get(theirs) ?? [];
  return median((rounds.get(ours) ?? []).map((one, at) => one[figure] / (others[at]?.[figure] ?? Number.NaN)));
}

const SAYS: Readonly<Record<string, string>> = {
  bolt: "Bolt, acknowledges only",
  journal: "ours, journal and acknowledge",
  companion: "ours, and the answers kept meanwhile",
  "chat-sdk": "Chat SDK, memory state",
};
console.table(
  Object.fromEntries(
    [...rounds].map(([name, all]) => [
      SAYS[name],
      {
        "events/s": Math.round(median(all.map(({ perSecond }) => perSecond))),
        "processor ms/1,000": Math.round(median(all.map(({ time }) => time))),
        "× Bolt's events/s": rounded(beside(name, "bolt", "perSecond")),
        "× Bolt's processor": rounded(beside(name, "bolt", "time")),
      },
    ]),
  ),
);
process.stdout.write(`a bare commit on this disk meanwhile: ${rounded(median(commits))} ms\n`);
const [speed, time] = [beside("journal", "bolt", "perSecond"), beside("journal", "bolt", "time")];
hold(speed >= LEAST, `journal and acknowledge: ${rounded(speed)} of Bolt's events a second, at least ${LEAST}`);
hold(time <= MOST_TIME, `journal and acknowledge: ${rounded(time)} × Bolt's processor time, at most ${MOST_TIME}`);
if (all.has("chat-sdk")) {
  const chat = beside("journal", "chat-sdk", "perSecond");
  process.stdout.write(`journal and acknowledge beside the Chat SDK: ${rounded(chat)} × its events a second\n`);
  hold(chat >= LEAST_CHAT_SDK, `${rounded(chat)} × the Chat SDK's events a second, at least ${LEAST_CHAT_SDK}`);
}
for (const { child } of all.values()) child.disconnect();
verdict();
