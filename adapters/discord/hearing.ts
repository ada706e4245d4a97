/** From the gateway to the core's ears: what people typed, changed, took back, pressed and sent. */
import {
  type APIInteraction,
  type APIMessage,
  type APIUser,
  type Channel,
  ChannelType,
  type Client,
  GatewayDispatchEvents,
  type GatewayMessageDeleteBulkDispatchData,
  type GatewayMessageDeleteDispatchData,
  Routes,
} from "discord.js";
import { type Ears, type Place, PlatformError, type Surroundings } from "../../src/platform.ts";
import { DIRECT, isThread, placeIn, spotOf, userId } from "./ids.ts";
import { Interactions } from "./interactions.ts";
import { isHuman, isWithheld, reply, retraction, saysSomething } from "./messages.ts";
import type { Wire } from "./wire.ts";

/** Discord sends a message's event once: what could not be kept is tried again after so long, then left to be read up. */
const PAUSES_MS = [1_000, 5_000, 30_000, 120_000];

type Written = APIMessage & { readonly guild_id?: string };

/** Raw dispatches: discord.js's own events leave out what happens in threads that are not in its cache. */
export class Hearing {
  readonly #wire: Wire;
  readonly #ears: Ears;
  readonly #around: Surroundings;
  readonly #channels: ReadonlySet<Place>;
  readonly #interactions: Interactions;
  readonly #underWay = new Set<Promise<void>>();
  readonly #waiting = new Set<() => void>();
  #deaf = false;
  #warned = false;

  /** `channels`: those the core has asked for, which people come to and go from. */
  constructor(wire: Wire, ears: Ears, around: Surroundings, channels: ReadonlySet<Place>) {
    this.#wire = wire;
    this.#ears = ears;
    this.#around = around;
    this.#channels = channels;
    this.#interactions = new Interactions(wire, ears, around);
  }

