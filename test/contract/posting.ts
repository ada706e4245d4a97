/** What we say: everybody sees it as it was meant, and it is found again. */
import { describe, expect } from "vitest";
import { LIMITS } from "../../src/platform.ts";
import { bold, italic, link, mention, newline, quote, text, textLength, time } from "../../src/words.ts";
import { eye, fault, HOSTILE, type It, key } from "./scene.ts";

export function posting(it: It): void {
  describe("what we post", () => {
    it("is seen by everybody in the channel, with its words in order", async ({ scene }) => {
      await scene.post({
        body: [bold("Robert"), text(" says "), italic("hello"), newline, quote("It's about conversations.")],
      });
      for (const who of ["ana", "ben", "cleo"]) {
        const { text: read, by, where } = await scene.seenBy(who, "Robert says hello");
        expect(read).toMatch(/Robert says hello\s+It's about conversations\./);
        expect([by, where]).toEqual(["together", "channel"]);
      }
    });

    it("shows a link's words and a time", async ({ scene }) => {
      const at = Date.UTC(2026, 10, 24, 9, 0);
      await scene.post({
        body: [
          text("Begins "),
          time(at, "moment", "Tuesday 9:00"),
          text(" see "),
          link("the page", "https://example.org/a?b=1&c=2"),
        ],
      });
      expect((await scene.seenBy("ben", "Begins")).text).toMatch(/^Begins .*\d.* see the page/);
    });

    it.for([
      ["plain letters", "a"],
      ["markup characters", "*_~`|>#"],
    ] as const)("may be as long as the limit, in %s", async ([_kind, letters], { scene }) => {
      const marks = textLength([text("")]);
      const cost = (textLength([text(letters)]) - marks) / letters.length;
      const longest = letters.repeat(LIMITS.text).slice(0, Math.floor((LIMITS.text - marks) / cost));
      expect(textLength([text(longest)])).toBeGreaterThan(LIMITS.text - 2);
      await scene.post({ body: [text(longest)] });
      const [seen] = await scene.world.sees("ana");
      expect(eye(seen?.text ?? "")).toBe(longest);
    });

    it("may have five buttons with the longest ids and labels", async ({ scene }) => {
      const label = (n: number) => `${n}`.padEnd(LIMITS.buttonLabel, "x");
      const id = (n: number) => `${n}`.padEnd(LIMITS.buttonId, ":y.Z-_/");
      const buttons = [1, 2, 3, 4, 5].map((n) => ({ id: id(n), label: label(n) }));
      await scene.post({ body: [text("Five")], buttons });
      const seen = await scene.seenBy("ben", "Five");
      expect(seen.buttons).toEqual(buttons.map((button) => button.label));
      await scene.world.presses("ben", seen.handle, label(5));
      expect(scene.ears.only("pressed").button).toBe(id(5));
    });

    it("keeps what a person typed inert: nobody notified, every character shown", async ({ scene }) => {
      await scene.post({ body: [text(HOSTILE)] });
      const [seen] = await scene.world.sees("ben");
      expect(eye(seen?.text ?? "")).toBe(HOSTILE);
      expect(seen?.mentions).toEqual([]);
    });

    it.for(["bold", "italic", "quote"] as const)("keeps markup inert within %s", async (kind, { scene }) => {
      const words = "a*b_c~d`e|f>g\\h @everyone <!here> end";
      await scene.post({ body: [text("Start "), { kind, text: words }] });
      const seen = await scene.seenBy("ben", "Start");
      expect(eye(seen.text)).toContain(words);
      expect(seen.mentions).toEqual([]);
    });

    it("notifies exactly those it mentions", async ({ scene }) => {
      await scene.post({
        body: [mention(scene.user("ana")), text(" and "), mention(scene.user("ben")), text(" meet; not @cleo")],
      });
      const seen = await scene.seenBy("cleo", "meet");
      expect([...seen.mentions].sort()).toEqual(["ana", "ben"]);
    });

    it("may carry a picture with its words, and a file", async ({ scene }) => {
      // One transparent pixel.
      const png = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg==";
      await scene.post({ body: [text("Drawn")], picture: { png, alt: "Two points and a thread" } }, "one");
      await scene.post({ body: [text("Taken home")], file: { name: "harvest.md", text: "# Harvest\né" } }, "two");
      expect((await scene.seenBy("ana", "Drawn")).picture).toBe("Two points and a thread");
      expect((await scene.seenBy("ana", "Taken home")).file).toEqual({ name: "harvest.md", text: "# Harvest\né" });
    });

    it("can be edited, buttons and all", async ({ scene }) => {
      const ref = await scene.post({ body: [text("Before")], buttons: [{ id: "go", label: "Go" }] });
      await scene.platform.edit(ref, { body: [text("After")], buttons: [{ id: "on", label: "On" }] }, key("post"));
      const seen = await scene.seenBy("ana", "After");
      expect(seen.buttons).toEqual(["On"]);
      expect(await scene.sees("ana", "Before")).toBe(false);
      await scene.platform.edit(ref, { body: [text("Closed")] }, key("post"));
      expect((await scene.seenBy("ana", "Closed")).buttons).toEqual([]);
    });

    it("can be removed, twice to the same effect; edited then, it is gone", async ({ scene }) => {
      const ref = await scene.post({ body: [text("Oops")] });
      await scene.platform.remove(ref);
      expect(await scene.sees("ana", "Oops")).toBe(false);
      await scene.platform.remove(ref);
      expect((await fault(scene.platform.edit(ref, { body: [text("Again")] }, key("post")))).fault).toBe("gone");
    });
  });

  describe("finding what was sent", () => {
    it("by its key, not by another's", async ({ scene }) => {
      const message = { body: [text("Once")], buttons: [{ id: "b", label: "B" }] };
      const ref = await scene.post(message, "once");
      for (const said of [message, undefined]) expect(await scene.found("once", said)).toEqual([ref]);
      expect(await scene.found("other", { body: [text("Else")] })).toEqual([]);
    });

    it("after an edit and a restart, in the channel and in a thread", async ({ scene }) => {
      const { ref, thread } = await scene.promptWithThread();
      const message = { body: [text("In the thread")] };
      const inThread = await scene.platform.post(thread, message, key("reply"));
      const edited = { body: [text("Why are you here, then?")] };
      await scene.platform.edit(ref, edited, key("prompt"));
      await scene.restart();
      expect(await scene.found("prompt", edited)).toEqual([ref]);
      expect(await scene.found("reply", message, thread)).toEqual([inThread]);
    });

    it("all that bear it, oldest first, each with the thread on it", async ({ scene }) => {
      const message = { body: [text("Twice")], buttons: [{ id: "b", label: "B" }] };
      const ref = await scene.post(message, "twice");
      const thread = await scene.platform.openThread(ref, "Twice");
      // A platform that knows our keys makes no second message.
      const second = await scene.post(message, "twice");
      const found = await scene.platform.find(scene.channel, undefined, key("twice"), 0);
      expect(found.map(({ message }) => message)).toEqual([...new Set([ref, second])]);
      expect(found[0]?.thread).toBe(thread);
    });

    it("an ambiguous post that took effect is found, with its one message", async ({ scene }) => {
      scene.world.fails("post", "unknown", true);
      expect((await fault(scene.post({ body: [text("Lost answer")] }, "lost"))).fault).toBe("unknown");
      await scene.world.settle();
      const [ref] = await scene.found("lost", { body: [text("Lost answer")] });
      if (!ref) throw new Error("It was posted but not found.");
      await scene.platform.remove(ref);
      expect(await scene.sees("ana", "Lost answer")).toBe(false);
    });

    it("an ambiguous post without effect is not found", async ({ scene }) => {
      scene.world.fails("post", "unknown");
      expect((await fault(scene.post({ body: [text("Never there")] }, "never"))).fault).toBe("unknown");
      expect(await scene.found("never", { body: [text("Never there")] })).toEqual([]);
      expect(await scene.sees("ana", "Never there")).toBe(false);
    });
  });
}
