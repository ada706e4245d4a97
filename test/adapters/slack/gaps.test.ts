/** The core on Slack, through gaps in which nobody listened: what was said in them is in the threads, and is read there. */
import { expect, onTestFinished, test } from "vitest";
import { seededChance } from "../../../src/chance.ts";
import { Company } from "../../../src/company.ts";
import { harvestOf } from "../../../src/harvest/harvest.ts";
import type { Log } from "../../../src/platform.ts";
import { memoryStore } from "../../../src/store/memory.ts";
import { SlackWorld } from "../../contract/slack.world.ts";
import { SlackServer } from "../../fakes/slack/server.ts";
import { pack, say } from "../../stories/stage.ts";
import { OutageClock } from "./outage-clock.ts";

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const log: Log = { debug() {}, info() {}, warn() {}, error() {} };

/** The core in a Slack channel, and a thread under the question of a round. */
async function housed() {
  const clock = new OutageClock();
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
  await company.seed({ platform, channel: world.channelName, ...defaults });
  await world.commands("ana", "together-run", "round");
  const asked = async () => (await world.sees("ben")).find(({ text }) => text.includes("One minute each"));
  await clock.secondsUntil(async () => (await asked()) !== undefined, server);
  let idle = false;
  void company.idle().then(() => {
    idle = true;
  });
  await clock.secondsUntil(() => idle, server);
  const texts = async () => (await harvestOf(store, pack)).flatMap(({ answers }) => answers.map(({ text }) => text));
  return { world, server, clock, texts, handle: (await asked())?.handle ?? "" };
}

test("promise 25: what was said in a gap of any length is there within two minutes of the reconnect", async () => {
  const { world, server, clock, texts, handle } = await housed();
  const early = await world.says("ben", handle, "because of Ana");
  const said = ["because of Ana"];
  const gaps = [5 * SECOND, 12 * SECOND, 10 * MINUTE, 8 * HOUR];
  for (const [nth, gap] of gaps.entries()) {
    server.goesAway("reset");
    for (const who of ["ana", "cleo"]) said.push(`because of ${who} ${nth}`);
    for (const who of ["ana", "cleo"]) await world.says(who, handle, `because of ${who} ${nth}`);
    await world.edits("ben", early, `because of Ana, and ${nth}`);
    said[0] = `because of Ana, and ${nth}`;
    // In eight hours the machine sleeps; in the others every attempt is made.
    if (gap === 8 * HOUR) clock.sleep(gap);
    else await clock.pass(gap, server);
    expect(await texts()).not.toContain(`because of ana ${nth}`);
    server.comesBack();
    const late = await clock.secondsUntil(
      async () => (await texts()).sort().join() === [...said].sort().join(),
      server,
    );
    expect(late).toBeLessThanOrEqual(120);
    // What this reconnect began to read is read to its end before the next gap.
    let calm = false;
    clock.after(3 * MINUTE, () => {
      calm = true;
    });
    await clock.secondsUntil(() => calm, server);
    console.info(
      `promise 25: a gap of ${gap / SECOND} s: 2 of 2 replies and 1 of 1 edits ${late.toFixed(1)} s after it`,
    );
  }
});
