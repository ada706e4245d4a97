import { expect, test } from "vitest";
import { ONE, pack, plain, Stage } from "../stories/stage.ts";

const [first, second] = pack.findSomeone;
const inHunt = async () => {
  const stage = await Stage.set({ from: [ONE, "09:30"] });
  await stage.until(ONE, "09:41");
  return stage;
};
const find = (
  stage: Stage,
  who: string,
  person: string,
  square = first?.label ?? "",
  told = "Eleven years in a library",
) => stage.fills(who, "Find someone who …", "I found someone", { square, person, told });
const told = async (stage: Stage) =>
  (await stage.harvest()).answers.map(({ stem, by, text }) => `${by} / ${stem} / ${text}`);

test("one post shows the seven squares, and one button opens one form", async () => {
  const stage = await inHunt();
  const post = await stage.finds("Ana", "Find someone who …");
  for (const square of pack.findSomeone) expect(plain(post)).toContain(square.text);
  expect(post.buttons.map(({ label }) => label)).toEqual(["I found someone"]);
  const form = await stage.presses("Ana", "Find someone who …", "I found someone");
  expect(form?.fields.map(({ id }) => id)).toEqual(["square", "person", "told"]);
  expect(form?.fields[0]?.options?.map(({ label }) => label)).toEqual(pack.findSomeone.map(({ label }) => label));
});

test("a find counts when the person found, who is notified, says yes", async () => {
  const stage = await inHunt();
  await find(stage, "Ana", "Ben");
  const claim = await stage.finds("Ben", "Ana found");
  expect(claim.body).toContainEqual(expect.objectContaining({ kind: "mention", name: "Ben" }));
  expect(await told(stage)).toEqual([]);
  await stage.presses("Cleo", "Ana found", "Yes, that’s me");
  expect(await stage.lastLines("Cleo", 1)).toEqual(["This question is for somebody else."]);
  expect(await told(stage)).toEqual([]);
  await stage.presses("Ben", "Ana found", "Yes, that’s me");
  expect(await told(stage)).toEqual([`Ana / ${first?.text} / Ben: Eleven years in a library`]);
  const counted = await stage.finds("Cleo", "Ana found");
  expect(plain(counted)).toContain("It counts. ✓");
  expect(counted.buttons).toEqual([]);
  expect(await stage.lastLines("Ben", 1)).toEqual(["Thank you. One square of 7 found so far."]);
});

test("a find sent twice asks once; after a no it may be asked again", async () => {
  const stage = await inHunt();
  const claims = async () => (await stage.sees("Ben")).map(plain).filter((words) => words.includes("Ana found"));
  await find(stage, "Ana", "Ben");
  await find(stage, "Ana", "Ben");
  expect(await claims()).toHaveLength(1);
  expect(await stage.lastLines("Ana", 1)).toEqual(["You have said so already. It counts as soon as Ben says yes."]);
  await stage.presses("Ben", "Ana found", "Not quite");
  await find(stage, "Ana", "Ben");
  expect(await claims()).toHaveLength(1);
  await stage.presses("Ben", "Ana found", "Yes, that’s me");
  await find(stage, "Ana", "Ben");
  expect(await stage.lastLines("Ana", 1)).toEqual(["You have found Ben for this one already."]);
  expect(await told(stage)).toHaveLength(1);
});

test("who said it may take it back, before the yes and after, and nothing of it is left", async () => {
  const stage = await inHunt();
  await find(stage, "Ana", "Ben");
  await stage.presses("Ben", "Ana found", "Yes, that’s me");
  await stage.presses("Ana", "Thank you. It counts as soon as Ben says yes.", "Take back");
  expect(await stage.lastLines("Ana", 1)).toEqual(["Done. It is no longer in the thread, and I have forgotten it."]);
  expect((await stage.sees("Cleo")).map(plain).join()).not.toContain("Ana found");
  expect(await told(stage)).toEqual([]);
  expect(JSON.stringify(await stage.everythingStored())).not.toContain("Eleven years");
});

test("a no takes the post down, and nothing of it is harvested", async () => {
  const stage = await inHunt();
  await find(stage, "Ana", "Ben", second?.label);
  await stage.presses("Ben", "Ana found", "Not quite");
  expect((await stage.sees("Cleo")).map(plain).join()).not.toContain("Ana found");
  expect(await told(stage)).toEqual([]);
});

test("never oneself", async () => {
  const stage = await inHunt();
  await find(stage, "Ana", "Ana");
  expect(await stage.lastLines("Ana", 1)).toEqual(["That is you. Go and find somebody else."]);
  expect((await stage.sees("Ben")).map(plain).join()).not.toContain("Ana found");
});

test("never a bot: the room's form does not offer one, and takes none", async () => {
  const stage = await Stage.set({ from: [ONE, "09:30"], people: ["Ana", "Ben"], bots: ["Robot"] });
  await stage.until(ONE, "09:41");
  expect(await find(stage, "Ana", "Robot")).toHaveProperty("person");
  expect((await stage.sees("Ben")).map(plain).join()).not.toContain("Ana found");
});

test("never somebody who has left", async () => {
  const stage = await inHunt();
  const form = await stage.presses("Ana", "Find someone who …", "I found someone");
  await stage.leaves("Finn");
  await stage.sends("Ana", form, { square: first?.label ?? "", person: "Finn", told: "He left" });
  expect((await stage.sees("Ben")).map(plain).join()).not.toContain("Ana found");
});
