import { expect, test } from "vitest";
import { instantOf } from "../../src/programme.ts";
import { ONE, plain, Stage, TWO } from "./stage.ts";

test("an unknown verb gets the nearest one, to its writer alone", async () => {
  const stage = await Stage.set();
  expect(await stage.types("Maggie", "/together-run strat")).toBe(
    "I don’t know strat. Did you mean start? /together-run help lists what I know.",
  );
  expect(await stage.types("Ana", "/together qoute")).toContain("Did you mean quote?");
  expect(await stage.types("Ana", "/together xylophone")).toBe(
    "I don’t know xylophone.  /together help lists what I know.".replace("  ", " "),
  );
  expect(await stage.sees("Ben")).toEqual([]);
});

test("help lists every verb; nothing typed is help too", async () => {
  const stage = await Stage.set();
  const help = await stage.types("Ana", "/together help");
  const verbs = ["help", "today", "quote", "me", "ties", "circles", "pause", "resume", "next", "my-data", "forget-me"];
  for (const verb of verbs) expect(help).toMatch(new RegExp(`^${verb}( |$)`, "m"));
  expect(await stage.types("Ana", "/together")).toBe(help);
});

test("only facilitators run the workshop; the refusal is private and nothing happens", async () => {
  const stage = await Stage.set();
  for (const line of ["start", "stop", "quote", "harvest", "facilitator add @Ana"]) {
    expect(await stage.types("Ana", `/together-run ${line}`), line).toContain("Only facilitators can do that.");
  }
  expect(await stage.sees("Ben")).toEqual([]);
  await stage.types("Maggie", "/together-run facilitator add @Ana");
  expect(await stage.types("Ana", "/together-run quote")).toContain("on its way");
  await stage.types("Maggie", "/together-run facilitator remove @Ana");
  expect(await stage.types("Ana", "/together-run quote")).toContain("Only facilitators");
});

test("a look-up that fails is no yes, and the person is told why", async () => {
  const stage = await Stage.set({ refuses: "person" });
  expect(await stage.types("Maggie", "/together-run quote")).toContain(
    "I could not find out just now whether you are a facilitator",
  );
  expect(await stage.sees("Ben")).toEqual([]);
});

test.each([
  ["2027-02-31", "31 February does not exist."],
  ["31/02", "31 February does not exist."],
  ["2027-13-25", "There is no month 13."],
  ["2027-12-00", "0 December does not exist."],
  ["2027-12-05", "That is in the past (today is 6 Dec 2027, Europe/London)."],
  ["9999-12-31", "I cannot look as far as the year 9999."],
  ["Mars/Olympus", 'I know no time zone "Mars/Olympus".'],
  ["Europe/Londn", "Did you mean Europe/London?"],
  ["constructor", 'I know no programme "constructor".'],
  ["wrkshop", 'I know no programme "wrkshop". There are: workshop, alumni.'],
])("start %s: %s", async (typed, answer) => {
  const stage = await Stage.set();
  await stage.types("Maggie", "/together-run stop");
  expect(await stage.types("Maggie", `/together-run start ${typed}`)).toContain(answer);
  expect(await stage.types("Maggie", "/together-run status")).toContain("Nothing is running here.");
});

test.each([
  ["2027-12-08 2027-12-08", "Day two is the same as day one, 2027-12-08."],
  ["2027-12-08 2027-12-09 2027-12-10", "I need at most one programme, two dates and one time zone."],
  ["workshop alumni", "I need at most one programme, two dates and one time zone."],
  ["Europe/London Europe/Paris", "I need at most one programme, two dates and one time zone."],
])("start %s: nothing that was typed is silently left out", async (typed, answer) => {
  const stage = await Stage.set();
  await stage.types("Maggie", "/together-run stop");
  expect(await stage.types("Maggie", `/together-run start ${typed}`)).toContain(answer);
  expect(await stage.types("Maggie", "/together-run status")).toContain("Nothing is running here.");
});

test("who is a facilitator by the platform stays one, and the answer says so", async () => {
  const stage = await Stage.set();
  await stage.types("Maggie", "/together-run facilitator add @Maggie");
  expect(await stage.types("Maggie", "/together-run facilitator remove @Maggie")).toBe(
    "I have no longer noted Maggie, but this platform still lets them run the workshop.",
  );
  expect(await stage.types("Maggie", "/together-run quote")).toContain("on its way");
});

