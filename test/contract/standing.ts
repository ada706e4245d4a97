/** Where and who: private places, people, and what can be read back. */
import { describe, expect } from "vitest";
import type { Place } from "../../src/platform.ts";
import { mention, text } from "../../src/words.ts";
import { fault, type It, key, type Scene } from "./scene.ts";

export function standing(it: It): void {
  describe("private places", () => {
    it("a room is seen by its people alone, and is the same the second time", async ({ scene }) => {
      const people = [scene.user("ana"), scene.user("ben")];
      const place = await scene.platform.openRoom(scene.channel, people, "Ana and Ben");
      const ref = await scene.platform.post(place, { body: [text("You two"), mention(scene.user("ben"))] }, key("two"));
      expect(await scene.platform.openRoom(scene.channel, people, "Ana and Ben")).toBe(place);
      expect((await scene.seenBy("ana", "You two")).where).toBe("room:ana,ben");
      expect((await scene.seenBy("ben", "You two")).mentions).toEqual(["ben"]);
      expect(await scene.sees("cleo", "You two")).toBe(false);
      await scene.platform.edit(ref, { body: [text("You two, again")] }, key("two"));
      expect(await scene.sees("ben", "You two, again")).toBe(true);
    });

    it("a button in a room is heard, with its message", async ({ scene }) => {
      const place = await scene.platform.openRoom(scene.channel, [scene.user("ana"), scene.user("ben")], "Ana and Ben");
      const ref = await scene.platform.post(
        place,
        { body: [text("Well?")], buttons: [{ id: "met", label: "We met" }] },
        key("m"),
      );
      await scene.world.presses("ben", (await scene.seenBy("ben", "Well?")).handle, "We met");
      expect(scene.ears.only("pressed")).toMatchObject({ button: "met", message: ref, by: { id: scene.user("ben") } });
    });

    it("a person's private place is theirs, and what they say there is heard", async ({ scene }) => {
      const place = await scene.platform.privatePlace(scene.user("ana"));
      await scene.platform.post(place, { body: [text("Only us")] }, key("us"));
      expect(await scene.platform.privatePlace(scene.user("ana"))).toBe(place);
      expect((await scene.seenBy("ana", "Only us")).where).toBe("private:ana");
      expect(await scene.sees("ben", "Only us")).toBe(false);
      await scene.world.says("ana", "private:ana", "thank you");
      await scene.world.settle();
      expect(scene.ears.only("replied")).toMatchObject({ place, text: "thank you", by: { id: scene.user("ana") } });
    });
  });

  describe("people", () => {
    it("are who the platform says", async ({ scene }) => {
      expect(await scene.platform.person(scene.user("ana"))).toMatchObject({ kind: "person", mayRunWorkshop: true });
      expect(await scene.platform.person(scene.user("ben"))).toMatchObject({ kind: "person", mayRunWorkshop: false });
      expect((await scene.platform.person(scene.user("ben"))).name.toLowerCase()).toBe("ben");
      expect(await scene.platform.person(scene.user("robot"))).toMatchObject({ kind: "bot" });
    });

    it("a look-up that failed is an error, never a no", async ({ scene }) => {
      scene.world.fails("person", "busy");
      expect((await fault(scene.platform.person(scene.user("ana")))).fault).toBe("busy");
      expect((await scene.platform.person(scene.user("ana"))).mayRunWorkshop).toBe(true);
      scene.world.fails("members", "unknown");
      expect((await fault(scene.platform.members(scene.channel))).fault).toBe("unknown");
    });

    it("in the channel are listed", async ({ scene }) => {
      expect(await scene.platform.members(scene.channel)).toEqual(
        expect.arrayContaining([scene.user("ana"), scene.user("ben"), scene.user("cleo")]),
      );
      await scene.world.joins("dora");
      await scene.world.leaves("ben");
      await scene.world.settle();
      const members = await scene.platform.members(scene.channel);
      expect([members.includes(scene.user("dora")), members.includes(scene.user("ben"))]).toEqual([true, false]);
    });
  });

  describe("history", () => {
    const readAll = async (scene: Scene, place: Place) => {
      const items = [];
      let next: string | undefined;
      do {
        const page = await scene.platform.history(place, next);
        items.push(...page.items);
        next = page.next;
      } while (next !== undefined);
      return items;
    };

    it("of a thread begins with the message it hangs on, and says who said what", async ({ scene }) => {
      const { ref, thread, handle } = await scene.promptWithThread();
      const said = await scene.world.says("ana", handle, "an *answer*");
      await scene.world.edits("ana", said, "a better <answer>");
      await scene.platform.post(thread, { body: [text("Thank you")] }, key("thanks"));
      await scene.world.says("robot", handle, "beep");
      await scene.world.settle();
      const [first, answer, ours, bot, ...more] = await readAll(scene, thread);
      expect(first).toMatchObject({ message: ref, mine: true });
      expect(answer).toMatchObject({ mine: false, human: true, by: scene.user("ana"), text: "a better <answer>" });
      expect(answer?.message).toBe(scene.ears.only("replied").message);
      expect(answer?.version).toBe(scene.ears.heard("edited").at(-1)?.version);
      expect(ours).toMatchObject({ mine: true, text: "Thank you" });
      expect(bot).toMatchObject({ mine: false, human: false });
      expect(more).toEqual([]);
    });

    const words = Array.from({ length: 110 }, (_, index) => `answer ${index}`);

    it("is complete page by page, also after a restart", async ({ scene }) => {
      const { ref, thread, handle } = await scene.promptWithThread();
      for (const said of words) await scene.world.says("ben", handle, said);
      await scene.world.settle();
      await scene.restart();
      const items = await readAll(scene, thread);
      expect(items.map((item) => item.text).slice(1)).toEqual(words);
      expect(items[0]?.message).toBe(ref);
      expect(items.slice(1).map((item) => item.message)).toEqual(scene.ears.heard("replied").map((one) => one.message));
    });

    it("holds what was said while we were away", async ({ scene, skip }) => {
      skip(!scene.world.talksWhileAway, "Nobody can talk here while we are away.");
      const { thread, handle } = await scene.promptWithThread();
      await scene.platform.stop();
      await scene.world.says("ben", handle, "Are you there?");
      scene.platform = scene.world.adapter();
      await scene.platform.start(scene.ears);
      expect((await readAll(scene, thread)).map((item) => item.text)).toContain("Are you there?");
    });

    it("without what was taken back; a failed read is an error, not an empty page", async ({ scene }) => {
      const { thread, handle } = await scene.promptWithThread();
      const said = await scene.world.says("ana", handle, "forget me");
      await scene.world.retracts("ana", said);
      await scene.world.settle();
      expect((await readAll(scene, thread)).map((item) => item.text)).not.toContain("forget me");
      scene.world.fails("history", "unknown");
      expect((await fault(scene.platform.history(thread))).fault).toBe("unknown");
    });
  });
}
