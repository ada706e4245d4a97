/**
 * What Slack sends, by socket or by HTTP. Journal first, acknowledge second: Bolt acknowledges events before its
 * listeners run, so its acknowledgement is held back here until they have; what failed is not acknowledged at all,
 * and Slack sends it again.
 */
import { type App, type Receiver, type ReceiverEvent, SocketModeReceiver } from "@slack/bolt";
import { PlatformError, type Surroundings } from "../../src/platform.ts";
import { faultOf } from "./faults.ts";
import { isFromSlack } from "./signature.ts";
import { clientOptions, silent } from "./wire.ts";

type Body = ReceiverEvent["body"];
/** The payload is our answer in the same breath: a form's complaints, a command's words. */
type Acknowledge = (payload?: unknown) => Promise<void>;

/** Told of each connect and reconnect, and of each loss with its reason where there is one. */
export interface Watch {
  connected(): void;
  lost(fault: PlatformError): void;
}

/** What the two receivers have in common: `stop` hears no more and waits until what was heard is acknowledged. */
abstract class JournalFirst implements Receiver {
  protected readonly around: Surroundings;
  readonly #underWay = new Set<Promise<void>>();
  #app: App | undefined;
  #deaf = true;

  constructor(around: Surroundings) {
    this.around = around;
  }

  init(app: App): void {
    this.#app = app;
  }

  async start(): Promise<void> {
    this.#deaf = false;
  }

  protected get deaf(): boolean {
    return this.#deaf;
  }

  async stop(): Promise<void> {
    this.#deaf = true;
    await within(this.around, 6_000, Promise.allSettled(this.#underWay));
  }

  /** Rejects where it could not be kept; then it was not acknowledged either. */
  protected async hear(body: Body, acknowledge: Acknowledge): Promise<void> {
    if (this.#deaf || !this.#app) throw new Error("Not listening.");
    const doing = processed(this.#app, body, acknowledge);
    this.#underWay.add(doing);
    await doing.finally(() => this.#underWay.delete(doing)).catch((error) => this.#tell(error));
  }

  /** Only the fault: what Bolt wraps around an error may hold what a person wrote. */
  #tell(error: unknown): never {
    const { fault, message } = faultOf(error instanceof Error && "original" in error ? error.original : error);
    this.around.log.warn("Slack told us something that we could not keep; it was not acknowledged.", {
      fault,
      why: message,
    });
    throw error;
  }
}

async function processed(app: App, body: Body, acknowledge: Acknowledge): Promise<void> {
  const isEvent = body["type"] === "event_callback";
  await app.processEvent({ body, ack: isEvent ? async () => {} : acknowledge });
  if (isEvent) await acknowledge();
}

/** Bounded by our clock, so that nothing can hold up a stop. */
async function within(around: Surroundings, ms: number, doing: Promise<unknown>): Promise<void> {
  let cancel = () => {};
  const enough = new Promise<void>((done) => {
    cancel = around.clock.after(ms, done);
  });
  await Promise.race([doing, enough]).finally(cancel);
}

/** Between attempts, milliseconds. A server that hangs up at once must not be asked at once. */
const SOONEST = 250;
const LATEST = 3_000;
/** While an operator has to act. */
const WHILE_DENIED = 60_000;

/**
 * Socket Mode. The reconnecting is ours: the SDK's waits grow without end, leave five seconds of deafness at each
 * planned change of sockets, and end in an unhandled rejection.
 */
export class Socket extends JournalFirst {
  readonly #client: SocketModeReceiver["client"];
  readonly #watch: Watch;
  #up = false;
  #wait = SOONEST;
  #connectedAt = 0;
  #cancel = () => {};
  #first: { done: () => void; failed: (fault: PlatformError) => void } | undefined;

  constructor(settings: { appToken: string; apiUrl?: string }, around: Surroundings, watch: Watch) {
    super(around);
    this.#watch = watch;
    const options = {
      autoReconnectEnabled: false,
      logger: silent,
      installerOptions: { clientOptions: clientOptions(settings.apiUrl) },
    };
    // The SDK's receiver is only asked for its client: never told of an app, it hears nothing itself.
    this.#client = new SocketModeReceiver({ appToken: settings.appToken, ...options }).client;
    this.#client.on("slack_event", ({ body, ack }) => void this.hear(body, ack).catch(() => {}));
    this.#client.on(
      "disconnected",
      () => this.#up && this.#lost(new PlatformError("unknown", "Slack closed the socket.")),
    );
    this.#surviveBadMessages();
  }

  /** Resolves when connected; until then tries again, except where an operator has to act. */
  override async start(): Promise<void> {
    await super.start();
    await new Promise<void>((done, failed) => {
      this.#first = { done, failed };
      void this.#connect();
    });
  }

  override async stop(): Promise<void> {
    await super.stop();
    this.#cancel();
    this.#up = false;
    this.#first?.done();
    this.#first = undefined;
    await within(this.around, 2_000, this.#client.disconnect());
  }

  async #connect(): Promise<void> {
    try {
      await this.#client.start();
    } catch (error) {
      return this.#lost(faultOf(error));
    }
    this.#up = true;
    this.#connectedAt = this.around.clock.now();
    this.#watch.connected();
    this.#first?.done();
    this.#first = undefined;
  }

  #lost(fault: PlatformError): void {
    if (this.deaf) return;
    this.#up = false;
    this.#watch.lost(fault);
    if (this.#first && fault.fault === "denied") {
      this.#first.failed(fault);
      return;
    }
    const steady = this.around.clock.now() - this.#connectedAt > 10_000;
    this.#wait = steady ? SOONEST : Math.min(LATEST, this.#wait * 2);
    const asked = fault.fault === "busy" ? fault.retryAfterMs : fault.fault === "denied" ? WHILE_DENIED : 0;
    this.#cancel = this.around.clock.after(Math.max(asked, this.#wait), () => void this.#connect());
  }

  /** The SDK throws, into nowhere, at an event without an inner event. */
  #surviveBadMessages(): void {
    const listeners = this.#client.listeners("ws_message");
    this.#client.removeAllListeners("ws_message");
    for (const listener of listeners) {
      this.#client.on("ws_message", async (...message) => {
        await Promise.resolve(listener(...message)).catch(() =>
          this.around.log.warn("Slack sent a message that makes no sense."),
        );
      });
    }
  }
}

