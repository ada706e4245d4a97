import { expect, test } from "vitest";
import { pack, plain, Stage } from "./stage.ts";

const ONE = "2027-12-06";
const TWO = "2027-12-07";

test("look", async () => {
  const stage = await Stage.set();
  const out = async (who: string, n = 6) =>
    console.log(
      `== ${who}\n` +
        (await stage.sees(who))
          .slice(-n)
          .map(
            (m) =>
              `${m.onlyYou ? "(only you) " : ""}${m.by ?? "together"} in ${m.place}: ${plain(m)} [${m.buttons.map((b) => b.label).join("] [")}]`,
          )
          .join("\n---\n"),
    );
  await stage.until(ONE, "09:12");
  await out("Ana");
  await stage.presses("Ana", "Find out", "We met");
  await stage.until(ONE, "09:41");
  console.log(
    JSON.stringify(
      await stage.fills("Ana", "Find someone", "I found someone", {
        square: pack.findSomeone[0]!.id,
        person: "Ben",
        told: "Ben told me a lot",
      }),
    ),
  );
  await stage.presses("Ben", "found", "Yes, that’s me");
  await out("Ben", 4);
  await stage.until(ONE, "10:15");
  await stage.fills(
    "Ana",
    "Why are we here",
    "Write it here",
    Object.fromEntries(pack.stems.map((s, i) => [s.id, `words ${i}`])),
  );
  const m = await stage.replies("Ben", "Why are we here", "I'm here because of Ana.\nI want to be better at listening");
  await out("Ana", 5);
  await stage.fills("Ana", "Kept", "Change", Object.fromEntries(pack.stems.map((s, i) => [s.id, i ? "" : "changed"])));
  await stage.edits("Ben", m, "I'm here because of Cleo");
  await out("Ben", 3);
  console.log(JSON.stringify(await stage.harvest(), null, 1));
  await stage.until(ONE, "16:20");
  await stage.replies(
    "Ana",
    "Review day one",
    "What? We met.\nSo what? It matters.\nWhat now? ring the community centre",
  );
  await stage.until(ONE, "19:01");
  await stage.presses("Ana", "That was day one", "Show me mine");
  await out("Ana", 2);
  for (const line of [
    "help",
    "strat",
    "me",
    "ties",
    "next",
    "today",
    "circles school, council",
    "quote",
    "my-data",
    "pause 2027-12-08",
    "pause 2027-02-31",
    "resume",
    "forget-me",
  ])
    console.log(`/together ${line}:`, await stage.types("Ana", `/together ${line}`));
  for (const line of [
    "help",
    "status",
    "people",
    "show nothing",
    "pairs 9",
    "start",
    "harvest",
    "skip",
    "next",
    "redo",
    "move arrival-6 25:00",
    "move arrival-6 07:00",
    "start Mars/Olympus",
    "remind",
  ])
    console.log(`/together-run ${line}:`, await stage.types("Maggie", `/together-run ${line}`));
  console.log(await stage.types("Ana", "/together-run status"));
  await stage.presses("Ana", "This erases", "Yes, forget me");
  await out("Ana", 3);
  console.log(JSON.stringify(await stage.harvest(), null, 1).slice(0, 1500), stage.warnings);
  expect(1).toBe(1);
  await stage.until(TWO, "17:00");
  console.log(stage.warnings);
});
