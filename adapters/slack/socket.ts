/**
 * Socket Mode. The reconnecting is ours: the SDK's waits grow without end, leave five seconds of deafness at each
 * planned change of sockets, and end in an unhandled rejection.
 */
import { SocketModeReceiver } from "@slack/bolt";
import { PlatformError, type Surroundings } from "../../src/platform.ts";
import { faultOf } from "./faults.ts";
import { inTime } from "./in-time.ts";
import { JournalFirst, type Watch } from "./receiver.ts";
import { asked, clientOptions, silent } from "./wire.ts";

/** Between attempts, milliseconds. A server that hangs up at once must not be asked at once, and asking is rated once a minute. */
const SOONEST = 250;
const LATEST = 10_000;
/** Milliseconds after which a connection counts as a good one. */
const STEADY = 10_000;
/** Milliseconds between attempts while an operator has to act. */
const WHILE_DENIED = 60_000;
/** Milliseconds for the greeting of a new socket, which some proxies swallow. */
const GREETING = 15_000;
/** Milliseconds for the goodbye of a socket. */
const GOODBYE = 2_000;

export class Socket extends JournalFirst {
  readonly #client: SocketModeReceiver["client"];
  readonly #watch: Watch;
  #up = false;
  #wait = SOONEST;
  #connectedAt = 0;
  #cancel = () => {};

  constructor(appToken: string, apiUrl: string | undefined, around: Surroundings, watch: Watch) {
    super(around);
    this.#watch = watch;
    const installerOptions = { clientOptions: clientOptions(apiUrl) };
    // The SDK's receiver is only asked for its client: never told of an app, it hears nothing itself.
    const { client } = new SocketModeReceiver({
      appToken,
      installerOptions,
      autoReconnectEnabled: false,
      logger: silent,
    });
    this.#client = client;
    client.on("slack_event", ({ body, ack }) => void this.hear(body, ack));
    client.on("disconnected", () => {
      if (this.#up) this.#lost(new PlatformError("unknown", "Slack closed the socket."));
    });
    client.on("ws_message", (message) => this.#countConnections(String(message)));
    this.#surviveNonsense();
  }

  /** The first connection is made or refused; from then on every loss is mended by itself. */
  override async start(): Promise<void> {
    await super.start();
    await this.#connect();
  }

  override async stop(): Promise<void> {
    await super.stop();
    this.#cancel();
    this.#up = false;
    await inTime(this.around.clock, GOODBYE, this.#client.disconnect(), undefined);
  }

  async #connect(): Promise<void> {
    const greeted = asked(this.#client.start()).then(() => true);
    if (!(await inTime(this.around.clock, GREETING, greeted, false))) {
      // The SDK would wait for the other side's goodbye; we do not.
      void this.#client.disconnect();
      throw new PlatformError("unknown", "Slack opened a socket and said nothing on it.");
    }
    this.#up = true;
    this.#connectedAt = this.around.clock.now();
    this.#watch.connected();
  }

  #lost(fault: PlatformError): void {
    // Only what stood can have been steady: an attempt that fails is one more of the same outage.
    const steady = this.#up && this.around.clock.now() - this.#connectedAt > STEADY;
    this.#up = false;
    if (this.deaf) return;
    this.#watch.lost(fault);
    this.#wait = steady ? SOONEST : Math.min(LATEST, this.#wait * 2);
    const asked = fault.fault === "busy" ? fault.retryAfterMs : fault.fault === "denied" ? WHILE_DENIED : 0;
    const again = () => void this.#connect().catch((error) => this.#lost(faultOf(error)));
    this.#cancel = this.around.clock.after(Math.max(asked, this.#wait), again);
  }

  /** Another copy of this app on another store would get half of what people say. */
  #countConnections(message: string): void {
    const connections = Number(/"type":"hello".*"num_connections":(\d+)|$/.exec(message)?.[1] ?? 1);
    if (connections > 1) {
      const remedy = "Stop the other process, or give it an app of its own.";
      const splits = "This Slack app is connected more than once: Slack splits events between them.";
      this.around.log.warn(`${splits} ${remedy}`, { connections });
    }
  }

  /** The SDK throws, into nowhere, at an event without an inner event. */
  #surviveNonsense(): void {
    const listeners = this.#client.listeners("ws_message");
    this.#client.removeAllListeners("ws_message");
    const nonsense = () => this.around.log.warn("Slack sent a message that makes no sense.");
    for (const listener of listeners) {
      this.#client.on("ws_message", (...message) => {
        // The SDK's listener is asynchronous, though its type does not say so.
        void Promise.resolve(listener(...message)).catch(nonsense);
      });
    }
  }
}
