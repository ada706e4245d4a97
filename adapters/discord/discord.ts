/** Discord behind the port: REST carries out what we do, the gateway brings what people do. */
import { ChannelType, PermissionFlagsBits, Routes, type TextChannel } from "discord.js";
import {
  type Capabilities,
  type Connection,
  type Ears,
  type Found,
  type Instant,
  type Message,
  type MessageRef,
  type Page,
  type Person,
  type Place,
  type Platform,
  PlatformError,
  type SendKey,
  type Surroundings,
  type UserId,
  type Whisper,
} from "../../src/platform.ts";
import { restOptions } from "./client.ts";
import { register, uninvited } from "./commands.ts";
import { denied } from "./faults.ts";
import { Gateway } from "./gateway.ts";
import { Hearing } from "./hearing.ts";
import { accountOf, channelOf, isPlace, place, spotOf, targetOf, userId } from "./ids.ts";
import { members, person } from "./people.ts";
import { awake, edit, find, history, post, type Reader, remove, whisper } from "./posts.ts";
import { direct, openRoom, openThread } from "./rooms.ts";
import type { Memory } from "./sessions.ts";
import { Wire } from "./wire.ts";

export interface DiscordSettings {
  readonly token: string;
  /** Ends in /api; for proxies and compatible servers. */
  readonly apiUrl?: string;
  /** Off: the privileged Message Content intent is not asked for, and what people type is not heard. */
  readonly typedReplies: boolean;
  /** On: the privileged Server Members intent is asked for; members can be listed, and are heard to come and go. */
  readonly members?: boolean;
  /** Without one, what has to survive a restart does not. */
  readonly memory?: Memory;
}

/** Five messages in five seconds is what a channel takes. */
const POST_EVERY_MS = 1_000;
const STOP_MS = 9_000;
const NEEDED = [
  PermissionFlagsBits.ViewChannel,
  PermissionFlagsBits.SendMessages,
  PermissionFlagsBits.ReadMessageHistory,
];

export function discord(settings: DiscordSettings, around: Surroundings): Platform {
  return new Discord(settings, around);
}

class Discord implements Platform {
  readonly name = "discord";
  readonly can: Capabilities;
  readonly #around: Surroundings;
  readonly #wire: Wire;
  readonly #gateway: Gateway;
  /** Channels that the core has asked for: those that people come to and go from. */
  readonly #channels = new Set<Place>();
  #hearing: Hearing | undefined;

  constructor(settings: DiscordSettings, around: Surroundings) {
    const { typedReplies, members = false } = settings;
    // Without the intent every text that is read is empty, and that must not pass for what was said: no history then.
    const reading = { hearsReplies: typedReplies, history: typedReplies };
    this.can = { forms: true, ...reading, members, privatePlaces: true, maxRoomSize: 50, postEveryMs: POST_EVERY_MS };
    this.#around = around;
    this.#wire = new Wire(restOptions(settings), settings.token, around.clock);
    this.#gateway = new Gateway(settings, around);
  }

  async start(ears: Ears): Promise<void> {
    const hearing = new Hearing(this.#wire, ears, this.#around, this.#channels);
    this.#hearing = hearing;
    await this.#gateway.open({
      attach: (client) => hearing.attach(client),
      settle: (client) => register(client, this.#wire, ears.commands),
      connected: () => ears.connected(),
    });
  }

  async stop(): Promise<void> {
    const quiet = async () => {
      await this.#hearing?.rest();
      await this.#gateway.close();
    };
    await new Promise<void>((stopped) => {
      const forget = this.#around.clock.after(STOP_MS, stopped);
      void quiet().finally(() => {
        forget();
        stopped();
      });
    });
  }

  connection(): Connection {
    return this.#gateway.state;
  }

  async channel(id: string): Promise<Place> {
    // The core may also hand us what we gave it.
    const wanted = isPlace(id) ? spotOf(id).channel : id.trim().replace(/^<#(\d+)>$|^#/, "$1");
    const { channels, guilds, user, application } = this.#gateway.client;
    if (guilds.cache.size === 0) throw uninvited(application.id);
    const all = [...channels.cache.values()].filter((one): one is TextChannel => one.type === ChannelType.GuildText);
    const [found, second] = all.filter((one) => one.id === wanted || one.name === wanted);
    if (!found) throw new PlatformError("gone", `Discord: the bot's server has no text channel "${wanted}".`);
    if (second) throw denied(`Discord: two channels are called "${wanted}": give the channel's id (Copy Channel ID).`);
    const missing = found.permissionsFor(user)?.missing(NEEDED) ?? [];
    if (missing.length) throw denied(`In #${found.name} the bot lacks ${missing.join(", ")}: give it those there.`);
    return this.#used(place({ server: found.guildId, channel: found.id }));
  }

  channelOf(at: Place): Place {
    return channelOf(at);
  }

  async post(at: Place, message: Message, key: SendKey): Promise<MessageRef> {
    this.#used(channelOf(at));
    return await post(this.#wire, at, message, key);
  }

  async find(at: Place, message: Message | undefined, key: SendKey, since: Instant): Promise<readonly Found[]> {
    return await find(this.#reader(), at, { message, key, since });
  }

  async edit(message: MessageRef, content: Message, key: SendKey): Promise<void> {
    await edit(this.#wire, message, content, key);
  }

  async remove(message: MessageRef): Promise<void> {
    await remove(this.#reader(), message);
  }

  async whisper(to: Whisper, message: Message): Promise<void> {
    await whisper(this.#wire, to, message);
  }

  async openThread(on: MessageRef, title: string): Promise<Place> {
    return await openThread(this.#wire, on, title);
  }

  async openRoom(channel: Place, people: readonly UserId[], title: string): Promise<Place> {
    const { at, isNew } = await openRoom(this.#wire, this.#gateway.client.user.id, channel, title);
    const within: `/${string}`[] = [];
    try {
      for (const route of people.map((one) => Routes.threadMembers(targetOf(at), accountOf(one)))) {
        await awake(this.#wire, at, () => this.#wire.call("room", "PUT", route));
        within.push(route);
      }
    } catch (error) {
      // Whoever came first is not left alone in a room of which nothing comes.
      const leaves = isNew && error instanceof PlatformError && error.fault === "gone" ? within : [];
      for (const route of leaves) await this.#wire.found("room", route, "DELETE");
      throw error;
    }
    return at;
  }

  async privatePlace(person: UserId): Promise<Place> {
    return await direct(this.#wire, person);
  }

  async members(channel: Place): Promise<readonly UserId[]> {
    if (!this.can.members) throw unsupported("the Server Members intent is off");
    return await members(this.#gateway.client, this.#used(channel));
  }

  async person(id: UserId): Promise<Person> {
    return await person(this.#gateway.client, this.#wire, id);
  }

  user(id: string): UserId {
    if (/^\d{1,20}$/.test(id)) return userId(id);
    throw denied(`"${id}" is no Discord user id: switch on Developer Mode, then Copy User ID.`);
  }

  async history(at: Place, next?: string): Promise<Page> {
    if (!this.can.history) throw unsupported("the Message Content intent is off");
    return await history(this.#reader(), at, next);
  }

  #reader(): Reader {
    return { client: this.#gateway.client, wire: this.#wire };
  }

  #used(channel: Place): Place {
    this.#channels.add(channel);
    return channel;
  }
}

const unsupported = (why: string) => new PlatformError("unsupported", `Discord: ${why}.`);
