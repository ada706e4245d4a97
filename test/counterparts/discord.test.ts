/** The built bot in a Discord server that somebody else keeps: over the real gateway and REST of discord.js. */
import type { Said } from "discord-digital-twin";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { Bot } from "./bot.ts";
import { buttonsOf, Server } from "./server.ts";
import { until } from "./until.ts";

const server = new Server();
let bot: Bot;

beforeAll(async () => {
  await server.open();
  // Pairs need three who want to meet: those who said so, since members are not listed.
  bot = new Bot({ ...server.settings, DISCORD_PROGRAMME: "workshop" });
  await bot.start();
});

afterAll(async () => {
  await bot?.stop();
  await server.close();
});

/** The newest post of ours that has such a button. */
const withButton = (label: string, place?: string): Promise<Said> =>
  until(`a post with the button "${label}"`, async () =>
    (await server.posts(place)).findLast(
      (post) => server.isTogether(post) && buttonsOf(post).some((button) => button.label === label),
    ),
  );

const harvested = (text: string) =>
  until(`"${text}" in the harvest`, async () => (await bot.harvest()).answers.find((answer) => answer.text === text));

describe("Discord", () => {
  it("posts a quote when a facilitator asks for one, and not when another does", async () => {
    await server.types("ben", "together-run", "quote");
    await until("a refusal", async () =>
      (await server.posts()).find(({ content }) => content.includes("facilitators")),
    );
    await server.types("ana", "together-run", "quote");
    await withButton("Talk about it");
    const quotes = (await server.posts()).filter((post) =>
      buttonsOf(post).some(({ label }) => label === "Talk about it"),
    );
    expect(quotes).toHaveLength(1);
  });

  it("opens a thread to talk in", async () => {
    const quote = await withButton("Talk about it");
    await server.presses("ben", quote, "Talk about it");
    const thread = await server.threadOn(quote);
    await until("our words in the thread", async () =>
      (await server.posts(thread)).find((post) => server.isTogether(post)),
    );
  });

  it("keeps a form's words and typed ones, edited and taken back as their authors wish", async () => {
    await server.types("ana", "together-run", "round");
    const prompt = await withButton("Write it here");
    const thread = await server.threadOn(prompt);
    const form = await server.presses("ben", prompt, "Write it here");
    if (!form) throw new Error("No form opened.");
    await server.sends("ben", form, { [form.components[0]?.label ?? ""]: "I like people" });
    await until("Ben's words in the thread", async () =>
      (await server.posts(thread)).find(({ content }) => /Ben\W+wrote[\s\S]*I like people/.test(content)),
    );

    const typed = await server.says("cleo", thread, "I want to listen *better*");
    const regretted = await server.says("ana", thread, "Not this");
    await harvested("Not this");
    await server.edits("cleo", thread, typed, "I want to listen well");
    await server.retracts("ana", thread, regretted);
    expect(await harvested("I like people")).toMatchObject({ by: "Ben" });
    expect(await harvested("I want to listen well")).toMatchObject({ by: "Cleo" });
    await until("Ana's words to be forgotten", async () => {
      const { answers } = await bot.harvest();
      return answers.some(({ text }) => text === "Not this") ? undefined : true;
    });
  });

  it("says nothing twice after a restart, and hears what was typed meanwhile", async () => {
    const prompt = await withButton("Write it here");
    const before = await standing();
    expect(await bot.stop()).toBe(0);
    await server.says("ben", await server.threadOn(prompt), "I want to understand more about trains");
    await bot.start();
    expect(await harvested("trains")).toMatchObject({ by: "Ben", stem: "I want to understand more about …" });
    expect(await standing()).toEqual(before);
  });
});

const standing = async () => (await server.posts()).map(({ id, content }) => `${id} ${content}`);
