import { beforeEach, describe, expect, test } from "vitest";
import { Refused } from "../../adapters/room/faults.ts";
import { type Room, room } from "../../adapters/room/room.ts";
import type { RoomMemory } from "../../adapters/room/state.ts";
import { VirtualClock } from "../../src/clock.ts";
import { LIMITS, type Message, type Place, type SendKey } from "../../src/platform.ts";
import { mention, text } from "../../src/words.ts";
import { contract } from "./contract.ts";
import { Listener, PHRASES } from "./listener.ts";
import { arrayMemory, newRoomWorld } from "./room.world.ts";

contract("the room", newRoomWorld);

// The test stands in for the outbox, who brands the keys.
const key = "k".repeat(25) as SendKey;
const said = (words: string): Message => ({ body: [text(words)] });

describe("the room's own", () => {
  let memory: { -readonly [name in keyof RoomMemory]: RoomMemory[name] };
  let clock: VirtualClock;
  let hall: Room;
  let ears: Listener;
  let channel: Place;
  let served: Map<string, (request: Request) => Promise<Response>>;
  /** A save that fails, having landed or not. */
  const failing = (landed: boolean): RoomMemory["save"] => {
    const { save } = memory;
    return async (changes) => {
      memory.save = save;
      if (landed) await save(changes);
      throw new Error("The disk is full.");
    };
  };
  const opened = async () => {
    served = new Map();
    const log = { debug() {}, info() {}, warn() {}, error() {} };
    const mount = (path: string, handler: (request: Request) => Promise<Response>) => void served.set(path, handler);
    hall = room({ channel: "hall", memory }, { clock, log, phrases: PHRASES, mount });
    ears = new Listener();
    await hall.start(ears);
    channel = await hall.channel("hall");
  };
  const refusal = (doing: Promise<unknown>): Promise<Refused> =>
    doing.then(
      () => Promise.reject(new Error("It was allowed.")),
      (error: unknown) => (error instanceof Refused ? error : Promise.reject(error)),
    );
  const threaded = async () => {
    const ref = await hall.post(channel, said("Why?"), key);
    return hall.openThread(ref, "Why?");
  };
  const withForm = async () => {
    const buttons = [{ id: "open", label: "Open", opens: { form: "short", about: "a" } }];
    return hall.post(channel, { body: [text("A form")], buttons }, key);
  };

  beforeEach(async () => {
    memory = { ...arrayMemory() };
    clock = new VirtualClock(Date.UTC(2026, 10, 24, 9));
    await opened();
  });

  test("six people and a facilitator stand ready, and Together among them", async () => {
    const { people } = await hall.views.of("ana");
    expect(people.map((person) => person.name)).toEqual(["Maggie", "Ana", "Ben", "Cleo", "Dev", "Efua", "Finn"]);
    expect(people.filter((person) => person.mayRunWorkshop).map((person) => person.name)).toEqual(["Maggie"]);
    const kinds = await Promise.all((await hall.members(channel)).map(async (id) => (await hall.person(id)).kind));
    expect(kinds.filter((kind) => kind === "bot")).toHaveLength(1);
  });

  describe("memory", () => {
    test("a save that failed after landing is unknown, and found", async () => {
      memory.save = failing(true);
      await expect(hall.post(channel, said("landed"), key)).rejects.toMatchObject({ fault: "unknown" });
      expect(await hall.find(channel, said("landed"), key, 0)).toBeDefined();
    });

    test("a save that failed before landing is unknown, and not found", async () => {
      memory.save = failing(false);
      await expect(hall.post(channel, said("lost"), key)).rejects.toMatchObject({ fault: "unknown" });
      expect(await hall.find(channel, said("lost"), key, 0)).toBeUndefined();
      expect((await hall.views.of("ana")).messages).toEqual([]);
    });

    test("a memory that cannot be read is unknown, and read again", async () => {
      memory.save = failing(false);
      await hall.post(channel, said("lost"), key).catch(() => {});
      const { load } = memory;
      memory.load = () => Promise.reject(new Error("The disk is gone."));
      await expect(hall.members(channel)).rejects.toMatchObject({ fault: "unknown" });
      memory.load = load;
      expect(await hall.members(channel)).toHaveLength(8);
    });

    test("no id is given twice, whatever was erased before a restart", async () => {
      const first = await hall.post(channel, said("one"), key);
      await hall.remove(first);
      await opened();
      expect(await hall.post(channel, said("two"), key)).not.toBe(first);
    });

    test("words taken but not yet shown when we crashed are told again and shown", async () => {
      const thread = await threaded();
      const { save } = memory;
      let saves = 0;
      memory.save = (changes) => (++saves === 1 ? save(changes) : Promise.reject(new Error("Killed.")));
      expect((await refusal(hall.doings.says("ana", thread, "almost lost"))).message).toBe(PHRASES.notKept);
      const before = ears.only("replied");
      memory.save = save;
      await opened();
      expect(ears.only("replied")).toEqual(before);
      expect((await hall.views.of("ben")).messages.at(-1)?.body).toEqual([{ kind: "text", text: "almost lost" }]);
      await opened();
      expect(ears.taken).toEqual([]);
    });

    test("words that the core did not take are not shown, and their author is told", async () => {
      const thread = await threaded();
      ears.refusals = 1;
      expect((await refusal(hall.doings.says("ana", thread, "not kept"))).message).toBe(PHRASES.notKept);
      expect((await hall.views.of("ana")).messages).toHaveLength(1);
      await opened();
      expect(ears.taken).toEqual([]);
    });
  });

  describe("doors", () => {
    test("a private room is closed to others, to read and to write", async () => {
      const [ana, ben] = [hall.user("ana"), hall.user("ben")];
      const place = await hall.openRoom(channel, [ana, ben], "Two");
      const ref = await hall.post(place, { body: [text("You two")], buttons: [{ id: "b", label: "B" }] }, key);
      const { places, messages } = await hall.views.of("cleo");
      expect([places.length, messages.length]).toEqual([1, 0]);
      expect((await refusal(hall.doings.says("cleo", place, "hello"))).status).toBe(403);
      expect((await refusal(hall.doings.presses("cleo", ref, "b"))).status).toBe(409);
      expect((await refusal(hall.doings.types("cleo", place, "/together help"))).status).toBe(403);
      expect(ears.taken).toEqual([]);
    });

    test("nobody acts as Together, as somebody unknown, or on somebody else's words", async () => {
      const thread = await threaded();
      for (const who of ["*", "nobody", "", "__proto__"]) {
        expect((await refusal(hall.doings.says(who, thread, "hello"))).status).toBe(404);
      }
      const words = await hall.doings.says("ana", thread, "mine");
      expect((await refusal(hall.doings.edits("ben", words, "his"))).status).toBe(403);
      expect((await refusal(hall.doings.retracts("ben", words))).status).toBe(403);
    });

    test("another room's refs open nothing here", async () => {
      await expect(hall.post("room/other/place/channel" as Place, said("?"), key)).rejects.toMatchObject({
        fault: "gone",
      });
      await expect(hall.person(hall.user("nobody"))).rejects.toMatchObject({ fault: "gone" });
    });

    test("names that cannot be shown, and names that are taken, do not come in", async () => {
      for (const name of ["", " ", "🌱", "a\u202Eb", "<b>", "x".repeat(41), "*"]) {
        expect((await refusal(hall.doings.joins(name))).status).toBe(400);
      }
      expect((await refusal(hall.doings.joins("ANA"))).message).toBe("Ana is here already.");
      expect(await hall.doings.joins("Zoë O’Neill")).toBe("zoë-o-neill");
      expect(ears.heard("joined")).toHaveLength(1);
    });
  });

  describe("forms", () => {
    test("an option that was not offered is refused", async () => {
      const form = await hall.doings.presses("ana", await withForm(), "open");
      if (!form) throw new Error("No form opened.");
      const values = { words: "w", square: "dragon", who: "room/hall/user/nobody", extra: "x" };
      const errors = await hall.doings.submits("ana", { ...form, values });
      expect(errors).toEqual({ square: PHRASES.noSuchOption, who: PHRASES.noSuchOption });
      expect(ears.taken).toEqual([]);
    });

    test("a prefill that takes longer than a second opens an empty form", async () => {
      const ref = await withForm();
      ears.prefilled = () => new Promise(() => {});
      const opening = hall.doings.presses("ana", ref, "open");
      await clock.advance(1_000);
      expect((await opening)?.fields.map((field) => field.value)).toEqual(["", "", ""]);
    });

    test("a button that is gone, and a form we do not know, are out of date", async () => {
      const ref = await withForm();
      await hall.edit(ref, said("Closed"), key);
      expect((await refusal(hall.doings.presses("ana", ref, "open"))).message).toBe(PHRASES.outOfDate);
      const sent = { form: "none", about: "a", place: channel, values: {} };
      expect((await refusal(hall.doings.submits("ana", sent))).message).toBe(PHRASES.outOfDate);
    });
  });

  test("a whisper's address closes after a quarter of an hour, and with a restart", async () => {
    await hall.doings.types("ana", channel, "/together help");
    const { whisper } = ears.only("commanded");
    await clock.advance(whisper.expires - clock.now());
    await expect(hall.whisper(whisper, said("late"))).rejects.toMatchObject({ fault: "gone" });
    await hall.doings.types("ben", channel, "/together help");
    const another = ears.heard("commanded")[1]?.whisper ?? whisper;
    await opened();
    await expect(hall.whisper(another, said("lost"))).rejects.toMatchObject({ fault: "gone" });
  });

  test("what no platform would take is our mistake, found here first", async () => {
    const label = "x".repeat(LIMITS.buttonLabel + 1);
    const button = (id: string) => ({ id, label: "ok" });
    const bad: Message[] = [
      said("x".repeat(LIMITS.text + 1)),
      { body: [], buttons: Array.from({ length: LIMITS.buttons + 1 }, (_, id) => button(`b${id}`)) },
      { body: [], buttons: [{ id: "b", label }] },
      { body: [], buttons: [button("two words")] },
      { body: [], buttons: [button("same"), button("same")] },
      { body: [], buttons: [{ ...button("f"), opens: { form: "short", about: "x".repeat(LIMITS.about + 1) } }] },
    ];
    for (const message of bad) {
      await expect(hall.post(channel, message, key)).rejects.toMatchObject({ fault: "invalid" });
    }
  });

  describe("over HTTP", () => {
    const ask = async (body: unknown) => {
      const handler = served.get("/room/do");
      const request = new Request("http://localhost/room/do", { method: "POST", body: JSON.stringify(body) });
      const response = await handler?.(request);
      // What the handler answered; the test looks at each field it needs.
      return { status: response?.status, ...((await response?.json()) as Record<string, unknown>) };
    };

    test("does what it is asked, and says why not", async () => {
      const thread = await threaded();
      expect(await ask({ do: "say", as: "ana", place: thread, text: "hello" })).toMatchObject({
        status: 200,
        ok: true,
      });
      expect(ears.only("replied").text).toBe("hello");
      for (const [body, status] of [
        [{ do: "dance", as: "ana" }, 400],
        [{ do: "say", as: "ana", place: thread, text: " " }, 400],
        [{ do: "say", as: "ana", place: thread }, 400],
        [{ do: "say", as: 7, place: thread, text: "x" }, 400],
        [{ do: "submit", as: "ana", form: "short", about: "a", place: thread, values: { words: ["x"] } }, 400],
        [["do", "say"], 400],
        ["say", 400],
        [null, 400],
        [{ do: "command", as: "ana", place: channel, text: "/dance" }, 404],
      ] as const) {
        expect(await ask(body)).toMatchObject({ status, ok: false, why: expect.stringMatching(/\w/) });
      }
    });

    test("streams everything first, then each change, to whom it concerns", async () => {
      await hall.post(channel, { body: [mention(hall.user("ana")), text(" look")] }, key);
      const response = await served.get("/room/stream")?.(new Request("http://localhost/room/stream?as=ana"));
      const reader = response?.body?.pipeThrough(new TextDecoderStream()).getReader();
      const everything = (await reader?.read())?.value ?? "";
      expect(everything).toMatch(/^event: everything\ndata: \{"me":"ana".*"name":"Ana","me":true.*\n\n$/);
      const theirs = await hall.openRoom(channel, [hall.user("ben"), hall.user("cleo")], "Two");
      await hall.post(theirs, said("not for Ana"), key);
      await hall.post(channel, said("for\nall"), key);
      const sight = (await reader?.read())?.value ?? "";
      expect(sight).toMatch(/^event: sight\ndata: \{"kind":"message".*for\\nall.*\n\n$/);
      await clock.advance(25_000);
      expect((await reader?.read())?.value).toMatch(/^event: beat\n/);
      await reader?.cancel();
      await hall.post(channel, said("nobody listens"), key);
      await clock.advance(60_000);
    });

    test("cuts off whoever reads too slowly, and a stream that cannot begin", async () => {
      const slow = await served.get("/room/stream")?.(new Request("http://localhost/room/stream?as=ana"));
      await clock.settle();
      for (let n = 0; n < 1_100; n++) await hall.post(channel, said(`${n}`), key);
      const all = (await slow?.text()) ?? "";
      expect(all.match(/^event: everything$/gm)).toHaveLength(1);
      expect(all.match(/^event: sight$/gm)?.length).toBeLessThan(1_100);
      memory.save = failing(false);
      await hall.post(channel, said("lost"), key).catch(() => {});
      memory.load = () => Promise.reject(new Error("The disk is gone."));
      const cut = await served.get("/room/stream")?.(new Request("http://localhost/room/stream?as=ana"));
      await expect(cut?.text()).rejects.toThrow();
    });
  });
});
