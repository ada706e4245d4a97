/** Discord behind the port: REST carries out what we do, the gateway brings what people do. */
import {
  type APIMessage,
  ChannelType,
  ComponentType,
  MessageFlags,
  PermissionFlagsBits,
  REST,
  Routes,
  SnowflakeUtil,
  type TextChannel,
  ThreadAutoArchiveDuration,
} from "discord.js";
import {
  type Capabilities,
  type Connection,
  type Ears,
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
import { register } from "./commands.ts";
import { codeOf, denied, isOver } from "./faults.ts";
import { Gateway, restOptions } from "./gateway.ts";
import { Hearing } from "./hearing.ts";
import { accountOf, DIRECT, isTagOf, messageOf, messageRef, place, spotOf, targetOf, userId } from "./ids.ts";
import type { Address } from "./interactions.ts";
import { heard, isWritten } from "./messages.ts";
import { members, person } from "./people.ts";
import { type Rendered, render } from "./render.ts";
import { room } from "./rooms.ts";
import { Wire } from "./wire.ts";

export interface DiscordSettings {
  readonly token: string;
  /** Ends in /api; for proxies and compatible servers. */
  readonly apiUrl?: string;
  /** Off: the privileged Message Content intent is not asked for, and what people type is not heard. */
  readonly typedReplies: boolean;
  /** On: the privileged Server Members intent is asked for, and members are listed, come and go. */
  readonly members?: boolean;
}

export function discord(settings: DiscordSettings, around: Surroundings): Platform {
  return new Discord(settings, around);
}

/** In one page of a channel's messages: the most that Discord gives. */
const PAGE = 100;
/** Our clock and Discord's may differ by so much. */
const SKEW_MS = 5_000;
const STOP_MS = 9_000;
const ARCHIVED = 50083;
const HAS_THREAD = 160004;
const READING = [PermissionFlagsBits.ViewChannel, PermissionFlagsBits.ReadMessageHistory];
const NEEDED = [...READING, PermissionFlagsBits.SendMessages];

class Discord implements Platform {
  readonly name = "discord";
  readonly can: Capabilities;
  readonly #around: Surroundings;
  readonly #wire: Wire;
  readonly #gateway: Gateway;
  readonly #channels = new Set<Place>();
  #hearing: Hearing | undefined;

  constructor(settings: DiscordSettings, around: Surroundings) {
    const { typedReplies, members = false } = settings;
    this.can = {
      forms: true,
      hearsReplies: typedReplies,
      // Without the intent every text that is read is empty, and an empty text must not pass for what was said.
      history: typedReplies,
      members,
      privatePlaces: true,
      readsRooms: true,
      maxRoomSize: 50,
    };
    this.#around = around;
    this.#wire = new Wire(new REST(restOptions(settings)).setToken(settings.token));
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
    const wanted = id.trim().replace(/^<#(\d+)>$|^#/, "$1");
    const { channels, user } = this.#gateway.client;
    const matches = [...channels.cache.values()].filter(
      (one): one is TextChannel => one.type === ChannelType.GuildText,
    );
    const [found, second] = matches.filter((one) => one.id === wanted || one.name === wanted);
    if (!found) throw new PlatformError("gone", `Discord: the bot's server has no text channel "${wanted}".`);
    if (second) throw denied(`Discord: two channels are called "${wanted}": use the channel's id (Copy Channel ID).`);
    const missing = found.permissionsFor(user)?.missing(NEEDED) ?? [];
    if (missing.length) throw denied(`In #${found.name} the bot lacks ${missing.join(", ")}: give it those there.`);
    return this.#used(place({ server: found.guildId, channel: found.id }));
  }

  channelOf(at: Place): Place {
    const { server, channel } = spotOf(at);
    return place({ server, channel });
  }

  async post(at: Place, message: Message, key: SendKey): Promise<MessageRef> {
    const { body, files } = render(message, key);
    const route = Routes.channelMessages(targetOf(at));
    const nonce = { nonce: key, enforce_nonce: true };
    const id = await this.#awake(at, () => this.#wire.make("post", route, { body: { ...body, ...nonce }, files }));
    this.#used(this.channelOf(at));
    return messageRef(at, id);
  }

  async find(at: Place, message: Message, key: SendKey, since: number): Promise<MessageRef | undefined> {
    const { body } = render(message, key);
    const me = this.#gateway.client.user.id;
    for (let after = snowflake(since - SKEW_MS); ; ) {
      const page = await this.#read(at, after);
      const found = page.find((one) => one.author.id === me && carries(one, key, body));
      const last = page.at(-1);
      if (found || !last || page.length < PAGE) return found && messageRef(at, found.id);
      after = last.id;
    }
  }

  async edit(message: MessageRef, content: Message, key: SendKey): Promise<void> {
    const { at, id } = messageOf(message);
    const route = Routes.channelMessage(targetOf(at), id);
    await this.#awake(at, () => this.#wire.call("post", "PATCH", route, render(content, key)));
  }

  /** Looks whose it is first: a bot with too many permissions could remove anybody's words. */
  async remove(message: MessageRef): Promise<void> {
    const { at, id } = messageOf(message);
    const route = Routes.channelMessage(targetOf(at), id);
    const found = await this.#wire.found<APIMessage>("read", route);
    if (!found) return;
    if (found.author.id !== this.#gateway.client.user.id) throw new PlatformError("invalid", "Not our own message.");
    await this.#awake(at, () => this.#wire.found("post", route, "DELETE"));
  }

  /** The first one after a command takes the place of "thinking …"; Discord sees to that by itself. */
  async whisper(to: Whisper, message: Message): Promise<void> {
    // The address is what interactions.ts put there.
    const { app, token, user } = JSON.parse(to.address) as Address;
    const { body, files } = render(message, "");
    const flags = body.flags | MessageFlags.Ephemeral;
    try {
      await this.#wire.call("answer", "POST", Routes.webhook(app, token), {
        body: { ...body, flags },
        files,
        auth: false,
      });
    } catch (error) {
      if (!isOver(error)) throw error;
      const at = await this.privatePlace(userId(user));
      await this.#wire.make("direct", Routes.channelMessages(targetOf(at)), { body, files });
    }
  }

  /** A thread has the id of the message that it hangs on, so that there is never a second one. */
  async openThread(on: MessageRef, title: string): Promise<Place> {
    const { spot, id } = messageOf(on);
    const body = { name: title, auto_archive_duration: ThreadAutoArchiveDuration.OneWeek };
    await this.#wire.make("thread", Routes.threads(spot.channel, id), { body }).catch((error) => {
      if (codeOf(error) !== HAS_THREAD) throw error;
    });
    return place({ ...spot, thread: id });
  }

  async openRoom(channel: Place, people: readonly UserId[], title: string): Promise<Place> {
    const at = await room(this.#wire, this.#gateway.client.user.id, channel, title);
    const thread = targetOf(at);
    for (const account of people.map(accountOf)) {
      await this.#awake(at, () => this.#wire.call("room", "PUT", Routes.threadMembers(thread, account)));
    }
    return at;
  }

  async privatePlace(person: UserId): Promise<Place> {
    const body = { recipient_id: accountOf(person) };
    return place({ server: DIRECT, channel: await this.#wire.make("direct", Routes.userChannels(), { body }) });
  }

  async members(channel: Place): Promise<readonly UserId[]> {
    if (!this.can.members) throw unsupported("the Server Members intent is off");
    return members(this.#gateway.client, this.#used(channel));
  }

  async person(id: UserId): Promise<Person> {
    return person(this.#gateway.client, this.#wire, id);
  }

  user(id: string): UserId {
    if (/^\d{1,20}$/.test(id)) return userId(id);
    throw denied(`"${id}" is no Discord user id: switch on Developer Mode and choose Copy User ID.`);
  }

  /** The first page of a thread begins with the message that it hangs on, which Discord keeps in the channel. */
  async history(at: Place, next?: string): Promise<Page> {
    if (!this.can.history) throw unsupported("the Message Content intent is off");
    const me = this.#gateway.client.user.id;
    const page = await this.#read(at, next ?? "0");
    const items = page.filter(isWritten).map((message) => heard(message, at, me));
    const { thread } = spotOf(at);
    const above = this.channelOf(at);
    const head =
      thread && next === undefined
        ? await this.#wire.found<APIMessage>("read", Routes.channelMessage(targetOf(above), thread))
        : undefined;
    const all = head ? [heard(head, above, me), ...items] : items;
    const last = page.at(-1);
    return last && page.length === PAGE ? { items: all, next: last.id } : { items: all };
  }

  /** A page, oldest first. Discord shows an empty one to whoever may not read: that must never pass for silence. */
  async #read(at: Place, after: string): Promise<readonly APIMessage[]> {
    const { server, channel: id } = spotOf(at);
    const { channels, user } = this.#gateway.client;
    const channel = server === DIRECT ? undefined : channels.cache.get(id);
    if (channel && !channel.isDMBased() && !channel.permissionsFor(user)?.has(READING)) {
      throw denied(`In #${channel.name} the bot lacks View Channel or Read Message History: give it both there.`);
    }
    const route = Routes.channelMessages(targetOf(at));
    const page = await this.#wire.list<APIMessage>("read", route, { after, limit: String(PAGE) });
    return [...page].sort((a, b) => (BigInt(a.id) < BigInt(b.id) ? -1 : 1));
  }

  /** A thread falls asleep after a week; nothing has happened then, so the call may be made again. */
  async #awake<Answer>(at: Place, call: () => Promise<Answer>): Promise<Answer> {
    try {
      return await call();
    } catch (error) {
      if (codeOf(error) !== ARCHIVED) throw error;
      await this.#wire.call("thread", "PATCH", Routes.channel(targetOf(at)), { body: { archived: false } });
      return await call();
    }
  }

  #used(channel: Place): Place {
    this.#channels.add(channel);
    return channel;
  }
}

function carries(message: APIMessage, key: SendKey, wanted: Rendered["body"]): boolean {
  const tags = (message.components ?? []).flatMap((row) =>
    row.type === ComponentType.ActionRow ? row.components.map((one) => ("custom_id" in one ? one.custom_id : "")) : [],
  );
  if (tags.length) return tags.some((tag) => isTagOf(key, tag));
  const files = message.attachments.map(({ filename }) => filename).join("/");
  const wantedFiles = wanted.attachments.map(({ filename }) => filename).join("/");
  return message.content + files !== "" && message.content === wanted.content && files === wantedFiles;
}

/** Discord's ids grow with time: the smallest one of an instant. */
function snowflake(at: Instant): string {
  const timestamp = Math.max(at, Number(SnowflakeUtil.epoch));
  return String(SnowflakeUtil.generate({ timestamp, increment: 0n, workerId: 0n, processId: 0n }));
}

const unsupported = (why: string) => new PlatformError("unsupported", `Discord: ${why}.`);
