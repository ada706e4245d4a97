/** The built-in pack, and among the alumni's blocks some in the night, when the clocks change. */
import { join } from "node:path";
import { loadPack } from "../../src/pack/load.ts";
import type { Block, Pack } from "../../src/pack/pack.ts";
import { ROOT } from "../../src/root.ts";
import { readSentences } from "../../src/texts.ts";

const night = (at: string): Block => ({
  id: `night-${at.replace(":", "-")}`,
  title: `A quote at ${at}`,
  when: { kind: "every", pattern: "* * *", at },
  does: { activity: "quote", deck: "all" },
  missed: { rule: "once", withinMinutes: 720 },
});

const built = loadPack(join(ROOT, "content", "better-together"));
const alumni = built.programmes["alumni"];

export const pack: Pack = {
  ...built,
  programmes: {
    ...built.programmes,
    ...(alumni ? { alumni: { ...alumni, blocks: [...alumni.blocks, ...["01:30", "02:15", "02:30"].map(night)] } } : {}),
  },
};
export const say = readSentences(join(ROOT, "content", "sentences", "en.yaml"), "en-GB");
