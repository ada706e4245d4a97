/** The one web server: the room's page, health and what adapters mount. The guard stands before all of it. */
import { randomBytes } from "node:crypto";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { isIP } from "node:net";
import { networkInterfaces } from "node:os";
import { getRequestListener } from "@hono/node-server";
import { Hono } from "hono";
import { bodyLimit } from "hono/body-limit";
import { secureHeaders } from "hono/secure-headers";
import type { Log } from "../platform.ts";
import { type Access, BODY_LIMIT, type House, judge, type Refusal } from "./guard.ts";
import { checkJson } from "./strict-json.ts";

export interface WebSettings {
  readonly host: string;
  /** 0: any free one. */
  readonly port: number;
  readonly publicUrl?: string;
  /** Asked for by everything but health and open mounts. */
  readonly password?: string;
  readonly log: Log;
  /** How long a request may take to arrive, in milliseconds. */
  readonly patience?: number;
}

type Handler = (request: Request) => Promise<Response>;

export interface Web {
  /** Only the page's own GET hands this to a browser; it is new with every start. */
  readonly token: string;
  mount(path: string, handler: Handler, access: Access): void;
  /** Resolves with the address to open. Rejects with Node's own error, e.g. EADDRINUSE. */
  listen(): Promise<string>;
  close(): Promise<void>;
}

const PATIENCE = 10_000;
/** Browsers and chat systems need a handful; streams stay open. */
const CONNECTIONS = 500;
const SAFE = [
  "default-src 'self'",
  "img-src 'self' data:",
  "object-src 'none'",
  "base-uri 'none'",
  "frame-ancestors 'none'",
  "form-action 'none'",
].join("; ");

export function createWeb(settings: WebSettings): Web {
  const { log, patience = PATIENCE } = settings;
  const token = randomBytes(24).toString("base64url");
  const mounted = new Map<string, { readonly handler: Handler; readonly access: Access }>();
  const accessOf = (path: string) => mounted.get(path)?.access;
  const app = newApp(log, (path) => accessOf(path) === "local");
  // One route for all: adapters mount theirs when they start, and Hono takes no more routes after the first request.
  app.all("*", ({ req, notFound }) => mounted.get(req.path)?.handler(req.raw) ?? notFound());
  const answer = getRequestListener(app.fetch);
  const server = createServer(
    // Without a Host we answer ourselves; the check runs often enough to be felt by whoever sends a byte a minute.
    {
      requireHostHeader: false,
      headersTimeout: patience,
      requestTimeout: patience,
      connectionsCheckingInterval: Math.min(patience, 1_000),
    },
    (incoming, outgoing) => {
      const refusal = judge(asAsked(incoming), houseOf(server, settings, token), accessOf);
      if (refusal) refuse(outgoing, refusal);
      else void answer(incoming, outgoing);
    },
  );
  server.maxConnections = CONNECTIONS;
  return {
    token,
    mount(path, handler, access) {
      mounted.set(path, { handler, access });
    },
    listen: () => listen(server, settings),
    close: () => close(server),
  };
}

function newApp(log: Log, isLocal: (path: string) => boolean): Hono {
  const app = new Hono();
  app.use(secureHeaders({ xFrameOptions: "DENY", strictTransportSecurity: false }));
  app.use(async (context, next) => {
    await next();
    for (const [name, value] of Object.entries(SAFE_HEADERS)) {
      if (!context.res.headers.has(name)) context.header(name, value);
    }
  });
  app.use(bodyLimit({ maxSize: BODY_LIMIT, onError: (context) => context.text("That is more than 1 MB.", 413) }));
  app.use(async (context, next) => {
    if (context.req.method !== "POST" || !isLocal(context.req.path)) return next();
    const body = await context.req.text();
    try {
      checkJson(body);
    } catch (error) {
      return context.text(`That is not the JSON we expect: ${String(error)}`, 400);
    }
    // The body was read here; whoever is mounted gets it once more.
    const { method, headers, url } = context.req.raw;
    context.req.raw = new Request(url, { method, headers, body });
    return next();
  });
  app.onError((error, context) => {
    log.error("A web request failed.", { path: context.req.path, error: error.message });
    return context.text("Something went wrong here. Nothing was changed; please try again.", 500);
  });
  return app;
}

/** What stands on every answer unless its handler says otherwise. */
const SAFE_HEADERS = {
  "content-security-policy": SAFE,
  "cache-control": "no-store",
};

function asAsked({ method = "", url = "", headers, rawHeaders }: IncomingMessage) {
  const hosts = rawHeaders.filter((name, at) => at % 2 === 0 && name.toLowerCase() === "host").length;
  return { method, target: url, headers, hosts };
}

function refuse(outgoing: ServerResponse, { status, message, headers }: Refusal): void {
  outgoing.writeHead(status, {
    ...SAFE_HEADERS,
    "x-content-type-options": "nosniff",
    "content-type": "text/plain; charset=utf-8",
    ...headers,
  });
  outgoing.end(outgoing.req.method === "HEAD" ? undefined : `${message}\n`);
}

function houseOf(server: Server, { host, publicUrl, password }: WebSettings, token: string): House {
  const address = server.address();
  const port = typeof address === "object" && address !== null ? address.port : 0;
  const hosts = namesOf(host).flatMap((name) => (port === 80 ? [name, `${name}:80`] : [`${name}:${port}`]));
  return {
    hosts,
    token,
    ...(publicUrl !== undefined && { publicHost: new URL(publicUrl).host }),
    ...(password !== undefined && { password }),
  };
}

/** Addresses, not names, beside localhost: nobody can point an address of ours at themselves. */
function namesOf(host: string): readonly string[] {
  const everywhere = host === "0.0.0.0" || host === "::";
  const ours = Object.values(networkInterfaces()).flatMap((all) => all?.map((one) => one.address) ?? []);
  const names = ["localhost", "127.0.0.1", "::1", host.toLowerCase(), ...(everywhere ? ours : [])];
  return [...new Set(names)].map((name) => (isIP(name) === 6 ? `[${name}]` : name));
}

function listen(server: Server, { host, port }: WebSettings): Promise<string> {
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, host, () => {
      server.off("error", reject);
      const address = server.address();
      const bound = typeof address === "object" && address !== null ? address.port : port;
      resolve(`http://localhost:${bound}`);
    });
  });
}

/** Streams never end by themselves: whatever is still open is cut. */
function close(server: Server): Promise<void> {
  return new Promise((resolve) => {
    if (!server.listening) return resolve();
    server.close(() => resolve());
    server.closeAllConnections();
  });
}
