/** 500 people reply to one thread while 20 communities have a block at nine sharp; the whole of it, on a wire, is test/bench/load.ts. */
import { monitorEventLoopDelay } from "node:perf_hooks";
import { expect, test } from "vitest";
import { seededChance } from "../src/chance.ts";
import { systemClock, VirtualClock } from "../src/clock.ts";
import { Company } from "../src/company.ts";
import type { Inbound, Log, MessageRef, Place, UserId } from "../src/platform.ts";
import { instantOf } from "../src/programme.ts";
import { openStore } from "../src/store/open.ts";
import { scripted } from "./scripted.ts";
import { newFolder } from "./store/fresh.ts";
import { pack, say } from "./stories/stage.ts";

const [PEOPLE, COMMUNITIES, ZONE] = [500, 20, "Europe/London"];
const DAYS = { dayOne: "2027-12-06", dayTwo: "2027-12-07" };
const log: Log = { debug() {}, info() {}, warn() {}, error() {} };

const reply = (nth: number, place: Place, at: number): Inbound => ({
  kind: "replied",
  event: `event-${nth}`,
  by: { id: `person-${nth}` as UserId },
  at,
  place,
  message: `reply-${nth}` as MessageRef,
  text: `I'm here because somebody once listened to me for a whole evening, ${nth}.`,
  version: 0,
});

test("promise 24: 500 replies beside 20 blocks at nine sharp: none is lost and all blocks are held", async () => {
  const folder = newFolder();
  const store = await openStore({ url: `sqlite:${folder.file}`, clock: systemClock, log });
  const nine = instantOf(DAYS.dayOne, "09:00", ZONE);
  const clock = new VirtualClock(nine - 60_000);
  const { platform } = scripted();
  platform.channel = async (name) => name as Place;
  const defaults = { zone: ZONE, programme: "workshop" };
  const around = { store, clock, chance: seededChance("load"), log, say, pack, facilitators: [], defaults };
  const company = new Company({ ...around, platforms: [platform] });
  await company.open();
  const ears = await company.earsFor(platform);
  const seed = { platform, programme: "workshop", zone: ZONE, ...DAYS };
  for (let nth = 0; nth < COMMUNITIES; nth++) await company.seed({ ...seed, channel: `channel-${nth}` });
  const [first] = await company.office.communities.all();
  const setting = first && company.setting(first);
  if (!setting) throw new Error("There is no community.");
  await company.timekeeper.byHand(setting, { activity: "round" }, "A round", "load");
  await clock.advanceTo(nine);
  const thread = (await company.office.prompts.of(setting.community.id))[0]?.thread ?? ("" as Place);

  const lag = monitorEventLoopDelay({ resolution: 5 });
  lag.enable();
  const begun = performance.now();
  const acknowledged: number[] = [];
  const said = Array.from({ length: PEOPLE }, async (_, nth) => {
    // As they come: some with each turn of the loop.
    for (let turn = 0; turn < nth / 5; turn++) await new Promise((done) => setImmediate(done));
    const asked = performance.now();
    await ears.take(reply(nth, thread, nine));
    acknowledged.push(performance.now() - asked);
  });
  await company.timekeeper.tick();
  await Promise.all([...said, clock.advance(30_000)]);
  await Promise.all([company.idle(), clock.advance(60_000)]);
  const seconds = (performance.now() - begun) / 1_000;
  lag.disable();

  const kept = (await company.office.answers.in(setting.community.id)).length;
  const all = await Promise.all(
    (await company.office.communities.all()).map((one) => company.office.occurrences.of(one)),
  );
  const sent = all.flat().filter(({ at, state }) => at === nine && state === "sent").length;
  const p99 = acknowledged.sort((a, b) => a - b)[Math.ceil(PEOPLE * 0.99) - 1] ?? 0;
  console.info(
    `promise 24: ${(PEOPLE / seconds).toFixed(0)} events/s, acknowledged p99 ${p99.toFixed(0)} ms, loop lag p99 ${(lag.percentile(99) / 1e6 - 5).toFixed(0)} ms, blocks sent ${sent}, lost ${PEOPLE - kept}`,
  );
  expect([kept, sent]).toEqual([PEOPLE, COMMUNITIES]);
  await store.close();
  folder.remove();
});
