/** The built bot in a Slack workspace that somebody else keeps: over signed HTTP, with the scopes of our manifest. */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { Bot } from "./bot.ts";
import { until } from "./until.ts";
import { type Posted, Workspace } from "./workspace.ts";

let workspace: Workspace;
let bot: Bot;

beforeAll(async () => {
  workspace = await Workspace.open(4603);
  bot = new Bot(workspace.settings);
  await bot.start();
  workspace.app = bot.url;
});

afterAll(async () => {
  await bot?.stop();
  await workspace?.close();
});

/** The newest post of ours that has such a button. */
const withButton = (label: string, where: { thread?: string; channel?: string; as?: string } = {}): Promise<Posted> =>
  until(`a post with the button "${label}"`, async () =>
    (await workspace.posts(where)).findLast(
      (post) => workspace.isTogether(post) && JSON.stringify(post.blocks ?? []).includes(`"${label}"`),
    ),
  );

const standing = async () => (await workspace.posts()).map(({ ts, text }) => `${ts} ${text}`);

const harvested = (text: string) =>
  until(`"${text}" in the harvest`, async () => (await bot.harvest()).answers.find((answer) => answer.text === text));

describe("Slack", () => {
  it("posts a quote when a facilitator asks for one, and tells others kindly that only they may", async () => {
    await workspace.types("ben", "/together-run", "quote");
    await until("a refusal", async () => workspace.whispers("ben").find(({ text }) => text.includes("facilitators")));
    await workspace.types("ana", "/together-run", "quote");
    await withButton("Talk about it");
    expect((await workspace.posts()).filter((post) => workspace.isTogether(post))).toHaveLength(1);
  });

  it("keeps a form's words and typed ones, edited and taken back as their authors wish", async () => {
    await workspace.types("ana", "/together-run", "round");
    const prompt = await withButton("Write it here");
    const view = await workspace.presses("ben", prompt, "Write it here");
    if (!view) throw new Error("No form opened.");
    const [first] = view.blocks;
    expect(await workspace.sends("ben", view, { [first?.label?.text ?? ""]: "I like people" })).toBeUndefined();
    await until("Ben's words in the thread", async () =>
      (await workspace.posts({ thread: prompt.ts })).find(({ text }) => /Ben wrote:[\s\S]*I like people/.test(text)),
    );

    const typed = await workspace.says("cleo", prompt.ts, "I want to listen <better>");
    const regretted = await workspace.says("ana", prompt.ts, "Not this");
    await harvested("Not this");
    await workspace.edits("cleo", prompt.ts, typed, "I want to listen well");
    await workspace.retracts("ana", prompt.ts, regretted);
    expect(await harvested("I like people")).toMatchObject({ by: "Ben" });
    expect(await harvested("I want to listen well")).toMatchObject({ by: "Cleo" });
    await until("Ana's words to be forgotten", async () => {
      const { answers } = await bot.harvest();
      return answers.some(({ text }) => text === "Not this") ? undefined : true;
    });
  });

  it("brings people together in a group conversation", async () => {
    await workspace.types("ana", "/together-run", "pairs");
    const preview = await until("what the round would be", async () =>
      workspace.whispers("ana").find(({ text }) => text.includes("new tie")),
    );
    await workspace.presses("ana", preview, "Bring them together");
    const group = await until("a private conversation", () => workspace.newestGroup());
    const prompt = await withButton("We met", group);
    expect(prompt.text).toContain("will you begin?");
  });

  it("says nothing twice after a restart, and hears what was typed meanwhile", async () => {
    const prompt = await withButton("Write it here");
    const before = await standing();
    expect(await bot.stop()).toBe(0);
    // The app is away: Slack has the message, and nobody to tell.
    await workspace.says("ben", prompt.ts, "I want to understand more about trains").catch(() => {});
    await bot.start();
    workspace.app = bot.url;
    expect(await harvested("trains")).toMatchObject({ by: "Ben", stem: "I want to understand more about …" });
    expect(await standing()).toEqual(before);
  });

  it("reached nothing but the address it was given, and was refused nothing", () => {
    expect(bot.said).not.toMatch(/missing_scope|slack\.com/);
  });
});
