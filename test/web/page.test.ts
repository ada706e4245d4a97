import { get } from "node:http";
import { gunzipSync } from "node:zlib";
import { afterEach, beforeEach, expect, test } from "vitest";
import { servePage } from "../../src/web/page.ts";
import { createWeb, type Web } from "../../src/web/server.ts";

let web: Web;
let address = "";

beforeEach(async () => {
  web = createWeb({ host: "127.0.0.1", port: 0, log: { debug() {}, info() {}, warn() {}, error() {} } });
  servePage(web);
  address = await web.listen();
});
afterEach(() => web.close());

/** As bytes: fetch would unpack them unasked. */
const fetched = (path: string, headers: Record<string, string>) =>
  new Promise<{ packed: boolean; bytes: Buffer }>((resolve, reject) => {
    get(`${address}${path}`, { headers }, (response) => {
      const chunks: Buffer[] = [];
      response.on("data", (chunk: Buffer) => chunks.push(chunk));
      response.on("end", () =>
        resolve({ packed: response.headers["content-encoding"] === "gzip", bytes: Buffer.concat(chunks) }),
      );
    }).on("error", reject);
  });

test.each(["/", "/page/room.css", "/page/room.js", "/lib/preact.js"])(
  "%s comes packed to whoever can unpack it, and plain to anybody else",
  async (path) => {
    const plain = await fetched(path, {});
    const packed = await fetched(path, { "accept-encoding": "gzip, br" });
    expect([plain.packed, packed.packed]).toEqual([false, true]);
    expect(gunzipSync(packed.bytes).toString()).toBe(plain.bytes.toString());
  },
);
