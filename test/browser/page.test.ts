/** What the page does by itself, whatever it is given: light, inert, readable on a phone and at night, by keyboard. */
import type { Browser, BrowserContextOptions, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { LIMITS, type Message, type SendKey, type Span } from "../../src/platform.ts";
import { bold, link, mention, newline, quote, text } from "../../src/words.ts";
import { openBrowser, screen, type Watched, watch } from "./browser.ts";
import { PAYLOADS } from "./payloads.ts";
import { openStage, type Stage } from "./stage.ts";

const QUOTE: Message = {
  body: [
    quote(
      "The heart of our work is one on one with people – it's about building relationships, it's not about meetings.",
    ),
    newline,
    text("Robert Putnam – Better Together"),
  ],
  buttons: [{ id: "talk", label: "Talk about it" }],
};
const ROUND: Message = {
  body: [bold("One minute. "), text("I'm here because … Say it in the thread, or write it here.")],
  buttons: [{ id: "write", label: "Write it here", opens: { form: "short", about: "a" } }],
};

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
  });
  afterEach(async () => {
    await page.context().close();
    await stage.stop();
  });

  const open = async (options: BrowserContextOptions = {}) => {
    const context = await browser.newContext({ viewport: { width: 1360, height: 800 }, ...options });
    page = await context.newPage();
    watched = watch(page, stage.address);
    await page.goto(stage.address);
    await conversation().waitFor();
  };
  const conversation = () => page.getByRole("log", { name: "Conversation" });
  const answers = () => page.getByRole("log", { name: "Answers" });
  const be = (name: string) => page.getByRole("list", { name: "Be someone" }).getByRole("button", { name }).click();
  const width = () => page.evaluate("document.documentElement.scrollWidth");

  test("is light, and all of it comes from this machine", async () => {
    await open();
    const ready = await page.evaluate("Math.round(performance.now())");
    await page.getByText("Nothing here yet.").waitFor();
    await screen(page, "page-empty");
    const weight = await watched.weight();
    console.log(`The page: ${(weight / 1000).toFixed(1)} kB over the wire, in use within ${ready} ms.`);
    expect(weight).toBeLessThan(60_000);
    expect([...watched.errors, ...watched.strangers]).toEqual([]);
  });

  test("tells whoever is named in a thread so, where the thread hangs, and nobody else", async () => {
    const ref = await stage.post(ROUND);
    const thread = await stage.room.openThread(ref, "Find someone who …");
    const body = [{ kind: "mention" as const, user: stage.room.user("ben") }];
    // The stage stands in for the outbox, who brands the keys.
    await stage.room.post(thread, { body }, "found" as SendKey);
    await open();
    await be("Ben");
    await conversation().getByText("names you").waitFor();
    await be("Ana");
    // What Ben saw stands until Ana's view has come.
    await conversation().getByText("names you").waitFor({ state: "detached" });
    await conversation().getByText("1 answer").waitFor();
  });

  test("runs nothing of what people write, and shows every character of it", async () => {
    expect(PAYLOADS.length).toBeGreaterThanOrEqual(200);
    const ref = await stage.post(ROUND);
    const thread = await stage.room.openThread(ref, PAYLOADS[0] ?? "");
    for (const payload of PAYLOADS) await stage.room.doings.says("ana", thread, payload);
    const pieces = (payload: string): Span[] => [quote(payload), bold(payload), link(payload, payload)];
    const short = (payload: string) => payload.slice(0, LIMITS.buttonLabel);
    for (const payload of PAYLOADS) {
      await stage.post({ body: pieces(payload), buttons: [{ id: "b", label: short(payload) }] });
    }
    stage.harvest = PAYLOADS.flatMap((payload) => [
      `# ${payload}`,
      `- **${payload}**: ${payload}`,
      `> ${payload}`,
    ]).join("\n");
    stage.answer = { body: [text(PAYLOADS[0] ?? "")], file: { name: PAYLOADS[4] ?? "", text: PAYLOADS[4] ?? "" } };
    await open();
    await page.getByRole("button", { name: `${PAYLOADS.length} answers` }).click();
    await answers().locator("article").last().waitFor();
    const shown = await answers().locator("article .body").allTextContents();
    expect(shown.slice(-PAYLOADS.length)).toEqual(PAYLOADS);
    await page.getByRole("textbox", { name: "Say something" }).fill("/together help");
    await page.keyboard.press("Enter");
    await page.getByText("Only you see this").waitFor();
    await page.getByRole("button", { name: "Harvest" }).click();
    await page
      .getByRole("dialog")
      .getByText(PAYLOADS[8] ?? "")
      .first()
      .waitFor();
    expect(await page.evaluate("'ran' in window")).toBe(false);
    const links = await page.locator("a").all();
    const hrefs = await Promise.all(links.map((one) => one.getAttribute("href")));
    expect(hrefs.filter((href) => !/^https?:/.test(href ?? ""))).toEqual([]);
    expect([...watched.errors, ...watched.strangers]).toEqual([]);
    await screen(page, "page-payloads");
    console.log(`${PAYLOADS.length} payloads on 7 paths: 0 scripts ran.`);
  });

  test("lets a form be filled in by keyboard, says on the field what is missing, and keeps the words", async () => {
    await stage.post(QUOTE);
    await stage.post({ ...ROUND, body: [...ROUND.body, text(" "), mention(stage.room.user("maggie"))] });
    await open();
    await screen(page, "page-channel");
    await page.getByRole("button", { name: "Write it here" }).focus();
    await page.keyboard.press("Enter");
    await page.getByRole("dialog", { name: "A minute" }).waitFor();
    await page.keyboard.press("Tab");
    await page.keyboard.press("B");
    await page.keyboard.press("Tab");
    await page.keyboard.press("Tab");
    await page.keyboard.press("Enter");
    const words = page.getByLabel("I'm here because");
    await page.getByText("Please write at least one sentence.").waitFor();
    expect(await page.locator(":focus").getAttribute("name")).toBe("words");
    expect(await words.getAttribute("aria-invalid")).toBe("true");
    await screen(page, "page-form");
    await page.keyboard.type("to listen");
    await page.getByRole("dialog").getByRole("button", { name: "Send" }).press("Enter");
    await page.getByRole("dialog").waitFor({ state: "detached" });
    expect(stage.taken).toMatchObject([{ kind: "submitted", values: { words: "to listen", square: "boat" } }]);
    expect(await page.locator(":focus").textContent()).toBe("Write it here");
  });

  test("is one column at a time on a phone, with a plain way back", async () => {
    const ref = await stage.post(QUOTE);
    await stage.room.openThread(ref, "Talk about it");
    await stage.post(ROUND);
    await open({ viewport: { width: 375, height: 720 }, hasTouch: true, isMobile: true });
    await screen(page, "phone-talk");
    expect(await width()).toBe(375);
    await page.getByRole("button", { name: "Answer in the thread" }).click();
    await page.getByRole("textbox", { name: "Answer in the thread" }).fill("On a phone, too.");
    await page.getByRole("button", { name: "Send" }).click();
    await answers().getByText("On a phone, too.").waitFor();
    await screen(page, "phone-thread");
    expect([await conversation().isVisible(), await width()]).toEqual([false, 375]);
    await page.getByRole("button", { name: "Conversation" }).click();
    await page.getByRole("button", { name: "Write it here" }).click();
    await screen(page, "phone-form");
    await page.getByRole("button", { name: "Cancel" }).click();
    await page.getByRole("button", { name: "People and places" }).click();
    await screen(page, "phone-places");
    await be("Ana");
    expect(await conversation().isVisible()).toBe(true);
  });

  test("lets somebody new come in, say, change and take back", async () => {
    const ref = await stage.post(ROUND);
    await stage.room.openThread(ref, "One minute");
    await open();
    await page.getByRole("button", { name: "Someone new" }).click();
    await page.getByLabel("Their name").fill("Ana");
    await page.keyboard.press("Enter");
    await page.getByRole("alert").getByText("Ana is here already.").waitFor();
    await page.getByLabel("Their name").fill("Zoë");
    await page.keyboard.press("Enter");
    await page.getByRole("button", { name: "Zoë", pressed: true }).waitFor();
    await page.getByRole("button", { name: "Answer in the thread" }).click();
    await page.getByRole("textbox", { name: "Answer in the thread" }).fill("first");
    await page.keyboard.press("Shift+Enter");
    await page.keyboard.type("and second");
    await page.keyboard.press("Enter");
    await answers().getByText("first\nand second").waitFor();
    await answers().getByRole("button", { name: "Change" }).click();
    await answers().getByRole("textbox", { name: "Your words" }).fill("only this");
    await answers().getByRole("button", { name: "Save" }).click();
    await answers().getByText("edited").waitFor();
    await answers().getByRole("button", { name: "Take back" }).click();
    await answers().getByText("Nobody has answered yet.").waitFor();
    expect(stage.taken.map((event) => event.kind)).toEqual(["joined", "replied", "edited", "retracted"]);
  });

  test("offers the commands that are meant, and says which are unknown", async () => {
    await open();
    const box = page.getByRole("textbox", { name: "Say something" });
    await box.fill("/tog");
    await screen(page, "page-commands");
    await page.getByRole("button", { name: "/together help" }).click();
    expect(await box.inputValue()).toBe("/together help ");
    await box.press("Enter");
    await box.fill("/dance");
    await box.press("Enter");
    await page.getByRole("alert").getByText("I don't know /dance.").waitFor();
    expect(await box.inputValue()).toBe("/dance");
    expect(stage.taken).toMatchObject([{ kind: "commanded", command: "together", line: "help" }]);
  });

  test("gives the thread the conversation's place where the window is narrow", async () => {
    await stage.room.openThread(await stage.post(QUOTE), "Talk about it");
    await open({ viewport: { width: 900, height: 700 } });
    await page.getByRole("button", { name: "Answer in the thread" }).click();
    await screen(page, "narrow-thread");
    expect([await conversation().isVisible(), await answers().isVisible(), await width()]).toEqual([false, true, 900]);
    await page.getByRole("button", { name: "Close" }).click();
    expect(await conversation().isVisible()).toBe(true);
  });

  test("has a dark side", async () => {
    await stage.post(QUOTE);
    await stage.post(ROUND);
    await open({ colorScheme: "dark" });
    await screen(page, "dark");
  });

  test("comes back by itself when the room was started again, and keeps what one was writing", async () => {
    await open();
    const box = page.getByRole("textbox", { name: "Say something" });
    await box.fill("half a sentence");
    await stage.restart();
    await page.getByRole("status").getByText("The room is closed just now.").waitFor();
    await page.getByRole("status").getByText("The room is closed just now.").waitFor({ state: "detached" });
    expect(await box.inputValue()).toBe("half a sentence");
    // The token of before the restart is of no use any more; the page fetches the new one.
    await box.press("Enter");
    await conversation().getByText("half a sentence").waitFor();
  });
});
