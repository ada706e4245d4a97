/**
 * Slack's side of the wire: the Web API over HTTP, Socket Mode over a WebSocket, or requests to an app's own address.
 * It delivers, waits for the acknowledgement and delivers again; and it breaks when told to.
 */
import { createHmac } from "node:crypto";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { type WebSocket, WebSocketServer } from "ws";
import { type Answer, type Args, METHODS, type Office, Refusal } from "./methods.ts";
import { CHANNEL_TYPE, Workspace } from "./workspace.ts";

export const BOT_TOKEN = "xoxb-1-canary-bot-token";
export const APP_TOKEN = "xapp-1-canary-app-token";
export const SIGNING_SECRET = "canary-signing-secret";

/** What the next call of a method meets. `reset` cuts the connection; `afterwards`: it took effect all the same. */
export interface Failure {
  readonly method: string;
  readonly answer:
    | "reset"
    | { readonly status?: number; readonly headers?: Record<string, string>; readonly body: string };
  readonly afterwards?: boolean;
}

export interface Call {
  readonly method: string;
  readonly args: Args;
}

type AppAddress = (request: Request) => Promise<Response>;

/** Milliseconds: until an event comes again, and until Slack tells a person that an app did not answer. */
const AGAIN_AFTER = 400;
const PATIENCE = 3_000;
/** Deliveries of one event in all. */
const TRIES = 4;

export class SlackServer implements Office {
  readonly workspace: Workspace;
  readonly calls: Call[] = [];
  /** Scopes of the bot token, and the events its app asks for; undefined: all there are. */
  scopes: ReadonlySet<string> | undefined;
  events: ReadonlySet<string> | undefined;
  /** Tokens that no longer work, and what Slack says of each. */
  readonly revoked = new Map<string, string>();
  /** Sockets open, and nothing is said. */
  mute = false;
  /** How many sockets were opened while it was. */
  ungreeted = 0;
  /** What every request meets while Slack is away. */
  #away: Failure["answer"] | undefined;
  /**
   * For a bot that dies and comes back: what was sent is given up when its connection ends, and not by the clock. An
   * event then waits for the next connection, as Slack's does for some minutes; a press or a command is an error.
   */
  insists = false;
  /** Where to send, in place of a socket. */
  app: AppAddress | undefined;
  /** By user. */
  readonly modals = new Map<string, Answer>();
  readonly #failures: Failure[] = [];
  readonly #http: Server;
  readonly #sockets = new Set<WebSocket>();
  readonly #waiting = new Map<string, (payload: unknown) => void>();
  readonly #triggers = new Map<string, { user: string; at: number }>();
  readonly #underWay = new Set<Promise<unknown>>();
  readonly #now: () => number;
  readonly #returning: (() => void)[] = [];
  #last: { type: string; payload: Answer } | undefined;
  #port = 0;

  constructor(now: () => number = Date.now) {
    this.#now = now;
    this.workspace = new Workspace(now);
    this.#http = createServer((request, response) => void this.#serve(request, response));
    const sockets = new WebSocketServer({ noServer: true });
    this.#http.on("upgrade", (request, socket, head) =>
      sockets.handleUpgrade(request, socket, head, (one) => this.#greet(one)),
    );
  }

