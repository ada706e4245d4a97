/** The gateway: connects, stays connected, and says so. Its session is in memory only: who was away reads up afterwards. */
import { Client, Events, GatewayIntentBits, Partials, type RESTOptions } from "discord.js";
import type { Connection, Surroundings } from "../../src/platform.ts";
import type { DiscordSettings } from "./discord.ts";
import { closing, fault, unknown } from "./faults.ts";

const FIRST_RETRY_MS = 1_000;
const LAST_RETRY_MS = 60_000;

/** Each call is asked once, and a full bucket is "busy" at once: the outbox has the product's only retry loop. */
export function restOptions({ apiUrl }: DiscordSettings): Partial<RESTOptions> {
  const rest = { version: "10", retries: 0, timeout: 15_000, rejectOnRateLimit: () => true };
  return apiUrl ? { ...rest, api: apiUrl } : rest;
}

export interface Listener {
  /** Before the connection opens, so that nothing is missed. */
  attach(client: Client): void;
  /** When it stands, before `start` resolves. */
  settle(client: Client<true>): Promise<void>;
  /** After each connect and reconnect. */
  connected(): void;
}

export class Gateway {
  readonly #settings: DiscordSettings;
  readonly #around: Surroundings;
  #client: Client | undefined;
  #state: Connection = { connected: false, why: "Discord is not started." };
  #stopped = false;
  #wake = () => {};

  constructor(settings: DiscordSettings, around: Surroundings) {
    this.#settings = settings;
    this.#around = around;
  }

  get state(): Connection {
    return this.#state;
  }

  get client(): Client<true> {
    if (this.#client?.isReady()) return this.#client;
    throw unknown("Discord is not connected.");
  }

  /** Tries until it stands; rejects only where an operator must act, or when stopped. */
  async open(listener: Listener): Promise<void> {
    for (let pause = FIRST_RETRY_MS; ; pause = Math.min(pause * 2, LAST_RETRY_MS)) {
      try {
        return await this.#connect(listener);
      } catch (error) {
        const why = fault(error, "register");
        this.#lost(why.message);
        await this.#client?.destroy();
        if (this.#stopped || (why.fault !== "unknown" && why.fault !== "busy")) throw why;
        this.#around.log.warn("Discord: no connection yet.", { why: why.message, againInMs: pause });
        await this.#pause(pause);
      }
    }
  }

  async close(): Promise<void> {
    this.#stopped = true;
    this.#wake();
    this.#lost("Discord is stopped.");
    await this.#client?.destroy();
  }

  async #connect(listener: Listener): Promise<void> {
    const client = this.#newClient();
    this.#client = client;
    listener.attach(client);
    const ready = await this.#login(client);
    await listener.settle(ready);
    this.#watch(client, listener);
    this.#found(listener);
  }

  #login(client: Client): Promise<Client<true>> {
    return new Promise((stands, fails) => {
      this.#wake = () => fails(unknown("Discord was stopped."));
      client.once(Events.ClientReady, stands);
      client.once(Events.ShardDisconnect, ({ code }) => fails(closing(code) ?? unknown(`Discord hung up (${code}).`)));
      client.login(this.#settings.token).catch(fails);
    });
  }

  /** Also a session that could not be resumed begins with what was missed. */
  #watch(client: Client, listener: Listener): void {
    client.on(Events.ShardReady, () => this.#found(listener));
    client.on(Events.ShardResume, () => this.#found(listener));
    client.on(Events.ShardReconnecting, () => this.#lost("Discord is out of reach; reconnecting."));
    client.on(Events.ShardDisconnect, ({ code }) => {
      this.#lost(closing(code)?.message ?? `Discord hung up (${code}).`);
      this.#around.log.error("Discord: the connection is closed for good.", { why: closing(code)?.message, code });
    });
  }

  #found(listener: Listener): void {
    if (this.#stopped) return;
    this.#state = { connected: true };
    listener.connected();
  }

  #lost(why: string): void {
    this.#state = { connected: false, why };
  }

  #pause(ms: number): Promise<void> {
    return new Promise((over) => {
      const forget = this.#around.clock.after(ms, over);
      this.#wake = () => {
        forget();
        over();
      };
    });
  }

  #newClient(): Client {
    const { typedReplies, members } = this.#settings;
    const typed = [GatewayIntentBits.GuildMessages, GatewayIntentBits.DirectMessages, GatewayIntentBits.MessageContent];
    const client = new Client({
      intents: [
        GatewayIntentBits.Guilds,
        ...(typedReplies ? typed : []),
        ...(members ? [GatewayIntentBits.GuildMembers] : []),
      ],
      // Without them discord.js knows no DM, and so not whose message was deleted there.
      partials: [Partials.Channel, Partials.Message],
      allowedMentions: { parse: [] },
      rest: restOptions(this.#settings),
    });
    // Names only: what discord.js says about an error may hold a person's words.
    client.on(Events.Error, (error) => this.#around.log.warn("Discord: discord.js failed.", { error: error.name }));
    client.on(Events.ShardError, (error) =>
      this.#around.log.warn("Discord: the socket failed.", { error: error.name }),
    );
    return client;
  }
}
