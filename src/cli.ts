/** The verbs of `together`. Each loads what it needs when it is asked for, so that none waits for another's. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { Command } from "commander";
import { ROOT } from "./root.ts";

const together = new Command("together")
  .description("A workshop companion for Slack and Discord.")
  .version(versionOf(readFileSync(join(ROOT, "package.json"), "utf8")))
  .showHelpAfterError("(together --help lists the verbs)");

const say = (line: string): void => void process.stdout.write(`${line}\n`);

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
