/** The verbs as a shell sees them: what they print, where, and the code they exit with. Runs what `npm start` runs. */
import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { failureOf } from "../src/cli/failure.ts";
import { PlatformError } from "../src/platform.ts";
import { ROOT } from "../src/root.ts";
import { StoreError } from "../src/store/store.ts";

const newFolder = (): string => mkdtempSync(join(tmpdir(), "together-"));

interface Ran {
  readonly out: string;
  readonly err: string;
  readonly exit: number | null;
}

/** In a folder of its own, with nothing set but what is given. */
function together(line: string, settings: Record<string, string> = {}, cwd = newFolder()): Ran {
  const env = { PATH: process.env["PATH"], HOME: cwd, ...settings };
  const words = [join(ROOT, "src", "start.mjs"), ...line.split(" ").filter(Boolean)];
  const { stdout, stderr, status } = spawnSync(process.execPath, words, { cwd, env, encoding: "utf8" });
  expect(`${stdout}${stderr}`).not.toMatch(/^\s+at .*:\d+:\d+\)?$/m);
  return { out: stdout, err: stderr.replace(/^Building … .*\n/, ""), exit: status };
}

// Nothing to do after `npm test` has built; a minute where a test file is run alone on a busy machine.
beforeAll(() => void together("build"), 120_000);

describe("together", () => {
  it("tells its version and its verbs", () => {
    expect(together("--version")).toMatchObject({ out: "0.1.0\n", exit: 0 });
    expect(together("--help").out).toMatch(/doctor[\s\S]*content/);
  });

  it("knows the nearest verb to one it has not", () => {
    expect(together("docter")).toMatchObject({ err: expect.stringContaining("(Did you mean doctor?)"), exit: 1 });
  });
});

/** Runs `start` until it says where it is, or ends. */
async function started(settings: Record<string, string>, cwd = newFolder()) {
  const env = { PATH: process.env["PATH"], HOME: cwd, ...settings };
  const child = spawn(process.execPath, [join(ROOT, "src", "start.mjs"), "start"], { cwd, env });
  let said = "";
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (words) => (said += words));
  const ended = once(child, "close").then(([exit]) => ({ exit, said }));
  const open = once(child.stdout, "data");
  await Promise.race([open, ended]);
  return { said, ended, child, cwd };
}

describe("start", () => {
  it("opens the room where no token is set, keeps what happens there, and stops at once when asked", async () => {
    const { said, ended, child, cwd } = await started({ PORT: "0" });
    const address = /No token is set, so this is the room alone\. Open (http:\/\/localhost:\d+)/.exec(said)?.[1] ?? "";
    expect(await (await fetch(`${address}/readyz`)).text()).toBe("ready\n");
    expect(existsSync(join(cwd, "data", "room.db"))).toBe(true);
    expect(JSON.parse(together("harvest", {}, cwd).out)).toMatchObject({ community: "room/workshop", answers: [] });
    expect(together("harvest --format md --out h.md", {}, cwd).out).toBe("h.md: 0 answers.\n");
    expect(together("harvest --out nowhere/h.md", {}, cwd)).toMatchObject({
      err: expect.stringContaining("E_OUT: nowhere/h.md cannot be written (ENOENT). Name a file"),
      exit: 1,
    });
    expect(together("backup", {}, cwd).out).toMatch(/room\.db\.\S+\.backup: \d+ kB\./);
    expect(await started({ PORT: "0" }, cwd).then((second) => second.ended)).toMatchObject({
      exit: 78,
      said: expect.stringMatching(/^E_STORE_HELD: /),
    });
    child.kill("SIGTERM");
    expect(await ended).toMatchObject({ exit: 0 });
    const copy = readdirSync(join(cwd, "data")).find((name) => name.endsWith(".backup")) ?? "";
    expect(together(`restore data/${copy}`, {}, cwd)).toMatchObject({
      out: expect.stringContaining(`room.db is as it was in data/${copy}.`),
      exit: 0,
    });
  });

  it("names a taken port, another one, and every wrong setting, without a stack", async () => {
    const first = createServer();
    await new Promise<void>((done) => first.listen(0, "127.0.0.1", done));
    // A listening server has an address.
    const { port } = first.address() as AddressInfo;
    expect(await (await started({ PORT: String(port) })).ended).toEqual({
      exit: 78,
      said: expect.stringMatching(
        new RegExp(`^E_PORT: ${port} is used by another program.*\\. Set PORT=${port + 1}\\.\n$`),
      ),
    });
    first.close();
    expect(together("start", { WORKSHOP_PACK: "betr-together", PORT: "0" })).toMatchObject({
      err: expect.stringContaining("(did you mean better-together?)"),
      exit: 78,
    });
    expect(together("start", { DATABASE_URL: "sqlite:///no/such/x.db", PORT: "0" })).toMatchObject({
      err: expect.stringContaining("E_STORE_PATH: /no is not there."),
      exit: 78,
    });
    // The room alone keeps its store beside that one: it must not land in the folder above.
    const folder = newFolder();
    expect(together("start", { DATABASE_URL: `sqlite:${folder}`, PORT: "0" })).toMatchObject({
      err: expect.stringContaining(`E_STORE_PATH: ${folder} is a folder, not a file.`),
      exit: 78,
    });
  });
});

