/**
 * What every adapter must do, told in the workshop's words. One suite; a fresh world for every test; only the wire
 * is faked. An adapter's test file calls `contract(name, newWorld)` and may add tests of its own beside it.
 */
import { test as bare, describe } from "vitest";
import { answering } from "./answering.ts";
import { failing } from "./failing.ts";
import { hearing } from "./hearing.ts";
import { posting } from "./posting.ts";
import { type It, Scene } from "./scene.ts";
import { standing } from "./standing.ts";
import type { NewWorld } from "./world.ts";

export function contract(name: string, newWorld: NewWorld): void {
  const it: It = bare.extend<{ scene: Scene }>({
    // biome-ignore lint/correctness/noEmptyPattern: vitest reads off the pattern what a fixture needs: nothing
    scene: async ({}, use) => {
      const scene = await Scene.set(newWorld);
      await use(scene);
      await scene.strike();
    },
  });
  describe(`${name} keeps the contract`, () => {
    for (const part of [posting, hearing, answering, standing, failing]) part(it);
  });
}
