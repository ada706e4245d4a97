import { expect, test } from "vitest";
import { Bringing } from "../../src/bringing.ts";
import { PlatformError } from "../../src/platform.ts";
import { verify } from "../../src/rounds.ts";
import { ONE, plain, Stage, TWO } from "../stories/stage.ts";

/** Everyone's groups, as the people of each private room. */
const groups = async (stage: Stage) =>
  (await stage.company.office.rounds.of(await stage.community())).at(-1)?.groups ?? [];
const invitation = async (stage: Stage, who: string) =>
  (await stage.sees(who)).filter(({ buttons }) => buttons.some(({ label }) => label === "We met"));

/** A facilitator looks at the preview and goes ahead. */
async function together(stage: Stage, size = 2): Promise<void> {
  await stage.types("Maggie", `/together-run pairs ${size}`);
  await stage.presses("Maggie", "", "Bring them together");
}

test("everybody in the channel is in one private group; with an odd one there is one three; bots never", async () => {
  const stage = await Stage.set({ people: ["Ana", "Ben", "Cleo", "Dev"], bots: ["Robot"], from: [ONE, "09:00"] });
  await stage.until(ONE, "09:11");
  const sizes = (await groups(stage)).map((group) => group.length).sort();
  expect(sizes).toEqual([2, 3]);
  for (const who of ["Maggie", "Ana", "Ben", "Cleo", "Dev"]) expect(await invitation(stage, who), who).toHaveLength(1);
  expect(await invitation(stage, "Robot")).toEqual([]);
});

test("the introduction names them, asks something of the seven, and says who begins", async () => {
  const stage = await Stage.set({ people: ["Ana"], from: [ONE, "09:00"] });
  await stage.until(ONE, "09:11");
  const [message] = await invitation(stage, "Ana");
  const words = message ? plain(message) : "";
  expect(words).toMatch(
    /@(Ana|Maggie), @(Ana|Maggie) – the two of you have a few minutes\. Find out from each other who .+\. (Ana|Maggie), will you begin\?/,
  );
  expect(words).toContain("You have not met before in our rounds.");
  expect(message?.buttons.map(({ label }) => label)).toEqual(["We met", "Not yet"]);
});

test("nobody meets the same person again while that can be avoided", async () => {
  const stage = await Stage.set({ people: ["Ana", "Ben", "Cleo", "Dev", "Efua"] });
  const met = new Set<string>();
  for (let round = 1; round <= 5; round++) {
    expect(await stage.types("Maggie", "/together-run pairs")).toContain(
      "6 people in 3 groups. 3 new ties. Nobody meets the same person again.",
    );
    await together(stage);
    for (const group of await groups(stage)) met.add([...group].sort().join());
  }
  expect(met.size).toBe(15);
  expect(await stage.types("Maggie", "/together-run pairs")).toContain(
    "No new ties. 3 pairs have met before; it cannot be avoided.",
  );
  await together(stage);
  const again = (await stage.sees("Ana")).map(plain).filter((words) => words.includes("You have met before"));
  expect(again).toHaveLength(1);
});

test("with nobody to bring together, the preview says so and offers nothing", async () => {
  const stage = await Stage.set({ people: [] });
  expect(await stage.types("Maggie", "/together-run pairs")).toBe("There are not two people to bring together now.");
});

test("a pair that says it has not met does not count as met, and may be brought together again", async () => {
  const stage = await Stage.set({ people: ["Ana", "Ben", "Cleo"] });
  await together(stage);
  const [first] = await groups(stage);
  await stage.presses("Ana", "will you begin?", "We met");
  expect(await stage.types("Ana", "/together ties")).toMatch(/^You have met one person here: (Ben|Cleo|Maggie)\.$/);
  await stage.presses("Ana", "will you begin?", "Not yet");
  expect(await stage.types("Ana", "/together ties")).toContain("Nobody yet");
  expect(first).toHaveLength(2);
  expect((await stage.harvest()).ties.filter(({ state }) => state === "not-met")).toHaveLength(1);
});

