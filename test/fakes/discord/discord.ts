/** Discord's wire: REST over HTTP and the gateway over WebSocket, both on one port of this machine. */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { Acts } from "./acts.ts";
import { FakeGateway } from "./gateway.ts";
import type { Files } from "./letters.ts";
import { Refusal } from "./refusals.ts";
import { type Request, Rest } from "./rest.ts";
import { Town } from "./town.ts";

/** Goes wrong once, at the first request that fits. */
export interface Mishap {
  readonly fits: RegExp;
  /** `cut`: the socket is closed without an answer. */
  readonly how: Refusal | "cut" | { readonly status: number; readonly html: string };
  /** It takes effect all the same. */
  readonly afterwards?: boolean;
}

export const TOKEN = "MTAwMDAwMDAwMDAwMDAwMDAw.Gfake0.fake-token-of-the-fake-discord-wire-";

export class FakeDiscord {
  readonly town: Town;
  readonly acts: Acts;
  readonly gateway: FakeGateway;
  readonly rest: Rest;
  readonly requests: (Request & { readonly status: number })[] = [];
  readonly mishaps: Mishap[] = [];
  /** REST hangs up on everybody. */
  down = false;
  readonly #server: Server;
  #underWay = 0;

  private constructor(now: () => number, channel: string) {
    this.#server = createServer((request, response) => void this.#serve(request, response));
    this.town = new Town(now, channel);
    this.gateway = new FakeGateway(this.town, TOKEN, this.#server);
    this.acts = new Acts(this.town, this.gateway);
    this.rest = new Rest(this.town, this.acts, (t, d) => this.gateway.dispatch(t, d));
  }

  static async open(now: () => number, channel = "better-together"): Promise<FakeDiscord> {
    const fake = new FakeDiscord(now, channel);
    await new Promise<void>((listening) => fake.#server.listen(0, "127.0.0.1", listening));
    fake.gateway.url = `ws://127.0.0.1:${fake.#port}`;
    return fake;
  }

  get apiUrl(): string {
    return `http://127.0.0.1:${this.#port}/api`;
  }

  get #port(): number {
    // A server that listens on a port has this kind of address.
    return (this.#server.address() as AddressInfo).port;
  }

  /** Everything sent so far has been read by the client, and no request is under way. */
  async settle(): Promise<void> {
    for (let quiet = 0; quiet < 3; quiet++) {
      await this.gateway.roundTrip();
      for (let turn = 0; turn < 5; turn++) await new Promise(setImmediate);
      if (this.#underWay > 0) quiet = -1;
    }
  }

  async stop(): Promise<void> {
    await this.gateway.stop();
    this.#server.closeAllConnections();
    await new Promise((closed) => this.#server.close(closed));
  }

  async #serve(incoming: IncomingMessage, response: ServerResponse): Promise<void> {
    if (this.down) return void response.destroy();
    this.#underWay++;
    try {
      await this.#answer(await readRequest(incoming), incoming.headers.authorization, response);
    } finally {
      this.#underWay--;
    }
  }

  async #answer(request: Request, authorization: string | undefined, response: ServerResponse): Promise<void> {
    const at = this.mishaps.findIndex(({ fits }) => fits.test(`${request.method} ${request.path}`));
    const [mishap] = at < 0 ? [] : this.mishaps.splice(at, 1);
    try {
      if (!mishap || mishap.afterwards) {
        const answer = this.#allowed(request, authorization);
        if (!mishap) return this.#send(request, response, answer === undefined ? 204 : 200, answer);
      }
      if (mishap?.how instanceof Refusal) throw mishap.how;
      if (mishap?.how === "cut") return void response.destroy();
      if (mishap) response.writeHead(mishap.how.status, { "content-type": "text/html" }).end(mishap.how.html);
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      const { status, code, message, headers } = error;
      this.#send(
        request,
        response,
        status,
        { code, message, retry_after: Number(headers["retry-after"] ?? 0) },
        headers,
      );
    }
  }

  /** An interaction's token stands in the route; everything else needs the bot's. */
  #allowed(request: Request, authorization: string | undefined): unknown {
    if (request.path === "/gateway/bot") return this.#gatewayInfo(authorization);
    const open = /^\/(interactions|webhooks)\//.test(request.path);
    if (!open && authorization !== `Bot ${TOKEN}`) throw new Refusal(401, 0, "401: Unauthorized");
    return this.rest.answer(request);
  }

  #gatewayInfo(authorization: string | undefined): unknown {
    if (authorization !== `Bot ${TOKEN}`) throw new Refusal(401, 0, "401: Unauthorized");
    const limit = { total: 1_000, remaining: this.gateway.remaining, reset_after: 86_400_000, max_concurrency: 1 };
    return { url: this.gateway.url, shards: 1, session_start_limit: limit };
  }

  #send(request: Request, response: ServerResponse, status: number, answer: unknown, headers = {}): void {
    this.requests.push({ ...request, status });
    const json = answer === undefined ? {} : { "content-type": "application/json" };
    response.writeHead(status, { ...json, ...headers });
    response.end(answer === undefined ? undefined : JSON.stringify(answer));
  }
}

async function readRequest(incoming: IncomingMessage): Promise<Request> {
  const chunks: Buffer[] = [];
  for await (const chunk of incoming) chunks.push(chunk);
  const { pathname, searchParams } = new URL(incoming.url ?? "/", "http://localhost");
  const { body, files } = await readBody(Buffer.concat(chunks), incoming.headers["content-type"] ?? "");
  const path = pathname.replace(/^\/api\/v10/, "");
  return { method: incoming.method ?? "GET", path, query: searchParams, body, files };
}

/** JSON, or a form whose `payload_json` is the JSON and whose `files[n]` are the files. */
async function readBody(raw: Buffer, type: string): Promise<{ readonly body: unknown; readonly files: Files }> {
  if (!type.startsWith("multipart/"))
    return { body: raw.length ? JSON.parse(String(raw)) : undefined, files: new Map() };
  const form = await new Response(raw, { headers: { "content-type": type } }).formData();
  const files = new Map<number, { name: string; data: Buffer }>();
  for (const [name, value] of form) {
    const [, index] = /^files\[(\d+)\]$/.exec(name) ?? [];
    if (index === undefined || typeof value === "string") continue;
    files.set(Number(index), { name: value.name, data: Buffer.from(await value.arrayBuffer()) });
  }
  return { body: JSON.parse(String(form.get("payload_json"))), files };
}
