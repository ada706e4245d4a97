/** The newcomer's minute, lived in a browser against the really started bot. A screenshot of each step is kept. */
import type { Browser, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { type Bot, startBot } from "./bot.ts";
import { openBrowser, screen, type Watched, watch } from "./browser.ts";

let browser: Browser;
let bot: Bot;
let page: Page;
let watched: Watched;

beforeAll(async () => {
  bot = await startBot();
  browser = await openBrowser();
  page = await browser.newPage({ viewport: { width: 1360, height: 860 } });
  page.setDefaultTimeout(15_000);
  watched = watch(page, bot.address);
});
// What was on the screen when a step did not come about.
afterEach(({ task }) => (task.result?.state === "fail" ? screen(page, "failed") : undefined));
afterAll(async () => {
  await browser?.close();
  await bot?.stop();
});

const be = (name: string) => page.getByRole("list", { name: "Be someone" }).getByRole("button", { name }).click();
const visit = (name: string | RegExp) =>
  page.getByRole("list", { name: "Places" }).getByRole("button", { name }).click();
const strip = () => page.getByRole("region", { name: "Facilitating" });
const press = (name: string) => talk().getByRole("button", { name, exact: true }).last().click();
const talk = () => page.getByRole("log", { name: "Conversation" });
const answers = () => page.getByRole("log", { name: "Answers" });
const dialog = () => page.getByRole("dialog");

test("a newcomer sees a quote, pairs, the one-minute round both ways, and the harvest", async () => {
  await page.goto(bot.address);
  await talk().getByText("Nothing here yet.").waitFor();
  await strip().getByText("Next", { exact: true }).waitFor();
  await screen(page, "1-opened");

  await strip().getByRole("button", { name: "Post a quote" }).click();
  await press("Talk about it");
  await page.getByRole("textbox", { name: "Answer in the thread" }).fill("That is how our street began.");
  await page.keyboard.press("Enter");
  await answers().getByText("That is how our street began.").waitFor();
  await screen(page, "2-quote");

  await strip().getByRole("button", { name: "Pairs" }).click();
  await press("Bring them together");
  for (const name of ["Ana", "Ben"]) {
    await be(name);
    await visit(new RegExp(`${name}.*private`));
    await press("We met");
    await talk().locator("article").last().getByText("Only you see this").waitFor();
    await screen(page, `3-pair-of-${name.toLowerCase()}`);
    await visit("better-together");
  }

  await be("Maggie");
  await strip().getByRole("button", { name: "One-minute round" }).click();
  await talk().getByRole("button", { name: "Write it here" }).waitFor();
  await be("Ana");
  await press("Write it here");
  await dialog().getByRole("textbox").first().fill("to listen more than I speak");
  await screen(page, "4-form");
  await dialog().getByRole("button").first().click();
  await talk().getByText("Kept.").waitFor();
  await screen(page, "5-kept");

  await be("Ben");
  await talk().getByRole("button", { name: "1 answer", exact: true }).last().click();
  await page.getByRole("textbox", { name: "Answer in the thread" }).fill("I'm here because of our neighbours.");
  await page.keyboard.press("Enter");
  await answers().getByText("I'm here because of our neighbours.").waitFor();
  await screen(page, "6-thread");

  await be("Maggie");
  await strip().getByRole("button", { name: "Harvest" }).click();
  await dialog().getByText("to listen more than I speak").waitFor();
  await dialog().getByText("of our neighbours.").waitFor();
  await screen(page, "7-harvest");
  await dialog().getByRole("button", { name: "Close" }).click();
});

test("the clock is pushed through the evening to day two, and a command gives help", { timeout: 180_000 }, async () => {
  const push = (name: string) => strip().getByRole("button", { name }).click();
  // A push is over when the clock may be pushed again: whatever fell due on the way was posted, at its own time.
  const over = () => strip().getByRole("button", { name: "an hour", disabled: false }).waitFor({ timeout: 80_000 });
  await push("to the evening");
  await over();
  await press("Show me mine");
  await talk().locator("article").last().getByText("Only you see this").waitFor();
  await screen(page, "8-evening");
  await push("to day two");
  await over();
  await page.getByRole("textbox", { name: "Say something" }).fill("/together help");
  await page.keyboard.press("Enter");
  await talk().getByText("forget-me").last().waitFor();
  await screen(page, "9-day-two");
  expect([...watched.errors, ...watched.strangers]).toEqual([]);
});