test("who was brought together, leaves and comes back is not introduced to the same people once more", async () => {
  const stage = await Stage.set({ people: ["Ana", "Ben", "Cleo"], from: [ONE, "09:00"] });
  await stage.until(ONE, "09:11");
  await stage.presses("Ana", "We meet in twos", "Not me");
  await stage.presses("Ana", "", "Count me in");
  expect(await invitation(stage, "Ana")).toHaveLength(1);
});

test("the day before, everybody is told and may say: not me", async () => {
  const stage = await Stage.set({ people: ["Ana", "Ben", "Cleo"], from: ["2027-12-05", "12:00"] });
  await stage.until("2027-12-05", "16:01");
  await stage.presses("Ana", "Tomorrow we begin", "Not me");
  await stage.until(ONE, "09:11");
  expect(await invitation(stage, "Ana")).toEqual([]);
  expect(await invitation(stage, "Ben")).toHaveLength(1);
  await stage.presses("Ana", "You are out of the rounds", "Count me in");
  await stage.until(ONE, "15:11");
  expect(await invitation(stage, "Ana")).toHaveLength(1);
});

test("the paused are left in peace until they are back", async () => {
  const stage = await Stage.set({ people: ["Ana", "Ben", "Cleo"] });
  await stage.types("Ana", `/together pause ${TWO}`);
  await together(stage);
  expect(await invitation(stage, "Ana")).toEqual([]);
  await stage.until(TWO, "09:00");
  await together(stage);
  expect(await invitation(stage, "Ana")).toHaveLength(1);
});

test("among the alumni only those are paired who asked for it", async () => {
  const stage = await Stage.set({ programme: "alumni", people: ["Ana", "Ben", "Cleo"], from: ["2027-11-25", "12:00"] });
  await stage.until("2027-11-26", "12:01");
  for (const who of ["Ana", "Ben"]) await stage.presses(who, "Pairs are drawn", "Count me in");
  await stage.until(ONE, "09:31");
  expect(await groups(stage)).toHaveLength(1);
  expect(await invitation(stage, "Ana")).toHaveLength(1);
  expect(await invitation(stage, "Cleo")).toEqual([]);
});

test("groups of five on request; other sizes are refused in a sentence", async () => {
  const stage = await Stage.set({
    people: ["A", "B", "C", "D", "E", "F", "G", "H", "I"].map((letter) => `P${letter}`),
  });
  await together(stage, 5);
  expect((await groups(stage)).map((group) => group.length)).toEqual([5, 5]);
  for (const size of ["0", "1", "6", "-3", "2.5", "1e9", "two"]) {
    expect(await stage.types("Maggie", `/together-run pairs ${size}`)).toBe("Groups have 2 to 5 people.");
  }
});

test("what is said in a private room is never kept", async () => {
  const stage = await Stage.set({ people: ["Ana"], from: [ONE, "09:00"] });
  await stage.until(ONE, "09:11");
  await stage.saysInRoom("Ana", "between us two");
  expect(JSON.stringify(await stage.everythingStored())).not.toContain("between us two");
});

test("the preview sends nothing, and what it shows is what is dealt; only a facilitator's press counts", async () => {
  const stage = await Stage.set({ people: ["Ana", "Ben", "Cleo"] });
  await stage.types("Maggie", "/together-run pairs");
  expect(await stage.sees("Ana")).toEqual([]);
  expect(await groups(stage)).toEqual([]);
  await stage.presses("Maggie", "4 people in 2 groups", "Bring them together");
  expect(await groups(stage)).toHaveLength(2);
  // Pressed again, it is the same round.
  await stage.presses("Maggie", "4 people in 2 groups", "Bring them together");
  expect(await stage.company.office.rounds.of(await stage.community())).toHaveLength(1);
});