test("a name that I do not know is said to be unknown, and nobody is kept apart", async () => {
  const stage = await Stage.set();
  expect(await stage.types("Ana", "/together apart Nobody")).toBe(
    "I do not see that person in this channel. Name somebody who is here: /together apart @somebody.",
  );
  expect(await stage.types("Ana", "/together apart")).toContain("There is nobody you asked to be kept apart from.");
});

test("a page that a facilitator shows is called by its own title", async () => {
  const stage = await Stage.set();
  expect(await stage.types("Maggie", "/together-run show vision")).toBe("Vision: on its way to the channel.");
  expect(await stage.types("Maggie", "/together-run status")).toContain("✓ Mon 6 Dec, 08:00  Vision");
});

test("a programme without days is told without them", async () => {
  const stage = await Stage.set({ programme: "alumni" });
  expect(await stage.types("Maggie", "/together-run status")).toMatch(
    /^Better Together, afterwards · Europe\/London\n→ Mon 6 Dec, 08:30 {2}A quote each weekday/,
  );
});

test("a block that is still to come is not moved to a time that has passed, where it would be lost without a word", async () => {
  const stage = await Stage.set({ from: [ONE, "08:55"] });
  expect(await stage.types("Maggie", "/together-run move hosts 08:30")).toBe(
    "08:30 has passed, and Who are we? Our learning community would not be held any more. Name a later time, or skip it.",
  );
  await stage.until(ONE, "09:06");
  await stage.finds("Ana", "Our learning community");
  // What was held already is not held again by moving it, whichever way.
  expect(await stage.types("Maggie", "/together-run move hosts 08:30")).toContain("is now at 08:30");
});

test("a block is not moved to a time that a clock which was ahead has looked past", async () => {
  const stage = await Stage.set({ from: [ONE, "08:00"] });
  const { communities } = stage.company.office;
  await communities.change(await stage.community(), (now) => ({ ...now, cursor: instantOf(ONE, "12:00", now.zone) }));
  expect(await stage.types("Maggie", "/together-run move review-one 11:00")).toContain("11:00 has passed");
  expect(await stage.types("Maggie", "/together-run move review-one 15:00")).toContain("is now at 15:00");
});

test("what comes again may be moved to any time once it was held today", async () => {
  const stage = await Stage.set({ programme: "alumni", from: [ONE, "08:00"] });
  expect(await stage.types("Maggie", "/together-run move daily-quote 07:00")).toContain("07:00 has passed");
  await stage.until(ONE, "09:00");
  expect(await stage.types("Maggie", "/together-run move daily-quote 15:00")).toContain("is now at 15:00");
  expect(await stage.types("Maggie", "/together-run move daily-quote 07:00")).toContain("is now at 07:00");
});

test("what is moved to a time that has passed today is held tomorrow, not at once", async () => {
  const stage = await Stage.set({ programme: "alumni", from: [ONE, "10:00"] });
  // The first beat looks at everything; then nothing is due, and nothing is looked at until noon.
  await stage.beat();
  await stage.until(ONE, "12:00");
  const before = await stage.sees("Ana");
  expect(await stage.types("Maggie", "/together-run move daily-quote 11:30")).toContain("is now at 11:30");
  await stage.beat();
  expect(await stage.sees("Ana")).toEqual(before);
  await stage.until(TWO, "11:31");
  expect(await stage.sees("Ana")).toHaveLength(before.length + 1);
});

test("what fell due a moment before it is moved is held all the same, once", async () => {
  const stage = await Stage.set({ programme: "alumni", from: [ONE, "08:00"] });
  await stage.sleepUntil(ONE, "08:30");
  await stage.types("Maggie", "/together-run move daily-quote 15:00");
  await stage.until(ONE, "16:00");
  const [community] = await stage.company.office.communities.all();
  const all = community ? await stage.company.office.occurrences.of(community) : [];
  const quotes = all.filter(({ block }) => block === "daily-quote");
  expect(quotes).toMatchObject([{ state: "sent", at: instantOf(ONE, "08:30", "Europe/London") }]);
});

