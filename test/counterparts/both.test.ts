/** Slack, Discord and the room in one bot, as an operator may have them. */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { Bot } from "./bot.ts";
import { Server } from "./server.ts";
import { until } from "./until.ts";
import { Workspace } from "./workspace.ts";

/** Megabytes with both adapters, after so many milliseconds without anything to do. */
const IDLE_MB = 180;
const IDLE_MS = 5_000;

const server = new Server();
let workspace: Workspace;
let bot: Bot;

beforeAll(async () => {
  [workspace] = await Promise.all([Workspace.open(4604), server.open()]);
  bot = new Bot({ ...workspace.settings, ...server.settings, ROOM: "on" });
  await bot.start();
  workspace.app = bot.url;
});

afterAll(async () => {
  await bot?.stop();
  await Promise.all([workspace?.close(), server.close()]);
});

describe("both at once", () => {
  it("is ready when all are, and serves the room beside them", async () => {
    expect(await (await fetch(`${bot.url}/readyz`)).text()).toBe("ready\n");
    expect((await fetch(bot.url)).headers.get("content-type")).toContain("text/html");
  });

  it("takes little memory while nothing happens", async () => {
    await new Promise((idle) => setTimeout(idle, IDLE_MS));
    const { megabytes } = bot;
    console.info(`idle with both adapters: ${megabytes.toFixed(0)} MB (bound ${IDLE_MB})`);
    expect(megabytes).toBeLessThanOrEqual(IDLE_MB);
  });

  it("answers each where it was asked", async () => {
    await workspace.types("ana", "/together-run", "quote");
    await until("a quote in Slack", async () => (await workspace.posts()).find((post) => workspace.isTogether(post)));
    expect((await server.posts()).filter((post) => server.isTogether(post))).toEqual([]);
    await server.types("ana", "together-run", "quote");
    await until("a quote in Discord", async () =>
      (await server.posts()).find(({ components = [] }) => components.length > 0),
    );
  });
});
