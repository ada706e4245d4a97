/** The gateway: connects, stays connected, and says so. Its session is in memory only: who was away reads up afterwards. */
import { type Client, Events, Status } from "discord.js";
import type { Connection, Surroundings } from "../../src/platform.ts";
import { newClient } from "./client.ts";
import type { DiscordSettings } from "./discord.ts";
import { busy, closing, fault, unknown } from "./faults.ts";
import { Pulse } from "./pulse.ts";
import { Sessions, SPACING_MS } from "./sessions.ts";

/** Behind an address that answers nothing, discord.js would try for ever; `main.ts` wants to know, and begin again. */
const PATIENCE_MS = 45_000;
/** A connection of which nothing is heard for so long, not even a heartbeat's echo, is made anew. */
const SILENCE_MS = 5 * 60_000;
const LOOK_MS = 60_000;
/** Between two attempts where making it anew failed. */
const AGAIN_MS = 15_000;

export interface Listener {
  /** Before the connection opens, so that nothing is missed. */
  attach(client: Client): void;
  /** When it stands, before it counts as connected. */
  settle(client: Client<true>): Promise<void>;
  /** After each connect and reconnect. */
  connected(): void;
}

export class Gateway {
  readonly #settings: DiscordSettings;
  readonly #around: Surroundings;
  readonly #sessions: Sessions;
  #client: Client | undefined;
  #state: Connection = { connected: false, why: "Discord is not started." };
  /** Gives up the next look at the connection. */
  #forget = () => {};

  constructor(settings: DiscordSettings, around: Surroundings) {
    this.#settings = settings;
    this.#around = around;
    this.#sessions = new Sessions(settings.memory, around);
  }

  get state(): Connection {
    return this.#state;
  }

  get client(): Client<true> {
    if (this.#client?.isReady()) return this.#client;
    throw unknown("Discord is not connected.");
  }

  /** One attempt; after one that failed it may be called again. */
  async open(listener: Listener): Promise<void> {
    await this.close();
    await this.#connect(listener);
  }

  async close(): Promise<void> {
    this.#forget();
    await this.#drop("Discord is stopped.");
  }

  async #connect(listener: Listener): Promise<void> {
    await this.#mayBegin();
    const { log } = this.#around;
    const client = newClient(this.#settings, {
      log,
      sessions: this.#sessions,
      holds: (one) => this.#client === one,
    });
    this.#client = client;
    listener.attach(client);
    try {
      const ready = await this.#login(client);
      await listener.settle(ready);
      this.#watch(ready, listener);
      this.#found(listener);
    } catch (error) {
      const why = fault(error, "register");
      await this.#drop(why.message);
      throw why;
    }
  }

  /** Where a session has to wait long, others are told so instead of being kept waiting. */
  async #mayBegin(): Promise<void> {
    const pause = await this.#sessions.pause();
    if (pause <= SPACING_MS) return;
    const seconds = Math.ceil(pause / 1_000);
    const why = `Too many sessions were begun within the last hour; the next may be begun in ${seconds} s.`;
    this.#lost(why);
    throw busy(`Discord: ${why}`, pause);
  }

  /**
   * discord.js cannot be called off while it connects: it would come back by itself, and an error of the half-open
   * socket would end the process. Such a client is let go: client.ts sees to it that it tries no more.
   */
  async #drop(why: string): Promise<void> {
    this.#lost(why);
    const client = this.#client;
    this.#client = undefined;
    if (!client?.ws.shards.some(({ status }) => status === Status.Connecting)) return await client?.destroy();
    for (const event of [Events.ShardReady, Events.ShardResume] as const)
      client.once(event, () => void client.destroy());
  }

  #login(client: Client): Promise<Client<true>> {
    let forget = () => {};
    const login = new Promise<Client<true>>((stands, fails) => {
      client.once(Events.ClientReady, stands);
      client.once(Events.ShardDisconnect, ({ code }) => fails(closing(code, this.#settings) ?? unknown(hungUp(code))));
      client.login(this.#settings.token).catch(fails);
      forget = this.#around.clock.after(PATIENCE_MS, () => fails(unknown("Discord's gateway does not answer.")));
    });
    return login.finally(() => forget());
  }

  /** Also a session that could not be resumed begins with what was missed. */
  #watch(client: Client<true>, listener: Listener): void {
    // What a client that was let go still says is no news of the present one.
    const found = () => this.#client === client && this.#found(listener);
    client.on(Events.ShardReady, found);
    client.on(Events.ShardResume, found);
    // A server that Discord could not reach, or that takes us in again, has told us nothing meanwhile.
    const back = () => this.#state.connected && found();
    client.on(Events.GuildAvailable, back);
    client.on(Events.GuildCreate, back);
    client.on(Events.ShardReconnecting, () => {
      if (this.#client === client) this.#lost("Discord is out of reach; reconnecting.");
    });
    client.on(Events.ShardDisconnect, ({ code }) => {
      if (this.#client === client) this.#closed(closing(code, this.#settings)?.message ?? hungUp(code));
    });
    this.#look(new Pulse(client), listener);
  }

  /** discord.js comes back by itself from almost anything; from what it does not, it is begun anew. */
  #look(pulse: Pulse, listener: Listener): void {
    this.#forget = this.#around.clock.after(LOOK_MS, () => {
      if (pulse.silentMs < SILENCE_MS) return this.#look(pulse, listener);
      this.#around.log.warn("Discord: nothing has been heard for five minutes; connecting anew.");
      void this.#renew(listener);
    });
  }

  async #renew(listener: Listener): Promise<void> {
    let again = true;
    this.#forget = () => {
      again = false;
    };
    try {
      await this.#drop("Discord is silent; connecting anew.");
      if (again) await this.#connect(listener);
    } catch (error) {
      const { fault: kind, message } = fault(error, "register");
      if (kind === "denied") this.#closed(message);
      else if (again) this.#forget = this.#around.clock.after(AGAIN_MS, () => void this.#renew(listener));
    }
  }

  #closed(why: string): void {
    this.#forget();
    this.#lost(why);
    this.#around.log.error("Discord: the connection is closed for good.", { why });
  }

  #found(listener: Listener): void {
    if (!this.#client) return;
    this.#state = { connected: true };
    listener.connected();
  }

  #lost(why: string): void {
    this.#state = { connected: false, why };
  }
}

const hungUp = (code: number): string => `Discord hung up (${code}).`;