describe("doctor", () => {
  it("finds a fresh folder good, and makes nothing there", () => {
    const { out, exit } = together("doctor", { TZ: "Europe/London" });
    expect(out).toContain("good  Settings the room; no dates yet, Europe/London; http://127.0.0.1:3000");
    expect(out).toContain("36 quotes");
    expect(out).toContain("is not there yet; the first start makes it.");
    expect(exit).toBe(0);
  });

  it("names everything that is wrong with the settings, and exits 78", () => {
    const { out, exit } = together("doctor", { SLACK_BOT_TOKEN: "xapp-1-secret", PORT: "80" });
    expect(out).toContain("mend  Settings E_ENV_TOKEN_KIND: SLACK_BOT_TOKEN starts with xapp-");
    expect(out).toContain('mend  Settings E_PORT: PORT: "80"');
    expect(out).not.toContain("secret");
    expect(exit).toBe(78);
  });

  it("reads .env, under what the shell sets", () => {
    const cwd = newFolder();
    writeFileSync(join(cwd, ".env"), "\uFEFFPORT=4000\nWORKSHOP_TIME_ZONE=Europe/London\n");
    expect(together("doctor", { WORKSHOP_TIME_ZONE: "Asia/Tokyo" }, cwd).out).toContain(
      "Asia/Tokyo; http://127.0.0.1:4000",
    );
  });

  it("sees a store that is none, and a pack that is not there", () => {
    const cwd = newFolder();
    writeFileSync(join(cwd, "x.db"), "no store at all, but quite long enough to look like one".repeat(20));
    const { out, exit } = together(
      "doctor",
      { DATABASE_URL: "sqlite:x.db", DISCORD_TOKEN: "t", DISCORD_CHANNEL: "1", WORKSHOP_PACK: "better-togethr" },
      cwd,
    );
    expect(out).toMatch(/mend {2}Store {4}E_STORE_DAMAGED: .*x\.db/);
    expect(out).toContain("did you mean better-together?");
    expect(exit).toBe(78);
  });
});

describe("a programme that the pack has not", () => {
  const settings = {
    SLACK_BOT_TOKEN: "xoxb-1",
    SLACK_APP_TOKEN: "xapp-1",
    SLACK_CHANNEL: "c",
    SLACK_PROGRAMME: "wrkshop",
  };
  const told =
    'E_ENV_PROGRAMME: SLACK_PROGRAMME: The pack better-together has no programme "wrkshop". There are: workshop, alumni.';

  it.each(["start", "doctor"])("%s names it, and those there are", (verb) => {
    const { out, err, exit } = together(verb, { ...settings, PORT: "0" });
    expect(out + err).toContain(told);
    expect(exit).toBe(78);
  });
});

it("the room lives through a pack's first programme where none is called workshop", async () => {
  const pack = join(newFolder(), "pack");
  cpSync(join(ROOT, "test", "fixtures", "packs", "small"), pack, { recursive: true });
  const programme = join(pack, "programme.yaml");
  writeFileSync(programme, readFileSync(programme, "utf8").replace("id: workshop", "id: afternoon"));
  const { child, ended, cwd } = await started({ PORT: "0", WORKSHOP_PACK: pack });
  expect(JSON.parse(together("harvest", { WORKSHOP_PACK: pack }, cwd).out)).toMatchObject({
    community: "room/afternoon",
  });
  child.kill("SIGTERM");
  await ended;
});

describe("content check", () => {
  it("says what is in a good pack", () => {
    expect(together("content check")).toMatchObject({ out: expect.stringContaining("36 quotes"), exit: 0 });
  });

  it("names file, line and column of what is wrong in another", () => {
    const folder = join(newFolder(), "pack");
    cpSync(join(ROOT, "content", "better-together"), folder, { recursive: true });
    writeFileSync(join(folder, "quotes.yaml"), "decks:\n\tquotes: [\n");
    const { err, exit } = together(`content check ${folder}`);
    expect(err).toMatch(/quotes\.yaml:2:1: .*\(E_PACK_PARSE\)/);
    expect(exit).toBe(78);
  });
});

describe("what cannot go on", () => {
  it.each([
    [new StoreError("held", "Another runs."), "E_STORE_HELD: Another runs.", 78],
    [new StoreError("full", "No room."), "E_STORE_FULL: No room.", 1],
    [new PlatformError("denied", "Reinstall the app."), "Reinstall the app.", 78],
    [new PlatformError("unknown", "No answer."), "No answer.", 1],
    [new Error("It broke.", { cause: new Error("a wire") }), "It broke.\n  because: a wire", 1],
    ["words", "words", 1],
  ])("%s", (error, lines, exit) => expect(failureOf(error)).toEqual({ lines, exit }));
});
