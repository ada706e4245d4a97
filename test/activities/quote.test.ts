import { expect, test } from "vitest";
import { nextCard } from "../../src/activities/quote.ts";
import type { Inbound } from "../../src/platform.ts";
import { ONE, pack, plain, Stage } from "../stories/stage.ts";

const quotes = async (stage: Stage) =>
  (await stage.sees("Ana")).filter(({ buttons }) => buttons.some(({ label }) => label === "Talk about it"));

test("a quote shows its words, whose they are and where they stood, each apart", async () => {
  const stage = await Stage.set();
  await stage.until(ONE, "08:31");
  const [posted] = await quotes(stage);
  const card = pack.quotes.find(({ text }) => posted?.body.some((span) => span.kind === "quote" && span.text === text));
  expect(card?.deck).toBe("arrival");
  expect(posted?.body).toContainEqual({ kind: "quote", text: card?.text });
  expect(posted?.body).toContainEqual({ kind: "text", text: card?.source });
  expect(posted?.body).toContainEqual({ kind: "italic", text: card?.from });
});

test("the alumni hear all 36 before one comes again, on weekdays only", async () => {
  const stage = await Stage.set({ programme: "alumni", from: ["2027-12-05", "12:00"] });
  await stage.until("2028-01-24", "12:00");
  const heard = (await quotes(stage)).map((message) => plain(message));
  expect(heard).toHaveLength(36);
  expect(new Set(heard).size).toBe(36);
  await stage.until("2028-01-25", "12:00");
  const again = (await quotes(stage)).map((message) => plain(message)).at(-1);
  expect(heard).toContain(again);
});

test("every cycle of a deck has an order of its own, the same for the same seed", () => {
  const cards = pack.quotes.filter(({ deck }) => deck === "arrival");
  const cycle = (seed: string, before: number) => {
    const times = new Map(cards.map(({ id }) => [id, before]));
    return cards.map(() => {
      const card = nextCard(cards, times, seed);
      times.set(card?.id ?? "", before + 1);
      return card?.id;
    });
  };
  expect(cycle("a", 0)).toEqual(cycle("a", 0));
  expect(cycle("a", 0)).not.toEqual(cycle("a", 1));
  expect(cycle("a", 0)).not.toEqual(cycle("b", 0));
  expect(new Set(cycle("a", 1)).size).toBe(cards.length);
});

test("talking about it opens the thread once, and nothing said there is kept", async () => {
  const stage = await Stage.set();
  await stage.until(ONE, "08:31");
  const [words = ""] = (await quotes(stage)).map(plain);
  await stage.presses("Ana", words, "Talk about it");
  await stage.presses("Ben", words, "Talk about it");
  const openings = (await stage.sees("Ana")).filter((message) =>
    plain(message).startsWith("What does this say to you"),
  );
  expect(openings).toHaveLength(1);
  await stage.replies("Ben", words, "It says a lot to me");
  expect((await stage.harvest()).answers).toEqual([]);
  expect(JSON.stringify(await stage.everythingStored())).not.toContain("says a lot");
});

test("talking about one that was taken down meanwhile is over, not tried for ever", async () => {
  const stage = await Stage.set();
  await stage.until(ONE, "08:31");
  const [quote] = await quotes(stage);
  if (!quote) throw new Error("There is no quote.");
  await stage.takesDown(plain(quote));
  const event = { event: "late", by: { id: "room/better-together/user/ana" }, at: stage.clock.now(), button: "talk" };
  const where = { place: quote.place, message: quote.id, whisper: { address: "", expires: 0 } };
  // Heard as the room would tell it: its refs are branded strings.
  await stage.company.inbox.take("room", { kind: "pressed", ...event, ...where } as Inbound);
  await stage.rest();
  expect((await stage.everythingStored()).filter(({ key }) => key.startsWith("journal/"))).toEqual([]);
});

test("/together quote shows the latest again, to the person who asked alone", async () => {
  const stage = await Stage.set();
  expect(await stage.types("Ana", "/together quote")).toBe("There has been no quote here yet.");
  await stage.until(ONE, "08:31");
  const [words = ""] = (await quotes(stage)).map(plain);
  expect(await stage.types("Ana", "/together quote")).toBe(words);
  expect(await quotes(stage)).toHaveLength(1);
  expect((await stage.sees("Ben")).filter((message) => plain(message) === words)).toHaveLength(1);
});
