/** The whole house on Slack: from the environment to what people see, by both ways in. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { readConfig } from "../../../src/config.ts";
import { run } from "../../../src/main.ts";
import { ROOT } from "../../../src/root.ts";
import { MANIFEST, type SlackWorld, WAYS } from "../../contract/slack.world.ts";
import { APP_TOKEN, BOT_TOKEN, SIGNING_SECRET } from "../../fakes/slack/server.ts";
import { until, worldOf } from "./stage.ts";

test.each(WAYS)(
  "promise 17: by %s, a facilitator holds a round, two people answer it, and what is heard again changes nothing",
  async (way) => {
    const world = await worldOf(way);
    await housed(world, way === "socket" ? { SLACK_APP_TOKEN: APP_TOKEN } : { SLACK_SIGNING_SECRET: SIGNING_SECRET });
    const sees = async (who: string, part: string) => (await world.sees(who)).find(({ text }) => text.includes(part));
    const shown = async (who: string, part: string) => {
      for (let seen = await sees(who, part); ; seen = await sees(who, part)) {
        if (seen) return seen;
        await new Promise((done) => setTimeout(done, 5));
      }
    };
    await world.commands("cleo", "together-run", "round");
    expect(await shown("cleo", "facilitator")).toMatchObject({ onlyFor: "cleo" });
    await world.commands("ben", "together-run", "round");
    const { handle } = await shown("ana", "One minute each");
    await world.says("cleo", handle, "because of *tea* & people");
    // Slack delivers an event up to four times.
    for (let again = 1; again <= 3; again++) await world.repeats();
    const form = await world.presses("ana", handle, "Write it here");
    if (!form) throw new Error("No form opened.");
    for (let pressed = 1; pressed <= 2; pressed++)
      await world.submits("ana", form, { "here-because": "because of <music>" });
    expect((await shown("ben", "because of <music>")).where).toBe(`thread:${handle}`);
    expect(await shown("ana", "Kept")).toMatchObject({ onlyFor: "ana", buttons: ["Change", "Take back"] });
    await world.commands("cleo", "together", "me");
    const [, ...mine] = (await shown("cleo", "because of")).text.split("because of");
    expect(mine).toHaveLength(1);
    const posted = (await world.sees("ben")).filter(({ text }) => text.includes("because of <music>"));
    expect(posted).toHaveLength(1);
  },
);

test("the hints beside the commands name every verb, and no other", async () => {
  const world = await worldOf();
  await housed(world, { SLACK_APP_TOKEN: APP_TOKEN });
  for (const { command, usage_hint } of MANIFEST.features.slash_commands) {
    const before = (await world.sees("ben")).length;
    await world.commands("ben", command.slice(1), "help");
    while ((await world.sees("ben")).length === before) await new Promise((done) => setTimeout(done, 5));
    const [, ...lines] = (await world.sees("ben")).at(-1)?.text.split("\n") ?? [];
    const verbs = lines.map((line) => line.split(" ")[0] ?? "").filter((word) => /^[a-z-]+$/.test(word));
    expect(usage_hint.split(" · ").sort()).toEqual(verbs.sort());
  }
});

test("promise 36: a revoked token ends the real program with one line and exit 78", async () => {
  const world = await worldOf();
  world.server.revoked.set(BOT_TOKEN, "token_revoked");
  const cwd = mkdtempSync(join(tmpdir(), "together-"));
  onTestFinished(() => rmSync(cwd, { recursive: true }));
  const settings = { SLACK_BOT_TOKEN: BOT_TOKEN, SLACK_APP_TOKEN: APP_TOKEN, SLACK_CHANNEL: "#better-together" };
  const env = { PATH: process.env["PATH"], HOME: cwd, PORT: "0", SLACK_API_URL: world.server.apiUrl, ...settings };
  const child = spawn(process.execPath, [join(ROOT, "src", "start.mjs"), "start"], { cwd, env });
  let said = "";
  child.stderr.on("data", (words) => (said += String(words)));
  const [exit] = await once(child, "close");
  const line = "Slack answered token_revoked. Install the app anew and set SLACK_BOT_TOKEN.\n";
  expect([exit, said.replace(/^Building … .*\n/, "")]).toEqual([78, line]);
});

/** Starts everything as the environment says, on a free port and a store of its own. */
async function housed(world: SlackWorld, way: Record<string, string>): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), "together-"));
  const { config } = readConfig({
    ...way,
    SLACK_BOT_TOKEN: BOT_TOKEN,
    SLACK_CHANNEL: world.channelName,
    SLACK_API_URL: world.server.apiUrl,
    FACILITATORS: `slack:${world.idOf("ben")}`,
    DATABASE_URL: `sqlite:${join(folder, "together.db")}`,
    LOG_LEVEL: "error",
  });
  const running = await run({ ...config, port: 0 });
  onTestFinished(async () => {
    await running.stop();
    rmSync(folder, { recursive: true });
  });
  // By the house's own web server, with its guard before it.
  world.server.app = config.slack?.appToken
    ? undefined
    : async (request) => {
        const { method, headers } = request;
        return fetch(`${running.address}/slack/events`, { method, headers, body: await request.text() });
      };
  if (config.slack?.appToken) await until(() => world.server.connected === 1);
}
