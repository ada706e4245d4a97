/** What people type and do: what arrives, what never does, and that none of it is lost. */
import { describe, expect } from "vitest";
import { LIMITS } from "../../src/platform.ts";
import { text } from "../../src/words.ts";
import { PHRASES } from "./listener.ts";
import { type It, key } from "./scene.ts";

export function hearing(it: It): void {
  describe("threads", () => {
    it("opened twice are the same, with the longest title, and survive a restart", async ({ scene }) => {
      const ref = await scene.prompt();
      const thread = await scene.platform.openThread(ref, "t".repeat(LIMITS.threadTitle));
      await scene.restart();
      expect(await scene.platform.openThread(ref, "t".repeat(LIMITS.threadTitle))).toBe(thread);
      const { handle } = await scene.seenBy("ana", "(prompt)");
      await scene.platform.post(thread, { body: [text("Said below")] }, key("below"));
      expect((await scene.seenBy("ben", "Said below")).where).toBe(`thread:${handle}`);
      expect(scene.platform.channelOf(thread)).toBe(scene.channel);
      expect(scene.platform.channelOf(scene.channel)).toBe(scene.channel);
    });

    it("bring replies with their text and place", async ({ scene }) => {
      const { thread, handle } = await scene.promptWithThread();
      await scene.world.says("ana", handle, "To *listen* & <learn> – ünïcode 🌱\nsecond line");
      await scene.world.settle();
      const reply = scene.ears.only("replied");
      expect(reply).toMatchObject({ place: thread, by: { id: scene.user("ana") } });
      expect(reply.text).toBe("To *listen* & <learn> – ünïcode 🌱\nsecond line");
    });

    it("bring edits with a growing version, and what was taken back", async ({ scene }) => {
      const { thread, handle } = await scene.promptWithThread();
      const said = await scene.world.says("ben", handle, "first");
      await scene.world.edits("ben", said, "second");
      await scene.world.edits("ben", said, "third");
      await scene.world.retracts("ben", said);
      await scene.world.settle();
      const { message, version } = scene.ears.only("replied");
      const edits = scene.ears.heard("edited");
      expect(edits.at(-1)).toMatchObject({ message, place: thread, text: "third", by: { id: scene.user("ben") } });
      expect(edits.at(0)?.version).toBeGreaterThan(version);
      expect(edits.at(-1)?.version).toBeGreaterThan(edits.at(0)?.version ?? 0);
      expect(scene.ears.only("retracted")).toMatchObject({ message, place: thread });
    });

    it("keep two people's words apart, in the order they were said", async ({ scene }) => {
      const { handle } = await scene.promptWithThread();
      await scene.world.says("ana", handle, "one");
      await scene.world.says("ben", handle, "two");
      await scene.world.settle();
      const replies = scene.ears.heard("replied");
      expect(replies.map((reply) => [reply.text, reply.by.id])).toEqual([
        ["one", scene.user("ana")],
        ["two", scene.user("ben")],
      ]);
      expect(new Set(replies.map((reply) => reply.message)).size).toBe(2);
    });
  });

  describe("what we never hear", () => {
    it("the channel's chatter, bots and ourselves", async ({ scene }) => {
      const { ref, thread, handle } = await scene.promptWithThread();
      await scene.platform.post(thread, { body: [text("Ours")] }, key("ours"));
      await scene.platform.edit(ref, { body: [text("Ours, (prompt) edited")] }, key("prompt"));
      await scene.world.says("robot", handle, "beep");
      await scene.world.saysInChannel("ana", "lunch?");
      await scene.world.settle();
      expect(scene.ears.taken).toEqual([]);
    });

    it("what people tell each other in a private room", async ({ scene }) => {
      const place = await scene.platform.openRoom(scene.channel, [scene.user("ana"), scene.user("ben")], "Ana and Ben");
      await scene.platform.post(place, { body: [text("Find someone who …")] }, key("pair"));
      await scene.world.says("ana", "room:ana,ben", "just between us");
      await scene.world.settle();
      expect(scene.ears.taken).toEqual([]);
    });
  });

  describe("hearing", () => {
    it("a repeated event has the same id", async ({ scene }) => {
      const { handle } = await scene.promptWithThread();
      await scene.world.says("ana", handle, "once");
      await scene.world.repeats();
      await scene.world.settle();
      expect(new Set(scene.ears.taken.map((event) => event.event)).size).toBe(1);
      await scene.world.says("ana", handle, "once");
      await scene.world.settle();
      expect(scene.ears.heard("replied")).toHaveLength(2);
    });

    it("words that could not be kept come again, or their author is told", async ({ scene }) => {
      const { handle } = await scene.promptWithThread();
      scene.ears.refusals = 1;
      await scene.world.says("ana", handle, "do not lose me");
      await scene.world.settle();
      const again = scene.ears.heard("replied").some((reply) => reply.text === "do not lose me");
      expect(again || (await scene.privately("ana", PHRASES.notKept))).toBe(true);
    });

    it("a press that could not be kept comes again, or the person is told", async ({ scene }) => {
      await scene.post({ body: [text("Press me")], buttons: [{ id: "yes", label: "Yes" }] });
      scene.ears.refusals = 1;
      await scene.world.presses("ana", (await scene.seenBy("ana", "Press me")).handle, "Yes");
      await scene.world.settle();
      expect(scene.ears.heard("pressed").length === 1 || (await scene.privately("ana", PHRASES.notKept))).toBe(true);
    });

    it("people who come and go", async ({ scene }) => {
      await scene.world.joins("dora");
      await scene.world.leaves("ben");
      await scene.world.settle();
      expect(scene.ears.only("joined")).toMatchObject({ place: scene.channel, by: { id: scene.user("dora") } });
      expect(scene.ears.only("left")).toMatchObject({ place: scene.channel, by: { id: scene.user("ben") } });
    });

    it("connecting is told, and so is the connection", async ({ scene }) => {
      expect(scene.platform.connection()).toEqual({ connected: true });
      expect(scene.ears.connections).toBe(1);
      await scene.platform.stop();
      expect(scene.platform.connection()).toMatchObject({ connected: false, why: expect.stringMatching(/\w/) });
      scene.platform = scene.world.adapter();
      await scene.platform.start(scene.ears);
      expect(scene.ears.connections).toBe(2);
    });
  });

  describe("commands", () => {
    it("arrive as a line, from whoever typed them", async ({ scene }) => {
      await scene.world.commands("ben", "together", "help");
      expect(scene.ears.only("commanded")).toMatchObject({
        command: "together",
        line: "help",
        people: [],
        place: scene.channel,
        by: { id: scene.user("ben") },
      });
    });

    it("with the people taken out of the line", async ({ scene }) => {
      await scene.world.commands("ana", "together-run", "facilitator add @cleo");
      const { command, line, people } = scene.ears.only("commanded");
      expect([command, line, people]).toEqual(["together-run", "facilitator add", [scene.user("cleo")]]);
    });

    it("with their text as it was typed", async ({ scene }) => {
      await scene.world.commands("ana", "together-run", `remind Tea at *four*, "ok"? <3 & more`);
      expect(scene.ears.only("commanded").line).toBe(`remind Tea at *four*, "ok"? <3 & more`);
    });
  });
}
