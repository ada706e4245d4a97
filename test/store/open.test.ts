import {
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { join, resolve } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { connect } from "../../src/store/open.ts";
import { networkName, storeFile } from "../../src/store/place.ts";
import { isCurrent, migrate, VERSION } from "../../src/store/schema.ts";
import { StoreError } from "../../src/store/store.ts";
import { newFolder, opening } from "./fresh.ts";

let folder: ReturnType<typeof newFolder>;
beforeEach(() => {
  folder = newFolder();
});
afterEach(() => folder.remove());

const mode = (path: string) => (statSync(path).mode & 0o777).toString(8);

/** A store with some pages in it. It is a copy, so that nothing in this process has ever had it open. */
async function filled(): Promise<void> {
  const first = join(folder.path, "first.db");
  const store = await opening(first);
  await store.batch(Array.from({ length: 300 }, (_, at) => ({ key: `a/${at}`, value: "v".repeat(200) })));
  await store.close();
  copyFileSync(first, folder.file);
}

function alter(sql: string): void {
  const db = connect(folder.file, false);
  db.exec(sql);
  db.close();
}

describe("the address", () => {
  test.each([
    ["sqlite:data/together.db", resolve("data/together.db")],
    ["sqlite:./x.db", resolve("x.db")],
    ["sqlite:/srv/x.db", "/srv/x.db"],
    ["sqlite:///srv/x.db", "/srv/x.db"],
    ["sqlite:with space.db", resolve("with space.db")],
  ])("%s", (url, file) => expect(storeFile(url)).toBe(file));

  test.each([
    "",
    "sqlite:",
    "sqlite://",
    "sqlite://host/x.db",
    "sqlite::memory:",
    "sqlite:x.db?mode=ro",
    "together.db",
    "postgres://x/y",
  ])("%j is refused with an example", async (url) => {
    expect(() => storeFile(url)).toThrow(/Example: DATABASE_URL=sqlite:data\/together\.db/);
    await expect(opening("", { url })).rejects.toMatchObject({ code: "path" });
  });
});

describe("the place", () => {
  test("is made for this user alone, with every file that SQLite puts there", async () => {
    const file = join(folder.path, "data", "together.db");
    const store = await opening(file);
    await store.batch([{ key: "a", value: 1 }]);
    expect(mode(join(folder.path, "data"))).toBe("700");
    expect(readdirSync(join(folder.path, "data")).sort()).toStrictEqual([
      "together.db",
      "together.db-shm",
      "together.db-wal",
    ]);
    for (const name of ["", "-wal", "-shm"]) expect(mode(file + name)).toBe("600");
    await store.close();
  });

  test("that was open to others is shut", async () => {
    writeFileSync(folder.file, "", { mode: 0o644 });
    await (await opening(folder.file)).close();
    expect(mode(folder.file)).toBe("600");
  });

  test("in a branch that is not there is named by what is missing, and not made", async () => {
    const call = opening(join(folder.path, "no", "such", "x.db"));
    await expect(call).rejects.toMatchObject({
      code: "path",
      message: expect.stringContaining(`${join(folder.path, "no")} is not there`),
    });
    expect(existsSync(join(folder.path, "no"))).toBe(false);
  });

  test("that is a folder", async () => {
    mkdirSync(folder.file);
    await expect(opening(folder.file)).rejects.toMatchObject({
      code: "path",
      message: expect.stringContaining("is a folder, not a file"),
    });
  });

  test("below a file", async () => {
    writeFileSync(folder.file, "");
    await expect(opening(join(folder.file, "x.db"))).rejects.toMatchObject({
      code: "path",
      message: expect.stringContaining("not a folder"),
    });
    await expect(opening(join(folder.file, "y", "x.db"))).rejects.toMatchObject({ code: "path" });
  });

  test("on a network is known by its file system", () => {
    expect([0x6969, 0xff534d42, 0xfe534d42].map(networkName)).toStrictEqual(["NFS", "CIFS", "SMB2"]);
    // ext4, tmpfs, overlayfs, btrfs: disks of this machine.
    expect([0xef53, 0x01021994, 0x794c7630, 0x9123683e].map(networkName)).toStrictEqual(Array(4).fill(undefined));
  });
});

describe("for reading only", () => {
  test("nothing is made where nothing is", async () => {
    await expect(opening(folder.file, { readOnly: true })).rejects.toMatchObject({
      code: "path",
      message: expect.stringContaining("There is no store at"),
    });
    expect(existsSync(folder.file)).toBe(false);
  });

  test("it works beside the one who writes, sees what is kept, and writes nothing", async () => {
    const writer = await opening(folder.file);
    const reader = await opening(folder.file, { readOnly: true });
    await writer.batch([{ key: "a", value: 1 }]);
    expect(await reader.get("a")).toBe(1);
    await expect(reader.batch([{ key: "a", value: 2 }])).rejects.toMatchObject({ code: "readonly" });
    await expect(reader.claim("b", 2)).rejects.toMatchObject({ code: "readonly" });
    await expect(reader.scrub()).rejects.toMatchObject({ code: "readonly" });
    expect(await writer.range("", undefined, 10)).toStrictEqual([{ key: "a", value: 1 }]);
    await reader.close();
    await writer.close();
  });

  test("a file that never was a store is refused", async () => {
    writeFileSync(folder.file, "");
    await expect(opening(folder.file, { readOnly: true })).rejects.toMatchObject({
      code: "path",
      message: expect.stringContaining("Start Together once"),
    });
  });
});

describe("the version", () => {
  test("is written once, and a store opens again as it was", async () => {
    await filled();
    const store = await opening(folder.file);
    expect(await store.range("a/", undefined, 1_000)).toHaveLength(300);
    await store.close();
  });

  test.each([false, true])(
    "promise 31: that is newer is refused by name, and left alone (for reading only: %s)",
    async (readOnly) => {
      await filled();
      alter(`PRAGMA user_version = ${VERSION + 1}`);
      const before = readFileSync(folder.file);
      await expect(opening(folder.file, { readOnly })).rejects.toMatchObject({
        code: "newer",
        message: expect.stringMatching(
          new RegExp(`store version ${VERSION + 1}; this one knows ${VERSION}.*Update Together`),
        ),
      });
      expect(readFileSync(folder.file).equals(before)).toBe(true);
    },
  );

  test("promise 31: is reached whole or not at all, wherever the way to it breaks off, and the way can be taken again", () => {
    const OK = 0;
    const DENY = 1;
    let broken = 0;
    for (let stop = 1; broken === stop - 1; stop++) {
      const file = join(folder.path, `${stop}.db`);
      const db = connect(file, false);
      let asked = 0;
      // SQLite asks before each thing that it does; a refusal breaks off there, as a kill would.
      db.setAuthorizer(() => (++asked === stop ? DENY : OK));
      try {
        migrate(db, file);
      } catch {
        broken++;
      }
      db.setAuthorizer(null);
      // Throws where there is a table without a version, or a version without its mark.
      expect(() => isCurrent(db, file)).not.toThrow();
      migrate(db, file);
      expect(isCurrent(db, file)).toBe(true);
      db.close();
    }
    expect(broken).toBeGreaterThan(10);
    console.info(`promise 31: 1 step, broken off at each of ${broken} points, harmless to repeat`);
  });

  test("of another program's database is refused, and it is left alone", async () => {
    alter("CREATE TABLE theirs (a); INSERT INTO theirs VALUES (1);");
    const before = readFileSync(folder.file);
    await expect(opening(folder.file)).rejects.toMatchObject({
      code: "path",
      message: expect.stringContaining("another program"),
    });
    expect(readFileSync(folder.file).equals(before)).toBe(true);
  });
});

describe("promise 28: a damaged store", () => {
  const PAGE = 4_096;
  const overwrite = (at: number, length: number) => (bytes: Buffer) => bytes.fill(0xa5, at, at + length);
  const cases: readonly (readonly [string, (bytes: Buffer) => Buffer])[] = [
    ["a text", () => Buffer.from("This is no database. ".repeat(500))],
    ["a picture", () => Buffer.concat([Buffer.from("\x89PNG\r\n\x1a\n", "latin1"), Buffer.alloc(9_000, 7)])],
    ["random bytes", (bytes) => Buffer.from(bytes.map((_, at) => (at * 2_654_435_761) >>> 13))],
    ["no header", overwrite(0, 100)],
    ["a header of zeros", (bytes) => bytes.fill(0, 0, 100)],
    ["another magic", overwrite(0, 16)],
    ["a wrong page size", overwrite(16, 2)],
    ["a wrong file format", overwrite(44, 4)],
    ["no schema page", overwrite(100, PAGE - 100)],
    ["half its pages", (bytes) => bytes.subarray(0, Math.floor(bytes.length / PAGE / 2) * PAGE)],
    ["one page less", (bytes) => bytes.subarray(0, bytes.length - PAGE)],
    ["one page only", (bytes) => bytes.subarray(0, PAGE)],
    ["half a page", (bytes) => bytes.subarray(0, 2_000)],
    ...[1, 2, 4, 6, 8, 10, 12].map((page) => [`page ${page} overwritten`, overwrite(page * PAGE, PAGE)] as const),
    [
      "two pages exchanged",
      (bytes) =>
        Buffer.concat([
          bytes.subarray(0, PAGE),
          bytes.subarray(2 * PAGE, 3 * PAGE),
          bytes.subarray(PAGE, 2 * PAGE),
          bytes.subarray(3 * PAGE),
        ]),
    ],
  ];

  test.each(cases)("with %s is refused, untouched, with its newest backup and the command", async (_, damage) => {
    await filled();
    const bytes = damage(readFileSync(folder.file));
    writeFileSync(folder.file, bytes);
    const newest = `${folder.file}.2026-11-22T09-00-00Z.backup`;
    for (const name of [
      newest,
      `${folder.file}.2026-11-21T09-00-00Z.backup`,
      `${folder.file}.2026-11-23T09-00-00Z.damaged`,
    ])
      writeFileSync(name, "");
    for (const readOnly of [false, true]) {
      const error: unknown = await opening(folder.file, { readOnly }).catch((reason: unknown) => reason);
      expect(error).toBeInstanceOf(StoreError);
      expect(error).toMatchObject({ code: "damaged", message: expect.stringContaining(folder.file) });
      expect(String(error)).toContain(`npx together restore ${newest}`);
    }
    expect(readFileSync(folder.file).equals(bytes)).toBe(true);
  });

  test("cases", () => console.info(`promise 28: ${cases.length} damaged files`));

  test("without a backup says so", async () => {
    await filled();
    truncateSync(folder.file, 2_000);
    await expect(opening(folder.file)).rejects.toThrow(/There is no backup beside it/);
  });
});
