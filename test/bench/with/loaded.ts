/**
 * The whole companion on the morning of twenty workshops, in a process of its own: `loaded.ts APIURL COMMUNITIES`. Its
 * clock is the machine's, set so that nine o'clock is a while after the start. Its parent plays Slack.
 */
import { monitorEventLoopDelay } from "node:perf_hooks";
import { slack } from "../../../adapters/slack/slack.ts";
import { PushableClock, systemClock } from "../../../src/clock.ts";
import { harvestOf } from "../../../src/harvest/harvest.ts";
import { instantOf } from "../../../src/programme.ts";
import { APP_TOKEN, BOT_TOKEN } from "../../fakes/slack/server.ts";
import { pack } from "../../stories/stage.ts";
import { companyOver, scratch, storeOnDisk, surroundings, ZONE } from "./companion.ts";

/** A day far enough ahead that the clock only goes forward. */
const [ONE, TWO] = ["2030-03-04", "2030-03-05"];
/** Milliseconds before nine: when the bot is started, and when the parent is told to begin. */
const [STARTED, BEGUN] = [60_000, 5_000];
const [apiUrl = "", communities = ""] = process.argv.slice(2);

const nine = instantOf(ONE, "09:00", ZONE);
const clock = new PushableClock(systemClock, nine - STARTED - systemClock.now());
const store = await storeOnDisk(scratch());
const platform = slack({ botToken: BOT_TOKEN, appToken: APP_TOKEN, apiUrl }, surroundings(clock));
const company = await companyOver(platform, store, clock);
await platform.start(await company.earsFor(platform));
const days = { dayOne: ONE, dayTwo: TWO };
for (let at = 0; at < Number(communities); at++)
  await company.seed({ platform, channel: `workshop-${at}`, programme: "workshop", zone: ZONE, ...days });
const asked = await company.office.communities.at(platform.name, await platform.channel("workshop-0"));
const setting = asked && company.setting(asked);
if (setting) await company.timekeeper.byHand(setting, { activity: "round" }, "A round", "bench");
await company.idle();

// The heartbeat of `main.ts`, once a second.
const beat = setInterval(() => void company.timekeeper.tick(), 1_000);
clock.push(Math.max(0, nine - BEGUN - clock.now()));
const lag = monitorEventLoopDelay({ resolution: 10 });
lag.enable();

/** What this process has seen and kept, once everything is worked off. */
async function report() {
  clearInterval(beat);
  await company.idle();
  const occurrences = await Promise.all(
    (await company.office.communities.all()).map((one) => company.office.occurrences.of(one)),
  );
  const atNine = occurrences.flat().filter(({ at }) => at === nine);
  return {
    answers: (await harvestOf(store, pack)).flatMap(({ answers }) => answers).length,
    sent: atNine.filter(({ state }) => state === "sent").length,
    lastSent: Math.max(...atNine.map(({ endedAt }) => (endedAt ?? Number.NaN) - nine)),
    // Nanoseconds, of which the resolution is no lag.
    lag50: lag.percentile(50) / 1e6 - 10,
    lag99: lag.percentile(99) / 1e6 - 10,
    lagMax: lag.max / 1e6 - 10,
  };
}

process.on("message", () => {
  lag.disable();
  void report().then((seen) => process.send?.(seen));
});
process.on("disconnect", () => process.exit(0));
process.send?.("ready");
