import type { Browser, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { bold, mention, newline, quote, text } from "../../src/words.ts";
import { openBrowser, screen, type Watched, watch } from "./browser.ts";
import { openStage, type Stage } from "./stage.ts";

describe("the room's page", () => {
  let browser: Browser;
  let stage: Stage;
  let page: Page;
  let watched: Watched;

  beforeAll(async () => {
    browser = await openBrowser();
  });
  afterAll(() => browser.close());
  beforeEach(async () => {
    stage = await openStage();
    page = await browser.newPage({ viewport: { width: 1360, height: 800 } });
    watched = watch(page, stage.address);
  });
  afterEach(async () => {
    await page.close();
    await stage.stop();
  });

  const be = (name: string) => page.getByRole("button", { name, exact: false }).first().click();
  const conversation = () => page.getByRole("log", { name: "Conversation" });

  test("opens light, in one go, from this machine alone", async () => {
    await page.goto(stage.address);
    await conversation().waitFor();
    await screen(page, "page-empty");
    expect(watched.errors).toEqual([]);
    expect(watched.strangers).toEqual([]);
    const weight = await watched.weight();
    console.log(`The page weighs ${(weight / 1000).toFixed(1)} kB over the wire.`);
    expect(weight).toBeLessThan(60_000);
  });

  test("draws what Together says", async () => {
    await stage.post({
      body: [
        quote("The heart of our work is one on one with people – it's about building relationships, it's not about meetings – it's about conversations."),
        newline,
        text("Robert Putnam – Better Together"),
      ],
      buttons: [{ id: "talk", label: "Talk about it" }],
    });
    const ana = stage.room.user("ana");
    await stage.post({ body: [bold("One minute. "), mention(ana), text(", say why you are here.")], buttons: [{ id: "w", label: "Write it here", opens: { form: "short", about: "a" } }] });
    await page.goto(stage.address);
    await conversation().getByText("One minute.").waitFor();
    await screen(page, "page-channel");
    await page.getByRole("button", { name: "Write it here" }).click();
    await page.getByRole("dialog").waitFor();
    await screen(page, "page-form");
    await page.getByRole("dialog").getByRole("button", { name: "Send" }).click();
    await page.getByText("Please write at least one sentence.").waitFor();
    await screen(page, "page-form-error");
    expect(watched.errors).toEqual([]);
  });
});
