/** The verbs of `together`. Each loads what it needs when it is asked for, so that none waits for another's. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { Command, Option } from "commander";
import type { HarvestWanted } from "./cli/harvest.ts";
import { ROOT } from "./root.ts";

const together = new Command("together")
  .description("A workshop companion for Slack and Discord.")
  .version(versionOf(readFileSync(join(ROOT, "package.json"), "utf8")))
  .showHelpAfterError("(together --help lists the verbs)");

const say = (line: string): void => void process.stdout.write(`${line}\n`);

together
  .command("start")
  .description("run everything that is configured; the room where nothing is")
  .action(async () => {
    const { start } = await import("./cli/start.ts");
    await start();
  });

together
  .command("doctor")
  .description("look at the settings, the pack and the store, and say what is missing")
  .action(async () => {
    const { doctor } = await import("./cli/doctor.ts");
    if (!(await doctor(say))) process.exitCode = 78;
  });

const content = together.command("content").description("the packs of content/");
content
  .command("check")
  .description("look a pack through: file, line and column of everything that is wrong")
  .argument("[folder]", "a folder's name in content/, or a path to one", "better-together")
  .action(async (folder: string) => {
    const { checkContent } = await import("./cli/content.ts");
    for (const line of checkContent(folder)) say(line);
  });

together
  .command("harvest")
  .description("what was said, which quotes were used and who met, also while the bot runs")
  .addOption(new Option("--format <format>", "for programs or for people").choices(["json", "md"]).default("json"))
  .option("--out <file>", "write it there, for your eyes only, instead of printing it")
  .action(async (wanted: HarvestWanted) => {
    const { harvest } = await import("./cli/harvest.ts");
    await harvest(wanted, (text) => process.stdout.write(text));
  });

const pairs = together.command("pairs").description("the rounds of pairs");
pairs
  .command("verify")
  .description("deal a round again from its record, and say whether it is the same")
  .argument("<round>", "its number, 1 for the first; or all")
  .action(async (round: string) => {
    const { verifyPairs } = await import("./cli/pairs.ts");
    const { good, lines } = await verifyPairs(round);
    for (const line of lines) say(line);
    if (!good) process.exitCode = 1;
  });

together
  .command("backup")
  .description("copy the store beside itself, also while the bot runs; copies older than 30 days go")
  .action(async () => {
    const { backUp } = await import("./cli/copies.ts");
    for (const line of backUp()) say(line);
  });

together
  .command("restore")
  .description("put a copy in the place of the store, which is kept beside it; the bot has to be stopped")
  .argument("<copy>", "a file that backup made")
  .action(async (copy: string) => {
    const { bringBack } = await import("./cli/copies.ts");
    for (const line of bringBack(copy)) say(line);
  });

try {
  await together.parseAsync();
} catch (error) {
  const { failureOf } = await import("./cli/failure.ts");
  const { lines, exit } = failureOf(error);
  process.stderr.write(`${lines}\n`);
  // At once: whatever had begun before it failed may hold the process open.
  process.exit(exit);
}

function versionOf(manifest: string): string {
  // Our own package.json has a version.
  return (JSON.parse(manifest) as { version: string }).version;
}
