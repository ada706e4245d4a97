import { expect, test } from "vitest";
import { ONE, plain, Stage, TWO } from "../stories/stage.ts";

test("the evening between shows one's own What now?, tomorrow's start and someone to look for, to oneself alone", async () => {
  const stage = await Stage.set({ people: ["Ana", "Ben"] });
  await stage.until(ONE, "10:11");
  for (const who of ["Maggie", "Ben"]) {
    await stage.fills(who, "Why are we here?", "Write it here", { "understand-more": `${who}'s wish` });
  }
  await stage.until(ONE, "16:16");
  await stage.replies("Ana", "Review day one", "What now? ring the community centre");
  await stage.until(ONE, "19:01");
  await stage.presses("Ana", "That was day one", "Show me mine");
  const [mine] = await stage.lastLines("Ana", 1);
  expect(mine).toContain("You wrote, under What now?");
  expect(mine).toContain("ring the community centre");
  expect(mine).toContain("Tomorrow begins at 08:30: As people arrive.");
  expect(mine).toMatch(/Someone to look for: (Maggie|Ben), who wrote under I want to understand more about …/);
  expect((await stage.sees("Ben")).map(plain).join()).not.toContain("You wrote, under");
  await stage.presses("Ana", "ring the community centre", "See you there");
  expect(await stage.lastLines("Ana", 1)).toEqual(["See you there, Ana."]);
});

test("someone to look for is somebody one has not met", async () => {
  const stage = await Stage.set({ people: ["Ana", "Ben", "Cleo"] });
  await stage.until(ONE, "10:11");
  for (const who of ["Maggie", "Ben", "Cleo"]) {
    await stage.fills(who, "Why are we here?", "Write it here", { "understand-more": `${who}'s wish` });
  }
  await stage.presses("Ana", "will you begin?", "We met");
  await stage.until(ONE, "19:01");
  await stage.presses("Ana", "That was day one", "Show me mine");
  const [, met = ""] = /here: (\w+)/.exec(await stage.types("Ana", "/together ties")) ?? [];
  const [, lookFor] = /Someone to look for: (\w+)/.exec((await stage.sees("Ana")).map(plain).join("\n")) ?? [];
  expect(["Maggie", "Ben", "Cleo"].filter((name) => name !== met)).toContain(lookFor);
});

test("who wrote nothing is told so kindly", async () => {
  const stage = await Stage.set();
  await stage.until(ONE, "19:01");
  await stage.presses("Ana", "That was day one", "Show me mine");
  const [mine] = await stage.lastLines("Ana", 1);
  expect(mine).toContain("You have not written anything under What now? that I kept. That is fine");
});

test("7 and 30 days after, one's own What now? comes again", async () => {
  const stage = await Stage.set({ from: [TWO, "15:00"] });
  await stage.until(TWO, "15:31");
  await stage.fills("Ana", "Review day two", "Write it here", { "now-what": "start a choir" });
  for (const [date, words] of [
    ["2027-12-14", "A week ago"],
    ["2028-01-06", "A month has gone by"],
  ] as const) {
    await stage.until(date, "09:01");
    await stage.presses("Ana", words, "Show me mine");
    expect((await stage.lastLines("Ana", 1))[0]).toContain("start a choir");
  }
});

test("a facilitator's own reminder goes out as typed, inert", async () => {
  const stage = await Stage.set();
  await stage.types("Maggie", "/together-run remind Coffee at *half past ten*, @everyone");
  const posted = await stage.finds("Ana", "Coffee at");
  expect(posted.body).toEqual([{ kind: "text", text: "Coffee at *half past ten*, @everyone" }]);
  expect(await stage.types("Maggie", "/together-run remind")).toContain("What shall I say?");
  expect(await stage.types("Maggie", `/together-run remind ${"x".repeat(1_900)}`)).toMatch(
    /^That is 1,90\d characters; a message has room for 1,800\.$/,
  );
});