  async listen(port = 0): Promise<void> {
    await new Promise<void>((done) => this.#http.listen(port, "127.0.0.1", done));
    this.#port = (this.#http.address() as AddressInfo).port; // A TCP server's address is no string.
  }

  /** Ends in `/api/`, as the setting asks for. */
  get apiUrl(): string {
    return `http://127.0.0.1:${this.#port}/api/`;
  }

  get port(): number {
    return this.#port;
  }

  async close(): Promise<void> {
    for (const socket of this.#sockets) socket.terminate();
    this.#http.closeAllConnections();
    await new Promise((done) => this.#http.close(done));
  }

  get connected(): number {
    return this.#sockets.size;
  }

  fails(failure: Failure): void {
    this.#failures.push(failure);
  }

  /** Hangs up on everybody, and answers every request so until it comes back. */
  goesAway(answer: Failure["answer"]): void {
    this.#away = answer;
    for (const socket of this.#sockets) socket.terminate();
  }

  comesBack(): void {
    this.#away = undefined;
  }

  /** Slack's planned change of sockets: it hangs up, politely. */
  refresh(): void {
    for (const socket of this.#sockets)
      socket.send(JSON.stringify({ type: "disconnect", reason: "refresh_requested" }));
  }

  sendRaw(message: string): void {
    for (const socket of this.#sockets) socket.send(message);
  }

  tell(event: Answer): void {
    void this.event({ type: "message", ...event });
  }

  /** Resolves when acknowledged, or when Slack has given up. */
  async event(event: Answer): Promise<void> {
    const { workspace } = this;
    const channel = workspace.channels.get(String(event["channel"]));
    const kind = channel && CHANNEL_TYPE[channel.kind];
    const name =
      event["type"] === "message" ? `message.${kind === "channel" ? "channels" : kind}` : String(event["type"]);
    if (this.events && !this.events.has(name)) return;
    const inner = { ...event, ...(event["type"] === "message" && { channel_type: kind }), event_ts: workspace.stamp() };
    const authorizations = [{ team_id: workspace.team, user_id: workspace.bot.id, is_bot: true }];
    await this.#insist({
      type: "event_callback",
      team_id: workspace.team,
      api_app_id: "A0APP",
      event_id: workspace.id("Ev"),
      event: inner,
      authorizations,
    });
  }

  async repeatLast(): Promise<void> {
    if (this.#last) await this.#deliver(this.#last.type, this.#last.payload, 1);
  }

  /** A person's press, form or command: sent once; resolves with what the app answers, or undefined after a while. */
  async interaction(user: string, type: "interactive" | "slash_commands", payload: Answer): Promise<unknown> {
    const trigger = `${this.workspace.id("1")}.${user}.secret`;
    this.#triggers.set(trigger, { user, at: this.#now() });
    // Slack sends the address for answers along; whoever uses it leaves the wire.
    const full = { ...payload, trigger_id: trigger, response_url: "https://hooks.slack.com/actions/canary" };
    const answer = await this.#deliver(type, full);
    if (answer === undefined && this.insists) throw new Error("Slack: the app did not respond.");
    return answer;
  }

  redeem(trigger: string): string | undefined {
    const found = this.#triggers.get(trigger);
    this.#triggers.delete(trigger);
    return found && this.#now() - found.at < 3_000 ? found.user : undefined;
  }

  show(user: string, view: Answer): void {
    this.modals.set(user, view);
  }

  uploadUrl(file: string): string {
    return `http://127.0.0.1:${this.#port}/upload/${file}`;
  }

  /** Nothing is on its way any more. */
  async settle(): Promise<void> {
    while (this.#underWay.size > 0) await Promise.allSettled(this.#underWay);
  }

  #track<Result>(doing: Promise<Result>): Promise<Result> {
    this.#underWay.add(doing);
    void doing.finally(() => this.#underWay.delete(doing)).catch(() => {});
    return doing;
  }

  #insist(payload: Answer): Promise<void> {
    const trying = async () => {
      for (let attempt = 0; attempt < TRIES; attempt++) {
        if ((await this.#deliver("events_api", payload, attempt)) !== undefined) return;
        if (!this.#reachable && !this.insists) return;
        if (!this.#reachable) await new Promise<void>((back) => this.#returning.push(back));
      }
    };
    return this.#track(trying());
  }

  get #reachable(): boolean {
    return this.app !== undefined || this.#sockets.size > 0;
  }

  /** Undefined: nobody acknowledged it. */
  #deliver(type: string, payload: Answer, attempt = 0): Promise<unknown> {
    if (type === "events_api") this.#last = { type, payload };
    return this.#track(this.app ? this.#request(this.app, type, payload, attempt) : this.#send(type, payload, attempt));
  }

  #send(type: string, payload: Answer, attempt: number): Promise<unknown> {
    const [socket] = this.#sockets;
    if (!socket) return Promise.resolve(undefined);
    const envelope = this.workspace.id("E");
    return new Promise((done) => {
      const patience = type === "events_api" ? AGAIN_AFTER : PATIENCE;
      const enough = this.insists ? undefined : setTimeout(() => answered(undefined), patience);
      const gone = () => answered(undefined);
      const answered = (answer: unknown) => {
        clearTimeout(enough);
        socket.off("close", gone);
        this.#waiting.delete(envelope);
        done(answer);
      };
      this.#waiting.set(envelope, answered);
      socket.once("close", gone);
      const again = attempt > 0 ? { retry_attempt: attempt, retry_reason: "timeout" } : {};
      const whole = { type, envelope_id: envelope, payload, accepts_response_payload: true, ...again };
      socket.send(JSON.stringify(whole));
    });
  }

  async #request(app: AppAddress, type: string, payload: Answer, attempt: number): Promise<unknown> {
    const flat = Object.fromEntries(Object.entries(payload).map(([name, value]) => [name, String(value)]));
    const body =
      type === "events_api"
        ? JSON.stringify(payload)
        : new URLSearchParams(type === "interactive" ? { payload: JSON.stringify(payload) } : flat).toString();
    const request = signed(body, type === "events_api" ? "application/json" : "application/x-www-form-urlencoded");
    if (attempt > 0) {
      request.headers.set("x-slack-retry-num", String(attempt));
      request.headers.set("x-slack-retry-reason", "http_timeout");
    }
    const response = await app(request);
    if (response.status !== 200) return undefined;
    const text = await response.text();
    return text === "" ? {} : JSON.parse(text);
  }

  #greet(socket: WebSocket): void {
    this.#sockets.add(socket);
    // Each event on its way listens for the end.
    socket.setMaxListeners(0);
    socket.on("close", () => this.#sockets.delete(socket));
    socket.on("message", (data) => {
      const { envelope_id, payload } = JSON.parse(String(data));
      this.#waiting.get(envelope_id)?.(payload ?? {});
    });
    if (this.mute) return void this.ungreeted++;
    socket.send(
      JSON.stringify({ type: "hello", num_connections: this.#sockets.size, connection_info: { app_id: "A0APP" } }),
    );
    for (const back of this.#returning.splice(0)) back();
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    const body = Buffer.concat(chunks);
    const path = request.url ?? "";
    const method = path.replace(/^\/api\//, "");
    const args = Object.fromEntries(new URLSearchParams(path.startsWith("/api/") ? body.toString() : ""));
    this.calls.push({ method, args });
    const at = this.#failures.findIndex((failure) => failure.method === method);
    const [failure] =
      at < 0 ? [this.#away && { method, answer: this.#away, afterwards: false }] : this.#failures.splice(at, 1);
    const answer = failure && !failure.afterwards ? undefined : () => this.#answer(method, args, body, request);
    const result = answer?.();
    if (failure?.answer === "reset") return void request.socket.destroy();
    const { status = 200, headers = {}, body: text } = failure?.answer ?? { body: JSON.stringify(result) };
    response.writeHead(status, { "content-type": "application/json", ...headers }).end(text);
  }

  #answer(method: string, args: Args, body: Buffer, request: IncomingMessage): Answer {
    try {
      return {
        ok: true,
        ...this.#asked(method, args, body, request.headers.authorization?.replace("Bearer ", "") ?? ""),
      };
    } catch (error) {
      if (error instanceof Refusal) return { ok: false, error: error.message, ...error.more };
      throw error;
    }
  }

  #asked(method: string, args: Args, body: Buffer, token: string): Answer {
    if (method.startsWith("/upload/")) return this.#uploaded(method.slice("/upload/".length), body);
    const refusal = this.revoked.get(token);
    if (refusal) throw new Refusal(refusal);
    if (method === "apps.connections.open") {
      if (token !== APP_TOKEN) throw new Refusal("invalid_auth");
      return { url: `ws://127.0.0.1:${this.#port}/link?ticket=canary` };
    }
    if (token !== BOT_TOKEN) throw new Refusal("invalid_auth");
    const found = METHODS[method];
    if (!found) throw new Refusal("unknown_method");
    const needed = found.scope?.(args, this);
    if (needed && this.scopes && !this.scopes.has(needed)) {
      throw new Refusal("missing_scope", { needed, provided: [...this.scopes].join() });
    }
    return found.answer(args, this);
  }

  /** Slack takes the bytes as they are, or the first part of a form. */
  #uploaded(id: string, body: Buffer): Answer {
    const file = this.workspace.files.get(id);
    if (!file) throw new Refusal("file_not_found");
    file.bytes = bytesOf(body);
    return {};
  }
}

function bytesOf(body: Buffer): Buffer {
  const start = body.indexOf("\r\n\r\n");
  if (!body.subarray(0, 2).equals(Buffer.from("--")) || start < 0) return body;
  const boundary = body.subarray(0, body.indexOf("\r\n"));
  return body.subarray(start + 4, body.indexOf(boundary, start) - 2);
}

export function signed(
  body: string,
  type: string,
  at = Math.floor(Date.now() / 1_000),
  secret = SIGNING_SECRET,
): Request {
  const signature = `v0=${createHmac("sha256", secret).update(`v0:${at}:${body}`).digest("hex")}`;
  const headers = { "content-type": type, "x-slack-request-timestamp": String(at), "x-slack-signature": signature };
  return new Request("http://app.example/slack/events", { method: "POST", headers, body });
}
