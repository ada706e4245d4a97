import { expect, test } from "vitest";
import { collect } from "../../src/collect.ts";
import { ONE, plain, Stage } from "../stories/stage.ts";

const PROMPT = "Why are we here?";
const inRound = async () => {
  const stage = await Stage.set({ from: [ONE, "10:00"] });
  await stage.until(ONE, "10:11");
  return stage;
};
/** The round, and what Ana would press or send with it. */
async function asked() {
  const stage = await inRound();
  const { office } = stage.company;
  const community = await office.communities.get(await stage.community());
  const setting = community && stage.company.setting(community);
  const [prompt] = (await office.prompts.of(community?.id ?? "")).filter(({ activity }) => activity === "round");
  if (!setting || !prompt) throw new Error("Nothing is asked.");
  const by = setting.platform.user("ana");
  const person = await office.roster.meet(setting.platform, by);
  return {
    stage,
    office,
    prompt,
    here: { ...setting, by, person, args: [], whisper: { address: "gone", expires: 0 } },
  };
}
const kept = async (stage: Stage) =>
  (await stage.harvest()).answers.map(({ stem, by, text }) => `${by}: ${stem} ${text}`);

test("the prompt says in one line what is kept and who sees it", async () => {
  const stage = await inRound();
  const prompt = await stage.finds("Ana", PROMPT);
  expect(plain(prompt)).toContain(
    "kept for the harvest with your name, for 90 days, and everybody in this channel can read it",
  );
});

test("a form's answer stands in the thread under its author's name, and she alone may change it or take it back", async () => {
  const stage = await inRound();
  await stage.fills("Ana", PROMPT, "Write it here", { "here-because": "of Ben", "better-at": "listening" });
  const shown = await stage.finds("Ben", "Ana wrote:");
  expect(plain(shown)).toBe("Ana wrote:\nI’m here because …\nof Ben\nI want to be better at …\nlistening");
  expect(shown.buttons).toEqual([]);
  expect((await stage.sees("Ben")).map(plain)).not.toContain("Kept. It stands in the thread with your name.");

  const form = await stage.presses("Ana", "Kept.", "Change");
  expect(form?.fields.map(({ value }) => value)).toEqual(["of Ben", "listening", ""]);
  await stage.fills("Ana", "Kept.", "Change", { "here-because": "of all of you", "better-at": "" });
  expect(plain(await stage.finds("Ben", "Ana wrote:"))).toBe("Ana wrote:\nI’m here because …\nof all of you");
  expect(await kept(stage)).toEqual(["Ana: I’m here because … of all of you"]);
  expect((await stage.harvest()).answers[0]?.editedAt).toBeDefined();

  await stage.presses("Ana", "Kept.", "Take back");
  expect((await stage.sees("Ben")).map(plain).join()).not.toContain("Ana wrote");
  expect(await kept(stage)).toEqual([]);
  expect(JSON.stringify(await stage.everythingStored())).not.toContain("of all of you");
});

test("words sent anew after taking back stand in the thread again", async () => {
  const stage = await inRound();
  await stage.fills("Ana", PROMPT, "Write it here", { "here-because": "first" });
  await stage.presses("Ana", "Kept.", "Take back");
  await stage.fills("Ana", PROMPT, "Write it here", { "here-because": "second" });
  expect(plain(await stage.finds("Ben", "Ana wrote:"))).toContain("second");
  expect(await kept(stage)).toEqual(["Ana: I’m here because … second"]);
});

test("where somebody took our post down, changed words are shown anew", async () => {
  const stage = await inRound();
  await stage.fills("Ana", PROMPT, "Write it here", { "here-because": "first" });
  await stage.takesDown("Ana wrote:");
  await stage.fills("Ana", PROMPT, "Write it here", { "here-because": "second" });
  expect(plain(await stage.finds("Ben", "Ana wrote:"))).toContain("second");
  expect(stage.warnings).toEqual([]);
});

test("a form sent twice is one post and one answer, the later words", async () => {
  const stage = await inRound();
  await stage.fills("Ana", PROMPT, "Write it here", { "here-because": "first" });
  await stage.fills("Ana", PROMPT, "Write it here", { "here-because": "second" });
  const shown = (await stage.sees("Ben")).map(plain).filter((words) => words.startsWith("Ana wrote"));
  expect(shown).toEqual(["Ana wrote:\nI’m here because …\nsecond"]);
  expect(await kept(stage)).toEqual(["Ana: I’m here because … second"]);
});

test("typed replies are kept under the stems they begin with, edits as edited, deletions forgotten", async () => {
  const stage = await inRound();
  const message = await stage.replies(
    "Ben",
    PROMPT,
    "I'm here because of Ana.\nI want to understand more about schools",
  );
  expect(await kept(stage)).toEqual([
    "Ben: I’m here because … of Ana.",
    "Ben: I want to understand more about … schools",
  ]);
  await stage.edits("Ben", message, "Just curious");
  expect(await kept(stage)).toEqual(["Ben:  Just curious"]);
  expect((await stage.harvest()).answers[0]?.editedAt).toBeDefined();
  await stage.retracts("Ben", message);
  expect(await kept(stage)).toEqual([]);
  expect(JSON.stringify(await stage.everythingStored())).not.toMatch(/curious|of Ana/);
});

