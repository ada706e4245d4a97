import { expect, test } from "vitest";
import { Facilitators } from "../../src/people/facilitators.ts";
import type { Person, Platform, UserId } from "../../src/platform.ts";
import { PlatformError } from "../../src/platform.ts";
import { Stage } from "../stories/stage.ts";

const user = "u1" as UserId;

/** A platform that says one thing of everybody, or fails to. */
const saying = (says: Person | PlatformError): Platform =>
  ({
    name: "chat",
    user: (id: string) => id as UserId,
    person: async () => {
      if (says instanceof PlatformError) throw says;
      return says;
    },
    // Only what a decision asks for is here.
  }) as unknown as Platform;

const person = (kind: Person["kind"], mayRunWorkshop: boolean): Person => ({ name: "Ana", kind, mayRunWorkshop });

async function facilitators(listed: boolean, named: boolean, platform: Platform): Promise<Facilitators> {
  const stage = await Stage.set();
  const all = new Facilitators(stage.company.office, listed ? [{ platform: "chat", id: user }] : []);
  if (named) await all.add(platform, user);
  return all;
}

test.each<[what: string, says: Person, listed: boolean, named: boolean, may: boolean]>([
  ["an admin or owner", person("person", true), false, false, true],
  ["a listed member", person("person", false), true, false, true],
  ["a member named in the chat", person("person", false), false, true, true],
  ["a listed guest", person("guest", false), true, false, true],
  ["a member", person("person", false), false, false, false],
  ["a guest", person("guest", false), false, false, false],
  ["a guest whom the platform would let", person("guest", true), false, false, false],
  ["a bot that manages the server", person("bot", true), false, false, false],
  ["a listed bot", person("bot", true), true, true, false],
  ["somebody deactivated, listed and named", person("gone", true), true, true, false],
])("%s", async (_what, says, listed, named, may) => {
  const platform = saying(says);
  expect(await (await facilitators(listed, named, platform)).may(platform, user)).toBe(may);
});

test("somebody who is gone altogether may not, and a look-up that fails is no answer", async () => {
  const gone = saying(new PlatformError("gone", "There is no such account."));
  expect(await (await facilitators(true, true, gone)).may(gone, user)).toBe(false);
  for (const fault of ["denied", "invalid", "unsupported"] as const) {
    const failing = saying(new PlatformError(fault, "No."));
    await expect((await facilitators(true, true, failing)).may(failing, user)).rejects.toThrow(PlatformError);
  }
});

test("a list for another platform gives no leave on this one", async () => {
  const stage = await Stage.set();
  const platform = saying(person("person", false));
  const all = new Facilitators(stage.company.office, [{ platform: "elsewhere", id: user }]);
  expect(await all.may(platform, user)).toBe(false);
});

test("whoever is no longer named is no longer told either", async () => {
  const platform = saying(person("person", false));
  const all = await facilitators(false, true, platform);
  await all.noticed(platform, user);
  await all.remove(platform, user);
  expect(await all.may(platform, user)).toBe(false);
  expect(await all.all(platform)).toEqual([]);
});
