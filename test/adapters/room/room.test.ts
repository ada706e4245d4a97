import { beforeEach, describe, expect, test } from "vitest";
import { LIMITS, type Message, type Place } from "../../../src/platform.ts";
import { text } from "../../../src/words.ts";
import { PHRASES } from "../../contract/listener.ts";
import { KEY, OpenedRoom, refusal, said } from "./opened.ts";

describe("the room's own", () => {
  let room: OpenedRoom;
  beforeEach(async () => {
    room = await OpenedRoom.open();
  });

  test("six people and a facilitator stand ready, and Together among them", async () => {
    const { people } = await room.hall.views.of("ana");
    expect(people.map((person) => person.name)).toEqual(["Maggie", "Ana", "Ben", "Cleo", "Dev", "Efua", "Finn"]);
    expect(people.filter((person) => person.mayRunWorkshop).map((person) => person.name)).toEqual(["Maggie"]);
    const kinds = await Promise.all(
      (await room.hall.members(room.channel)).map(async (id) => (await room.hall.person(id)).kind),
    );
    expect(kinds.filter((kind) => kind === "bot")).toHaveLength(1);
  });

  describe("memory", () => {
    test("a save that failed after landing is unknown, and found", async () => {
      room.failNextSave(true);
      await expect(room.post(said("landed"))).rejects.toMatchObject({ fault: "unknown" });
      expect(await room.hall.find(room.channel, said("landed"), KEY, 0)).toHaveLength(1);
    });

    test("a save that failed before landing is unknown, and not found", async () => {
      room.failNextSave(false);
      await expect(room.post(said("lost"))).rejects.toMatchObject({ fault: "unknown" });
      expect(await room.hall.find(room.channel, said("lost"), KEY, 0)).toEqual([]);
      expect((await room.hall.views.of("ana")).messages).toEqual([]);
    });

    test("a memory that cannot be read is unknown, and read again", async () => {
      room.failNextSave(false);
      await room.post(said("lost")).catch(() => {});
      const { load } = room.memory;
      room.memory.load = () => Promise.reject(new Error("The disk is gone."));
      await expect(room.hall.members(room.channel)).rejects.toMatchObject({ fault: "unknown" });
      room.memory.load = load;
      expect(await room.hall.members(room.channel)).toHaveLength(8);
    });

    test("no id is given twice, whatever was erased before a restart", async () => {
      const first = await room.post(said("one"));
      await room.hall.remove(first);
      await room.again();
      expect(await room.post(said("two"))).not.toBe(first);
    });

    test("no event has the id of one before a restart, or it would pass for heard", async () => {
      const message = await room.hall.doings.says("ana", await room.thread(), "one");
      const before = room.ears.only("replied").event;
      await room.again();
      await room.hall.doings.retracts("ana", message);
      expect(room.ears.only("retracted").event).not.toBe(before);
    });

    test("words taken but not yet shown when we crashed are told again and shown", async () => {
      const thread = await room.thread();
      const { save } = room.memory;
      let saves = 0;
      room.memory.save = (changes) => (++saves === 1 ? save(changes) : Promise.reject(new Error("Killed.")));
      expect((await refusal(room.hall.doings.says("ana", thread, "almost lost"))).message).toBe(PHRASES.notKept);
      const before = room.ears.only("replied");
      room.memory.save = save;
      await room.again();
      expect(room.ears.only("replied")).toEqual(before);
      expect((await room.hall.views.of("ben")).messages.at(-1)?.body).toEqual([{ kind: "text", text: "almost lost" }]);
      await room.again();
      expect(room.ears.taken).toEqual([]);
    });

    test("words that the core did not take are not shown, and their author is told", async () => {
      const thread = await room.thread();
      room.ears.refusals = 1;
      expect((await refusal(room.hall.doings.says("ana", thread, "not kept"))).message).toBe(PHRASES.notKept);
      expect((await room.hall.views.of("ana")).messages).toHaveLength(1);
      await room.again();
      expect(room.ears.taken).toEqual([]);
    });
  });

  describe("doors", () => {
    test("a private room is closed to others, to read and to write", async () => {
      const [ana, ben] = [room.hall.user("ana"), room.hall.user("ben")];
      const place = await room.hall.openRoom(room.channel, [ana, ben], "Two");
      const ref = await room.hall.post(place, { body: [text("You two")], buttons: [{ id: "b", label: "B" }] }, KEY);
      const { places, messages } = await room.hall.views.of("cleo");
      expect([places.length, messages.length]).toEqual([1, 0]);
      expect((await refusal(room.hall.doings.says("cleo", place, "hello"))).status).toBe(403);
      expect((await refusal(room.hall.doings.presses("cleo", ref, "b"))).status).toBe(409);
      expect((await refusal(room.hall.doings.types("cleo", place, "/together help"))).status).toBe(403);
      expect(room.ears.taken).toEqual([]);
    });

    test("nobody acts as Together, as somebody unknown, or on somebody else's words", async () => {
      const thread = await room.thread();
      for (const who of ["*", "nobody", "", "__proto__"]) {
        expect((await refusal(room.hall.doings.says(who, thread, "hello"))).status).toBe(404);
      }
      const words = await room.hall.doings.says("ana", thread, "mine");
      expect((await refusal(room.hall.doings.edits("ben", words, "his"))).status).toBe(403);
      expect((await refusal(room.hall.doings.retracts("ben", words))).status).toBe(403);
    });

    test("another room's refs open nothing here", async () => {
      await expect(room.hall.post("room/other/place/channel" as Place, said("?"), KEY)).rejects.toMatchObject({
        fault: "gone",
      });
      await expect(room.hall.person(room.hall.user("nobody"))).rejects.toMatchObject({ fault: "gone" });
    });

    test("names that cannot be shown, and names that are taken, do not come in", async () => {
      for (const name of ["", " ", "🌱", "a\u202Eb", "<b>", "x".repeat(41), "*"]) {
        expect((await refusal(room.hall.doings.joins(name))).status).toBe(400);
      }
      expect((await refusal(room.hall.doings.joins("ANA"))).message).toBe("Ana is here already.");
      expect(await room.hall.doings.joins("Zoë O’Neill")).toBe("zoë-o-neill");
      expect(room.ears.heard("joined")).toHaveLength(1);
    });
  });

  describe("forms", () => {
    test("an option that was not offered is refused", async () => {
      const form = await room.hall.doings.presses("ana", await room.withForm(), "open");
      if (!form) throw new Error("No form opened.");
      const values = { words: "w", square: "dragon", who: "room/hall/user/nobody", extra: "x" };
      const errors = await room.hall.doings.submits("ana", { ...form, values });
      expect(errors).toEqual({ square: PHRASES.noSuchOption, who: PHRASES.noSuchOption });
      expect(room.ears.taken).toEqual([]);
    });

    test("a prefill that takes longer than a second opens an empty form", async () => {
      const ref = await room.withForm();
      room.ears.prefilled = () => new Promise(() => {});
      const opening = room.hall.doings.presses("ana", ref, "open");
      await room.clock.advance(1_000);
      expect((await opening)?.fields.map((field) => field.value)).toEqual(["", "", ""]);
    });

    test("a button that is gone, and a form we do not know, are out of date", async () => {
      const ref = await room.withForm();
      await room.hall.edit(ref, said("Closed"), KEY);
      expect((await refusal(room.hall.doings.presses("ana", ref, "open"))).message).toBe(PHRASES.outOfDate);
      const sent = { form: "none", about: "a", place: room.channel, values: {} };
      expect((await refusal(room.hall.doings.submits("ana", sent))).message).toBe(PHRASES.outOfDate);
    });
  });

  test("a whisper's address closes after a quarter of an hour, and with a restart", async () => {
    await room.hall.doings.types("ana", room.channel, "/together help");
    const { whisper } = room.ears.only("commanded");
    await room.clock.advance(whisper.expires - room.clock.now());
    await expect(room.hall.whisper(whisper, said("late"))).rejects.toMatchObject({ fault: "gone" });
    await room.hall.doings.types("ben", room.channel, "/together help");
    const another = room.ears.heard("commanded")[1]?.whisper ?? whisper;
    await room.again();
    await expect(room.hall.whisper(another, said("lost"))).rejects.toMatchObject({ fault: "gone" });
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
      await expect(room.post(message)).rejects.toMatchObject({ fault: "invalid" });
    }
  });
});
