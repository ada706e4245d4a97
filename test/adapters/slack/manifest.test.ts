/** The manifest makes an app that Slack takes, with exactly the scopes that the adapter knows a use for. */
import { existsSync, readFileSync } from "node:fs";
import { Ajv } from "ajv";
import { expect, test } from "vitest";
import { SCOPES } from "../../../adapters/slack/faults.ts";
import { MANIFEST } from "../../contract/slack.world.ts";
import { METHODS } from "../../fakes/slack/methods.ts";
import { key, prompted, says, stage } from "./stage.ts";

const SCHEMA = new URL("../../../../shared/specs/slack-manifest.schema.json", import.meta.url);
/** Asked for by hand: private channels, and the app-level token's. */
const OPT_IN = ["groups:history", "groups:read", "connections:write"];
const asked: string[] = MANIFEST.oauth_config.scopes.bot;

test("it is what Slack's schema describes", (context) => {
  context.skip(!existsSync(SCHEMA), "Slack's manifest schema does not lie beside this checkout (../shared/specs).");
  const check = new Ajv({ strict: false, validateFormats: false }).compile(JSON.parse(readFileSync(SCHEMA, "utf8")));
  check(MANIFEST);
  expect(check.errors ?? []).toEqual([]);
});

test("its scopes are those that the remedies name a use for", () => {
  expect([...asked].sort()).toEqual(
    Object.keys(SCOPES)
      .filter((scope) => !OPT_IN.includes(scope))
      .sort(),
  );
  expect(asked.filter((scope) => /admin|search|email|customize|chat:write.public|mpim:history/.test(scope))).toEqual(
    [],
  );
});

test("its commands arrive with people as people, and it listens by socket", () => {
  const commands: { command: string; usage_hint: string; should_escape: boolean }[] = MANIFEST.features.slash_commands;
  expect(commands.map(({ command }) => command)).toEqual(["/together", "/together-run"]);
  expect(commands.every(({ should_escape, usage_hint }) => should_escape && usage_hint.length > 0)).toBe(true);
  expect(MANIFEST.features.app_home).toMatchObject({
    messages_tab_enabled: true,
    messages_tab_read_only_enabled: false,
  });
  expect(MANIFEST.settings).toMatchObject({ socket_mode_enabled: true, interactivity: { is_enabled: true } });
});

test("a call without its scope is denied, and the remedy names it", async () => {
  const here = await stage();
  await prompted(here);
  here.world.server.scopes = new Set(["commands"]);
  await expect(here.platform.post(here.channel, says("x"), key("x"))).rejects.toThrow(/To post I need chat:write/);
  await expect(here.platform.history(here.channel)).rejects.toThrow(/I need channels:history/);
  await expect(here.platform.members(here.channel)).rejects.toThrow(/I need channels:read/);
  await expect(here.platform.privatePlace(here.platform.user(here.world.idOf("ana")))).rejects.toThrow(
    /I need im:write/,
  );
  // Every method the fake knows is one that we call.
  expect(Object.keys(METHODS)).toContain("files.completeUploadExternal");
});