test("whom somebody would rather not be paired with is between them and us", async () => {
  const stage = await Stage.set({ people: ["Ana", "Ben"] });
  expect(await stage.types("Ana", "/together apart @Ben")).toContain(
    "You and Ben are not paired any more. Only you and I know.",
  );
  expect(await stage.types("Ana", "/together apart @Ana")).toBe("That would be hard to do.");
  await stage.types("Maggie", "/together pause");
  expect(await stage.types("Maggie", "/together-run pairs")).toContain(
    "There are not two people to bring together now",
  );
  expect(await stage.types("Ben", "/together apart")).toContain("There is nobody");
  expect(await stage.types("Ben", "/together my-data")).not.toContain("Ana");
  expect(JSON.stringify(await stage.harvest())).not.toContain("apart");
  expect(await stage.types("Ana", "/together apart")).toContain("You are not paired with: Ben.");
  await stage.presses("Ana", "You are not paired with", "Lift it: Ben");
  await together(stage);
  expect(await groups(stage)).toHaveLength(1);
});

test("circles: the first round bonds, the next ones bridge, and the introduction says where they come from", async () => {
  const stage = await Stage.set({ people: ["Ana", "Ben", "Cleo"] });
  for (const who of ["Maggie", "Ana"]) await stage.types(who, "/together circles school");
  for (const who of ["Ben", "Cleo"]) await stage.types(who, "/together circles council");
  await together(stage);
  const community = await stage.community();
  const rounds = () => stage.company.office.rounds.of(community);
  expect((await rounds())[0]?.result.bridging).toBe(0);
  expect(await stage.types("Maggie", "/together-run pairs")).toContain("2 new ties, 2 of them across circles");
  await together(stage);
  expect((await rounds())[1]?.result.bridging).toBe(2);
  const introduced = (await invitation(stage, "Ana")).map(plain).join("\n");
  expect(introduced).toMatch(/You come from (school and council|council and school)\./);
});

test("who comes in while a round runs joins a group; nobody is dealt again", async () => {
  const stage = await Stage.set({ people: ["Ana", "Ben", "Cleo"], from: [ONE, "09:00"] });
  await stage.until(ONE, "09:11");
  const before = await groups(stage);
  await stage.joins("Dev");
  const after = await groups(stage);
  expect(after.map((group) => group.length).sort()).toEqual([2, 3]);
  expect(after.filter((group) => before.some((old) => old.join() === group.join()))).toHaveLength(1);
  expect(await invitation(stage, "Dev")).toHaveLength(1);
  // Long after it has begun, one waits for the next.
  await stage.until(ONE, "11:00");
  await stage.joins("Efua");
  expect(await invitation(stage, "Efua")).toEqual([]);
});

test("after a round, facilitators are told in plain words how connected the room is", async () => {
  const stage = await Stage.set({ people: ["Ana", "Ben", "Cleo"] });
  await together(stage);
  await stage.finds("Maggie", "After round 1: 2 ties among 4 people; the web is in 2 pieces");
  await together(stage);
  await stage.finds("Maggie", "After round 2: 4 ties among 4 people; all are connected");
  expect((await stage.sees("Ana")).map(plain).join()).not.toContain("After round");
});

test("a round can be dealt again from its record alone, and a changed record is found out", async () => {
  const stage = await Stage.set({ people: ["Ana", "Ben", "Cleo", "Dev", "Efua"] });
  for (let round = 0; round < 3; round++) {
    await together(stage);
    await stage.presses("Ana", "will you begin?", round === 1 ? "Not yet" : "We met");
  }
  const all = await stage.company.office.rounds.of(await stage.community());
  expect(all.map((round) => verify(round, all).verdict)).toEqual(["same", "same", "same"]);
  const [first] = all;
  if (!first) throw new Error("There is no round.");
  const forged = { ...first, result: { ...first.result, groups: [...first.result.groups].reverse() } };
  expect(verify(forged, all).verdict).toBe("different");
});

