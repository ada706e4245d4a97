/** Every request body, held against Discord's own description of its API. */
import { existsSync, readFileSync } from "node:fs";
import { inspect } from "node:util";
import { Ajv2020 } from "ajv/dist/2020.js";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { LIMITS, type Place } from "../../../src/platform.ts";
import { mention, quote, text, time } from "../../../src/words.ts";
import { TOKEN } from "../../fakes/discord/discord.ts";
import { broken, Refusal } from "../../fakes/discord/refusals.ts";
import { DiscordStage, fault, key, openForm } from "./stage.ts";

const SPEC = new URL("../../../../shared/specs/discord-openapi.json", import.meta.url);
const PNG = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg==";

describe("what we ask of Discord", () => {
  let stage: DiscordStage;
  let channel: Place;
  beforeEach(async () => {
    stage = await DiscordStage.open();
    channel = await stage.start();
  });
  afterEach(() => stage.close());

  async function doEverything(): Promise<void> {
    const { platform, fake, ana } = stage;
    const buttons = [1, 2, 3, 4, 5].map((n) => ({
      id: `${n}`.padEnd(LIMITS.buttonId, "y"),
      label: "L".repeat(LIMITS.buttonLabel),
    }));
    const body = [text("a"), quote("b"), mention(platform.user(ana.id)), time(0, "date", "")];
    const ref = await platform.post(channel, { body, buttons }, key("post"));
    await platform.post(channel, { body, picture: { png: PNG, alt: "A thread" } }, key("picture"));
    await platform.post(channel, { body, file: { name: "harvest.md", text: "# é" } }, key("file"));
    await platform.edit(ref, { body, buttons }, key("post"));
    await platform.openThread(ref, "t".repeat(LIMITS.threadTitle));
    const at = await platform.openRoom(channel, [platform.user(ana.id)], "Ana");
    const [room] = [...fake.town.rooms.values()].filter((one) => one.type === 12);
    if (room?.thread_metadata) room.thread_metadata.archived = true;
    await platform.post(at, { body }, key("awake"));
    await platform.privatePlace(platform.user(ana.id));
    await stage.presses(ana, ref);
    await platform.whisper(stage.ears.only("pressed").whisper, { body, buttons });
    stage.ears.prefilled = async () => ({ values: { words: "so far", square: "boat", who: platform.user(ana.id) } });
    const modal = await stage.presses(
      ana,
      await platform.post(channel, openForm("x".repeat(LIMITS.about)), key("form")),
    );
    if (!modal) throw new Error("No form opened.");
    await fake.acts.submits(modal, new Map());
    await fake.acts.submits(modal, new Map([["words", "long ".repeat(2_000)]]));
    await fake.acts.submits(modal, new Map([["words", "short"]]));
    await fake.acts.commands(ana, fake.town.channel, { name: "together", options: [{ name: "help", type: 1 }] });
  }

  test.skipIf(!existsSync(SPEC))("is as its own description has it (skipped where that file is absent)", async () => {
    await doEverything();
    const check = checker();
    const bodies = stage.fake.requests.filter(({ body }) => body !== undefined);
    const wrong = bodies.flatMap(({ method, path, body }) => check(method, path, body));
    expect(wrong).toEqual([]);
    expect(bodies.length).toBeGreaterThanOrEqual(18);
    expect(check("POST", "/channels/1/messages", { content: 7 })).not.toEqual([]);
  });

  test("never reaches the log, nor do people's words and tokens, whatever goes wrong", async () => {
    const words = "canary-words";
    const { ana, fake, ears, platform } = stage;
    await platform.stop();
    stage.adapter({ members: true });
    await stage.start();
    const ref = await stage.platform.post(channel, { ...openForm(), body: [text(words)] }, key("form"));
    await stage.platform.openThread(ref, "Title");
    const [thread] = [...fake.town.rooms.values()].filter(({ type }) => type === 11);
    const modal = await stage.presses(ana, ref);
    if (!thread || !modal) throw new Error("No thread or form opened.");
    for (const how of [new Refusal(400, 50035, words), broken(), "cut" as const, { status: 403, html: words }]) {
      ears.refusals = 1;
      fake.acts.says(ana, thread, words);
      await fake.settle();
      await stage.clock.advance(1_000);
      fake.mishaps.push({ fits: /callback$/, how, afterwards: true });
      await fake.acts.submits(modal, new Map([["words", words]]));
      await fake.settle();
      fake.mishaps.push({ fits: /^POST \/webhooks/, how });
      const { whisper } = ears.heard("submitted").at(-1) ?? {};
      if (!whisper) throw new Error("Nothing was submitted.");
      const error = await fault(stage.platform.whisper(whisper, { body: [text(words)] }));
      stage.logged.push({
        message: `${error.stack}`,
        facts: { error, cause: error.cause, told: inspect(error, { depth: 9 }) },
      });
    }
    const everything = JSON.stringify(stage.logged);
    expect(stage.logged.length).toBeGreaterThanOrEqual(8);
    for (const secret of [words, TOKEN, "token-"]) expect(everything).not.toContain(secret);
  });

  test("promise 6: bears the key of each post as its nonce, 25 characters, enforced", async () => {
    await doEverything();
    const posts = stage.requests(/^POST \/channels\/\d+\/messages$/);
    expect(posts.length).toBeGreaterThanOrEqual(5);
    for (const { body } of posts) {
      expect(body).toMatchObject({ nonce: expect.stringMatching(/^[a-z2-7]{25}$/), enforce_nonce: true });
      expect(body).toMatchObject({ allowed_mentions: { parse: [] } });
    }
  });
});

/** Says what is wrong with a body, by the path's documented schema. */
function checker(): (method: string, path: string, body: unknown) => readonly string[] {
  const spec: {
    paths: Record<string, Record<string, { requestBody?: { content: Record<string, { schema: object }> } }>>;
  } = JSON.parse(readFileSync(SPEC, "utf8"));
  const ajv = new Ajv2020({ strict: false, validateFormats: false });
  ajv.addSchema({ $id: "discord", ...spec });
  const templates = Object.keys(spec.paths).map((path) => ({
    path,
    pattern: new RegExp(`^${path.replaceAll(/\{[^}]+\}/g, "[^/]+")}$`),
    literal: path.replaceAll(/\{[^}]+\}/g, "").length,
  }));
  return (method, path, body) => {
    // The template with the most literal letters is the route: /users/@me before /users/{id}.
    const [route] = templates.filter(({ pattern }) => pattern.test(path)).sort((a, b) => b.literal - a.literal);
    const verb = method.toLowerCase();
    if (!route || !spec.paths[route.path]?.[verb]?.requestBody) return [`${method} ${path} is not described`];
    const pointer = ["paths", route.path, verb, "requestBody", "content", "application/json", "schema"]
      .map((part) => encodeURIComponent(part.replaceAll("~", "~0").replaceAll("/", "~1")))
      .join("/");
    const valid = ajv.getSchema(`discord#/${pointer}`);
    if (!valid) return [`${method} ${path} has no schema`];
    return valid(body)
      ? []
      : [`${method} ${path}: ${ajv.errorsText(valid.errors)} in ${JSON.stringify(body).slice(0, 300)}`];
  };
}
