/**
 * Who may ask our web server for what, decided on the raw request before anything is routed or read. A page on another
 * site can make a browser send requests here (and with a name of its own that points to this machine, even read the
 * answers), so the Host, the sender and a token that only our own page knows are all checked.
 */
import { createHash, timingSafeEqual } from "node:crypto";
import type { IncomingHttpHeaders } from "node:http";

export interface Asked {
  readonly method: string;
  /** As it came over the wire, nothing decoded. */
  readonly target: string;
  readonly headers: IncomingHttpHeaders;
  /** How many Host headers there were: `headers` keeps only the first. */
  readonly hosts: number;
}

export interface House {
  /** Host headers that mean this machine, lower case, with the port. */
  readonly hosts: readonly string[];
  /** The Host of the outside address, if there is one. */
  readonly publicHost?: string;
  readonly token: string;
  readonly password?: string;
}

/** "open": checks its callers itself, and may be reached from outside. "health": read from anywhere. */
export type Access = "open" | "local" | "health";

export interface Refusal {
  readonly status: 400 | 401 | 403 | 404 | 405 | 413 | 415 | 421;
  readonly message: string;
  readonly headers?: Readonly<Record<string, string>>;
}

const TOKEN_HEADER = "x-together-token";
/** Bytes of a body. */
export const BODY_LIMIT = 1024 * 1024;
const TARGET_LIMIT = 2_000;

const notFound: Refusal = { status: 404, message: "There is nothing here." };
const foreign: Refusal = { status: 403, message: "That was not sent by a page of ours." };

/** `accessOf` tells whether a path is served, and to whom. Undefined: the request may pass. */
export function judge(asked: Asked, house: House, accessOf: (path: string) => Access | undefined): Refusal | undefined {
  const host = asked.headers.host?.toLowerCase() ?? "";
  const atHome = asked.hosts === 1 && house.hosts.includes(host);
  const outside = asked.hosts === 1 && host === house.publicHost;
  if (!atHome && !outside) {
    return { status: 421, message: `This page answers only at http://${house.hosts[0]}.` };
  }
  if (asked.method !== "GET" && asked.method !== "POST") {
    return { status: 405, message: "Only GET and POST are answered.", headers: { allow: "GET, POST" } };
  }
  const path = pathOf(asked.target);
  const access = path === undefined ? undefined : accessOf(path);
  if (access === undefined) return notFound;
  const heavy = tooMuch(asked.headers);
  if (heavy) return heavy;
  if (access === "open") return asked.method === "POST" || atHome ? undefined : notFound;
  if (access === "health") return asked.method === "GET" ? undefined : notFound;
  if (!atHome) return notFound;
  return stranger(asked.headers, house) ?? (asked.method === "GET" ? reading(asked, path) : writing(asked, house));
}

/** Undefined for whatever could mean another path to somebody else: escapes, dots, back-slashes, whole URLs. */
function pathOf(target: string): string | undefined {
  if (target.length > TARGET_LIMIT) return undefined;
  const [path = ""] = target.split("?", 1);
  return /^\/(?:[\w-]+(?:\.[\w-]+)*(?:\/[\w-]+(?:\.[\w-]+)*)*)?$/.test(path) ? path : undefined;
}

function tooMuch(headers: IncomingHttpHeaders): Refusal | undefined {
  if (headers.upgrade !== undefined) return { status: 400, message: "No other protocol is spoken here." };
  if ((headers["content-encoding"] ?? "identity") !== "identity") {
    return { status: 415, message: "Send it unpacked." };
  }
  if (Number(headers["content-length"] ?? 0) > BODY_LIMIT) {
    return { status: 413, message: "That is more than 1 MB.", headers: { connection: "close" } };
  }
  return undefined;
}

function stranger(headers: IncomingHttpHeaders, { password }: House): Refusal | undefined {
  if (password === undefined) return undefined;
  const [, given = ""] = /^Basic (.+)$/i.exec(headers.authorization ?? "") ?? [];
  const [, ...typed] = Buffer.from(given, "base64").toString("utf8").split(":");
  if (given !== "" && same(typed.join(":"), password)) return undefined;
  const headersBack = { "www-authenticate": 'Basic realm="Together", charset="UTF-8"' };
  return { status: 401, message: "The room's password, please; any name will do.", headers: headersBack };
}

/** Other sites may link to the page, and nothing else: not load it, not embed what it reads. */
function reading({ headers }: Asked, path: string | undefined): Refusal | undefined {
  const site = headers["sec-fetch-site"] ?? "none";
  if (site === "none" || site === "same-origin") return undefined;
  const followed = headers["sec-fetch-mode"] === "navigate" && headers["sec-fetch-dest"] === "document";
  return followed && path === "/" ? undefined : foreign;
}

function writing({ headers }: Asked, { hosts, token }: House): Refusal | undefined {
  const { origin, host = "" } = headers;
  const ours =
    origin === undefined || (origin === `http://${host.toLowerCase()}` && hosts.includes(host.toLowerCase()));
  if (!ours || (headers["sec-fetch-site"] ?? "same-origin") !== "same-origin") return foreign;
  if (!/^application\/json(?:;\s*charset=utf-8)?$/i.test(headers["content-type"] ?? "")) {
    return { status: 403, message: "Only JSON is taken here." };
  }
  const given = headers[TOKEN_HEADER];
  if (typeof given !== "string" || given === "") return foreign;
  return same(given, token)
    ? undefined
    : { status: 401, message: "This page is from before a restart. Load it again." };
}

/** Compared by their hashes, so that the time it takes tells nothing. */
function same(given: string, wanted: string): boolean {
  const hash = (text: string) => createHash("sha256").update(text).digest();
  return timingSafeEqual(hash(given), hash(wanted));
}
