/** All that will go wrong in a world, and what its facilitators ask for, drawn beforehand: one trouble does not change the others. */
import { communityIdOf } from "../../src/communities.ts";
import type { Random } from "./random.ts";
import type { Channel, World } from "./world.ts";

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

export function drawTroubles(world: World, random: Random, end: number): void {
  const often = (everyHours: number, what: () => void) => {
    for (let at = world.start; ; ) {
      at += Math.floor(-Math.log(1 - random.next()) * everyHours * HOUR);
      if (at >= end) return;
      world.loop.after(at - world.start, what);
    }
  };
  processes(world, random, often);
  network(world, random, often);
  if (random.chance(0.3))
    often(40, () => world.step(random.pick([HOUR, -HOUR, HOUR, -HOUR, DAY, -DAY]), random.int(1, 90) * MINUTE));
  for (const channel of world.channels) people(world, channel, random, often);
}

type Often = (everyHours: number, what: () => void) => void;

function processes(world: World, random: Random, often: Often): void {
  const nature = random.next();
  if (nature < 0.85)
    often(random.pick([2, 8, 24]), () => world.arm("killed", random.int(500, 90_000), random.int(0, 25)));
  if (nature > 0.3)
    often(30, () => world.arm("away", random.pick([5 * MINUTE, HOUR, 9 * HOUR, 30 * HOUR]), random.int(0, 25)));
  often(12, () => world.pause(random.int(1_000, 120_000)));
  if (random.chance(0.4)) often(18, () => world.usurp());
}

function network({ chat }: World, random: Random, often: Often): void {
  often(6, () => chat.interrupt(random.int(5_000, 12_000), "deaf"));
  often(36, () => chat.interrupt(random.pick([MINUTE, 10 * MINUTE, 3 * HOUR, 8 * HOUR]), "out"));
  often(40, () => chat.blind(random.int(5, 40) * MINUTE));
}

function people(world: World, channel: Channel, random: Random, often: Often): void {
  const { people, chat } = world;
  const { place, facilitator, programme } = channel;
  const others = (chat.members.get(place) ?? []).slice(1);
  if (programme === "workshop")
    often(16, () => people.command(facilitator, place, random.pick(["next", "skip", "redo", "quote", "round"])));
  often(24, () => people.command(facilitator, place, "pairs"));
  often(60, () => people.command(facilitator, place, movedBlock(world, channel, random)));
  if (random.chance(0.2))
    often(50, () => {
      people.command(facilitator, place, "stop");
      const again = `start ${programme} ${startOf(world, random)}`;
      world.loop.after(random.int(5, 200) * MINUTE, () => people.command(facilitator, place, again));
    });
  often(60, () => people.forget(random.pick(others), place, communityIdOf("sim", place)));
  often(80, () => people.command(random.pick(others), place, random.pick(["pause", "resume"]), "together"));
}

function movedBlock(world: World, { programme }: Channel, random: Random): string {
  const blocks = world.blocksOf(programme);
  return `move ${random.pick(blocks)} ${String(random.int(7, 20)).padStart(2, "0")}:${random.pick(["00", "15", "45"])}`;
}

/** Two days from tomorrow on, in a zone that may be another. */
function startOf(world: World, random: Random): string {
  const day = (ahead: number) => new Date(world.loop.now + ahead * DAY).toISOString().slice(0, 10);
  const zone = random.pick(["Europe/London", "America/New_York", "Asia/Kolkata", "Pacific/Apia"]);
  return `${day(1)} ${day(2)} ${zone}`;
}
