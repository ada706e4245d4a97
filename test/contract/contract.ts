/**
 * What every adapter must do, told in the workshop's words. One suite; a fresh world for every test; only the wire
 * is faked. An adapter's test file calls `contract(name, newWorld)` and may add tests of its own beside it.
 */
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { Message, MessageRef, Place, Platform, SendKey, UserId } from "../../src/platform.ts";
import { LIMITS, PlatformError } from "../../src/platform.ts";
import { bold, italic, link, mention, newline, quote, text, textLength, time } from "../../src/words.ts";
import { Listener, PHRASES } from "./listener.ts";
import type { NewWorld, Seen, Who, World } from "./world.ts";

// A send key as the outbox makes them; the port's strings are branded, the test stands in for the outbox.
const key = (name: string) => name.padEnd(25, "2") as SendKey;

/** What looks like a mention, a link or markup on some platform, when a person or the content types it. */
const HOSTILE = [
  "@everyone @here <!channel> <!here> <@U1> <@123> <@&5> <#C1> <!subteam^S1>",
  "*bold* _it_ ~no~ `code` ```fence``` **b** __u__ ||spoiler|| # head - list 1. list",
  "[masked](https://evil.example) <https://evil.example|bank> &lt;b&gt; <img src=x onerror=alert(1)>",
  "\\ \\* > quote :smile: \u202Ertl {{7*7}} $(x) =SUM(A1)",
].join("\n");

/** Zero-width characters that a renderer may put in to keep words inert. */
const eye = (seen: string) => seen.replaceAll(/[\u200B\u200C\u2060\uFEFF]/g, "");

