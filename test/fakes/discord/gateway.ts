/** The gateway's side of the socket: hello, identify, resume, dispatch. */
import type { Server } from "node:http";
import { GatewayIntentBits } from "discord.js";
import { type WebSocket, WebSocketServer } from "ws";
import type { Town } from "./town.ts";

interface Session {
  readonly id: string;
  readonly intents: number;
  /** What was sent, for a resume. */
  readonly sent: { readonly op: 0; readonly t: string; readonly s: number; readonly d: unknown }[];
  socket: WebSocket | undefined;
}

interface Packet {
  readonly op: number;
  readonly d:
    | { readonly token?: string; readonly intents?: number; readonly session_id?: string; readonly seq?: number }
    | number
    | null;
}

const PRIVILEGED = GatewayIntentBits.MessageContent | GatewayIntentBits.GuildMembers;

export class FakeGateway {
  readonly #town: Town;
  readonly #server: WebSocketServer;
  readonly #sessions = new Map<string, Session>();
  readonly #beats: (() => void)[] = [];
  readonly token: string;
  /** The switches of the Developer Portal. */
  allowed: number = PRIVILEGED;
  url = "";
  refused = 0;
  /** How connections end before they begin. */
  outage: "none" | "cut" | "502" = "none";
  /** Whether sessions are still answered and kept: a resume that is not says nothing, or that it is none. */
  resumes: "taken" | "ignored" | "invalid" = "taken";
  heartbeatMs = 41_250;
  /** Heartbeats that were echoed. */
  echoes = 0;
  /** Sessions that may still be begun today, as it says when asked. */
  remaining = 1_000;
  /** When sessions were begun. */
  readonly identifies: number[] = [];

  constructor(town: Town, token: string, server: Server) {
    this.#town = town;
    this.token = token;
    this.#server = new WebSocketServer({ noServer: true });
    server.on("upgrade", (request, socket, head) => {
      if (this.outage !== "none") this.refused++;
      if (this.outage === "502") socket.end("HTTP/1.1 502 Bad Gateway\r\ncontent-length: 0\r\n\r\n");
      else if (this.outage === "cut") socket.destroy();
      else this.#server.handleUpgrade(request, socket, head, (opened) => this.#server.emit("connection", opened));
    });
    this.#server.on("connection", (socket) => this.#greet(socket));
  }

  get #live(): Session | undefined {
    return [...this.#sessions.values()].find((session) => session.socket);
  }

  get identified(): number {
    return this.identifies.length;
  }

  /** Whether a client is connected now. */
  get hasClient(): boolean {
    return this.#server.clients.size > 0;
  }

  /** Sent to a live session, kept for one that may resume; `intent` 0 needs none. */
  dispatch(t: string, d: unknown, intent = 0): void {
    for (const session of this.#sessions.values()) {
      if (intent && (session.intents & intent) === 0) continue;
      const packet = { op: 0, t, s: session.sent.length + 1, d } as const;
      session.sent.push(packet);
      session.socket?.send(JSON.stringify(packet));
    }
  }

  /** Any words on the wire, as they are. */
  utter(raw: string): void {
    this.#live?.socket?.send(raw);
  }

  hears(intent: number): boolean {
    return [...this.#sessions.values()].some((session) => (session.intents & intent) !== 0);
  }

  /** Resolves when the client has read everything that was sent before: it answers in order. */
  async roundTrip(): Promise<void> {
    const socket = this.#live?.socket;
    if (!socket || socket.readyState !== socket.OPEN) return;
    await new Promise<void>((beat) => {
      this.#beats.push(beat);
      socket.send(JSON.stringify({ op: 1, d: null }));
    });
  }

  /** Hangs up on everybody; they may resume unless the code forbids it. */
  hangUp(code: number): void {
    for (const session of this.#sessions.values()) session.socket?.close(code);
  }

  async stop(): Promise<void> {
    for (const socket of this.#server.clients) socket.terminate();
    await new Promise((closed) => this.#server.close(closed));
  }

  #greet(socket: WebSocket): void {
    socket.on("message", (data) => this.#hear(socket, JSON.parse(String(data))));
    socket.on("close", () => {
      for (const session of this.#sessions.values()) if (session.socket === socket) session.socket = undefined;
      this.#beat();
    });
    socket.send(JSON.stringify({ op: 10, d: { heartbeat_interval: this.heartbeatMs } }));
  }

  #hear(socket: WebSocket, { op, d }: Packet): void {
    if (op === 1) {
      socket.send(JSON.stringify({ op: 11 }));
      this.echoes++;
      this.#beat();
    }
    if (typeof d !== "object" || !d) return;
    if ((op === 2 || op === 6) && d.token !== this.token) socket.close(4004);
    else if (op === 2) this.#identify(socket, d.intents ?? 0);
    else if (op === 6) this.#resume(socket, d.session_id ?? "", d.seq ?? 0);
  }

  #beat(): void {
    for (const beat of this.#beats.splice(0)) beat();
  }

  #identify(socket: WebSocket, intents: number): void {
    this.identifies.push(this.#town.now());
    if (intents & PRIVILEGED & ~this.allowed) {
      socket.close(4014);
      return;
    }
    // A new session of the same bot leaves the old one to expire.
    this.#sessions.clear();
    const session: Session = { id: this.#town.snowflake(), intents, sent: [], socket };
    this.#sessions.set(session.id, session);
    const { bot, guildId, members } = this.#town;
    const invited = members.has(bot.id);
    this.dispatch("READY", {
      v: 10,
      user: bot,
      guilds: invited ? [{ id: guildId, unavailable: true }] : [],
      session_id: session.id,
      resume_gateway_url: this.url,
      application: { id: bot.id, flags: 0 },
    });
    if (invited) this.dispatch("GUILD_CREATE", this.#town.guild());
  }

  #resume(socket: WebSocket, id: string, seq: number): void {
    const session = this.#sessions.get(id);
    if (this.resumes === "ignored") return;
    if (!session || this.resumes === "invalid") {
      socket.send(JSON.stringify({ op: 9, d: false }));
      return;
    }
    session.socket = socket;
    for (const packet of session.sent.slice(seq)) socket.send(JSON.stringify(packet));
    this.dispatch("RESUMED", {});
  }
}