test("a typed reply gets no receipt", async () => {
  const stage = await inRound();
  const before = (await stage.sees("Ben")).length;
  await stage.replies("Ben", PROMPT, "I'm here because of Ana.");
  expect(await stage.sees("Ben")).toHaveLength(before + 1);
});

test("a form with nothing in it keeps nothing and says so", async () => {
  const stage = await inRound();
  await stage.fills("Ana", PROMPT, "Write it here", { "here-because": "   " });
  expect(await stage.lastLines("Ana", 1)).toEqual(["There was nothing written, so nothing is kept."]);
  expect(await kept(stage)).toEqual([]);
});

test("markup, mentions and mischief come back as the text they are", async () => {
  const stage = await inRound();
  const words = '*bold* <!channel> @everyone [a](http://x) ="1+1" <b>{name}</b> __proto__ \u202E';
  await stage.fills("Ana", PROMPT, "Write it here", { "here-because": words });
  const shown = await stage.finds("Ben", "Ana wrote:");
  expect(shown.body).toContainEqual({ kind: "quote", text: words });
  expect((await stage.harvest()).answers[0]?.text).toBe(words);
});

test("long words are kept whole and shown shortened", async () => {
  const stage = await inRound();
  const words = "wor*d ".repeat(490).trim();
  await stage.fills("Ana", PROMPT, "Write it here", {
    "here-because": words,
    "better-at": words,
    "understand-more": words,
  });
  expect(plain(await stage.finds("Ben", "Ana wrote:"))).toContain("…");
  expect((await stage.harvest()).answers.map(({ text }) => text)).toEqual([words, words, words]);
});

test("after the round has closed, words from its form are a draft for their author alone", async () => {
  const stage = await inRound();
  await stage.types("Maggie", "/together-run stop");
  await stage.fills("Ana", PROMPT, "Write it here", { "here-because": "too late" });
  expect(await stage.lastLines("Ana", 1)).toEqual([
    "This one has closed. Your words are kept for you alone: /together me.",
  ]);
  expect((await stage.sees("Ben")).map(plain).join()).not.toContain("too late");
  expect(await kept(stage)).toEqual([]);
  expect(await stage.types("Ana", "/together me")).toContain("too late");
});

test("what was said before the round closed stays in the harvest, and its author may still mend it", async () => {
  const stage = await inRound();
  await stage.fills("Ana", PROMPT, "Write it here", { "here-because": "of the quire" });
  const message = await stage.replies("Ben", PROMPT, "I'm here because of Anna");
  await stage.types("Maggie", "/together-run stop");
  await stage.edits("Ben", message, "I'm here because of Ana");
  await stage.fills("Ana", "Kept.", "Change", { "here-because": "of the choir" });
  expect(await kept(stage)).toEqual(["Ana: I’m here because … of the choir", "Ben: I’m here because … of Ana"]);
  expect(plain(await stage.finds("Ben", "Ana wrote:"))).toContain("of the choir");
});

test("a restart changes nothing that a person can see", async () => {
  const stage = await inRound();
  await stage.fills("Ana", PROMPT, "Write it here", { "here-because": "before" });
  const before = (await stage.sees("Ben")).map(plain);
  await stage.stop();
  await stage.start();
  expect((await stage.sees("Ben")).map(plain)).toEqual(before);
  await stage.fills("Ana", PROMPT, "Write it here", { "here-because": "after" });
  expect(plain(await stage.finds("Ben", "Ana wrote:"))).toContain("after");
  expect(await kept(stage)).toEqual(["Ana: I’m here because … after"]);
});

test.each([
  ["in their order", ["the first", "the second"]],
  ["the later one first", ["the second", "the first"]],
])(
  "two sendings of one form that are tried again at the same time, %s: what was sent last stands, once",
  async (_how, order) => {
    const { stage, office, here, prompt } = await asked();
    const sending = (text: string) => ({
      ...here,
      event: `sending-${text.length}`,
      at: stage.clock.now() + (text === "the second" ? 1_000 : 0),
      about: office.prompts.about(prompt.id),
      values: { "here-because": text },
    });
    const both = Promise.all(order.map((text) => collect(office, sending(text))));
    await stage.rest();
    await stage.clock.advance(10_000);
    await both;
    const shown = (await stage.sees("Ben")).map(plain).filter((words) => words.includes("wrote:"));
    expect(shown).toEqual([expect.stringContaining("the second")]);
    const stored = JSON.stringify(await stage.everythingStored());
    expect([stored.includes("the first"), stored.includes('"text":"the second"')]).toEqual([false, true]);
  },
);
