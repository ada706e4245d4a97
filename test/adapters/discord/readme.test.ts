import { readFileSync } from "node:fs";
import { PermissionFlagsBits } from "discord.js";
import { expect, test } from "vitest";
import { DiscordStage, fault } from "./stage.ts";

const README = readFileSync(new URL("../../../adapters/discord/README.md", import.meta.url), "utf8");

test("the invite link in the README asks for what the adapter asks for, and it is what the table names", async () => {
  const stage = await DiscordStage.open();
  stage.fake.town.leave();
  const { message } = await fault(stage.platform.start(stage.ears));
  const asked = BigInt(/permissions=(\d+)/.exec(message)?.[1] ?? 0);
  expect(README).toContain(`permissions=${asked}`);
  const named = [...README.matchAll(/^\| ([A-Z][\w ]+(?:, [A-Z][\w ]+)*) \|/gm)].flatMap(([, names = ""]) =>
    names.split(", "),
  );
  const bits = named.map((name) =>
    new Map(Object.entries(PermissionFlagsBits)).get(name.replaceAll(" ", "").replace("in", "In")),
  );
  const all = bits.reduce<bigint>((sum, bit) => sum | (bit ?? 0n), 0n);
  expect(all).toBe(asked);
  await stage.close();
});
