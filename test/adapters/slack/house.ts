/** The core on Slack, in time that leaps from one wait to the next. */
import { onTestFinished } from "vitest";
import { seededChance } from "../../../src/chance.ts";
import { Company } from "../../../src/company.ts";
import { harvestOf } from "../../../src/harvest/harvest.ts";
import type { Log } from "../../../src/platform.ts";
import { memoryStore } from "../../../src/store/memory.ts";
import { SlackWorld } from "../../contract/slack.world.ts";
import { SlackServer } from "../../fakes/slack/server.ts";
import { pack, say } from "../../stories/stage.ts";
import { OutageClock } from "./outage-clock.ts";

/** A round has been asked for by Ana, who may; `handle` is its question. */
export async function housed(days: { readonly dayOne?: string; readonly dayTwo?: string } = {}) {
  const clock = new OutageClock();
  /** What an operator has to read. */
  const lines: string[] = [];
  const note = (message: string, facts?: object) => void lines.push(`${message} ${JSON.stringify(facts ?? {})}`);
  const log: Log = { debug() {}, info() {}, warn: note, error: note };
  const server = new SlackServer(() => clock.now());
  await server.listen();
  const world = new SlackWorld(server, "socket", log);
  onTestFinished(() => world.stop());
  const store = memoryStore(clock);
  const platform = world.adapter({ clock });
  onTestFinished(() => platform.stop());
  const defaults = { zone: "Europe/London", programme: "workshop" };
  const around = { store, clock, chance: seededChance("gaps"), log, say, pack, platforms: [platform] };
  const company = new Company({ ...around, facilitators: [], defaults });
  await company.open();
  await platform.start(await company.earsFor(platform));
  await company.seed({ platform, channel: world.channelName, ...defaults, ...days });
  /** So much time passes; whatever waits in it goes off. */
  const rest = async (ms: number) => {
    let over = false;
    clock.after(ms, () => {
      over = true;
    });
    await clock.secondsUntil(() => over, server);
  };
  await world.commands("ana", "together-run", "round");
  await rest(60_000);
  const asked = (await world.sees("ben")).find(({ text }) => text.includes("One minute each"));
  const texts = async () => (await harvestOf(store, pack)).flatMap(({ answers }) => answers.map(({ text }) => text));
  return { world, server, clock, company, lines, texts, rest, handle: asked?.handle ?? "" };
}
