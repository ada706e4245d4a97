/** A Discord server: its people, channels, threads and messages, and who may do what. */
import { PermissionFlagsBits } from "discord.js";
import type { Account, Letter, Room } from "./shapes.ts";

const EPOCH = 1_420_070_400_000;

const MEMBER =
  PermissionFlagsBits.ViewChannel |
  PermissionFlagsBits.SendMessages |
  PermissionFlagsBits.AttachFiles |
  PermissionFlagsBits.ReadMessageHistory |
  PermissionFlagsBits.CreatePublicThreads |
  PermissionFlagsBits.CreatePrivateThreads |
  PermissionFlagsBits.SendMessagesInThreads;

export class Town {
  #last = 0n;
  readonly #now: () => number;
  readonly guildId: string;
  readonly bot: Account;
  readonly owner: Account;
  readonly channel: Room;
  readonly managers: string;
  readonly accounts = new Map<string, Account>();
  readonly members = new Map<string, { roles: string[]; joined_at: string }>();
  readonly rooms = new Map<string, Room>();
  readonly letters = new Map<string, Letter>();
  /** People of a private thread or DM, in the order they were added. */
  readonly within = new Map<string, Set<string>>();
  /** What was attached, by attachment id. */
  readonly files = new Map<string, Buffer>();
  everyone = MEMBER;

  constructor(now: () => number, channel: string) {
    this.#now = now;
    this.guildId = this.snowflake();
    this.managers = this.snowflake();
    this.bot = this.account("together", true);
    this.owner = this.account("maggie");
    this.channel = this.room({ type: 0, name: channel, parent_id: null });
    for (const account of [this.bot, this.owner]) this.join(account);
  }

  now(): number {
    return this.#now();
  }

  /** Always larger than every id before. */
  snowflake(): string {
    const born = BigInt(this.#now() - EPOCH) << 22n;
    this.#last = born > this.#last ? born : this.#last + 1n;
    return String(this.#last);
  }

  account(name: string, bot = false): Account {
    const known = [...this.accounts.values()].find((one) => one.username === name);
    if (known) return known;
    const account: Account = {
      id: this.snowflake(),
      username: name,
      global_name: name,
      bot,
      discriminator: "0",
      avatar: null,
    };
    this.accounts.set(account.id, account);
    return account;
  }

  join(account: Account, roles: string[] = []): void {
    this.members.set(account.id, { roles, joined_at: new Date(this.#now()).toISOString() });
  }

  /** Nobody has invited the bot. */
  leave(): void {
    this.members.delete(this.bot.id);
  }

  room(room: Omit<Room, "id" | "permission_overwrites" | "guild_id"> & { readonly id?: string }): Room {
    const guild = room.type === 1 ? {} : { guild_id: this.guildId };
    const made = { id: this.snowflake(), permission_overwrites: [], ...room, ...guild };
    this.rooms.set(made.id, made);
    return made;
  }

  letter(at: Room, author: Account, said: Partial<Letter> & { readonly content: string }): Letter {
    const id = said.id ?? this.snowflake();
    const letter: Letter = {
      id,
      channel_id: at.id,
      author,
      timestamp: new Date(this.#now()).toISOString(),
      edited_timestamp: null,
      type: 0,
      mentions: [],
      components: [],
      attachments: [],
      flags: 0,
      tts: false,
      mention_everyone: false,
      mention_roles: [],
      embeds: [],
      pinned: false,
      ...said,
    };
    this.letters.set(id, letter);
    return letter;
  }

  /** Versions grow even where two edits fall into one millisecond. */
  rewrite(letter: Letter, content: string): void {
    const before = Date.parse(letter.edited_timestamp ?? letter.timestamp);
    letter.content = content;
    letter.edited_timestamp = new Date(Math.max(this.#now(), before + 1)).toISOString();
  }

  lettersIn(room: string): Letter[] {
    const inside = [...this.letters.values()].filter((letter) => letter.channel_id === room);
    return inside.sort((a, b) => (BigInt(a.id) < BigInt(b.id) ? -1 : 1));
  }

  member(id: string) {
    const member = this.members.get(id);
    const user = this.accounts.get(id);
    return member && user && { user, nick: null, flags: 0, deaf: false, mute: false, ...member };
  }

  /** A thread has its channel's permissions. */
  may(account: string, room: Room, permission: bigint): boolean {
    if (room.type === 1) return this.within.get(room.id)?.has(account) ?? false;
    const place = room.parent_id ? this.rooms.get(room.parent_id) : room;
    const roles = this.members.get(account)?.roles ?? [];
    let bits = this.everyone | (roles.includes(this.managers) ? PermissionFlagsBits.ManageGuild : 0n);
    for (const overwrite of place?.permission_overwrites ?? []) {
      if (![this.guildId, account, ...roles].includes(overwrite.id)) continue;
      bits = (bits & ~BigInt(overwrite.deny)) | BigInt(overwrite.allow);
    }
    return (bits & permission) === permission;
  }

  sees(account: string, room: Room): boolean {
    if (room.type === 1 || room.type === 12) return this.within.get(room.id)?.has(account) ?? false;
    return this.members.has(account) && this.may(account, room, PermissionFlagsBits.ViewChannel);
  }

  /** As the gateway describes the server at the beginning. */
  guild() {
    const role = (id: string, name: string, permissions: bigint) => ({
      id,
      name,
      permissions: String(permissions),
      position: id === this.guildId ? 0 : 1,
      color: 0,
      colors: { primary_color: 0, secondary_color: null, tertiary_color: null },
      hoist: false,
      managed: false,
      mentionable: false,
      flags: 0,
    });
    const rooms = [...this.rooms.values()];
    const lists = [
      "emojis",
      "stickers",
      "features",
      "voice_states",
      "presences",
      "stage_instances",
      "guild_scheduled_events",
      "soundboard_sounds",
    ];
    return {
      id: this.guildId,
      name: "Better Together",
      owner_id: this.owner.id,
      member_count: this.members.size,
      large: false,
      unavailable: false,
      joined_at: new Date(this.#now()).toISOString(),
      roles: [
        role(this.guildId, "@everyone", this.everyone),
        role(this.managers, "Hosts", PermissionFlagsBits.ManageGuild),
      ],
      channels: rooms.filter(({ type }) => type === 0).map((room) => ({ ...room, position: 0 })),
      threads: rooms.filter(
        (room) =>
          (room.type === 11 || room.type === 12) && !room.thread_metadata?.archived && this.sees(this.bot.id, room),
      ),
      members: [this.member(this.bot.id)],
      ...Object.fromEntries(lists.map((list) => [list, []])),
    };
  }
}
