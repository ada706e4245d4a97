/** Events that arrive long after what they tell of, or in another order. */
import { expect, test } from "vitest";
import { type MessageRef, PlatformError } from "../../src/platform.ts";
import { StoreError } from "../../src/store/store.ts";
import { ONE, plain, Stage } from "./stage.ts";

test("what was taken back before anything was asked in its thread does not come in by a delayed event", async () => {
  const stage = await Stage.set({ from: [ONE, "09:00"] });
  await stage.until(ONE, "10:11");
  const { prompts, communities } = stage.company.office;
  const community = await communities.get(await stage.community());
  const setting = community && stage.company.setting(community);
  const [prompt] = await prompts.of(community?.id ?? "");
  if (!setting || !prompt) throw new Error("Nothing is asked.");
  const { platform } = setting;
  // The page calls a message by its ref.
  const page = (await stage.finds("Ana", "Who are we?")).id as MessageRef;
  const place = await platform.openThread(page, "A thread in which nothing is asked yet");
  const ears = await stage.company.earsFor(platform);
  const ana = { by: { id: platform.user("ana") }, at: stage.clock.now(), place };
  const [secret, other] = ["room/secret" as MessageRef, "room/other" as MessageRef];
  await ears.take({ ...ana, kind: "retracted", event: "late-1", message: secret });
  await stage.rest();
  await prompts.hearAlso(prompt, place);
  await ears.take({ ...ana, kind: "replied", event: "late-2", message: secret, text: "a secret", version: 0 });
  await ears.take({ ...ana, kind: "replied", event: "late-3", message: other, text: "still there", version: 0 });
  await stage.rest();
  const stored = JSON.stringify(await stage.everythingStored());
  expect(stored).toContain("still there");
  expect(stored).not.toContain("a secret");
});

test("what somebody wrote and what could not be worked off yet is forgotten with the rest", async () => {
  const stage = await Stage.set({ from: [ONE, "09:00"] });
  const community = await stage.company.office.communities.get(await stage.community());
  const ana = community && stage.company.setting(community)?.platform.user("ana");
  const event = {
    kind: "replied",
    event: "stuck",
    at: stage.clock.now() - 1,
    place: "elsewhere",
    message: "m",
    version: 0,
  };
  // As an earlier life left it, with a platform that is not connected now.
  await stage.store.batch([
    {
      key: "journal/0000000000000001",
      value: { platform: "away", event: { ...event, by: { id: ana }, text: "a secret" } },
    },
    {
      key: "journal/0000000000000002",
      value: { platform: "away", event: { ...event, by: { id: "ben" }, text: "his" } },
    },
  ]);
  await stage.types("Ana", "/together forget-me");
  await stage.presses("Ana", "", "Yes, forget me");
  const stored = JSON.stringify(await stage.everythingStored());
  expect([stored.includes("a secret"), stored.includes('"his"')]).toEqual([false, true]);
});

test("that everything is erased is said when it is, and waits in the journal until then: also where the sweep fails", async () => {
  const stage = await Stage.set({ from: [ONE, "09:00"] });
  const before: unknown[] = [];
  stage.store.scrub = async () => {
    const waiting = (await stage.everythingStored()).filter(({ key }) => key.startsWith("journal/"));
    const said = (await stage.lastLines("Ana")).some((line) => line.includes("I have erased"));
    before.push({ waiting: waiting.length, said });
    if (before.length === 1) throw new StoreError("locked", "It is being read by another program.");
  };
  await stage.types("Ana", "/together forget-me");
  await stage.presses("Ana", "", "Yes, forget me");
  expect(before).toEqual([
    { waiting: 1, said: false },
    { waiting: 1, said: false },
  ]);
  expect((await stage.lastLines("Ana", 1))[0]).toContain("I have erased");
  expect(JSON.stringify(await stage.everythingStored())).not.toMatch(/"Ana"|journal\//);
});

test("words of before somebody was forgotten, which reach us only afterwards, are swept out with the rest", async () => {
  const stage = await Stage.set({ from: [ONE, "09:00"] });
  await stage.until(ONE, "10:11");
  const { prompts, communities } = stage.company.office;
  const community = await communities.get(await stage.community());
  const platform = community && stage.company.setting(community)?.platform;
  const [prompt] = await prompts.of(community?.id ?? "");
  if (!platform || !prompt) throw new Error("Nothing is asked.");
  const at = stage.clock.now();
  await stage.types("Ana", "/together forget-me");
  await stage.presses("Ana", "This erases", "Yes, forget me");
  let swept = 0;
  stage.store.scrub = async () => void swept++;
  const ears = await stage.company.earsFor(platform);
  const message = "room/late" as MessageRef;
  const ana = { by: { id: platform.user("ana") }, at, place: prompt.thread, message };
  await ears.take({ ...ana, kind: "replied", event: "late", text: "a secret", version: 0 });
  await stage.rest();
  await stage.clock.advance(60_000);
  expect(swept).toBe(1);
});

test("a post of ours that we may not remove keeps nothing else from being forgotten, and both sides are told", async () => {
  const stage = await Stage.set({ from: [ONE, "09:00"] });
  await stage.types("Maggie", "/together-run facilitator add @Maggie");
  await stage.until(ONE, "10:11");
  await stage.fills("Ana", "Why are we here?", "Write it here", { "here-because": "canary" });
  stage.company.office.outbox.remove = () => Promise.reject(new PlatformError("denied", "I am not let in."));
  await stage.types("Ana", "/together forget-me");
  await stage.presses("Ana", "This erases", "Yes, forget me");
  await stage.beat();
  expect((await stage.lastLines("Ana", 1))[0]).toContain("I could not remove it");
  expect(JSON.stringify(await stage.everythingStored())).not.toMatch(/canary|"Ana"|journal\//);
  expect((await stage.sees("Maggie")).map(plain).join()).toContain("please remove it there");
});
