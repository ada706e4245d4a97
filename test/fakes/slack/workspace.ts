/** A Slack workspace in memory: who is there, what was said, who may read it. It knows nothing of the adapter. */

export interface SlackUser {
  readonly id: string;
  readonly name: string;
  readonly bot?: boolean;
  admin?: boolean;
  guest?: boolean;
  deleted?: boolean;
  readonly locale?: string;
}

export interface SlackFile {
  readonly id: string;
  readonly name: string;
  readonly mimetype: string;
  readonly alt?: string;
  bytes?: Buffer;
}

export interface SlackMessage {
  readonly channel: string;
  readonly ts: string;
  readonly user: string;
  readonly bot_id?: string;
  readonly subtype?: string;
  text: string;
  // Blocks are checked by blocks.ts when they arrive and handed back as they came.
  blocks?: readonly Block[];
  readonly thread_ts?: string;
  edited?: { user: string; ts: string };
  metadata?: unknown;
  readonly files?: readonly SlackFile[];
  /** Seen by this person alone, and in no list. */
  readonly onlyFor?: string;
}

export type Block = Readonly<Record<string, unknown>>;

export interface SlackChannel {
  readonly id: string;
  readonly name: string;
  readonly kind: "public" | "private" | "im" | "mpim";
  readonly members: Set<string>;
  archived?: boolean;
}

export const CHANNEL_TYPE = { public: "channel", private: "group", im: "im", mpim: "mpim" } as const;

export class Workspace {
  readonly team = "T0TEAM000";
  readonly bot: SlackUser = { id: "U0TOGETHER", name: "together", bot: true };
  readonly botId = "B0TOGETHER";
  readonly users = new Map<string, SlackUser>();
  readonly channels = new Map<string, SlackChannel>();
  readonly messages: SlackMessage[] = [];
  readonly files = new Map<string, SlackFile>();
  readonly #now: () => number;
  #stamp = 0;
  #count = 0;

  constructor(now: () => number) {
    this.#now = now;
    this.users.set(this.bot.id, this.bot);
  }

  /** Grows with every call, as Slack's do within a channel. */
  stamp(): string {
    this.#stamp = Math.max(this.#stamp + 100, this.#now() * 1_000);
    return `${Math.floor(this.#stamp / 1_000_000)}.${String(this.#stamp % 1_000_000).padStart(6, "0")}`;
  }

  id(letter: string): string {
    return `${letter}${String(++this.#count).padStart(8, "0")}`;
  }

  userNamed(name: string): SlackUser | undefined {
    return [...this.users.values()].find((user) => user.name === name);
  }

  addUser(name: string, more: Partial<SlackUser> = {}): SlackUser {
    const user = { ...more, id: this.id("U"), name };
    this.users.set(user.id, user);
    return user;
  }

  addChannel(name: string, kind: SlackChannel["kind"], members: readonly string[]): SlackChannel {
    const letter = { public: "C", private: "C", im: "D", mpim: "G" }[kind];
    const channel = { id: this.id(letter), name, kind, members: new Set(members) };
    this.channels.set(channel.id, channel);
    return channel;
  }

  /** The one conversation that these people have, themselves only or in a group. */
  conversation(people: readonly string[]): SlackChannel {
    const members = [...new Set([...people, this.bot.id])].sort();
    const opened = [...this.channels.values()].find(
      ({ kind, members: there }) =>
        kind !== "public" && kind !== "private" && [...there].sort().join() === members.join(),
    );
    return opened ?? this.addChannel(`mpdm-${members.join("-")}`, members.length === 2 ? "im" : "mpim", members);
  }

  add(message: Omit<SlackMessage, "ts">): SlackMessage {
    const added = { ...message, ts: this.stamp() };
    this.messages.push(added);
    return added;
  }

  message(channel: string, ts: string): SlackMessage | undefined {
    return this.messages.find((message) => message.channel === channel && message.ts === ts && !message.onlyFor);
  }

  remove(message: SlackMessage): void {
    this.messages.splice(this.messages.indexOf(message), 1);
  }

  /** Newest first, as Slack lists a conversation; threads' replies are not in it. */
  history(channel: string): SlackMessage[] {
    const all = this.messages.filter((message) => message.channel === channel && !message.onlyFor);
    return all.filter(({ thread_ts, ts }) => thread_ts === undefined || thread_ts === ts).reverse();
  }

  /** The root and its replies, oldest first. */
  replies(channel: string, root: string): SlackMessage[] {
    const all = this.messages.filter((message) => message.channel === channel && !message.onlyFor);
    return all.filter(({ thread_ts, ts }) => thread_ts === root || ts === root);
  }

  /** Everything one person's screen may show, oldest first. */
  screenOf(user: string): SlackMessage[] {
    return this.messages.filter(
      ({ channel, onlyFor }) =>
        this.channels.get(channel)?.members.has(user) && (onlyFor === undefined || onlyFor === user),
    );
  }
}
