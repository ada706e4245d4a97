import { expect, test } from "vitest";
import { ONE, pack, plain, Stage, TWO } from "./stage.ts";

const COMPANY = ["Maggie", "Ana", "Ben", "Cleo", "Dev", "Efua", "Finn"];
const channelOf = async (stage: Stage, who: string) =>
  (await stage.sees(who)).filter(({ place, onlyYou }) => place.endsWith("/channel") && !onlyYou).map(plain);

test("both days, from the quotes a week before to a month after", async () => {
  const stage = await Stage.set({ from: ["2027-11-28", "12:00"] });

  // The days before: a quote each morning, and a word about pairs.
  await stage.until("2027-12-05", "23:00");
  expect(await channelOf(stage, "Ana")).toHaveLength(9);
  await stage.presses("Finn", "Tomorrow we begin", "Not me");

  // They arrive to a wall of quotes, are welcomed, and find out who they are.
  await stage.until(ONE, "09:15");
  expect((await stage.finds("Ana", "Welcome")).buttons).toEqual([]);
  expect(plain(await stage.finds("Ana", "Our learning community"))).toContain("George Otero");
  for (const who of COMPANY.filter((name) => name !== "Finn")) {
    expect(plain(await stage.finds(who, "will you begin?")), who).toContain(`@${who}`);
    await stage.presses(who, "will you begin?", "We met");
  }
  await expect(stage.finds("Finn", "will you begin?")).rejects.toThrow("sees nothing");

  // Find someone who …, and why are we here.
  await stage.until(ONE, "09:41");
  await stage.fills("Ana", "Find someone who …", "I found someone", {
    square: pack.findSomeone[5]?.label ?? "",
    person: "Ben",
    told: "From baker to head teacher",
  });
  await stage.presses("Ben", "Ana found Ben".replace("Ben", "@Ben"), "Yes, that’s me");
  await stage.until(ONE, "10:11");
  await stage.fills("Ana", "Why are we here?", "Write it here", { "here-because": "of the choir" });
  await stage.replies("Ben", "Why are we here?", "I want to understand more about what you do");

  // The case is made, and the day reviewed.
  await stage.until(ONE, "16:16");
  for (const page of ["Better Together – our aims", "A growing sense of urgency", "Our learning journey"]) {
    await stage.finds("Dev", page);
  }
  await stage.replies("Cleo", "Review day one", "What now? ring the community centre");

  // The night between.
  await stage.until(ONE, "19:01");
  await stage.presses("Cleo", "That was day one", "Show me mine");
  expect((await stage.lastLines("Cleo", 1))[0]).toContain("ring the community centre");

  // Day two, in the slides' order, each with its imperative.
  await stage.until(TWO, "16:31");
  const second = (await channelOf(stage, "Ana")).join("\n");
  const imperatives = ["Think!", "Develop!", "Listen!", "Promote!", "Liberate!", "Build!"];
  const places = imperatives.map((word) => second.indexOf(word));
  expect(places).toEqual([...places].sort((a, b) => a - b));
  expect(Math.min(...places)).toBeGreaterThan(0);
  await stage.fills("Cleo", "Review day two", "Write it here", { "now-what": "open the library on Sundays" });

  // The weeks after.
  await stage.until("2028-01-07", "12:00");
  await stage.presses("Cleo", "A month has gone by", "Show me mine");
  expect((await stage.lastLines("Cleo", 1))[0]).toContain("open the library on Sundays");

  // What is taken home.
  const harvest = await stage.harvest();
  expect(harvest.answers.map(({ by, text }) => `${by}: ${text}`)).toEqual([
    "Ana: of the choir",
    "Ben: what you do",
    "Cleo: ring the community centre",
    "Cleo: open the library on Sundays",
    "Ana: Ben: From baker to head teacher",
  ]);
  expect(harvest.quotes.filter(({ from }) => from?.includes("arrived"))).toHaveLength(20);
  expect(new Set(harvest.quotes.map(({ text }) => text)).size).toBe(harvest.quotes.length);
  expect(harvest.ties.some(({ state }) => state === "met")).toBe(true);
  expect(stage.warnings).toEqual([]);
});

test("a machine that slept through a morning holds what may still be held, once, and tells what it missed", async () => {
  const stage = await Stage.set({ from: [ONE, "08:00"] });
  await stage.sleepUntil(ONE, "10:20");
  await stage.beat();
  const seen = await channelOf(stage, "Ana");
  expect(seen.filter((words) => words.includes("Why are we here?"))).toHaveLength(1);
  const status = await stage.types("Maggie", "/together-run status");
  expect(status).not.toContain("!");
  await stage.beat();
  expect(await channelOf(stage, "Ana")).toEqual(seen);
});

test("next, skip, redo and move change what comes, and a moved time of a sent block changes nothing", async () => {
  const stage = await Stage.set({ from: [ONE, "08:50"] });
  expect(await stage.types("Ana", "/together next")).toContain("As people arrive, Mon 6 Dec, 08:54, Europe/London");
  await stage.types("Maggie", "/together-run skip");
  expect(await stage.types("Ana", "/together next")).toContain("Welcome, Mon 6 Dec, 09:00");
  await stage.types("Maggie", "/together-run next");
  await stage.finds("Ana", "Welcome");
  await stage.types("Maggie", "/together-run move hosts 09:30");
  await stage.until(ONE, "09:06");
  const welcomes = async () => (await channelOf(stage, "Ana")).filter((words) => words.includes("Welcome")).length;
  expect(await welcomes()).toBe(1);
  expect((await channelOf(stage, "Ana")).join()).not.toContain("Our learning community");
  await stage.types("Maggie", "/together-run move welcome 09:20");
  await stage.until(ONE, "09:31");
  expect(await welcomes()).toBe(1);
  await stage.finds("Ana", "Our learning community");
  await stage.types("Maggie", "/together-run redo");
  expect((await channelOf(stage, "Ana")).filter((words) => words.includes("Our learning community"))).toHaveLength(2);
  const status = await stage.types("Maggie", "/together-run status");
  expect(status).toContain("As people arrive (left out by a facilitator)");
  expect(status).toContain("✓ Mon 6 Dec, 09:30  Who are we? Our learning community");
});
