/** What lets go of itself: people's words after 90 days, and nothing that is still needed. */
import { expect, test } from "vitest";
import { asMarkdown } from "../src/harvest/markdown.ts";
import { PlatformError } from "../src/platform.ts";
import { plain, Stage } from "./stories/stage.ts";

/** The round of day one, answered by typing and with the form. */
async function answered(): Promise<Stage> {
  const stage = await Stage.set({ from: ["2027-12-06", "10:00"] });
  await stage.until("2027-12-06", "10:11");
  await stage.replies("Ana", "Why are we here?", "I typed of the river");
  await stage.fills("Ben", "Why are we here?", "Write it here", { "here-because": "I wrote of the bridge" });
  return stage;
}

const stored = async (stage: Stage, prefix = "") =>
  JSON.stringify((await stage.everythingStored()).filter(({ key }) => key.startsWith(prefix)));

test("promise 58: 90 days after the workshop its words are let go of, and until then they stay", async () => {
  const stage = await answered();
  await stage.until("2028-03-06", "23:00");
  expect((await stage.harvest()).answers).toHaveLength(2);
  await stage.until("2028-03-08", "23:00");
  const harvest = await stage.harvest();
  expect(harvest.answers).toEqual([]);
  expect(asMarkdown([harvest])).toContain(
    "Words are kept for 90 days. Older ones are not here any more, since 2028-03-0",
  );
  expect(await stage.types("Maggie", "/together-run harvest")).toContain("older ones are not here any more");
  expect(await stored(stage)).not.toMatch(/of the river|of the bridge/);
  expect(await stored(stage, "typed/")).toBe("[]");
});

test("promise 58: what a post of ours shows can still be taken down afterwards, by its author and by forgetting them", async () => {
  for (const how of ["Take back", "forget"]) {
    const stage = await answered();
    await stage.until("2028-03-08", "23:00");
    expect((await stage.sees("Ana")).map(plain).join()).toContain("of the bridge");
    if (how === "forget") {
      await stage.types("Ben", "/together forget-me");
      await stage.presses("Ben", "This erases", "Yes, forget me");
    } else await stage.presses("Ben", "Kept. It stands", how);
    expect((await stage.sees("Ana")).map(plain).join()).not.toContain("of the bridge");
  }
});

test("promise 58: what is said after the workshop has 90 days of its own, and so has what is changed", async () => {
  const stage = await answered();
  await stage.until("2028-03-01", "12:00");
  await stage.replies("Cleo", "Why are we here?", "I came late");
  await stage.until("2028-05-29", "12:00");
  expect((await stage.harvest()).answers.map(({ text }) => text)).toEqual(["I came late"]);
  await stage.until("2028-06-01", "12:00");
  expect((await stage.harvest()).answers).toEqual([]);
});

test.each([
  ["gone", "The thread is no longer there"],
  ["denied", undefined],
] as const)(
  "promise 58: words that no thread shows, since it is %s, are let go of with the rest",
  async (fault, told) => {
    const stage = await Stage.set({ from: ["2027-12-06", "10:00"] });
    await stage.until("2027-12-06", "10:11");
    const { outbox } = stage.company.office;
    const send = outbox.send.bind(outbox);
    outbox.send = (sending) =>
      sending.name.startsWith("shown/") ? Promise.reject(new PlatformError(fault, "No.")) : send(sending);
    await stage.fills("Ben", "Why are we here?", "Write it here", { "here-because": "of the bridge" });
    expect((await stage.harvest()).answers).toHaveLength(1);
    if (told) expect((await stage.lastLines("Ben", 1))[0]).toContain(told);
    else expect(await stored(stage, "shown/")).toContain("of the bridge");
    await stage.until("2028-03-08", "23:00");
    expect(await stored(stage)).not.toContain("of the bridge");
  },
);
