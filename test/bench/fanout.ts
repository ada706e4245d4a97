/**
 * 500 people brought together in 250 private groups, on a platform that keeps Slack's rate limits: how long it takes
 * beside what the limits alone would take, and how long a prompt waits that is posted meanwhile. In virtual time.
 */
import { room } from "../../adapters/room/room.ts";
import { VirtualClock } from "../../src/clock.ts";
import type { Does } from "../../src/pack/pack.ts";
import { instantOf } from "../../src/programme.ts";
import { memoryStore } from "../../src/store/memory.ts";
import { arrayMemory } from "../contract/room.world.ts";
import { companyOver, surroundings, ZONE } from "./with/companion.ts";
import { hold, rounded, verdict } from "./with/figures.ts";
import { DISTANCE, LIMITS, limited } from "./with/limited.ts";

const PEOPLE = 500;
const GROUPS = PEOPLE / 2;
const RATIO = 1.05;
/** Milliseconds: when the prompt is asked for after the first group was reached, and how long it may take. */
const [MEANWHILE, PROMPTLY] = [100_000, 2_000];
const STEP = 20;

interface Figures {
  /** Milliseconds of the platform's time. */
  readonly took: number;
  readonly prompt: number;
  readonly groups: number;
  readonly refused: number;
}

async function fanOut(apart: boolean): Promise<Figures> {
  const clock = new VirtualClock(instantOf("2027-12-06", "09:00", ZONE));
  const people = Array.from({ length: PEOPLE }, (_, at) => ({ name: `Person ${at}` }));
  const inner = room({ channel: "better-together", memory: arrayMemory(), people }, surroundings(clock));
  const { platform, introduced, said, refused } = limited(inner, clock, apart);
  const company = await companyOver(platform, memoryStore(clock), clock);
  await platform.start(await company.earsFor(platform));
  const days = { dayOne: "2027-12-06", dayTwo: "2027-12-07" };
  const seed = { platform, channel: "better-together", programme: "workshop", zone: ZONE, ...days };
  const community = await company.seed(seed);
  const setting = company.setting(community);
  if (!setting) throw new Error("The community has no setting.");
  // They were met the day before, when everybody was told.
  await company.office.participation.members(community, inner);
  const ask = (does: Does) => company.timekeeper.byHand(setting, does, "Fan-out", does.activity);

  /** The clock moves until something is so, with the heartbeat of `main.ts`. */
  async function until(so: () => boolean): Promise<void> {
    for (let beat = clock.now(); !so(); ) {
      await clock.advance(STEP);
      if (clock.now() - beat < 1_000) continue;
      beat = clock.now();
      await company.timekeeper.tick();
    }
  }

  await ask({ activity: "pairs", size: 2, mode: "any" });
  // The dealing is done aside, in its own time: the clock all but stands still for it.
  while (said.length === 0) {
    await new Promise((next) => setTimeout(next, 1));
    await clock.advance(1);
  }
  const begun = said[0] ?? 0;
  await until(() => clock.now() - begun >= MEANWHILE);
  const [asked, before] = [clock.now(), said.length];
  await ask({ activity: "round" });
  await until(() => said.length > before);
  await until(() => introduced.length === GROUPS);
  const [took, prompt] = [(introduced.at(-1) ?? 0) - begun, (said[before] ?? 0) - asked];
  return { took, prompt, groups: introduced.length, refused: refused() };
}

const [apart, together] = [await fanOut(true), await fanOut(false)];
// The last of them may be asked for when the window before its own is over; then it is opened and written to.
const least = Math.floor((GROUPS - 1) / LIMITS.openRoom.calls) * LIMITS.openRoom.within + 2 * DISTANCE;
// In threads of one channel each is written to no sooner than a second after the one before.
const leastTogether = (GROUPS - 1) * LIMITS.post.within + 2 * DISTANCE;

const row = ({ took, prompt, groups, refused }: Figures, alone: number) => ({
  groups,
  "all of them, s": rounded(took / 1_000),
  "the limits alone, s": rounded(alone / 1_000),
  ratio: rounded(took / alone, 3),
  "calls refused": refused,
  "a prompt meanwhile, s": rounded(prompt / 1_000),
});
console.table({
  "each group in a conversation of its own": row(apart, least),
  "each group in a thread of the channel": row(together, leastTogether),
});
for (const [{ took, prompt }, alone] of [
  [apart, least],
  [together, leastTogether],
] as const) {
  hold(
    took <= RATIO * alone,
    `all groups took ${rounded(took / alone, 3)} × what the limits alone take, at most ${RATIO}`,
  );
  hold(prompt <= PROMPTLY, `a prompt waited ${rounded(prompt / 1_000)} s, at most ${PROMPTLY / 1_000}`);
}
verdict();