export function contract(name: string, newWorld: NewWorld): void {
  describe(`${name} keeps the contract`, () => {
    let world: World;
    let platform: Platform;
    let ears: Listener;
    let channel: Place;

    beforeEach(async () => {
      world = await newWorld();
      platform = world.adapter();
      ears = new Listener();
      await platform.start(ears);
      channel = await platform.channel(world.channelName);
    });
    afterEach(async () => {
      await platform.stop();
      await world.stop();
    });

    const user = (who: Who): UserId => platform.user(world.idOf(who));
    const post = (message: Message, sendKey = "post") => platform.post(channel, message, key(sendKey));
    const prompt = (sendKey = "prompt") => post({ body: [text(`Why are you here? (${sendKey})`)] }, sendKey);

    const seenBy = async (who: Who, part: string): Promise<Seen> => {
      const all = await world.sees(who);
      const found = all.filter((message) => eye(message.text).includes(part));
      if (!found[0]) throw new Error(`${who} does not see "${part}" but: ${all.map((one) => one.text).join(" | ")}`);
      return found[0];
    };
    const sees = async (who: Who, part: string): Promise<boolean> =>
      (await world.sees(who)).some((message) => eye(message.text).includes(part));
    /** Told so that nobody else sees it: by a whisper or in their private place. */
    const privately = async (who: Who, part: string): Promise<boolean> =>
      (await world.sees(who)).some(
        (one) => eye(one.text).includes(part) && (one.onlyFor === who || one.where === `private:${who}`),
      );

    /** A prompt with its thread, and the handle under which the world knows it. */
    const promptWithThread = async (sendKey = "prompt") => {
      const ref = await prompt(sendKey);
      const thread = await platform.openThread(ref, "Why are you here?");
      const { handle } = await seenBy("ana", `(${sendKey})`);
      return { ref, thread, handle };
    };
    const withForm = async (form: string, about = "a1", sendKey = "post") => {
      await post(
        { body: [text("A form")], buttons: [{ id: "open", label: "Write it here", opens: { form, about } }] },
        sendKey,
      );
      return (await seenBy("ana", "A form")).handle;
    };
    const opened = async (who: Who, handle: string) => {
      const form = await world.presses(who, handle, "Write it here");
      if (!form) throw new Error("No form opened.");
      return form;
    };
    const restart = async () => {
      await platform.stop();
      platform = world.adapter();
      await platform.start(ears);
    };
    const fault = async (call: Promise<unknown>): Promise<PlatformError> => {
      const error = await call.then(
        () => undefined,
        (reason: unknown) => reason,
      );
      if (!(error instanceof PlatformError)) throw new Error(`Expected a PlatformError, got ${String(error)}`);
      return error;
    };

    describe("what we post", () => {
      test("is seen by everybody in the channel, with its words in order", async () => {
        await post({
          body: [bold("Robert"), text(" says "), italic("hello"), newline, quote("It's about conversations.")],
        });
        for (const who of ["ana", "ben", "cleo"]) {
          const { text: read, by, where } = await seenBy(who, "Robert says hello");
          expect(read).toMatch(/Robert says hello\s+It's about conversations\./);
          expect([by, where]).toEqual(["together", "channel"]);
        }
      });

      test("shows a link's words and a time", async () => {
        const at = Date.UTC(2026, 10, 24, 9, 0);
        await post({
          body: [
            text("Begins "),
            time(at, "moment", "Tuesday 9:00"),
            text(" see "),
            link("the page", "https://example.org/a?b=1&c=2"),
          ],
        });
        expect((await seenBy("ben", "Begins")).text).toMatch(/^Begins .*\d.* see the page/);
      });

      test.each([
        ["plain letters", "a"],
        ["markup characters", "*_~`|>#"],
      ])("may be as long as the limit, in %s", async (_kind, letters) => {
        const marks = textLength([text("")]);
        const cost = (textLength([text(letters)]) - marks) / letters.length;
        const longest = letters.repeat(LIMITS.text).slice(0, Math.floor((LIMITS.text - marks) / cost));
        expect(textLength([text(longest)])).toBeGreaterThan(LIMITS.text - 2);
        await post({ body: [text(longest)] });
        const [seen] = await world.sees("ana");
        expect(eye(seen?.text ?? "")).toBe(longest);
      });

      test("may have five buttons with the longest ids and labels", async () => {
        const label = (n: number) => `${n}`.padEnd(LIMITS.buttonLabel, "x");
        const id = (n: number) => `${n}`.padEnd(LIMITS.buttonId, ":y.Z-_/");
        const buttons = [1, 2, 3, 4, 5].map((n) => ({ id: id(n), label: label(n) }));
        await post({ body: [text("Five")], buttons });
        const seen = await seenBy("ben", "Five");
        expect(seen.buttons).toEqual(buttons.map((button) => button.label));
        await world.presses("ben", seen.handle, label(5));
        expect(ears.only("pressed").button).toBe(id(5));
      });

      test("keeps what a person typed inert: nobody notified, every character shown", async () => {
        await post({ body: [text(HOSTILE)] });
        const [seen] = await world.sees("ben");
        expect(eye(seen?.text ?? "")).toBe(HOSTILE);
        expect(seen?.mentions).toEqual([]);
      });

      test.each(["bold", "italic", "quote"] as const)("keeps markup inert within %s", async (kind) => {
        const words = "a*b_c~d`e|f>g\\h @everyone <!here> end";
        await post({ body: [text("Start "), { kind, text: words }] });
        const seen = await seenBy("ben", "Start");
        expect(eye(seen.text)).toContain(words);
        expect(seen.mentions).toEqual([]);
      });

      test("notifies exactly those it mentions", async () => {
        await post({ body: [mention(user("ana")), text(" and "), mention(user("ben")), text(" meet; not @cleo")] });
        const seen = await seenBy("cleo", "meet");
        expect([...seen.mentions].sort()).toEqual(["ana", "ben"]);
      });

      test("may carry a picture with its words, and a file", async () => {
        // One transparent pixel.
        const png = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg==";
        await post({ body: [text("Drawn")], picture: { png, alt: "Two points and a thread" } }, "one");
        await post({ body: [text("Taken home")], file: { name: "harvest.md", text: "# Harvest\né" } }, "two");
        expect((await seenBy("ana", "Drawn")).picture).toBe("Two points and a thread");
        expect((await seenBy("ana", "Taken home")).file).toEqual({ name: "harvest.md", text: "# Harvest\né" });
      });

      test("can be edited, buttons and all", async () => {
        const ref = await post({ body: [text("Before")], buttons: [{ id: "go", label: "Go" }] });
        await platform.edit(ref, { body: [text("After")], buttons: [{ id: "on", label: "On" }] }, key("post"));
        const seen = await seenBy("ana", "After");
        expect(seen.buttons).toEqual(["On"]);
        expect(await sees("ana", "Before")).toBe(false);
        await platform.edit(ref, { body: [text("Closed")] }, key("post"));
        expect((await seenBy("ana", "Closed")).buttons).toEqual([]);
      });

      test("can be removed, twice to the same effect; edited then, it is gone", async () => {
        const ref = await post({ body: [text("Oops")] });
        await platform.remove(ref);
        expect(await sees("ana", "Oops")).toBe(false);
        await platform.remove(ref);
        expect((await fault(platform.edit(ref, { body: [text("Again")] }, key("post")))).fault).toBe("gone");
      });
    });

    describe("finding what was sent", () => {
      test("by its key, not by another's", async () => {
        const message = { body: [text("Once")], buttons: [{ id: "b", label: "B" }] };
        const ref = await post(message, "once");
        expect(await platform.find(channel, message, key("once"), 0)).toBe(ref);
        expect(await platform.find(channel, { body: [text("Else")] }, key("other"), 0)).toBeUndefined();
      });

      test("after an edit and a restart, in the channel and in a thread", async () => {
        const { ref, thread } = await promptWithThread();
        const message = { body: [text("In the thread")] };
        const inThread = await platform.post(thread, message, key("reply"));
        const edited = { body: [text("Why are you here, then?")] };
        await platform.edit(ref, edited, key("prompt"));
        await restart();
        expect(await platform.find(channel, edited, key("prompt"), 0)).toBe(ref);
        expect(await platform.find(thread, message, key("reply"), 0)).toBe(inThread);
      });

      test("an ambiguous post that took effect is found, with its one message", async () => {
        world.fails("post", "unknown", true);
        expect((await fault(post({ body: [text("Lost answer")] }, "lost"))).fault).toBe("unknown");
        await world.settle();
        const ref = await platform.find(channel, { body: [text("Lost answer")] }, key("lost"), 0);
        if (!ref) throw new Error("It was posted but not found.");
        await platform.remove(ref);
        expect(await sees("ana", "Lost answer")).toBe(false);
      });

      test("an ambiguous post without effect is not found", async () => {
        world.fails("post", "unknown");
        expect((await fault(post({ body: [text("Never there")] }, "never"))).fault).toBe("unknown");
        expect(await platform.find(channel, { body: [text("Never there")] }, key("never"), 0)).toBeUndefined();
        expect(await sees("ana", "Never there")).toBe(false);
      });
    });

    describe("threads", () => {
      test("opened twice are the same, with the longest title, and survive a restart", async () => {
        const ref = await prompt();
        const thread = await platform.openThread(ref, "t".repeat(LIMITS.threadTitle));
        await restart();
        expect(await platform.openThread(ref, "t".repeat(LIMITS.threadTitle))).toBe(thread);
        const { handle } = await seenBy("ana", "(prompt)");
        await platform.post(thread, { body: [text("Said below")] }, key("below"));
        expect((await seenBy("ben", "Said below")).where).toBe(`thread:${handle}`);
        expect(platform.channelOf(thread)).toBe(channel);
        expect(platform.channelOf(channel)).toBe(channel);
      });

      test("bring replies with their text and place", async () => {
        const { thread, handle } = await promptWithThread();
        await world.says("ana", handle, "To *listen* & <learn> – ünïcode 🌱\nsecond line");
        await world.settle();
        const reply = ears.only("replied");
        expect(reply).toMatchObject({ place: thread, by: { id: user("ana") } });
        expect(reply.text).toBe("To *listen* & <learn> – ünïcode 🌱\nsecond line");
      });

      test("bring edits with a growing version, and what was taken back", async () => {
        const { thread, handle } = await promptWithThread();
        const said = await world.says("ben", handle, "first");
        await world.edits("ben", said, "second");
        await world.edits("ben", said, "third");
        await world.retracts("ben", said);
        await world.settle();
        const { message, version } = ears.only("replied");
        const edits = ears.heard("edited");
        expect(edits.at(-1)).toMatchObject({ message, place: thread, text: "third", by: { id: user("ben") } });
        expect(edits.at(0)?.version).toBeGreaterThan(version);
        expect(edits.at(-1)?.version).toBeGreaterThan(edits.at(0)?.version ?? 0);
        expect(ears.only("retracted")).toMatchObject({ message, place: thread });
      });

      test("keep two people's words apart, in the order they were said", async () => {
        const { handle } = await promptWithThread();
        await world.says("ana", handle, "one");
        await world.says("ben", handle, "two");
        await world.settle();
        const replies = ears.heard("replied");
        expect(replies.map((reply) => [reply.text, reply.by.id])).toEqual([
          ["one", user("ana")],
          ["two", user("ben")],
        ]);
        expect(new Set(replies.map((reply) => reply.message)).size).toBe(2);
      });
    });

    describe("what we never hear", () => {
      test("the channel's chatter, bots and ourselves", async () => {
        const { ref, thread, handle } = await promptWithThread();
        await platform.post(thread, { body: [text("Ours")] }, key("ours"));
        await platform.edit(ref, { body: [text("Ours, (prompt) edited")] }, key("prompt"));
        await world.says("robot", handle, "beep");
        await world.saysInChannel("ana", "lunch?");
        await world.settle();
        expect(ears.taken).toEqual([]);
      });

      test("what people tell each other in a private room", async () => {
        const place = await platform.openRoom(channel, [user("ana"), user("ben")], "Ana and Ben");
        await platform.post(place, { body: [text("Find someone who …")] }, key("pair"));
        await world.says("ana", "room:ana,ben", "just between us");
        await world.settle();
        expect(ears.taken).toEqual([]);
      });
    });

    describe("hearing", () => {
      test("a repeated event has the same id", async () => {
        const { handle } = await promptWithThread();
        await world.says("ana", handle, "once");
        await world.repeats();
        await world.settle();
        expect(new Set(ears.taken.map((event) => event.event)).size).toBe(1);
        await world.says("ana", handle, "once");
        await world.settle();
        expect(ears.heard("replied")).toHaveLength(2);
      });

      test("words that could not be kept come again, or their author is told", async () => {
        const { handle } = await promptWithThread();
        ears.refusals = 1;
        await world.says("ana", handle, "do not lose me");
        await world.settle();
        const again = ears.heard("replied").some((reply) => reply.text === "do not lose me");
        expect(again || (await privately("ana", PHRASES.notKept))).toBe(true);
      });

      test("a press that could not be kept comes again, or the person is told", async () => {
        await post({ body: [text("Press me")], buttons: [{ id: "yes", label: "Yes" }] });
        ears.refusals = 1;
        await world.presses("ana", (await seenBy("ana", "Press me")).handle, "Yes");
        await world.settle();
        expect(ears.heard("pressed").length === 1 || (await privately("ana", PHRASES.notKept))).toBe(true);
      });

      test("people who come and go", async () => {
        await world.joins("dora");
        await world.leaves("ben");
        await world.settle();
        expect(ears.only("joined")).toMatchObject({ place: channel, by: { id: user("dora") } });
        expect(ears.only("left")).toMatchObject({ place: channel, by: { id: user("ben") } });
      });

      test("connecting is told, and so is the connection", async () => {
        expect(platform.connection()).toEqual({ connected: true });
        expect(ears.connections).toBe(1);
        await platform.stop();
        expect(platform.connection()).toMatchObject({ connected: false, why: expect.stringMatching(/\w/) });
        platform = world.adapter();
        await platform.start(ears);
        expect(ears.connections).toBe(2);
      });
    });

    describe("buttons and whispers", () => {
      test("a press carries the button, the message and the person", async () => {
        const ref = await post({ body: [text("Met?")], buttons: [{ id: "met:42", label: "We met" }] });
        await world.presses("cleo", (await seenBy("cleo", "Met?")).handle, "We met");
        expect(ears.only("pressed")).toMatchObject({
          button: "met:42",
          message: ref,
          place: channel,
          by: { id: user("cleo") },
        });
      });

      test("a press in a thread carries the thread", async () => {
        const { thread } = await promptWithThread();
        const ref = await platform.post(
          thread,
          { body: [text("Kept?")], buttons: [{ id: "k", label: "Keep" }] },
          key("k"),
        );
        await world.presses("ana", (await seenBy("ana", "Kept?")).handle, "Keep");
        expect(ears.only("pressed")).toMatchObject({ message: ref, place: thread });
      });

      test("a whisper is seen by the person who acted and by nobody else", async () => {
        await post({ body: [text("Show?")], buttons: [{ id: "mine", label: "Show me mine" }] });
        await world.presses("ana", (await seenBy("ana", "Show?")).handle, "Show me mine");
        await platform.whisper(ears.only("pressed").whisper, { body: [text("Only for Ana "), text(HOSTILE)] });
        await world.settle();
        expect(await privately("ana", "Only for Ana")).toBe(true);
        expect(eye((await seenBy("ana", "Only for Ana")).text)).toBe(`Only for Ana ${HOSTILE}`);
        expect(await sees("ben", "Only for Ana")).toBe(false);
      });

      test("a whisper's own buttons can be pressed, and open forms", async () => {
        await world.commands("ana", "together", "help");
        const { whisper } = ears.only("commanded");
        const buttons = [
          { id: "change", label: "Write it here", opens: { form: "short", about: "w9" } },
          { id: "back", label: "Take back" },
        ];
        await platform.whisper(whisper, { body: [text("Kept.")], buttons });
        await world.settle();
        const { handle } = await seenBy("ana", "Kept.");
        await world.presses("ana", handle, "Take back");
        expect(ears.only("pressed")).toMatchObject({ button: "back", by: { id: user("ana") } });
        await world.submits("ana", await opened("ana", handle), { words: "changed" });
        expect(ears.only("submitted")).toMatchObject({ form: "short", about: "w9", values: { words: "changed" } });
      });
    });

    describe("forms", () => {
      test("open with what is known, and bring back every answer with their about", async () => {
        ears.prefilled = async () => ({ values: { words: "so far", square: "boat" } });
        const about = "Aa0-".repeat(LIMITS.about / 4);
        const form = await opened("ana", await withForm("short", about));
        expect(ears.asked).toEqual([{ form: "short", about, person: user("ana") }]);
        expect(form.title).toBe("A minute");
        expect(form.fields.map((field) => [field.id, field.label, field.value])).toEqual([
          ["words", "I'm here because", "so far"],
          ["square", "Square", "Built a boat"],
          ["who", "Who", ""],
        ]);
        const said = await world.submits("ana", form, { words: "to *listen*", square: "Has a twin", who: "ben" });
        expect(said.errors).toBeUndefined();
        expect(ears.only("submitted")).toMatchObject({ form: "short", about, by: { id: user("ana") } });
        expect(ears.only("submitted").values).toEqual({ words: "to *listen*", square: "twin", who: user("ben") });
        expect(ears.heard("pressed")).toEqual([]);
      });

      test("leave out what was left open, and tell the message they came from", async () => {
        const form = await opened("ben", await withForm("short"));
        await world.submits("ben", form, { words: "short and plain" });
        const sent = ears.only("submitted");
        expect(sent.values).toEqual({ words: "short and plain" });
        expect(sent.message).toBe(await platform.find(channel, { body: [] }, key("post"), 0));
      });

      test("can be answered privately afterwards", async () => {
        await world.submits("ben", await opened("ben", await withForm("short")), { words: "mine" });
        await platform.whisper(ears.only("submitted").whisper, { body: [text("It stands with your name.")] });
        await world.settle();
        expect(await privately("ben", "It stands with your name.")).toBe(true);
        expect(await sees("ana", "It stands with your name.")).toBe(false);
      });

      test("may offer options that depend on the moment", async () => {
        ears.prefilled = async () => ({ options: { square: [{ id: "kite", label: "Flew a kite" }] } });
        const form = await opened("ana", await withForm("short"));
        expect(form.fields.find((field) => field.id === "square")?.options).toEqual(["Flew a kite"]);
        await world.submits("ana", form, { words: "w", square: "Flew a kite" });
        expect(ears.only("submitted").values["square"]).toBe("kite");
      });

      test("take everything at its limits", async () => {
        const form = await opened("ana", await withForm("full"));
        expect(form.fields).toHaveLength(LIMITS.fields);
        expect(form.fields[3]?.options).toHaveLength(LIMITS.options);
        const answer = "ä\n".repeat(LIMITS.answer / 2);
        const option = form.fields[3]?.options[24] ?? "";
        const errors = await world.submits("ana", form, { a: answer, b: answer, c: answer, d: option, e: "cleo" });
        expect(errors.errors).toBeUndefined();
        const { values } = ears.only("submitted");
        // Platforms may trim the ends of what was typed, never more.
        expect(values["a"]?.trim()).toBe(answer.trim());
        expect([values["d"], values["e"]]).toEqual(["o24", user("cleo")]);
      });

      test.each([
        ["blank", "  \n ", PHRASES.required],
        ["too long", "x".repeat(41), PHRASES.tooLong(40)],
      ])("refuse a %s answer themselves: nothing taken, the person told", async (_what, words, phrase) => {
        const form = await opened("ana", await withForm("short"));
        const { errors } = await world.submits("ana", form, { words });
        await world.settle();
        expect(ears.taken).toEqual([]);
        expect(errors?.["words"] === phrase || (await privately("ana", phrase))).toBe(true);
      });

      test("open empty when their prefill fails", async () => {
        ears.prefilled = async () => {
          throw new Error("The store is locked.");
        };
        const form = await opened("ana", await withForm("short"));
        expect(form.fields.map((field) => field.value)).toEqual(["", "", ""]);
      });

      test("open after a restart from a message posted before it", async () => {
        const handle = await withForm("short", "old");
        await restart();
        await world.submits("ana", await opened("ana", handle), { words: "still here" });
        expect(ears.only("submitted")).toMatchObject({ about: "old", values: { words: "still here" } });
      });
    });

    describe("commands", () => {
      test("arrive as a line, from whoever typed them", async () => {
        await world.commands("ben", "together", "help");
        expect(ears.only("commanded")).toMatchObject({
          command: "together",
          line: "help",
          people: [],
          place: channel,
          by: { id: user("ben") },
        });
      });

      test("with the people taken out of the line", async () => {
        await world.commands("ana", "together-run", "facilitator add @cleo");
        const { command, line, people } = ears.only("commanded");
        expect([command, line, people]).toEqual(["together-run", "facilitator add", [user("cleo")]]);
      });

      test("with their text as it was typed", async () => {
        await world.commands("ana", "together-run", `remind Tea at *four*, "ok"? <3 & more`);
        expect(ears.only("commanded").line).toBe(`remind Tea at *four*, "ok"? <3 & more`);
      });
    });

    describe("private places", () => {
      test("a room is seen by its people alone, and is the same the second time", async () => {
        const people = [user("ana"), user("ben")];
        const place = await platform.openRoom(channel, people, "Ana and Ben");
        const ref = await platform.post(place, { body: [text("You two"), mention(user("ben"))] }, key("two"));
        expect(await platform.openRoom(channel, people, "Ana and Ben")).toBe(place);
        expect((await seenBy("ana", "You two")).where).toBe("room:ana,ben");
        expect((await seenBy("ben", "You two")).mentions).toEqual(["ben"]);
        expect(await sees("cleo", "You two")).toBe(false);
        await platform.edit(ref, { body: [text("You two, again")] }, key("two"));
        expect(await sees("ben", "You two, again")).toBe(true);
      });

      test("a button in a room is heard, with its message", async () => {
        const place = await platform.openRoom(channel, [user("ana"), user("ben")], "Ana and Ben");
        const ref = await platform.post(
          place,
          { body: [text("Well?")], buttons: [{ id: "met", label: "We met" }] },
          key("m"),
        );
        await world.presses("ben", (await seenBy("ben", "Well?")).handle, "We met");
        expect(ears.only("pressed")).toMatchObject({ button: "met", message: ref, by: { id: user("ben") } });
      });

      test("a person's private place is theirs, and what they say there is heard", async () => {
        const place = await platform.privatePlace(user("ana"));
        await platform.post(place, { body: [text("Only us")] }, key("us"));
        expect(await platform.privatePlace(user("ana"))).toBe(place);
        expect((await seenBy("ana", "Only us")).where).toBe("private:ana");
        expect(await sees("ben", "Only us")).toBe(false);
        await world.says("ana", "private:ana", "thank you");
        await world.settle();
        expect(ears.only("replied")).toMatchObject({ place, text: "thank you", by: { id: user("ana") } });
      });
    });

    describe("people", () => {
      test("are who the platform says", async () => {
        expect(await platform.person(user("ana"))).toMatchObject({ kind: "person", mayRunWorkshop: true });
        expect(await platform.person(user("ben"))).toMatchObject({ kind: "person", mayRunWorkshop: false });
        expect((await platform.person(user("ben"))).name.toLowerCase()).toBe("ben");
        expect(await platform.person(user("robot"))).toMatchObject({ kind: "bot" });
      });

      test("a look-up that failed is an error, never a no", async () => {
        world.fails("person", "busy");
        expect((await fault(platform.person(user("ana")))).fault).toBe("busy");
        expect((await platform.person(user("ana"))).mayRunWorkshop).toBe(true);
        world.fails("members", "unknown");
        expect((await fault(platform.members(channel))).fault).toBe("unknown");
      });

      test("in the channel are listed", async () => {
        expect(await platform.members(channel)).toEqual(
          expect.arrayContaining([user("ana"), user("ben"), user("cleo")]),
        );
        await world.joins("dora");
        await world.leaves("ben");
        await world.settle();
        const members = await platform.members(channel);
        expect([members.includes(user("dora")), members.includes(user("ben"))]).toEqual([true, false]);
      });
    });

    describe("history", () => {
      const readAll = async (place: Place) => {
        const items = [];
        let next: string | undefined;
        do {
          const page = await platform.history(place, next);
          items.push(...page.items);
          next = page.next;
        } while (next !== undefined);
        return items;
      };

      test("of a thread begins with the message it hangs on, and says who said what", async () => {
        const { ref, thread, handle } = await promptWithThread();
        const said = await world.says("ana", handle, "an *answer*");
        await world.edits("ana", said, "a better <answer>");
        await platform.post(thread, { body: [text("Thank you")] }, key("thanks"));
        await world.says("robot", handle, "beep");
        await world.settle();
        const [first, answer, ours, bot, ...more] = await readAll(thread);
        expect(first).toMatchObject({ message: ref, mine: true });
        expect(answer).toMatchObject({ mine: false, human: true, by: user("ana"), text: "a better <answer>" });
        expect(answer?.message).toBe(ears.only("replied").message);
        expect(answer?.version).toBe(ears.heard("edited").at(-1)?.version);
        expect(ours).toMatchObject({ mine: true, text: "Thank you" });
        expect(bot).toMatchObject({ mine: false, human: false });
        expect(more).toEqual([]);
      });

      const words = Array.from({ length: 110 }, (_, index) => `answer ${index}`);

      test("is complete page by page, also after a restart", async () => {
        const { ref, thread, handle } = await promptWithThread();
        for (const said of words) await world.says("ben", handle, said);
        await world.settle();
        await restart();
        const items = await readAll(thread);
        expect(items.map((item) => item.text).slice(1)).toEqual(words);
        expect(items[0]?.message).toBe(ref);
        expect(items.slice(1).map((item) => item.message)).toEqual(ears.heard("replied").map((one) => one.message));
      });

      test("holds what was said while we were away", async ({ skip }) => {
        skip(!world.talksWhileAway, "Nobody can talk here while we are away.");
        const { thread, handle } = await promptWithThread();
        await platform.stop();
        await world.says("ben", handle, "Are you there?");
        platform = world.adapter();
        await platform.start(ears);
        expect((await readAll(thread)).map((item) => item.text)).toContain("Are you there?");
      });

      test("without what was taken back; a failed read is an error, not an empty page", async () => {
        const { thread, handle } = await promptWithThread();
        const said = await world.says("ana", handle, "forget me");
        await world.retracts("ana", said);
        await world.settle();
        expect((await readAll(thread)).map((item) => item.text)).not.toContain("forget me");
        world.fails("history", "unknown");
        expect((await fault(platform.history(thread))).fault).toBe("unknown");
      });
    });

    describe("faults", () => {
      const message: Message = { body: [text("Try")] };

      test("busy says how long to wait, and nothing happened", async () => {
        world.fails("post", "busy");
        const error = await fault(post(message));
        expect([error.fault, error.retryAfterMs > 0]).toEqual(["busy", true]);
        expect(await sees("ana", "Try")).toBe(false);
        await post(message);
        expect(await sees("ana", "Try")).toBe(true);
      });

      test("denied tells the operator what to do", async () => {
        world.fails("post", "denied");
        const error = await fault(post(message));
        expect(error.fault).toBe("denied");
        expect(error.message).toMatch(/\w+ \w+ \w+/);
      });

      test.each(["post", "edit", "openThread", "openRoom"] as const)("gone is told by %s", async (call) => {
        const ref = await prompt();
        world.fails(call, "gone");
        const calls = {
          post: () => post(message, "second"),
          edit: () => platform.edit(ref, message, key("prompt")),
          openThread: () => platform.openThread(ref, "Title"),
          openRoom: () => platform.openRoom(channel, [user("ana"), user("ben")], "Two"),
        };
        expect((await fault(calls[call]())).fault).toBe("gone");
      });

      test("an unknown channel is gone or not ours", async () => {
        expect(["gone", "denied"]).toContain((await fault(platform.channel("no-such-channel"))).fault);
      });

      test("nobody's words but our own can be removed", async () => {
        const { handle } = await promptWithThread();
        await world.says("ana", handle, "mine to keep");
        await world.settle();
        const ref: MessageRef = ears.only("replied").message;
        await fault(platform.remove(ref));
        expect(await sees("ben", "mine to keep")).toBe(true);
      });

      test("what a platform cannot do is unsupported", async () => {
        const calls = [
          [platform.can.history, () => platform.history(channel)],
          [platform.can.members, () => platform.members(channel)],
          [platform.can.privatePlaces, () => platform.privatePlace(user("ana"))],
        ] as const;
        for (const [can, call] of calls) {
          if (can) await call();
          else expect((await fault(call())).fault).toBe("unsupported");
        }
      });
    });
  });
}