/** People who were in a first round and have gone since. */
async function without(people: readonly string[], ...leaving: string[]): Promise<Stage> {
  const gone = new Set<string>();
  const stage = await Stage.set({ people, gone });
  await together(stage);
  for (const who of leaving) gone.add(who);
  await together(stage);
  return stage;
}
const newest = async (stage: Stage, who: string) => (await invitation(stage, who)).map(plain).at(-1) ?? "";
const notices = async (stage: Stage) =>
  (await stage.sees("Maggie")).map(plain).filter((words) => words.includes("could not bring"));

test("promise 40: where one of a pair is gone, the other joins a group, and each of it is told why", async () => {
  const stage = await without(["Ana", "Ben", "Cleo"], "Ana");
  const left = (await groups(stage)).filter((group) => group.length > 0);
  expect(left.map((group) => group.length)).toEqual([3]);
  for (const who of ["Ben", "Cleo", "Maggie"]) {
    const words = await newest(stage, who);
    expect(words).toMatch(/the three of you .+ (Ben|Cleo|Maggie) came to you because somebody they were to meet/);
    expect(words).not.toContain("@Ana");
  }
  expect(await invitation(stage, "Ana")).toHaveLength(1);
  // Facilitators have nothing to do about it.
  expect(await notices(stage)).toEqual([]);
  const all = await stage.company.office.rounds.of(await stage.community());
  expect(all.map((round) => verify(round, all).verdict)).toEqual(["same", "same"]);
});

test("promise 40: a three of which one is gone goes on as two; in the next round they are not missed", async () => {
  const stage = await without(["Ana", "Ben"], "Ana");
  expect((await groups(stage)).map((group) => group.length)).toEqual([2]);
  expect(await newest(stage, "Ben")).toContain("the two of you");
  expect(await newest(stage, "Ben")).not.toContain("came to you");
  await together(stage);
  expect((await groups(stage)).flat()).toHaveLength(2);
  expect(await notices(stage)).toEqual([]);
});

test("promise 40: where nobody is left to join, a facilitator is told once", async () => {
  const stage = await without(["Ana"], "Ana");
  expect(await notices(stage)).toEqual([expect.stringContaining("Maggie")]);
  expect((await notices(stage)).join()).not.toContain("Ana");
});

test("promise 40: where several are gone, everybody else meets somebody, each in one group", async () => {
  const stay = ["Ben", "Cleo", "Efua", "Gwen", "Hana"];
  const stage = await without([...stay, "Ana", "Dev", "Finn", "Iris"], "Ana", "Dev", "Finn", "Iris");
  const left = (await groups(stage)).filter((group) => group.length > 0);
  expect(new Set(left.flat()).size).toBe(6);
  expect(left.flat()).toHaveLength(6);
  expect(Math.min(...left.map((group) => group.length))).toBeGreaterThanOrEqual(2);
  for (const who of [...stay, "Maggie"]) expect((await invitation(stage, who)).length, who).toBeGreaterThanOrEqual(2);
  expect(await notices(stage)).toEqual([]);
  console.info(
    `promise 40: of 10 people in pairs 4 are gone: 6 brought together in ${left.length} groups, 0 left alone`,
  );
});

test("promise 40: held again after a crash, a group that was made anew is the same, and told once", async () => {
  const stay = ["Ben", "Cleo", "Dev", "Efua", "Maggie"];
  const stage = await without(["Ana", ...stay.slice(0, -1)], "Ana");
  const { rounds, communities } = stage.company.office;
  const [community] = await communities.all();
  const setting = community && stage.company.setting(community);
  const told = async () => await Promise.all(stay.map(async (who) => (await invitation(stage, who)).length));
  const again = async () => {
    const round = (await rounds.of(community?.id ?? "")).at(-1);
    if (!round || !setting) throw new Error("There is no round.");
    const { office } = stage.company;
    await new Bringing({ ...office, notify: async () => {} }, setting, "again").all(round);
  };
  await again();
  const [before, counts] = [await groups(stage), await told()];
  await again();
  expect(await groups(stage)).toEqual(before);
  expect(await told()).toEqual(counts);
  expect(await notices(stage)).toEqual([]);
});

