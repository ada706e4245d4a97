/** The core on Slack, through gaps in which nobody listened: what was said in them is in the threads, and is read there. */
import { expect, test } from "vitest";
import { housed } from "./house.ts";

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;

test("promise 25: what was said in a gap of any length is there within two minutes of the reconnect", async () => {
  const { world, server, clock, texts, rest, handle } = await housed();
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
    await rest(3 * MINUTE);
    console.info(
      `promise 25: a gap of ${gap / SECOND} s: 2 of 2 replies and 1 of 1 edits ${late.toFixed(1)} s after it`,
    );
  }
});
