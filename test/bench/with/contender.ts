/**
 * One program that hears Slack, in a process of its own so that its time is its own: `contender.ts NAME APIURL`. Told
 * "used?" by its parent, it answers with the processor time that it has taken, once it has nothing left to do.
 */
import { App, LogLevel } from "@slack/bolt";
import { slack } from "../../../adapters/slack/slack.ts";
import { systemClock } from "../../../src/clock.ts";
import { Inbox } from "../../../src/inbox.ts";
import type { Ears, Platform } from "../../../src/platform.ts";
import { APP_TOKEN, BOT_TOKEN } from "../../fakes/slack/server.ts";
import { companyOver, log, scratch, storeOnDisk, surroundings, ZONE } from "./companion.ts";

type Idle = () => Promise<void>;

const [name = "", apiUrl = ""] = process.argv.slice(2);

const CONTENDERS: Readonly<Record<string, () => Promise<Idle>>> = {
  /** Bolt as its own guide begins: it acknowledges by itself, and nothing is kept. */
  async bolt() {
    const app = new App({
      token: BOT_TOKEN,
      appToken: APP_TOKEN,
      socketMode: true,
      clientOptions: { slackApiUrl: apiUrl },
      logLevel: LogLevel.ERROR,
    });
    app.event("message", async () => {});
    await app.start();
    return async () => {};
  },

  /** Our adapter and our inbox: each event is in the journal before it is acknowledged, and then let go of. */
  async journal() {
    const inbox = new Inbox({ store: await storeOnDisk(scratch()), clock: systemClock, log });
    await inbox.open(new Set(["slack"]), async () => {});
    const ears: Ears = {
      forms: [],
      commands: [],
      take: (event) => inbox.take("slack", event),
      prefill: async () => ({}),
      connected() {},
    };
    await adapter().start(ears);
    return () => inbox.idle();
  },

  /** All of it: what is heard is an answer to a prompt and is kept as one, while more is heard. */
  async companion() {
    const platform = adapter();
    const company = await companyOver(platform, await storeOnDisk(scratch()), systemClock);
    await platform.start(await company.earsFor(platform));
    const community = await company.seed({ platform, channel: "better-together", programme: "workshop", zone: ZONE });
    const setting = company.setting(community);
    if (setting) await company.timekeeper.byHand(setting, { activity: "round" }, "A round", "bench");
    await company.idle();
    return () => company.idle();
  },
};

const adapter = (): Platform => slack({ botToken: BOT_TOKEN, appToken: APP_TOKEN, apiUrl }, surroundings(systemClock));

const idle = await CONTENDERS[name]?.();
if (!idle) throw new Error(`There is no contender "${name}".`);
process.on("message", () => {
  void idle().then(() => {
    const { user, system } = process.cpuUsage();
    process.send?.((user + system) / 1_000);
  });
});
process.on("disconnect", () => process.exit(0));
process.send?.("ready");