test("start in a channel that we are not in says what keeps us out, and begins nothing", async () => {
  const stage = await Stage.set({ refuses: "channel" });
  await stage.types("Maggie", "/together-run stop");
  expect(await stage.types("Maggie", "/together-run start")).toBe("I am not let in.");
  expect(await stage.types("Maggie", "/together-run status")).toContain("Nothing is running here.");
});

test("start and stop say how things stand, and change nothing when they already do", async () => {
  const stage = await Stage.set();
  expect(await stage.types("Maggie", "/together-run start")).toContain("It runs already");
  expect(await stage.types("Maggie", "/together-run stop")).toContain("It has ended");
  expect(await stage.types("Maggie", "/together-run stop")).toBe("Nothing is running here.");
  expect(await stage.types("Maggie", "/together-run start workshop 2027-12-08 2027-12-09 Europe/Paris")).toBe(
    "Better Together, the workshop has begun in this channel. First comes A quote, the day before, Tue 7 Dec, 08:30, Europe/Paris.",
  );
});

test("my-data holds everything of mine and nobody else's", async () => {
  const stage = await Stage.set({ from: [ONE, "10:00"] });
  await stage.until(ONE, "10:11");
  await stage.replies("Ana", "Why are we here?", "I'm here because of canary-ana");
  await stage.replies("Ben", "Why are we here?", "I'm here because of canary-ben");
  await stage.types("Ana", "/together circles school");
  expect(await stage.types("Ana", "/together my-data")).toContain("What I keep about you, Ana: one answer");
  const file = (await stage.sees("Ana")).find((message) => message.file)?.file;
  expect(file?.text).toContain("canary-ana");
  expect(file?.text).toContain("school");
  expect(file?.text).not.toContain("canary-ben");
  expect((await stage.sees("Ben")).filter((message) => message.file)).toEqual([]);
});

test("forget-me asks once, then leaves nothing of the person in the store, and takes our post down", async () => {
  const stage = await Stage.set({ from: [ONE, "09:00"] });
  await stage.until(ONE, "10:11");
  await stage.fills("Ana", "Why are we here?", "Write it here", { "here-because": "canary-form" });
  await stage.replies("Ana", "Why are we here?", "canary-typed");
  const me = (await stage.everythingStored()).find(({ key }) => key.startsWith("accounts/") && key.includes("ana"));
  expect(me).toBeDefined();
  await stage.types("Ana", "/together forget-me");
  expect((await stage.harvest()).answers).toHaveLength(2);
  await stage.presses("Ana", "This erases", "Yes, forget me");
  expect((await stage.sees("Ben")).map(plain).join()).not.toContain("Ana wrote");
  const left = JSON.stringify(await stage.everythingStored());
  expect(left).not.toMatch(/canary|"Ana"/);
  expect(left).not.toContain(String(me?.value));
  // Reading her thread again restores nothing.
  await stage.stop();
  await stage.start();
  expect((await stage.harvest()).answers).toEqual([]);
});

test("a facilitator who asks to be forgotten leaves no account behind", async () => {
  const stage = await Stage.set();
  await stage.types("Maggie", "/together-run quote");
  await stage.types("Maggie", "/together-run facilitator add @Ana");
  for (const who of ["Ana", "Maggie"]) {
    await stage.types(who, "/together forget-me");
    await stage.presses(who, "This erases", "Yes, forget me");
  }
  const keys = (await stage.everythingStored()).map(({ key }) => key);
  expect(keys.filter((key) => /^(helpers|facilitators|accounts|people)\//.test(key))).toEqual([]);
});

test("circles are named, shown, and forgotten; odd ones are refused", async () => {
  const stage = await Stage.set();
  expect(await stage.types("Ana", "/together circles")).toContain("You have named no circles yet.");
  expect(await stage.types("Ana", "/together circles school,  town  council")).toContain(
    "Your circles: school, town council.",
  );
  expect(await stage.types("Ana", `/together circles ${"x".repeat(41)}`)).toContain("Up to 5 circles");
  expect(await stage.types("Ana", "/together circles none")).toBe("I have forgotten your circles.");
});