  attach(client: Client): void {
    const on = <Data>(event: GatewayDispatchEvents, hear: (data: Data) => Promise<void>) =>
      client.ws.on(event, (data: Data) => this.#hear(() => hear(data)));
    const kept = <Data>(event: GatewayDispatchEvents, hear: (data: Data) => Promise<void>) =>
      on(event, (data: Data) => this.#insist(event, () => hear(data)));
    on<APIInteraction>(GatewayDispatchEvents.InteractionCreate, (acted) => this.#interactions.hear(acted));
    kept<Written>(GatewayDispatchEvents.MessageCreate, (message) => this.#wrote(client, message));
    kept<Partial<Written>>(GatewayDispatchEvents.MessageUpdate, (message) => this.#edited(client, message));
    on<Deleted>(GatewayDispatchEvents.MessageDelete, (gone) => this.#deleted(client, gone, [gone.id]));
    on<DeletedBulk>(GatewayDispatchEvents.MessageDeleteBulk, (gone) => this.#deleted(client, gone, gone.ids));
    kept<Member>(GatewayDispatchEvents.GuildMemberAdd, (member) => this.#moved("joined", member));
    kept<Member>(GatewayDispatchEvents.GuildMemberRemove, (member) => this.#moved("left", member));
  }

  /** Hears nothing more; resolves when what was heard is acknowledged. */
  async rest(): Promise<void> {
    this.#deaf = true;
    for (const wake of this.#waiting) wake();
    await Promise.all(this.#underWay);
  }

  #hear(work: () => Promise<void>): void {
    if (this.#deaf) return;
    // Begun in this turn; what it throws is a rejection too.
    const heard = async () => await work();
    const done = heard().catch((error) => {
      this.#around.log.error("Discord: an event could not be read.", { why: nameOf(error) });
    });
    this.#underWay.add(done);
    void done.finally(() => this.#underWay.delete(done));
  }

  async #insist(event: string, work: () => Promise<void>): Promise<void> {
    for (const pause of PAUSES_MS) {
      try {
        return await work();
      } catch (error) {
        this.#around.log.warn("Discord: an event is not kept yet.", { event, why: nameOf(error), againInMs: pause });
      }
      await this.#pause(pause);
      // The next start reads up what is missing.
      if (this.#deaf) return;
    }
    this.#ears.connected();
  }

  #pause(ms: number): Promise<void> {
    return new Promise((over) => {
      const wake = () => {
        forget();
        this.#waiting.delete(wake);
        over();
      };
      const forget = this.#around.clock.after(ms, wake);
      this.#waiting.add(wake);
    });
  }

  async #wrote(client: Client, message: Written): Promise<void> {
    if (!isHuman(message)) return;
    if (isWithheld(message)) this.#warn();
    if (!saysSomething(message)) return;
    const place = await this.#placeOf(client, message.guild_id, message.channel_id);
    if (place) await this.#ears.take(reply(message, place, client));
  }

  /** Once, as long as nobody mends it. */
  #warn(): void {
    if (this.#warned) return;
    this.#warned = true;
    this.#around.log.error(
      'Discord: what people type arrives without its text: switch on "Message Content" under Bot in the Developer Portal.',
    );
  }

  /** Discord "updates" a message for a link's preview too, and may leave out what did not change: then it is read. */
  async #edited(client: Client, update: Partial<Written>): Promise<void> {
    const { id, channel_id, guild_id, edited_timestamp, author } = update;
    if (!id || !channel_id || !edited_timestamp || author?.bot) return;
    const place = await this.#placeOf(client, guild_id, channel_id);
    if (!place) return;
    const message = isWhole(update)
      ? update
      : await this.#wire.found<APIMessage>("read", Routes.channelMessage(channel_id, id));
    if (message && isHuman(message) && saysSomething(message)) await this.#ears.take(reply(message, place, client));
  }

  /** The authors are asked for before anything is awaited: discord.js forgets a message right after this turn. */
  async #deleted(client: Client, gone: Deleted | DeletedBulk, ids: readonly string[]): Promise<void> {
    const channel = client.channels.cache.get(gone.channel_id);
    const remembered = channel?.isTextBased() ? channel.messages.cache : undefined;
    const authors = new Map(ids.map((id) => [id, remembered?.get(id)?.author]));
    const at = this.#around.clock.now();
    await this.#insist(GatewayDispatchEvents.MessageDelete, async () => {
      const place = await this.#placeOf(client, gone.guild_id, gone.channel_id);
      for (const [id, author] of authors) {
        if (!place || author?.bot) continue;
        await this.#ears.take(retraction(id, author?.id, at, place));
      }
    });
  }

  /** A server's newcomer stands in each of its channels that the core uses. */
  async #moved(kind: "joined" | "left", member: Member): Promise<void> {
    const { user, guild_id, joined_at } = member;
    if (user.bot) return;
    const at = joined_at ? Date.parse(joined_at) : this.#around.clock.now();
    for (const place of this.#channels) {
      if (spotOf(place).server !== guild_id) continue;
      await this.#ears.take({
        kind,
        event: `${kind}-${place}-${user.id}-${at}`,
        by: { id: userId(user.id) },
        at,
        place,
      });
    }
  }

  /** Where people speak to us: public threads and DMs. The channel's chatter and private rooms are dropped unread. */
  async #placeOf(client: Client, server: string | undefined, id: string): Promise<Place | undefined> {
    if (!server) return placeIn(DIRECT, { id, type: ChannelType.DM });
    const known = client.channels.cache.get(id);
    const channel = known
      ? { id, type: known.type, parent_id: parentOf(known) }
      : await this.#wire.found<ThreadOrChannel>("read", Routes.channel(id));
    if (!channel || channel.type === ChannelType.PrivateThread || !isThread(channel.type)) return undefined;
    return placeIn(server, channel);
  }
}

type ThreadOrChannel = { readonly id: string; readonly type: ChannelType; readonly parent_id?: string | null };
type Deleted = GatewayMessageDeleteDispatchData;
type DeletedBulk = GatewayMessageDeleteBulkDispatchData;
type Member = { readonly user: APIUser; readonly guild_id: string; readonly joined_at?: string | null };

const parentOf = (channel: Channel): string | null => (channel.isThread() ? channel.parentId : null);

const isWhole = (message: Partial<Written>): message is Written =>
  message.content !== undefined &&
  message.author !== undefined &&
  message.attachments !== undefined &&
  message.type !== undefined;

/** Never the message of an error that is not ours: it may hold what somebody wrote. */
const nameOf = (error: unknown): string =>
  error instanceof PlatformError ? error.message : error instanceof Error ? error.name : "?";
