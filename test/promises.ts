/**
 * `npm run promises`: what the product promises about delivery, collection and storage, by number; the tests that hold
 * each to it, run now; and the figures that they print. Exits with 1 where a promise has no test, or one that does not
 * pass. The marks are read off the tests: `test` is in `npm test`, `ci` and `soak` are more of the same elsewhere.
 */
import { spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import { stripVTControlCharacters } from "node:util";
import { ROOT } from "../src/root.ts";

const PROMISES: readonly string[] = [
  "killed at any point, each due post stands once and no reply is missing",
  "the simulation holds",
  "the simulation notices known mistakes (npm run soak -- teeth)",
  "the same seed gives the same trace",
  "an ambiguous send is never blindly repeated",
  "every send carries its key, and a retry within the platform's window is one message",
  "after that window recovery finds the post by what it carries",
  "of two live messages with one key the later goes, and replies under it are kept",
  "every occurrence ends as sent, skipped or failed, and says why",
  "missed blocks are held once within a window, or left out; never all",
  "clock changes: the first valid instant, once",
  "clock steps and suspend: nothing twice, nothing early",
  "one that overlaps its next slot never runs beside it",
  "a second instance is refused by name, and takes over when the first dies",
  "another process on the same app is reported",
  "acknowledged only after it is in the journal",
  "a redelivery has no second effect",
  "replies written while we were down are stored after the start",
  "edits converge to the newest version; deletes win",
  "what was deleted is erased",
  "absence is not deletion",
  "form answers are stored before they are acknowledged",
  "kinds of replies are counted as documented",
  "load: many replies at once, with blocks due at the same time",
  "every reconnect reads the open threads again",
  "a store error is never read as not found",
  "a full disk: nothing is sent, and it goes on without a restart",
  "a damaged store is refused, with the newest backup and the command",
  "a backup is online, checked and pruned; a restore is drilled",
  "export and import are identical",
  "each step of a migration survives a kill, and a newer schema is refused by name",
  "one conformance suite for every store",
  "a graceful stop within 10 s, at any moment",
  "memory and disk stay bounded over 400 days",
  "reconnected within 60 s after the service returns",
  "no unhandled rejection",
  "the codes that really occur map to what is done about them",
  "rate limits are honoured",
  "interactions are acknowledged in time",
  "channels that go, bots that are kicked: told once, and paused",
  "a crash loop does not use up a token",
];

interface Report {
  readonly testResults: readonly {
    readonly name: string;
    readonly assertionResults: readonly { readonly fullName: string; readonly status: string }[];
  }[];
}

const folder = mkdtempSync(join(tmpdir(), "promises-"));
const file = join(folder, "report.json");
const asked = ["run", "--config", "test/vitest.config.ts", "-t", "promise \\d+", "--reporter=default"];
const ran = spawnSync("npx", ["vitest", ...asked, "--reporter=json", `--outputFile.json=${file}`], {
  cwd: ROOT,
  encoding: "utf8",
  maxBuffer: 2 ** 28,
});
// The runner's own report.
const report = JSON.parse(readFileSync(file, "utf8")) as Report;
rmSync(folder, { recursive: true, force: true });
const tests = report.testResults.flatMap(({ name, assertionResults }) =>
  assertionResults.map((one) => ({ ...one, file: relative(ROOT, name) })),
);
const figures = stripVTControlCharacters(ran.stdout)
  .split("\n")
  .filter((line) => line.startsWith("promise "));

const textOf = (path: string): string => readFileSync(join(ROOT, path), "utf8");
/** What is started by other commands than `npm test`. */
const elsewhere = readdirSync(join(ROOT, "test"), { recursive: true, encoding: "utf8" })
  .filter(
    (path) => /^(browser|counterparts|bench|long|simulation\/soak).*\.ts$/.test(path) && !path.includes("node_modules"),
  )
  .map((path) => ({ path, mark: path.includes("soak") ? "soak" : "ci", text: textOf(join("test", path)) }));

/** A file's tests, each with what stands around it at the top of the file. */
const blocksOf = (file: string): readonly string[] => textOf(file).split(/^(?=test|property|describe)/m);

/** `test`; and more of the same where a setting asks for it (what its tests read of the environment), or elsewhere. */
function marksOf(files: readonly string[], named: RegExp): string {
  const settings = files.flatMap((file) => {
    const its = blocksOf(file).filter((block) => named.test(block));
    // `const { KILLS = "2" } = process.env`, or a comparison.
    const read = textOf(file).matchAll(/\{ ([A-Z]+) = ".*" \} = process\.env|process\.env\["([A-Z]+)"\] ===/g);
    const names = [...read].map(([, one, other]) => one ?? other ?? "");
    return names.filter((name) => its.some((block) => block.includes(name)));
  });
  const others = elsewhere.filter(({ text }) => named.test(text));
  return [
    ...(files.length ? ["test"] : []),
    ...settings.map((setting) => `ci (${setting})`),
    ...others.map(({ mark, path }) => `${mark} (test/${path})`),
  ].join(", ");
}

// What broke is told by the runner itself.
if (ran.status !== 0) console.log(ran.stdout);
let kept = 0;
for (const [at, promise] of PROMISES.entries()) {
  const named = new RegExp(`\\bpromise ${at + 1}:`);
  const its = tests.filter(({ fullName }) => named.test(fullName));
  const passed = its.filter(({ status }) => status === "passed").length;
  if (its.length > 0 && passed === its.length) kept++;
  const files = [...new Set(its.map((one) => one.file))];
  const how = its.length === 0 ? "NO TEST BY THIS NUMBER" : `${passed} of ${its.length} tests, ${files.join(" ")}`;
  console.log(`${String(at + 1).padStart(2)}  ${promise}  [${marksOf(files, named)}]\n      ${how}`);
  for (const line of figures.filter((line) => named.test(line)))
    console.log(`      ${line.slice(line.indexOf(":") + 2)}`);
}
console.log(`${kept} of ${PROMISES.length} promises are held by tests that pass`);
process.exitCode = kept === PROMISES.length && ran.status === 0 ? 0 : 1;
