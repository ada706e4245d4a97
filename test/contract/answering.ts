/** Buttons, whispers and forms. */
import { describe, expect } from "vitest";
import { LIMITS } from "../../src/platform.ts";
import { text } from "../../src/words.ts";
import { PHRASES } from "./listener.ts";
import { eye, HOSTILE, type It, key } from "./scene.ts";

export function answering(it: It): void {
  describe("buttons and whispers", () => {
    it("a press carries the button, the message and the person", async ({ scene }) => {
      const ref = await scene.post({ body: [text("Met?")], buttons: [{ id: "met:42", label: "We met" }] });
      await scene.world.presses("cleo", (await scene.seenBy("cleo", "Met?")).handle, "We met");
      expect(scene.ears.only("pressed")).toMatchObject({
        button: "met:42",
        message: ref,
        place: scene.channel,
        by: { id: scene.user("cleo") },
      });
    });

    it("a press in a thread carries the thread", async ({ scene }) => {
      const { thread } = await scene.promptWithThread();
      const ref = await scene.platform.post(
        thread,
        { body: [text("Kept?")], buttons: [{ id: "k", label: "Keep" }] },
        key("k"),
      );
      await scene.world.presses("ana", (await scene.seenBy("ana", "Kept?")).handle, "Keep");
      expect(scene.ears.only("pressed")).toMatchObject({ message: ref, place: thread });
    });

    it("a whisper is seen by the person who acted and by nobody else", async ({ scene }) => {
      await scene.post({ body: [text("Show?")], buttons: [{ id: "mine", label: "Show me mine" }] });
      await scene.world.presses("ana", (await scene.seenBy("ana", "Show?")).handle, "Show me mine");
      await scene.platform.whisper(scene.ears.only("pressed").whisper, {
        body: [text("Only for Ana "), text(HOSTILE)],
      });
      await scene.world.settle();
      expect(await scene.privately("ana", "Only for Ana")).toBe(true);
      expect(eye((await scene.seenBy("ana", "Only for Ana")).text)).toBe(`Only for Ana ${HOSTILE}`);
      expect(await scene.sees("ben", "Only for Ana")).toBe(false);
    });

    it("a whisper's own buttons can be pressed, and open forms", async ({ scene }) => {
      await scene.world.commands("ana", "together", "help");
      const { whisper } = scene.ears.only("commanded");
      const buttons = [
        { id: "change", label: "Write it here", opens: { form: "short", about: "w9" } },
        { id: "back", label: "Take back" },
      ];
      await scene.platform.whisper(whisper, { body: [text("Kept.")], buttons });
      await scene.world.settle();
      const { handle } = await scene.seenBy("ana", "Kept.");
      await scene.world.presses("ana", handle, "Take back");
      expect(scene.ears.only("pressed")).toMatchObject({ button: "back", by: { id: scene.user("ana") } });
      await scene.world.submits("ana", await scene.opened("ana", handle), { words: "changed" });
      expect(scene.ears.only("submitted")).toMatchObject({ form: "short", about: "w9", values: { words: "changed" } });
    });
  });

  describe("forms", () => {
    it("open with what is known, and bring back every answer with their about", async ({ scene }) => {
      scene.ears.prefilled = async () => ({ values: { words: "so far", square: "boat" } });
      const about = "Aa0-".repeat(LIMITS.about / 4);
      const form = await scene.opened("ana", await scene.withForm("short", about));
      expect(scene.ears.asked).toEqual([{ form: "short", about, person: scene.user("ana") }]);
      expect(form.title).toBe("A minute");
      expect(form.fields.map((field) => [field.id, field.label, field.value])).toEqual([
        ["words", "I'm here because", "so far"],
        ["square", "Square", "Built a boat"],
        ["who", "Who", ""],
      ]);
      const said = await scene.world.submits("ana", form, { words: "to *listen*", square: "Has a twin", who: "ben" });
      expect(said.errors).toBeUndefined();
      expect(scene.ears.only("submitted")).toMatchObject({ form: "short", about, by: { id: scene.user("ana") } });
      expect(scene.ears.only("submitted").values).toEqual({
        words: "to *listen*",
        square: "twin",
        who: scene.user("ben"),
      });
      expect(scene.ears.heard("pressed")).toEqual([]);
    });

    it("leave out what was left open, and tell the message they came from", async ({ scene }) => {
      const form = await scene.opened("ben", await scene.withForm("short"));
      await scene.world.submits("ben", form, { words: "short and plain" });
      const sent = scene.ears.only("submitted");
      expect(sent.values).toEqual({ words: "short and plain" });
      expect([sent.message]).toEqual(await scene.found("post", undefined));
    });

    it("can be answered privately afterwards", async ({ scene }) => {
      await scene.world.submits("ben", await scene.opened("ben", await scene.withForm("short")), { words: "mine" });
      await scene.platform.whisper(scene.ears.only("submitted").whisper, { body: [text("It stands with your name.")] });
      await scene.world.settle();
      expect(await scene.privately("ben", "It stands with your name.")).toBe(true);
      expect(await scene.sees("ana", "It stands with your name.")).toBe(false);
    });

    it("may offer options that depend on the moment", async ({ scene }) => {
      scene.ears.prefilled = async () => ({ options: { square: [{ id: "kite", label: "Flew a kite" }] } });
      const form = await scene.opened("ana", await scene.withForm("short"));
      expect(form.fields.find((field) => field.id === "square")?.options).toEqual(["Flew a kite"]);
      await scene.world.submits("ana", form, { words: "w", square: "Flew a kite" });
      expect(scene.ears.only("submitted").values["square"]).toBe("kite");
    });

    it("take everything at its limits", async ({ scene }) => {
      const form = await scene.opened("ana", await scene.withForm("full"));
      expect(form.fields).toHaveLength(LIMITS.fields);
      expect(form.fields[3]?.options).toHaveLength(LIMITS.options);
      const answer = "ä\n".repeat(LIMITS.answer / 2);
      const option = form.fields[3]?.options[24] ?? "";
      const errors = await scene.world.submits("ana", form, { a: answer, b: answer, c: answer, d: option, e: "cleo" });
      expect(errors.errors).toBeUndefined();
      const { values } = scene.ears.only("submitted");
      // Platforms may trim the ends of what was typed, never more.
      expect(values["a"]?.trim()).toBe(answer.trim());
      expect([values["d"], values["e"]]).toEqual(["o24", scene.user("cleo")]);
    });

    it.for([
      ["blank", "  \n ", PHRASES.required],
      ["too long", "x".repeat(41), PHRASES.tooLong(40)],
    ] as const)(
      "refuse a %s answer themselves: nothing taken, the person told",
      async ([_what, words, phrase], { scene }) => {
        const form = await scene.opened("ana", await scene.withForm("short"));
        const { errors } = await scene.world.submits("ana", form, { words });
        await scene.world.settle();
        expect(scene.ears.taken).toEqual([]);
        expect(errors?.["words"] === phrase || (await scene.privately("ana", phrase))).toBe(true);
      },
    );

    it("open empty when their prefill fails", async ({ scene }) => {
      scene.ears.prefilled = async () => {
        throw new Error("The store is locked.");
      };
      const form = await scene.opened("ana", await scene.withForm("short"));
      expect(form.fields.map((field) => field.value)).toEqual(["", "", ""]);
    });

    it("open after a restart from a message posted before it", async ({ scene }) => {
      const handle = await scene.withForm("short", "old");
      await scene.restart();
      await scene.world.submits("ana", await scene.opened("ana", handle), { words: "still here" });
      expect(scene.ears.only("submitted")).toMatchObject({ about: "old", values: { words: "still here" } });
    });
  });
}