test("a round that is gone on with after midnight tells its facilitators nothing twice", async () => {
  const stage = await Stage.set({ people: ["Ana", "Ben", "Cleo"], from: [ONE, "23:50"] });
  await together(stage);
  // As a crash leaves it, just before its end was written.
  const [held] = (await stage.everythingStored()).filter(({ key }) => key.includes("/by-hand-pairs-"));
  if (!held) throw new Error("No round was held.");
  await stage.store.batch([{ key: held.key, value: { ...(held.value as object), state: "begun" } }]);
  await stage.stop();
  await stage.sleepUntil(TWO, "00:10");
  await stage.start();
  await stage.beat();
  const told = (await stage.sees("Maggie")).map(plain).filter((words) => words.includes("After round 1"));
  expect(told).toHaveLength(1);
  expect(JSON.stringify(await stage.everythingStored())).not.toContain('"state":"begun"');
});

test("promise 5: a group whose introduction stays in doubt where we may not read keeps no other waiting", async () => {
  const people = ["Ana", "Ben", "Cleo", "Dev", "Efua", "Finn", "Gus", "Hana", "Ines"];
  const stage = await Stage.set({ people, from: [ONE, "09:00"] });
  const [community] = await stage.company.office.communities.all();
  const platform = community && stage.company.setting(community)?.platform;
  if (!platform) throw new Error("There is no platform.");
  const [post, find] = [platform.post.bind(platform), platform.find.bind(platform)];
  let doubted = "";
  let posts = 0;
  platform.post = async (place, message, key) => {
    if (message.buttons?.some(({ id }) => id.startsWith("met"))) doubted ||= key;
    if (key !== doubted) return await post(place, message, key);
    posts++;
    throw new PlatformError("unknown", "no answer");
  };
  platform.find = async (...asked) => {
    if (asked[2] === doubted) throw new PlatformError("unsupported", "not read");
    return await find(...asked);
  };
  // A facilitator whom we know: she has done something.
  await stage.types("Maggie", "/together-run pairs");
  await stage.until(ONE, "09:30");
  const met = await Promise.all(["Maggie", ...people].map(async (who) => (await invitation(stage, who)).length));
  expect([met.filter((times) => times === 1).length, posts]).toEqual([8, 2]);
  expect(await notices(stage)).toHaveLength(1);
  expect(JSON.stringify(await stage.everythingStored())).not.toContain('"state":"failed"');
  console.info(`promise 5: one introduction in doubt, posted ${posts} times, 8 of the 8 others introduced`);
});

test("who comes in while a round is still being brought together is introduced once, and so is the rest", async () => {
  const stage = await Stage.set({ people: ["Ana", "Ben", "Cleo"] });
  const { rounds, communities } = stage.company.office;
  const [community] = await communities.all();
  const setting = community && stage.company.setting(community);
  await together(stage);
  const round = (await rounds.of(community?.id ?? "")).at(-1);
  if (!round || !setting) throw new Error("There is no round.");
  // As it was dealt, when the late comer had not come yet.
  await stage.joins("Dev");
  const { office } = stage.company;
  await new Bringing({ ...office, notify: async () => {} }, setting, "again").all(round);
  const everybody = ["Ana", "Ben", "Cleo", "Dev", "Maggie"];
  const told = await Promise.all(everybody.map(async (who) => (await invitation(stage, who)).length));
  // The first introduction and one more: the group that was joined got its own from the late comer, the other from here.
  expect(told.sort()).toEqual([1, 2, 2, 2, 2]);
});
