import { expect, test } from "vitest";
import { ONE, plain, Stage, TWO } from "../stories/stage.ts";

/** Everyone's groups, as the people of each private room. */
const groups = async (stage: Stage) =>
  (await stage.company.office.rounds.of(await stage.community())).at(-1)?.groups ?? [];
const invitation = async (stage: Stage, who: string) =>
  (await stage.sees(who)).filter(({ buttons }) => buttons.some(({ label }) => label === "We met"));

test("everybody in the channel is in one private group; with an odd one there is one three; bots never", async () => {
  const stage = await Stage.set({ people: ["Ana", "Ben", "Cleo", "Dev"], bots: ["Robot"], from: [ONE, "09:00"] });
  await stage.until(ONE, "09:11");
  const sizes = (await groups(stage)).map((group) => group.length).sort();
  expect(sizes).toEqual([2, 3]);
  for (const who of ["Maggie", "Ana", "Ben", "Cleo", "Dev"]) expect(await invitation(stage, who), who).toHaveLength(1);
  expect(await invitation(stage, "Robot")).toEqual([]);
});

test("the introduction names them, asks something of the seven, and says who begins", async () => {
  const stage = await Stage.set({ people: ["Ana"], from: [ONE, "09:00"] });
  await stage.until(ONE, "09:11");
  const [message] = await invitation(stage, "Ana");
  const words = message ? plain(message) : "";
  expect(words).toMatch(
    /@(Ana|Maggie), @(Ana|Maggie) – the two of you have a few minutes\. Find out from each other who .+\. (Ana|Maggie), will you begin\?/,
  );
  expect(words).toContain("You have not met before in our rounds.");
  expect(message?.buttons.map(({ label }) => label)).toEqual(["We met", "Not yet"]);
});

test("nobody meets the same person again while that can be avoided", async () => {
  const stage = await Stage.set({ people: ["Ana", "Ben", "Cleo", "Dev", "Efua"] });
  const met = new Set<string>();
  for (let round = 1; round <= 5; round++) {
    await stage.types("Maggie", "/together-run pairs");
    for (const group of await groups(stage)) met.add([...group].sort().join());
  }
  expect(met.size).toBe(15);
  await stage.types("Maggie", "/together-run pairs");
  const again = (await stage.sees("Ana")).map(plain).filter((words) => words.includes("You have met before"));
  expect(again).toHaveLength(1);
});

test("a pair that says it has not met does not count as met, and may be brought together again", async () => {
  const stage = await Stage.set({ people: ["Ana", "Ben", "Cleo"] });
  await stage.types("Maggie", "/together-run pairs");
  const [first] = await groups(stage);
  await stage.presses("Ana", "will you begin?", "We met");
  expect(await stage.types("Ana", "/together ties")).toMatch(/^You have met one person here: (Ben|Cleo|Maggie)\.$/);
  await stage.presses("Ana", "will you begin?", "Not yet");
  expect(await stage.types("Ana", "/together ties")).toContain("Nobody yet");
  expect(first).toHaveLength(2);
  expect((await stage.harvest()).ties.filter(({ state }) => state === "not-met")).toHaveLength(1);
});

test("the day before, everybody is told and may say: not me", async () => {
  const stage = await Stage.set({ people: ["Ana", "Ben", "Cleo"], from: ["2027-12-05", "12:00"] });
  await stage.until("2027-12-05", "16:01");
  await stage.presses("Ana", "Tomorrow we begin", "Not me");
  await stage.until(ONE, "09:11");
  expect(await invitation(stage, "Ana")).toEqual([]);
  expect(await invitation(stage, "Ben")).toHaveLength(1);
  await stage.presses("Ana", "You are out of the rounds", "Count me in");
  await stage.until(ONE, "15:11");
  expect(await invitation(stage, "Ana")).toHaveLength(1);
});

test("the paused are left in peace until they are back", async () => {
  const stage = await Stage.set({ people: ["Ana", "Ben", "Cleo"] });
  await stage.types("Ana", `/together pause ${TWO}`);
  await stage.types("Maggie", "/together-run pairs");
  expect(await invitation(stage, "Ana")).toEqual([]);
  await stage.until(TWO, "09:00");
  await stage.types("Maggie", "/together-run pairs");
  expect(await invitation(stage, "Ana")).toHaveLength(1);
});

test("among the alumni only those are paired who asked for it", async () => {
  const stage = await Stage.set({ programme: "alumni", people: ["Ana", "Ben", "Cleo"], from: ["2027-11-25", "12:00"] });
  await stage.until("2027-11-26", "12:01");
  for (const who of ["Ana", "Ben"]) await stage.presses(who, "Pairs are drawn", "Count me in");
  await stage.until(ONE, "09:31");
  expect(await groups(stage)).toHaveLength(1);
  expect(await invitation(stage, "Ana")).toHaveLength(1);
  expect(await invitation(stage, "Cleo")).toEqual([]);
});

test("groups of five on request; other sizes are refused in a sentence", async () => {
  const stage = await Stage.set({
    people: ["A", "B", "C", "D", "E", "F", "G", "H", "I"].map((letter) => `P${letter}`),
  });
  await stage.types("Maggie", "/together-run pairs 5");
  expect((await groups(stage)).map((group) => group.length)).toEqual([5, 5]);
  for (const size of ["0", "1", "6", "-3", "2.5", "1e9", "two"]) {
    expect(await stage.types("Maggie", `/together-run pairs ${size}`)).toBe("Groups have 2 to 5 people.");
  }
});

test("what is said in a private room is never kept", async () => {
  const stage = await Stage.set({ people: ["Ana"], from: [ONE, "09:00"] });
  await stage.until(ONE, "09:11");
  await stage.saysInRoom("Ana", "between us two");
  expect(JSON.stringify(await stage.everythingStored())).not.toContain("between us two");
});
