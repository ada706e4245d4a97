import { expect, test } from "vitest";
import { ONE, plain, Stage, TWO } from "../stories/stage.ts";

const kept = async (stage: Stage) =>
  (await stage.harvest()).answers.map(({ prompt, stem, by, text }) => `${prompt} / ${stem} ${by}: ${text}`);

test("What? So what? What now? is answered in the thread in one go", async () => {
  const stage = await Stage.set({ from: [ONE, "16:00"] });
  await stage.until(ONE, "16:16");
  await stage.replies(
    "Ana",
    "Review day one",
    "What? We met.\nSo what?\nIt matters,\nto me.\nWhat now? Ring the centre",
  );
  expect(await kept(stage)).toEqual([
    "Review day one / What? Ana: We met.",
    "Review day one / So what? Ana: It matters,\nto me.",
    "Review day one / What now? Ana: Ring the centre",
  ]);
});

test("each day's form knows which review it answers, however late it is sent", async () => {
  const stage = await Stage.set({ from: [ONE, "16:00"] });
  await stage.until(ONE, "16:16");
  const early = await stage.presses("Ana", "Review day one", "Write it here");
  await stage.until(TWO, "15:31");
  await stage.fills("Ben", "Review day two", "Write it here", { what: "Day two, Ben" });
  await stage.sends("Ana", early, { what: "Day one, Ana" });
  expect((await kept(stage)).sort()).toEqual([
    "Review day one / What? Ana: Day one, Ana",
    "Review day two / What? Ben: Day two, Ben",
  ]);
});

test("by hand it is day one's on day one, day two's from day two on, and the month's for alumni", async () => {
  const stage = await Stage.set();
  await stage.types("Maggie", "/together-run review");
  expect(plain(await stage.finds("Ana", "What now?"))).toContain("Review day one");
  await stage.until(TWO, "08:10");
  await stage.types("Maggie", "/together-run review");
  expect(plain(await stage.finds("Ana", "What now?"))).toContain("Review day two");
  const alumni = await Stage.set({ programme: "alumni" });
  await alumni.types("Maggie", "/together-run review");
  expect(plain(await alumni.finds("Ana", "What now?"))).toContain("Looking back on this month");
});
