/** Signed HTTP at `/slack/events`: events, commands, presses and forms alike. */
import type { Surroundings } from "../../src/platform.ts";
import { type Acknowledge, type Body, JournalFirst, type Watch } from "./receiver.ts";
import { isFromSlack } from "./signature.ts";

/** Milliseconds between two readings of what may not have reached us: nobody tells when requests begin to come again. */
const SWEEP = 3_600_000;
/** Characters; a request longer than this is none of Slack's. */
const LONGEST = 1_000_000;

export class Http extends JournalFirst {
  readonly #secret: string;
  readonly #watch: Watch;
  #cancel = () => {};

  constructor(signingSecret: string, around: Surroundings, watch: Watch) {
    super(around);
    this.#secret = signingSecret;
    this.#watch = watch;
  }

  override async start(): Promise<void> {
    await super.start();
    this.around.mount("/slack/events", (request) => this.#answer(request), "open");
    this.#sweep();
  }

  override async stop(): Promise<void> {
    this.#cancel();
    await super.stop();
  }

  #sweep(): void {
    this.#watch.connected();
    this.#cancel = this.around.clock.after(SWEEP, () => this.#sweep());
  }

  async #answer(request: Request): Promise<Response> {
    if (request.method !== "POST") return new Response(null, { status: 405, headers: { allow: "POST" } });
    const raw = await request.text();
    if (raw.length > LONGEST) return new Response(null, { status: 413 });
    const now = this.around.clock.now();
    if (!isFromSlack(this.#secret, request.headers, raw, now)) return new Response(null, { status: 401 });
    const body = bodyOf(request.headers.get("content-type") ?? "", raw);
    if (!body) return new Response(null, { status: 400 });
    if (body["type"] === "url_verification") return Response.json({ challenge: body["challenge"] });
    if (body["ssl_check"]) return new Response(null);
    if (body["type"] === "app_rate_limited") return this.#rateLimited();
    // What comes again did not come through at first, nor what was said before it, perhaps.
    if (request.headers.has("x-slack-retry-num")) this.#watch.connected();
    return this.#heard(body);
  }

  /** More was said than Slack delivers to one app, and the rest it drops: it has to be read, as after a gap. */
  #rateLimited(): Response {
    this.around.log.warn("Slack delivers no more events for a while (app_rate_limited).");
    this.#watch.connected();
    return new Response(null);
  }

  /** Slack waits for the acknowledgement, not for all that follows it; without one it gets a 503 and comes again. */
  #heard(body: Body): Promise<Response> {
    return new Promise((answer) => {
      const acknowledge: Acknowledge = async (payload) => answer(payload ? Response.json(payload) : new Response(null));
      void this.hear(body, acknowledge).then(() => answer(new Response(null, { status: 503 })));
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