/** A request longer than this is none of Slack's. */
const LONGEST = 1_000_000;

/** Signed HTTP at `/slack/events`: events, commands, presses and forms alike. */
export class Http extends JournalFirst {
  readonly #secret: string;
  readonly #watch: Watch;

  constructor(settings: { signingSecret: string }, around: Surroundings, watch: Watch) {
    super(around);
    this.#secret = settings.signingSecret;
    this.#watch = watch;
  }

  override async start(): Promise<void> {
    await super.start();
    this.around.mount("/slack/events", (request) => this.#answer(request), "open");
    this.#watch.connected();
  }

  async #answer(request: Request): Promise<Response> {
    if (request.method !== "POST") return new Response(null, { status: 405, headers: { allow: "POST" } });
    const raw = await request.text();
    if (raw.length > LONGEST) return new Response(null, { status: 413 });
    if (!isFromSlack(this.#secret, request.headers, raw, this.around.clock.now()))
      return new Response(null, { status: 401 });
    const body = bodyOf(request.headers.get("content-type") ?? "", raw);
    if (!body) return new Response(null, { status: 400 });
    if (body["type"] === "url_verification") return Response.json({ challenge: body["challenge"] });
    if (body["ssl_check"]) return new Response(null);
    return this.#heard(body);
  }

  /** Slack waits for the acknowledgement, not for all that follows it. */
  #heard(body: Body): Promise<Response> {
    return new Promise((answer) => {
      const acknowledge: Acknowledge = async (payload) => answer(payload ? Response.json(payload) : new Response(null));
      void this.hear(body, acknowledge)
        .catch(() => {})
        // After an acknowledgement this changes nothing any more.
        .then(() => answer(new Response(null, { status: 503 })));
    });
  }
}

/** Events come as JSON, commands as a form, presses and modals as JSON within a form. Undefined: none of these. */
function bodyOf(type: string, raw: string): Body | undefined {
  try {
    if (type.startsWith("application/json")) return record(JSON.parse(raw));
    const form = new URLSearchParams(raw);
    const payload = form.get("payload");
    return payload === null ? Object.fromEntries(form) : record(JSON.parse(payload));
  } catch {
    return undefined;
  }
}

const record = (value: unknown): Body | undefined =>
  typeof value === "object" && value !== null && !Array.isArray(value) ? value : undefined;
