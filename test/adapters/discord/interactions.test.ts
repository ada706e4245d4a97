import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { Place, Whisper } from "../../../src/platform.ts";
import { text } from "../../../src/words.ts";
import { PHRASES } from "../../contract/listener.ts";
import { DiscordStage, key, openForm } from "./stage.ts";

const CALLBACK = /^POST \/interactions\/\d+\/[^/]+\/callback$/;

describe("what people do on Discord", () => {
  let stage: DiscordStage;
  let channel: Place;
  beforeEach(async () => {
    stage = await DiscordStage.open();
    channel = await stage.start();
  });
  afterEach(() => stage.close());

  const postButton = () =>
    stage.platform.post(channel, { body: [text("Met?")], buttons: [{ id: "met", label: "We met" }] }, key("met"));
  const opened = async () => {
    const modal = await stage.presses(stage.ana, await stage.platform.post(channel, openForm(), key("form")));
    if (!modal) throw new Error("No form opened.");
    return modal;
  };
  /** Presses the button of the last thing that was whispered to Ana. */
  const pressesWhispered = async () => {
    const whispered = stage.fake.acts.whispers.at(-1);
    const button = whispered?.letter.components[0]?.components[0];
    if (!whispered || !button) throw new Error("Nothing to press was whispered.");
    return await stage.fake.acts.presses(stage.ana, whispered.at, whispered.letter, button.custom_id);
  };

  test("is durable before it is acknowledged", async () => {
    const order: string[] = [];
    let durable = () => {};
    stage.ears.take = () =>
      new Promise((kept) => {
        durable = () => {
          order.push("kept");
          kept();
        };
      });
    const pressing = stage.presses(stage.ana, await postButton()).then(() => order.push("acknowledged"));
    await stage.fake.settle();
    expect(stage.requests(CALLBACK)).toEqual([]);
    durable();
    await pressing;
    expect(order).toEqual(["kept", "acknowledged"]);
  });

  test("promise 39: is acknowledged in time, however many act in one second", async () => {
    const { fake, ana, ben } = stage;
    const ref = await postButton();
    const modal = await opened();
    const acts = [
      () => stage.presses(ben, ref),
      () => fake.acts.submits(modal, new Map([["words", "to listen"]])),
      () => fake.acts.commands(ana, fake.town.channel, { name: "together", options: [{ name: "help", type: 1 }] }),
      () => stage.presses(ben, ref),
    ];
    const took = await Promise.all(
      Array.from({ length: 200 }, async (_, nth) => {
        const acted = performance.now();
        await acts[nth % acts.length]?.();
        return performance.now() - acted;
      }),
    );
    expect(stage.ears.taken).toHaveLength(200);
    expect(stage.logged).toEqual([]);
    const p99 = took.sort((one, other) => one - other)[Math.floor(0.99 * took.length)] ?? 0;
    expect(p99).toBeLessThan(3_000);
    console.info(
      `promise 39: Discord: 200 presses, forms and commands at once, acknowledged p99 ${p99.toFixed(0)} ms, lost 0`,
    );
  });

  test.each(["a press", "a command"])(
    "promise 39: %s is acknowledged before a slow store has it, and not lost",
    async (act) => {
      let durable = (_is: boolean) => {};
      stage.ears.take = () =>
        new Promise((kept, failed) => (durable = (is) => (is ? kept() : failed(new Error("full")))));
      const data = { name: "together", options: [{ name: "quote", type: 1 }] };
      const ref = await postButton();
      for (const is of [true, false]) {
        const before = stage.requests(CALLBACK).length;
        const acting =
          act === "a press"
            ? stage.presses(stage.ana, ref)
            : stage.fake.acts.commands(stage.ana, stage.fake.town.channel, data);
        await stage.fake.settle();
        await stage.clock.advance(1_999);
        expect(stage.requests(CALLBACK)).toHaveLength(before);
        await stage.clock.advance(1);
        await acting;
        expect(stage.requests(CALLBACK)).toHaveLength(before + 1);
        await stage.clock.advance(10_000);
        durable(is);
        await stage.fake.settle();
        // Not a second answer, and a private word only where it was not kept after all.
        expect(stage.whispers(stage.ana)).toEqual(is ? [] : [expect.stringContaining(PHRASES.notKept)]);
      }
      expect(stage.logged.map(({ message }) => message)).toEqual(["Discord: what somebody did was not kept."]);
    },
  );

  test("promise 39: a form that a slow store does not have yet stays open", async () => {
    const modal = await opened();
    let durable = () => {};
    stage.ears.take = () => new Promise<void>((kept) => (durable = kept));
    const before = stage.requests(CALLBACK).length;
    const sending = stage.fake.acts.submits(modal, new Map([["words", "to listen"]]));
    await stage.fake.settle();
    await stage.clock.advance(10_000);
    expect(stage.requests(CALLBACK)).toHaveLength(before);
    durable();
    await sending;
    expect(stage.requests(CALLBACK)).toHaveLength(before + 1);
  });

  test("promise 39: what was not kept is told by DM where it is too late to answer, with the words", async () => {
    const modal = await opened();
    stage.ears.refusals = 1;
    stage.fake.acts.tooLate = true;
    await stage.fake.acts.submits(modal, new Map([["words", "to listen"]]));
    await stage.fake.settle();
    const told = [...stage.fake.town.letters.values()].at(-1);
    expect(stage.fake.town.rooms.get(told?.channel_id ?? "")?.type).toBe(1);
    expect(told?.content).toContain(PHRASES.notKept);
    expect(told?.content).toContain("> to listen");
    const again = told?.components[0]?.components[0]?.custom_id ?? "";
    const dm = stage.fake.town.rooms.get(told?.channel_id ?? "");
    if (!told || !dm) throw new Error("Nothing was told.");
    const reopened = await stage.fake.acts.presses(stage.ana, dm, told, again);
    expect(reopened?.components[0]?.component.value).toBe("to listen");
  });

  test("brings the person's language", async () => {
    await stage.presses(stage.ana, await postButton());
    expect(stage.ears.only("pressed").by.language).toBe("en-GB");
  });

  test("that could not be kept is said privately, and the form opens again with the words", async () => {
    const modal = await opened();
    stage.ears.refusals = 1;
    await stage.fake.acts.submits(
      modal,
      new Map([
        ["words", "to *listen*"],
        ["square", "boat"],
      ]),
    );
    expect(stage.whispers(stage.ana)).toEqual([
      expect.stringMatching(new RegExp(`^${PHRASES.notKept.replaceAll(".", "\\.")}`)),
    ]);
    expect(stage.whispers(stage.ana)[0]).toContain("> to \\*listen\\*");
    const again = await pressesWhispered();
    expect(again?.components[0]?.component.value).toBe("to *listen*");
    expect(again?.components[1]?.component.options?.find((option) => option.default)?.value).toBe("boat");
    if (again) await stage.fake.acts.submits(again, new Map([["words", "to listen"]]));
    const sent = stage.ears.only("submitted");
    expect(sent).toMatchObject({ values: { words: "to listen" }, about: "a1" });
    // Still the message whose button opened it first.
    expect([{ message: sent.message }]).toEqual(await stage.platform.find(channel, openForm(), key("form"), 0));
  });

  test("goes back as a file where it is long", async () => {
    const modal = await opened();
    const words = "word ".repeat(3_000);
    await stage.fake.acts.submits(modal, new Map([["words", words]]));
    const attached = stage.fake.acts.whispers[0]?.letter.attachments[0];
    expect(String(stage.fake.town.files.get(attached?.id ?? ""))).toBe(words);
    expect(stage.ears.taken).toEqual([]);
  });

  test("is refused where the option was never offered", async () => {
    const modal = await opened();
    await stage.fake.acts.submits(
      modal,
      new Map([
        ["words", "w"],
        ["square", "made-up"],
      ]),
    );
    expect(stage.whispers(stage.ana)[0]).toContain(PHRASES.noSuchOption);
    expect(stage.ears.taken).toEqual([]);
  });

  test("is out of date where nobody knows the button or form any more", async () => {
    const modal = await opened();
    await stage.fake.acts.submits({ ...modal, custom_id: "unknown-form||a1" }, new Map());
    const letter = stage.fake.town.letter(stage.fake.town.channel, stage.fake.town.bot, { content: "Foreign" });
    await stage.fake.acts.presses(stage.ana, stage.fake.town.channel, letter, "not one of ours");
    expect(stage.whispers(stage.ana)).toEqual([PHRASES.outOfDate, PHRASES.outOfDate]);
    expect(stage.ears.taken).toEqual([]);
  });

  test("opens an empty form when the prefill takes longer than a second", async () => {
    stage.ears.prefilled = () => new Promise(() => {});
    const ref = await stage.platform.post(channel, openForm(), key("form"));
    const opening = stage.presses(stage.ana, ref);
    await stage.fake.settle();
    await stage.clock.advance(1_000);
    expect((await opening)?.components.map(({ component }) => component.value ?? "")).toEqual(["", "", ""]);
  });

  test("promise 39: is not lost when the acknowledgement comes too late, and is answered by DM", async () => {
    stage.fake.acts.tooLate = true;
    await stage.presses(stage.ana, await postButton());
    await stage.fake.settle();
    expect(stage.ears.only("pressed").button).toBe("met");
    const { whisper } = stage.ears.only("pressed");
    await stage.platform.whisper(whisper, { body: [text("Kept.")] });
    const direct = [...stage.fake.town.rooms.values()].find((room) => room.type === 1);
    expect(stage.fake.town.lettersIn(direct?.id ?? "").map((letter) => letter.content)).toEqual(["Kept."]);
  });

  test("a command is answered where it thinks, then beside it", async () => {
    const data = { name: "together", options: [{ name: "help", type: 1, options: [] }] };
    await stage.fake.acts.commands(stage.ana, stage.fake.town.channel, data);
    expect(stage.fake.acts.waiting).toEqual([stage.ana]);
    const { whisper } = stage.ears.only("commanded");
    await stage.platform.whisper(whisper, { body: [text("One")] });
    await stage.platform.whisper(whisper, { body: [text("Two")] });
    expect(stage.fake.acts.waiting).toEqual([]);
    expect(stage.whispers(stage.ana)).toEqual(["One", "Two"]);
  });

  test("a whisper's address survives a restart, and goes by DM after its 15 minutes", async () => {
    await stage.presses(stage.ana, await postButton());
    const stored: Whisper = JSON.parse(JSON.stringify(stage.ears.only("pressed").whisper));
    expect(stored.expires - stage.clock.now()).toBeLessThanOrEqual(15 * 60_000);
    await stage.platform.stop();
    stage.adapter();
    await stage.start();
    await stage.platform.whisper(stored, { body: [text("Still here")] });
    expect(stage.whispers(stage.ana)).toEqual(["Still here"]);
    stage.fake.acts.expireTokens();
    await stage.platform.whisper(stored, { body: [text("By letter")] });
    expect(stage.whispers(stage.ana)).toEqual(["Still here"]);
    expect([...stage.fake.town.letters.values()].at(-1)).toMatchObject({ content: "By letter" });
  });

  test("options come in the verb's order, whatever order they were filled in", async () => {
    const options = [
      { name: "person", type: 6, value: stage.ben.id },
      { name: "change", type: 3, value: "add" },
    ];
    const data = { name: "together-run", options: [{ name: "facilitator", type: 1, options }] };
    await stage.fake.acts.commands(stage.ana, stage.fake.town.channel, data);
    expect(stage.ears.only("commanded")).toMatchObject({
      line: "facilitator add",
      people: [stage.platform.user(stage.ben.id)],
    });
  });

  test("stop waits for what was heard", async () => {
    let durable = () => {};
    stage.ears.take = () => new Promise<void>((kept) => (durable = kept));
    const pressing = stage.presses(stage.ana, await postButton());
    await stage.fake.settle();
    const stopping = stage.platform.stop();
    durable();
    await Promise.all([pressing, stopping]);
    expect(stage.requests(CALLBACK)).toHaveLength(1);
  });
});
