/** The newcomer's minute, lived in a browser against the really started bot. A screenshot of each step is kept. */
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type Bot, startBot } from "./bot.ts";
import { openBrowser, screen, type Watched, watch } from "./browser.ts";

let browser: Browser;
let bot: Bot;
let page: Page;
let watched: Watched;

beforeAll(async () => {
  [browser, bot] = await Promise.all([openBrowser(), startBot()]);
  page = await browser.newPage({ viewport: { width: 1360, height: 860 } });
  watched = watch(page, bot.address);
});
afterAll(async () => {
  await browser.close();
  await bot.stop();
});

const be = async (name: string) => {
  await page.getByRole("list", { name: "Be someone" }).getByRole("button", { name }).click();
};
const start = (label: string) =>
  page.getByRole("region", { name: "Facilitating" }).getByRole("button", { name: label }).click();
const talk = () => page.getByRole("log", { name: "Conversation" });
const dialog = () => page.getByRole("dialog");

test("a newcomer sees a quote, a round of pairs, the one-minute round and the harvest", async () => {
  await page.goto(bot.address);
  await talk().waitFor();
  await screen(page, "1-opened");

  await start("Post a quote");
  await talk().locator("blockquote").last().waitFor();
  await screen(page, "2-quote");

  await start("Pairs");
  await page.waitForTimeout(1500);
  await screen(page, "3-pairs");
  await be("Ana");
  await page.waitForTimeout(500);
  await screen(page, "4-ana");
  await page.getByRole("list", { name: "Places" }).getByRole("button").nth(1).click();
  await page.waitForTimeout(500);
  await screen(page, "5-ana-room");
  await be("Maggie");
  await start("One-minute round");
  await page.waitForTimeout(1500);
  await screen(page, "6-round");
  await be("Ana");
  await page
    .getByRole("button", { name: /Write it here/ })
    .last()
    .click();
  await dialog().waitFor();
  await screen(page, "7-form");
  await dialog().locator("textarea").first().fill("to listen more than I speak");
  await dialog().getByRole("button").first().click();
  await page.waitForTimeout(1000);
  await screen(page, "8-kept");
  await be("Ben");
  await page
    .getByRole("button", { name: /answer/i })
    .last()
    .click();
  await page.getByLabel("Answer in the thread").last().fill("I'm here because my street has forgotten its neighbours.");
  await page.keyboard.press("Enter");
  await page.waitForTimeout(500);
  await screen(page, "9-thread");
  await be("Maggie");
  await page.getByRole("button", { name: "Harvest" }).click();
  await page.waitForTimeout(700);
  await screen(page, "10-harvest");
  expect(watched.errors).toEqual([]);
});
