/** The gateway: connects, stays connected, and says so. Its session is in memory only: who was away reads up afterwards. */
import {
  Client,
  Events,
  GatewayIntentBits,
  Partials,
  type RESTOptions,
  SimpleShardingStrategy,
  Status,
} from "discord.js";
import type { Connection, Surroundings } from "../../src/platform.ts";
import type { DiscordSettings } from "./discord.ts";
import { closing, fault, unknown } from "./faults.ts";

/** Behind an address that answers nothing, discord.js would try for ever; `main.ts` wants to know, and begin again. */
const PATIENCE_MS = 45_000;

/** Each call is asked once, and a full bucket is "busy" at once: the outbox has the product's only retry loop. */
export function restOptions({ apiUrl }: DiscordSettings): Partial<RESTOptions> {
  const rest = { version: "10", retries: 0, timeout: 15_000, rejectOnRateLimit: () => true };
  return apiUrl ? { ...rest, api: apiUrl } : rest;
}

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
  #client: Client | undefined;
  #state: Connection = { connected: false, why: "Discord is not started." };

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

  /** One attempt; after one that failed it may be called again. */
  async open(listener: Listener): Promise<void> {
    await this.close();
    const client = this.#newClient();
    this.#client = client;
    listener.attach(client);
    try {
      const ready = await this.#login(client);
      await listener.settle(ready);
      this.#watch(client, listener);
      this.#found(listener);
    } catch (error) {
      const why = fault(error, "register");
      await this.close(why.message);
      throw why;
    }
  }

  /**
   * discord.js cannot be called off while it connects: it would come back by itself, and an error of the half-open
   * socket would end the process. Such a client is let go: `#newClient` sees to it that it tries no more.
   */
  async close(why = "Discord is stopped."): Promise<void> {
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
  #watch(client: Client, listener: Listener): void {
    client.on(Events.ShardReady, () => this.#found(listener));
    client.on(Events.ShardResume, () => this.#found(listener));
    client.on(Events.ShardReconnecting, () => this.#lost("Discord is out of reach; reconnecting."));
    client.on(Events.ShardDisconnect, ({ code }) => {
      const why = closing(code, this.#settings)?.message ?? hungUp(code);
      this.#lost(why);
      this.#around.log.error("Discord: the connection is closed for good.", { why });
    });
  }

  #found(listener: Listener): void {
    if (!this.#client) return;
    this.#state = { connected: true };
    listener.connected();
  }

  #lost(why: string): void {
    this.#state = { connected: false, why };
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
      ws: {
        buildStrategy: (manager) => {
          const sessionOf = manager.options.retrieveSessionInfo;
          // Asked for before each attempt to connect: a client that was let go waits here for ever.
          manager.options.retrieveSessionInfo = (shard) =>
            this.#client === client ? sessionOf(shard) : new Promise(() => {});
          return new SimpleShardingStrategy(manager);
        },
      },
    });
    // Names only: what discord.js says about an error may hold a person's words.
    client.on(Events.Error, (error) => this.#around.log.warn("Discord: discord.js failed.", { error: error.name }));
    client.on(Events.ShardError, (error) =>
      this.#around.log.warn("Discord: the socket failed.", { error: error.name }),
    );
    return client;
  }
}

const hungUp = (code: number): string => `Discord hung up (${code}).`;
