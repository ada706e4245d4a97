/** What goes wrong, and as what the core is told of it. */
import { describe, expect } from "vitest";
import type { Message, MessageRef } from "../../src/platform.ts";
import { text } from "../../src/words.ts";
import { fault, type It, key } from "./scene.ts";

export function failing(it: It): void {
  describe("faults", () => {
    const message: Message = { body: [text("Try")] };

    it("busy says how long to wait, and nothing happened", async ({ scene }) => {
      scene.world.fails("post", "busy");
      const error = await fault(scene.post(message));
      expect([error.fault, error.retryAfterMs > 0]).toEqual(["busy", true]);
      expect(await scene.sees("ana", "Try")).toBe(false);
      await scene.post(message);
      expect(await scene.sees("ana", "Try")).toBe(true);
    });

    it("denied tells the operator what to do", async ({ scene }) => {
      scene.world.fails("post", "denied");
      const error = await fault(scene.post(message));
      expect(error.fault).toBe("denied");
      expect(error.message).toMatch(/\w+ \w+ \w+/);
    });

    it.for(["post", "edit", "openThread", "openRoom"] as const)("gone is told by %s", async (call, { scene }) => {
      const ref = await scene.prompt();
      scene.world.fails(call, "gone");
      const calls = {
        post: () => scene.post(message, "second"),
        edit: () => scene.platform.edit(ref, message, key("prompt")),
        openThread: () => scene.platform.openThread(ref, "Title"),
        openRoom: () => scene.platform.openRoom(scene.channel, [scene.user("ana"), scene.user("ben")], "Two"),
      };
      expect((await fault(calls[call]())).fault).toBe("gone");
    });

    it("an unknown channel is gone or not ours", async ({ scene }) => {
      expect(["gone", "denied"]).toContain((await fault(scene.platform.channel("no-such-channel"))).fault);
      // Its own place, handed back, is the channel still: that is how the core asks whether it is let in.
      expect(await scene.platform.channel(scene.channel)).toBe(scene.channel);
    });

    it("nobody's words but our own can be removed", async ({ scene }) => {
      const { handle } = await scene.promptWithThread();
      await scene.world.says("ana", handle, "mine to keep");
      await scene.world.settle();
      const ref: MessageRef = scene.ears.only("replied").message;
      await fault(scene.platform.remove(ref));
      expect(await scene.sees("ben", "mine to keep")).toBe(true);
    });

    it("what a platform cannot do is unsupported", async ({ scene }) => {
      const calls = [
        [scene.platform.can.history, () => scene.platform.history(scene.channel)],
        [scene.platform.can.members, () => scene.platform.members(scene.channel)],
        [scene.platform.can.privatePlaces, () => scene.platform.privatePlace(scene.user("ana"))],
      ] as const;
      for (const [can, call] of calls) {
        if (can) await call();
        else expect((await fault(call())).fault).toBe("unsupported");
      }
    });
  });
}
