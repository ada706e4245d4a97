/**
 * What the two ways of hearing Slack have in common. Journal first, acknowledge second: Bolt acknowledges events
 * before its listeners run, so events go past it; what failed is not acknowledged at all, and Slack sends it again.
 */
import type { App, Receiver, ReceiverEvent, SlackEventMiddlewareArgs } from "@slack/bolt";
import type { PlatformError, Surroundings } from "../../src/platform.ts";
import { faultOf } from "./faults.ts";
import { inTime } from "./in-time.ts";

export type Body = ReceiverEvent["body"];
/** An event as Slack wraps it. */
export type Envelope = SlackEventMiddlewareArgs["body"];
/** The payload is our answer in the same breath: a form's complaints, a command's words. */
export type Acknowledge = (payload?: unknown) => Promise<void>;

/** Told of each connect and reconnect, and of each loss. */
export interface Watch {
  connected(): void;
  lost(fault: PlatformError): void;
}

/** Milliseconds that `stop` waits for what was heard to be acknowledged. */
const FAREWELL = 6_000;

export abstract class JournalFirst implements Receiver {
  protected readonly around: Surroundings;
  protected deaf = true;
  readonly #underWay = new Set<Promise<void>>();
  #app: App | undefined;
  #happened: (envelope: Envelope) => Promise<void> = async () => {};

  constructor(around: Surroundings) {
    this.around = around;
  }

  init(app: App): void {
    this.#app = app;
  }

  /** `happened` resolves when the event is kept. */
  onEvent(happened: (envelope: Envelope) => Promise<void>): void {
    this.#happened = happened;
  }

  async start(): Promise<void> {
    this.deaf = false;
  }

  /** Hears no more, then lets what was heard be acknowledged. */
  async stop(): Promise<void> {
    this.deaf = true;
    // Nothing can hold up a stop.
    await inTime(this.around.clock, FAREWELL, Promise.all(this.#underWay), undefined);
  }

  /** Resolves when it is acknowledged, or when it could not be kept: then it is not acknowledged. Never rejects. */
  protected hear(body: Body, acknowledge: Acknowledge): Promise<void> {
    if (this.deaf || !this.#app) return Promise.resolve();
    const doing = this.#process(this.#app, body, acknowledge)
      .catch((error: unknown) => this.#tell(error))
      .finally(() => this.#underWay.delete(doing));
    this.#underWay.add(doing);
    return doing;
  }

  async #process(app: App, body: Body, acknowledge: Acknowledge): Promise<void> {
    if (body["type"] !== "event_callback") return app.processEvent({ body, ack: acknowledge });
    // By its type it is one; whether anything is in it, `happened` looks.
    await this.#happened(body as Envelope);
    await acknowledge();
  }

  /** Only the fault: what Bolt wraps around an error may hold what a person wrote. */
  #tell(error: unknown): void {
    const { fault, message } = faultOf(error instanceof Error && "original" in error ? error.original : error);
    this.around.log.warn("Slack told us something that we could not keep.", { fault, why: message });
  }
}
