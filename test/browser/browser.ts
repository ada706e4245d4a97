/** Debian's Chromium, kept from talking to anybody but us, and what the tests look at on a page. */
import { execFileSync } from "node:child_process";
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { type Browser, chromium, type Page } from "playwright-core";
import { ROOT } from "../../src/root.ts";

const SCREENS = join(ROOT, "test", "browser", "screens");

export function openBrowser(): Promise<Browser> {
  const executablePath = execFileSync("sh", ["-c", "command -v chromium"], { encoding: "utf8" }).trim();
  return chromium.launch({
    executablePath,
    args: [
      "--no-sandbox",
      "--disable-quic",
      "--disable-background-networking",
      "--disable-component-update",
      "--disable-sync",
      "--no-first-run",
      "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE localhost, EXCLUDE 127.0.0.1",
    ],
  });
}

/** What went wrong on the page, and what it asked of anybody else: both should stay empty. */
export interface Watched {
  readonly errors: string[];
  readonly strangers: string[];
  /** Bytes of bodies as they came over the wire. */
  weight: () => Promise<number>;
}

export function watch(page: Page, address: string): Watched {
  const errors: string[] = [];
  const strangers: string[] = [];
  const sizes: Promise<number>[] = [];
  page.on("pageerror", (error) => errors.push(error.message));
  page.on("console", (message) => {
    if (message.type() === "error") errors.push(message.text());
  });
  page.on("request", (request) => {
    const { protocol, origin } = new URL(request.url());
    if (protocol.startsWith("http") && origin !== address) strangers.push(request.url());
  });
  page.on("requestfinished", (request) => {
    sizes.push(
      request.sizes().then(({ responseBodySize, responseHeadersSize }) => responseBodySize + responseHeadersSize),
    );
  });
  return { errors, strangers, weight: async () => (await Promise.all(sizes)).reduce((sum, size) => sum + size, 0) };
}

export async function screen(page: Page, name: string): Promise<void> {
  mkdirSync(SCREENS, { recursive: true });
  await page.screenshot({ path: join(SCREENS, `${name}.png`), animations: "disabled" });
}
