/** How discord.js is set up: what it asks for, and what it is kept from doing by itself. */
import { Client, Events, GatewayIntentBits, Partials, type RESTOptions, SimpleShardingStrategy } from "discord.js";
import type { Log } from "../../src/platform.ts";
import type { DiscordSettings } from "./discord.ts";
import type { Sessions } from "./sessions.ts";

/**
 * A socket that does not open, and one that opens and greets nobody, are given up after so long; discord.js would wait a
 * minute. The first is the shorter: discord.js no longer listens to a socket that it gave up before it was open, and
 * its error would end the process.
 */
const OPENING_MS = 10_000;
const GREETING_MS = 20_000;

/** Each call is asked once, and a full bucket is "busy" at once: the outbox has the product's only retry loop. */
export function restOptions({ apiUrl }: DiscordSettings): Partial<RESTOptions> {
  const once = { retries: 0, timeout: 15_000, rejectOnRateLimit: () => true };
  const rest = { version: "10", ...once, invalidRequestWarningInterval: 1 };
  return apiUrl ? { ...rest, api: apiUrl } : rest;
}

type ManagerOfShards = ConstructorParameters<typeof SimpleShardingStrategy>[0];

export interface Holding {
  readonly log: Log;
  readonly sessions: Sessions;
  /** Whether a client is still the one in use. */
  readonly holds: (client: Client) => boolean;
}

export function newClient(settings: DiscordSettings, { log, sessions, holds }: Holding): Client {
  const client: Client = new Client({
    intents: intentsOf(settings),
    // Without them discord.js knows no DM, and so not whose message was deleted there.
    partials: [Partials.Channel, Partials.Message],
    allowedMentions: { parse: [] },
    rest: restOptions(settings),
    ws: {
      buildIdentifyThrottler: () => ({ waitForIdentify: (_shard, calledOff) => sessions.begin(calledOff) }),
      buildStrategy: (manager) => {
        const { options } = manager;
        const sessionOf = options.retrieveSessionInfo;
        // Asked for before each attempt to connect: a client that was let go waits here for ever.
        options.retrieveSessionInfo = (shard) => (holds(client) ? sessionOf(shard) : new Promise(() => {}));
        options.handshakeTimeout = OPENING_MS;
        options.helloTimeout = GREETING_MS;
        endure(manager, log);
        return new SimpleShardingStrategy(manager);
      },
    },
  });
  // Names only: what discord.js says about an error may hold a person's words.
  client.on(Events.Error, ({ name }) => log.warn("Discord: discord.js failed.", { error: name }));
  client.on(Events.ShardError, ({ name }) => log.warn("Discord: the socket failed.", { error: name }));
  return client;
}

/** An event that discord.js cannot make sense of would end the process: what its listeners throw is nobody's to catch. */
function endure(manager: ManagerOfShards, log: Log): void {
  const emit = manager.emit;
  manager.emit = function (this: ManagerOfShards, ...said: Parameters<typeof emit>) {
    try {
      return emit.apply(this, said);
    } catch (error) {
      log.warn("Discord: an event made no sense.", { error: error instanceof Error ? error.name : "?" });
      return true;
    }
  };
}

function intentsOf({ typedReplies, members }: DiscordSettings): GatewayIntentBits[] {
  const { Guilds, GuildMessages, DirectMessages, MessageContent, GuildMembers } = GatewayIntentBits;
  const typed = typedReplies ? [GuildMessages, DirectMessages, MessageContent] : [];
  return [Guilds, ...typed, ...(members ? [GuildMembers] : [])];
}
