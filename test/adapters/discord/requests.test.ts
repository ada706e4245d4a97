/** Every request body, held against Discord's own description of its API. */
import { existsSync, readFileSync } from "node:fs";
import { Ajv2020 } from "ajv/dist/2020.js";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { LIMITS, type Place } from "../../../src/platform.ts";
import { mention, quote, text, time } from "../../../src/words.ts";
import { DiscordStage, key, openForm } from "./stage.ts";

const SPEC = new URL("../../../../shared/specs/discord-openapi.json", import.meta.url);
const PNG = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg==";

describe.skipIf(!existsSync(SPEC))(
  "every request is as Discord describes it (skipped where its description is absent)",
  () => {
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

    test("posts, edits, threads, rooms, forms, whispers and commands", async () => {
      await doEverything();
      const check = checker();
      const bodies = stage.fake.requests.filter(({ body }) => body !== undefined);
      const wrong = bodies.flatMap(({ method, path, body }) => check(method, path, body));
      expect(wrong).toEqual([]);
      expect(bodies.length).toBeGreaterThanOrEqual(18);
      expect(check("POST", "/channels/1/messages", { content: 7 })).not.toEqual([]);
    });

    test("every post bears its key as the nonce, 25 characters, enforced", async () => {
      await doEverything();
      const posts = stage.requests(/^POST \/channels\/\d+\/messages$/);
      expect(posts.length).toBeGreaterThanOrEqual(5);
      for (const { body } of posts) {
        expect(body).toMatchObject({ nonce: expect.stringMatching(/^[a-z2-7]{25}$/), enforce_nonce: true });
        expect(body).toMatchObject({ allowed_mentions: { parse: [] } });
      }
    });
  },
);

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
