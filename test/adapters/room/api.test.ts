import { beforeEach, describe, expect, test } from "vitest";
import { mention, text } from "../../../src/words.ts";
import { KEY, OpenedRoom, said } from "./opened.ts";

describe("the room over HTTP", () => {
  let room: OpenedRoom;
  beforeEach(async () => {
    room = await OpenedRoom.open();
  });

  const ask = async (body: unknown) => {
    const handler = room.served.get("/room/do");
    const request = new Request("http://localhost/room/do", { method: "POST", body: JSON.stringify(body) });
    const response = await handler?.(request);
    // What the handler answered; the test looks at each field it needs.
    return { status: response?.status, ...((await response?.json()) as Record<string, unknown>) };
  };

  test("does what it is asked, and says why not", async () => {
    const thread = await room.thread();
    expect(await ask({ do: "say", as: "ana", place: thread, text: "hello" })).toMatchObject({
      status: 200,
      ok: true,
    });
    expect(room.ears.only("replied").text).toBe("hello");
    for (const [body, status] of [
      [{ do: "dance", as: "ana" }, 400],
      [{ do: "say", as: "ana", place: thread, text: " " }, 400],
      [{ do: "say", as: "ana", place: thread }, 400],
      [{ do: "say", as: 7, place: thread, text: "x" }, 400],
      [{ do: "submit", as: "ana", form: "short", about: "a", place: thread, values: { words: ["x"] } }, 400],
      [["do", "say"], 400],
      ["say", 400],
      [null, 400],
      [{ do: "command", as: "ana", place: room.channel, text: "/dance" }, 404],
    ] as const) {
      expect(await ask(body)).toMatchObject({ status, ok: false, why: expect.stringMatching(/\w/) });
    }
  });

  test("streams everything first, then each change, to whom it concerns", async () => {
    await room.post({ body: [mention(room.hall.user("ana")), text(" look")] });
    const response = await room.served.get("/room/stream")?.(new Request("http://localhost/room/stream?as=ana"));
    const reader = response?.body?.pipeThrough(new TextDecoderStream()).getReader();
    const everything = (await reader?.read())?.value ?? "";
    expect(everything).toMatch(/^event: everything\ndata: \{"me":"ana".*"name":"Ana","me":true.*\n\n$/);
    const theirs = await room.hall.openRoom(room.channel, [room.hall.user("ben"), room.hall.user("cleo")], "Two");
    await room.hall.post(theirs, said("not for Ana"), KEY);
    await room.post(said("for\nall"));
    const sight = (await reader?.read())?.value ?? "";
    expect(sight).toMatch(/^event: sight\ndata: \{"kind":"message".*for\\nall.*\n\n$/);
    await room.clock.advance(25_000);
    expect((await reader?.read())?.value).toMatch(/^event: beat\n/);
    await reader?.cancel();
    await room.post(said("nobody listens"));
    await room.clock.advance(60_000);
  });

  test("cuts off whoever reads too slowly, and a stream that cannot begin", async () => {
    const slow = await room.served.get("/room/stream")?.(new Request("http://localhost/room/stream?as=ana"));
    await room.clock.settle();
    for (let n = 0; n < 1_100; n++) await room.post(said(`${n}`));
    const all = (await slow?.text()) ?? "";
    expect(all.match(/^event: everything$/gm)).toHaveLength(1);
    expect(all.match(/^event: sight$/gm)?.length).toBeLessThan(1_100);
    room.failNextSave(false);
    await room.post(said("lost")).catch(() => {});
    room.memory.load = () => Promise.reject(new Error("The disk is gone."));
    const cut = await room.served.get("/room/stream")?.(new Request("http://localhost/room/stream?as=ana"));
    await expect(cut?.text()).rejects.toThrow();
  });
});
