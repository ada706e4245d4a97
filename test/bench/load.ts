/**
 * The whole of promise 24: 500 people reply to one thread while 20 communities have a block at nine sharp, the companion
 * on Slack's wire and on disk. The minute is pressed into ten seconds: six times the rate, nine o'clock in the middle of it.
 */
import { fork } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { SlackServer } from "../fakes/slack/server.ts";
import { hold, rounded, share, verdict } from "./with/figures.ts";

const PEOPLE = 500;
const COMMUNITIES = 20;
const SECONDS = 10;
/** Milliseconds. */
const LAG = 100;
/** Slack's own patience with an event. */
const PATIENCE = 3_000;

interface Seen {
  readonly answers: number;
  readonly sent: number;
  readonly lastSent: number;
  readonly lag50: number;
  readonly lag99: number;
  readonly lagMax: number;
}

const server = new SlackServer();
await server.listen();
const { workspace } = server;
const people = Array.from({ length: PEOPLE }, (_, at) => workspace.addUser(`person-${at}`).id);
const channels = Array.from({ length: COMMUNITIES }, (_, at) =>
  workspace.addChannel(`workshop-${at}`, "public", [workspace.bot.id, ...people]),
);
const child = fork(join(import.meta.dirname, "with", "loaded.ts"), [server.apiUrl, String(COMMUNITIES)], {
  execArgv: ["--import", "tsx"],
});
await once(child, "message");
const [channel] = channels;
const prompt = workspace.messages.find((message) => message.channel === channel?.id);
if (!channel || !prompt) throw new Error("Nothing was asked.");

/** Said, told to the app, and acknowledged: milliseconds from when it was due. */
async function reply(user: string, due: number): Promise<number> {
  const message = workspace.add({
    channel: channel?.id ?? "",
    user,
    thread_ts: prompt?.ts ?? "",
    text: "I'm here because somebody once listened to me for a whole evening.",
  });
  await server.event({ type: "message", ...message });
  return performance.now() - due;
}

const begun = performance.now();
const replies: Promise<number>[] = [];
for (const [at, user] of people.entries()) {
  const due = begun + at * ((SECONDS * 1_000) / PEOPLE);
  while (performance.now() < due) await new Promise((next) => setTimeout(next, 1));
  replies.push(reply(user, due));
}
const acknowledged = await Promise.all(replies);
const seconds = (performance.now() - begun) / 1_000;
child.send("seen?");
// A cast: what `loaded.ts` sends.
const [seen] = (await once(child, "message")) as [Seen];
const posted = server.calls.filter(({ method }) => method === "chat.postMessage").length;
child.disconnect();
await once(child, "exit");
await server.close();

console.table({
  "replies acknowledged, a second": { measured: rounded(PEOPLE / seconds, 1), asked: rounded(PEOPLE / 60, 1) },
  "acknowledged, p50 ms": { measured: rounded(share(acknowledged, 0.5)) },
  "acknowledged, p99 ms": { measured: rounded(share(acknowledged, 0.99)), bound: PATIENCE },
  "event-loop lag, p50 ms": { measured: rounded(seen.lag50) },
  "event-loop lag, p99 ms": { measured: rounded(seen.lag99), bound: LAG },
  "event-loop lag, max ms": { measured: rounded(seen.lagMax) },
  "blocks of nine o'clock sent": { measured: seen.sent, bound: COMMUNITIES },
  "the last of them after nine, ms": { measured: Math.round(seen.lastSent) },
  "messages posted": { measured: posted },
  "answers in the harvest": { measured: seen.answers, bound: PEOPLE },
});
hold(share(acknowledged, 0.99) < PATIENCE, "an acknowledgement came after Slack had lost its patience");
hold(seen.lag99 < LAG, `event-loop lag p99 ${rounded(seen.lag99)} ms, below ${LAG}`);
hold(seen.sent === COMMUNITIES, `${COMMUNITIES - seen.sent} blocks of nine o'clock were not sent`);
hold(seen.answers === PEOPLE, `${PEOPLE - seen.answers} answers were lost`);
verdict();
