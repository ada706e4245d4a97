/** Serves the room's page: a fixed list of files, so that no request can name another. No build, nothing from elsewhere. */
import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { ROOT } from "../root.ts";
import type { Web } from "./server.ts";

const PAGE = join(ROOT, "src", "web", "page");
const MODULES = join(ROOT, "node_modules");

/** The small framework: the import map of index.html points to these. */
const LIBRARIES = {
  "preact.js": "preact/dist/preact.mjs",
  "hooks.js": "preact/hooks/dist/hooks.mjs",
  "htm.js": "htm/dist/htm.module.js",
  "html.js": "htm/preact/index.module.js",
  "signals-core.js": "@preact/signals-core/dist/signals-core.mjs",
  "signals.js": "@preact/signals/dist/signals.mjs",
};

const TYPES = { html: "text/html", css: "text/css", js: "text/javascript" } as const;

export function servePage(web: Web): void {
  // Listed once, at the start: a file that is put there later is not served.
  const own = readdirSync(PAGE).filter((name) => /\.(css|js)$/.test(name));
  for (const name of own) serveFile(web, `/page/${name}`, () => readFileSync(join(PAGE, name), "utf8"));
  for (const [name, file] of Object.entries(LIBRARIES)) {
    // Their source maps are not served; a browser's tools would ask for them and be refused.
    serveFile(web, `/lib/${name}`, () =>
      readFileSync(join(MODULES, file), "utf8").replace(/^\/\/# sourceMappingURL=.*$/m, ""),
    );
  }
  const html = readFileSync(join(PAGE, "index.html"), "utf8");
  serveFile(web, "/", () => html.replace("{{token}}", web.token), { "content-security-policy": policy(html) });
}

function serveFile(web: Web, path: string, read: () => string, headers: Readonly<Record<string, string>> = {}): void {
  const ending = /\.(css|js)$/.exec(path)?.[1];
  const type = ending === "css" || ending === "js" ? TYPES[ending] : TYPES.html;
  let packed: Uint8Array<ArrayBuffer> | undefined;
  const serve = async (request: Request): Promise<Response> => {
    if (request.method !== "GET") return new Response("Read only.\n", { status: 405, headers: { allow: "GET" } });
    const own = { "content-type": `${type}; charset=utf-8`, vary: "accept-encoding", ...headers };
    if (!/\bgzip\b/.test(request.headers.get("accept-encoding") ?? "")) return new Response(read(), { headers: own });
    packed ??= Uint8Array.from(gzipSync(read()));
    return new Response(packed, { headers: { ...own, "content-encoding": "gzip" } });
  };
  web.mount(path, serve, "local");
}

/** The import map stands in the page itself, and is the only script there: allowed by its hash. */
function policy(html: string): string {
  const [, map = ""] = /<script type="importmap">([\s\S]*?)<\/script>/.exec(html) ?? [];
  const hash = createHash("sha256").update(map).digest("base64");
  return [
    `default-src 'self'; script-src 'self' 'sha256-${hash}'; img-src 'self' data:`,
    "object-src 'none'; base-uri 'none'; frame-ancestors 'none'; form-action 'none'",
  ].join("; ");
}
