import { expect, test } from "vitest";
import { ONE, pack, plain, Stage } from "../stories/stage.ts";

test("every page of the pack can be shown, with its imperative where the slide has one", async () => {
  const stage = await Stage.set();
  for (const page of pack.pages) {
    const before = (await stage.sees("Ana")).length;
    await stage.types("Maggie", `/together-run show ${page.id}`);
    const shown = (await stage.sees("Ana")).slice(before).map(plain);
    expect(shown, page.id).toHaveLength(page.posts.length);
    expect(shown[0], page.id).toContain(page.title);
    if (page.imperative) expect(shown[0], page.id).toContain(page.imperative);
    expect(shown.slice(1).join(), page.id).not.toContain(page.imperative ?? "\0");
  }
});

test("each of the five questions has a thread of its own, where answers are kept both ways", async () => {
  const stage = await Stage.set({ from: [ONE, "13:00"] });
  await stage.until(ONE, "13:41");
  const questions = pack.pages.find(({ id }) => id === "questions")?.posts.filter(({ asks }) => asks) ?? [];
  expect(questions).toHaveLength(5);
  const asked = (await stage.sees("Ana")).filter(({ buttons }) =>
    buttons.some(({ label }) => label === "Write it here"),
  );
  expect(asked).toHaveLength(5);
  await stage.replies("Ana", "seen as a community resource", "The library is open to all.");
  await stage.fills("Ben", "ethos of partnership", "Write it here", { words: "Over breakfast." });
  const { answers } = await stage.harvest();
  expect(answers.map(({ by, text }) => [by, text])).toEqual([
    ["Ben", "Over breakfast."],
    ["Ana", "The library is open to all."],
  ]);
  expect(answers[1]?.prompt).toContain("seen as a community resource");
  expect(answers[0]?.prompt).toContain("ethos of partnership");
});
