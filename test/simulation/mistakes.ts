/** Known mistakes, each a change to one line of a copy of the core: what the simulation must notice to be believed. */
import { copyFileSync, cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { ROOT } from "../../src/root.ts";
import { type Core, coreOf } from "./core.ts";

export interface Mistake {
  readonly name: string;
  readonly file: string;
  readonly from: string | RegExp;
  readonly to: string;
}

export const MISTAKES: readonly Mistake[] = [
  {
    name: "an ambiguous send is repeated without looking",
    file: "outbox.ts",
    from: "const [found] = await this.patiently(look)",
    to: "const [found] = await Promise.resolve([] as { message: MessageRef }[])",
  },
  {
    name: "it looks before the answer has settled",
    file: "outbox.ts",
    from: "const SETTLE = 5_000;",
    to: "const SETTLE = 0;",
  },
  {
    name: "nothing is intended before it is sent",
    file: "outbox.ts",
    from: /await this\.#store\.batch\(\[this\.#sends\.put\(\[key\], \{ state: "intended".*\]\);/,
    to: "",
  },
  {
    name: "a look that failed is read as: not there",
    file: "outbox.ts",
    from: "const [found] = await this.patiently(look).catch((error: unknown) => {",
    to: "const [found] = await look().catch((error: unknown) => { if (error instanceof PlatformError) return [];",
  },
  {
    name: "what was sent is not recorded",
    file: "outbox.ts",
    from: /await this\.#store\.batch\(\[this\.#sends\.put\(\[key\], \{ state: "sent".*\]\);/,
    to: "",
  },
  {
    name: "the deadline is looked at before looking for the message",
    file: "outbox.ts",
    from: 'if (before?.state === "sent") return before.message;',
    to: 'if (before?.state === "sent") return before.message;\n    if (sending.until !== undefined && this.#clock.now() > sending.until) return await this.#forgo(key);',
  },
  {
    name: "no pause between two posts to a channel",
    file: "pace.ts",
    from: "if (pause > 0) await wait(this.#clock, pause);",
    to: "",
  },
  {
    name: "a failed read of the store is read as: nothing there",
    file: "store/collection.ts",
    from: "const value = await store.get(key(...id));",
    to: "const value = await store.get(key(...id)).catch(() => undefined);",
  },
  {
    name: "acknowledged before it is in the journal",
    file: "inbox.ts",
    from: "await this.#store.batch([this.#seen.put(mark, taken), this.#journal.put([place], heard)]);",
    to: "void this.#store.batch([this.#seen.put(mark, taken)]).catch(() => {});",
  },
  {
    name: "a command that is heard again is followed again",
    file: "timekeeper.ts",
    from: /if \(before\) return await this\.#take\(before\);/g,
    to: "",
  },
  {
    name: "the journal is not worked off after a crash",
    file: "inbox.ts",
    from: "for (const entry of left) this.#enqueue(entry);",
    to: "",
  },
  {
    name: "nothing is read back after a gap",
    file: "readback.ts",
    from: "  all(): void {\n",
    to: "  all(): void {\n    return;\n",
  },
  {
    name: "nothing is read back that was typed before we listened",
    file: "readback.ts",
    from: "  one(prompt: Prompt): void {\n",
    to: "  one(_prompt: Prompt): void {\n    return;\n",
  },
  {
    name: "an older version overwrites a newer",
    file: "answers.ts",
    from: "if (known && known.version >= heard.version) return;",
    to: "",
  },
  {
    name: "what was taken back comes back when it is read again",
    file: "answers.ts",
    from: 'if (known?.state === "gone") return this.#erased();',
    to: "",
  },
  {
    name: "what a history lacks counts as taken back, whatever it lacks besides",
    file: "readback.ts",
    from: /const whole =[^;]*;/,
    to: "const whole = prompt !== undefined && at > 0;",
  },
  {
    name: "the cursor moves before what fell due is begun",
    file: "timekeeper.ts",
    from: "    const missed = all.filter((one) => isMissed(one, now, all));",
    to: "    await this.#hall.communities.change(id, (stands) => ({ ...stands, cursor: now }));\n    const missed = all.filter((one) => isMissed(one, now, all));",
  },
  {
    name: "a job is struck off before its work is done",
    file: "jobs/embedded.ts",
    from: "const outcome = await this.#tried(kept);",
    to: "await this.#store.batch([this.#jobs.erase([kept.id]), this.#due.erase(placeOf(kept))]);\n    const outcome = await this.#tried(kept);",
  },
  {
    name: "a missed block is held however late",
    file: "timekeeper.ts",
    from: "at + block.missed.withinMinutes * MINUTE",
    to: "at + (block.missed.withinMinutes + 100_000) * MINUTE",
  },
  {
    name: "what was missed is held all at once",
    file: "holding.ts",
    from: "if (clock.now() - occurrence.at > LATE) await this.#catchingUp.turn(community.id, APART);",
    to: "",
  },
  {
    name: "what fell due by a clock that was ahead is held all the same",
    file: "holding.ts",
    from: "if (clock.now() < occurrence.at && !occurrence.asked) return { again: occurrence.at };",
    to: "",
  },
  {
    name: "a second message of one key stays",
    file: "duplicates.ts",
    from: "await this.#remove(platform, message);",
    to: "",
  },
  {
    name: "one of those present is left out of the pairs",
    file: "people/participation.ts",
    from: "return candidates.filter(",
    to: "return candidates.slice(1).filter(",
  },
  {
    name: "a time in the gap of the spring change is taken an hour off",
    file: "programme.ts",
    from: 'return (skipped ? moment.getTimeZoneTransition("next") : null)?.epochMilliseconds ?? moment.epochMilliseconds;',
    to: "return moment.epochMilliseconds + (skipped ? 3_600_000 : 0);",
  },
  {
    name: "the second of two times of the autumn change",
    file: "programme.ts",
    from: 'disambiguation: "earlier"',
    to: 'disambiguation: "later"',
  },
  {
    name: "an occurrence is named by its instant, not by its date",
    file: "timekeeper.ts",
    from: "const { block, date, at } = coming;",
    to: "const { block, at } = coming;\n  const date = new Date(at).toISOString();",
  },
];

/** A copy of the core that makes one mistake, with the same packages. */
export async function coreWith(mistake: Mistake): Promise<{ core: Core; drop: () => void }> {
  const folder = mkdtempSync(join(tmpdir(), "mistake-"));
  cpSync(join(ROOT, "src"), join(folder, "src"), { recursive: true });
  symlinkSync(join(ROOT, "node_modules"), join(folder, "node_modules"));
  copyFileSync(join(ROOT, "package.json"), join(folder, "package.json"));
  const file = join(folder, "src", mistake.file);
  const right = readFileSync(file, "utf8");
  const wrong = right.replace(mistake.from, mistake.to);
  if (wrong === right) throw new Error(`${mistake.file} has no such line any more: ${mistake.from}`);
  writeFileSync(file, wrong);
  const drop = () => rmSync(folder, { recursive: true, force: true });
  return { core: await coreOf(pathToFileURL(join(folder, "src/")).href), drop };
}
