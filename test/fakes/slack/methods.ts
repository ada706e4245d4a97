/** The Web API's methods that we call: their arguments, scopes, answers and errors. Source: docs.slack.dev/reference/methods */
import { refused, refusedModal } from "./blocks.ts";
import type { Block, SlackChannel, SlackMessage, Workspace } from "./workspace.ts";

export type Args = Readonly<Record<string, string>>;
export type Answer = Readonly<Record<string, unknown>>;

/** An answer with `ok: false`. */
export class Refusal extends Error {
  readonly more: Answer;

  constructor(code: string, more: Answer = {}) {
    super(code);
    this.more = more;
  }
}

/** What the wire around the workspace does for a method. */
export interface Office {
  readonly workspace: Workspace;
  /** Events that people's clients and subscribed apps are told of. */
  tell(event: Answer): void;
  /** The trigger's person, once and within three seconds. */
  redeem(trigger: string): string | undefined;
  show(user: string, view: Answer): void;
  uploadUrl(file: string): string;
}

interface Method {
  /** Undefined: none is needed. */
  scope?(args: Args, office: Office): string | undefined;
  answer(args: Args, office: Office): Answer;
}

const HISTORY = {
  public: "channels:history",
  private: "groups:history",
  im: "im:history",
  mpim: "mpim:history",
} as const;
const READ = { public: "channels:read", private: "groups:read", im: "im:read", mpim: "mpim:read" } as const;
const CHAT = () => "chat:write";

const kindOf = ({ channel }: Args, { workspace }: Office) => workspace.channels.get(channel ?? "")?.kind ?? "public";

function channelOf(id: string | undefined, { workspace }: Office): SlackChannel {
  const channel = workspace.channels.get(id ?? "");
  if (!channel) throw new Refusal("channel_not_found");
  return channel;
}

/** Where the bot may speak. */
function ours(args: Args, office: Office): SlackChannel {
  const channel = channelOf(args["channel"], office);
  if (channel.archived) throw new Refusal("is_archived");
  if (!channel.members.has(office.workspace.bot.id)) throw new Refusal("not_in_channel");
  return channel;
}

function blocksOf(args: Args): Block[] {
  const blocks: Block[] = args["blocks"] === undefined ? [] : JSON.parse(args["blocks"]);
  const complaint = refused(blocks, 50);
  if (complaint) throw new Refusal("invalid_blocks", { errors: [complaint] });
  if (blocks.length === 0 && !args["text"]) throw new Refusal("no_text");
  if ((args["text"] ?? "").length > 40_000) throw new Refusal("msg_too_long");
  return blocks.map((block, index) => ({ block_id: `b${index}`, ...block }));
}

const metadataOf = (args: Args) => (args["metadata"] === undefined ? {} : { metadata: JSON.parse(args["metadata"]) });

const asMessage = ({ channel: _, onlyFor: __, files, ...message }: SlackMessage, withMetadata: boolean): Answer => {
  const { metadata, ...rest } = message;
  return {
    type: "message",
    ...rest,
    ...(withMetadata && metadata !== undefined && { metadata }),
    ...(files && { files: files.map(({ bytes: _bytes, ...file }) => file) }),
  };
};

/** A page of a list, its cursor opaque as Slack's are. */
function page<Item>(items: readonly Item[], args: Args): { items: readonly Item[]; next: string } {
  const start = args["cursor"] ? Number(Buffer.from(args["cursor"], "base64").toString()) : 0;
  if (!Number.isInteger(start)) throw new Refusal("invalid_cursor");
  // Slack may give fewer than asked for at any time; so does this one.
  const end = start + Math.min(Number(args["limit"] ?? 100), 50);
  return {
    items: items.slice(start, end),
    next: end < items.length ? Buffer.from(String(end)).toString("base64") : "",
  };
}

const paged = (next: string): Answer => ({ has_more: next !== "", response_metadata: { next_cursor: next } });

function own(args: Args, office: Office, refusal: string): SlackMessage {
  const message = office.workspace.message(channelOf(args["channel"], office).id, args["ts"] ?? "");
  if (!message) throw new Refusal("message_not_found");
  if (message.user !== office.workspace.bot.id) throw new Refusal(refusal);
  return message;
}

function posted(args: Args, office: Office, more: Partial<SlackMessage> = {}): SlackMessage {
  const { workspace } = office;
  const channel = ours(args, office).id;
  const thread = args["thread_ts"];
  if (thread !== undefined && !workspace.message(channel, thread)) throw new Refusal("thread_not_found");
  const blocks = blocksOf(args);
  const said = { channel, user: workspace.bot.id, bot_id: workspace.botId, text: args["text"] ?? "", blocks };
  return workspace.add({ ...said, ...metadataOf(args), ...(thread !== undefined && { thread_ts: thread }), ...more });
}

export const METHODS: Readonly<Record<string, Method>> = {
  "auth.test": {
    answer: (_, { workspace: { team, bot, botId } }) => ({
      team_id: team,
      user_id: bot.id,
      user: bot.name,
      bot_id: botId,
    }),
  },
  "chat.postMessage": {
    scope: CHAT,
    answer(args, office) {
      const message = posted(args, office);
      office.tell({ ...asMessage(message, false), channel: message.channel });
      return { channel: message.channel, ts: message.ts };
    },
  },
  "chat.postEphemeral": {
    scope: CHAT,
    answer(args, office) {
      if (!ours(args, office).members.has(args["user"] ?? "")) throw new Refusal("user_not_in_channel");
      return { message_ts: posted(args, office, { onlyFor: args["user"] ?? "" }).ts };
    },
  },
  "chat.update": {
    scope: CHAT,
    answer(args, office) {
      const message = own(args, office, "cant_update_message");
      const before = { ...message };
      message.blocks = blocksOf(args);
      message.text = args["text"] ?? "";
      Object.assign(message, metadataOf(args));
      office.tell({
        subtype: "message_changed",
        channel: message.channel,
        message: asMessage(message, false),
        previous_message: asMessage(before, false),
      });
      return { channel: message.channel, ts: message.ts };
    },
  },
  "chat.delete": {
    scope: CHAT,
    answer(args, office) {
      const message = own(args, office, "cant_delete_message");
      office.workspace.remove(message);
      return { channel: message.channel, ts: message.ts };
    },
  },
  "chat.getPermalink": {
    answer({ channel, message_ts: ts }, office) {
      if (!office.workspace.message(channelOf(channel, office).id, ts ?? "")) throw new Refusal("message_not_found");
      return { permalink: `https://team.slack.com/archives/${channel}/p${ts?.replace(".", "")}` };
    },
  },
  "conversations.history": {
    scope: (args, office) => HISTORY[kindOf(args, office)],
    answer(args, office) {
      const all = office.workspace.history(ours(args, office).id);
      const { items, next } = page(
        all.filter(({ ts }) => Number(ts) > Number(args["oldest"] ?? 0)),
        args,
      );
      return {
        messages: items.map((message) => asMessage(message, args["include_all_metadata"] === "true")),
        ...paged(next),
      };
    },
  },
  "conversations.replies": {
    scope: (args, office) => HISTORY[kindOf(args, office)],
    answer(args, office) {
      const [root, ...replies] = office.workspace.replies(ours(args, office).id, args["ts"] ?? "");
      if (root?.ts !== args["ts"]) throw new Refusal("thread_not_found");
      const { items, next } = page(
        replies.filter(({ ts }) => Number(ts) > Number(args["oldest"] ?? 0)),
        args,
      );
      const messages = [root, ...items].flatMap((message) => message ?? []);
      return {
        messages: messages.map((message) => asMessage(message, args["include_all_metadata"] === "true")),
        ...paged(next),
      };
    },
  },
  "conversations.open": {
    scope: ({ users }) => (users?.includes(",") ? "mpim:write" : "im:write"),
    answer({ users = "" }, { workspace }) {
      const people = users.split(",");
      if (people.length > 8) throw new Refusal("too_many_users");
      if (people.some((id) => !workspace.users.has(id))) throw new Refusal("user_not_found");
      if (people.some((id) => workspace.users.get(id)?.deleted)) throw new Refusal("user_disabled");
      if (people.length === 1 && workspace.users.get(users)?.bot) throw new Refusal("cannot_dm_bot");
      return { channel: { id: workspace.conversation(people).id } };
    },
  },
  "conversations.members": {
    scope: (args, office) => READ[kindOf(args, office)],
    answer(args, office) {
      const { items, next } = page([...channelOf(args["channel"], office).members], args);
      return { members: items, ...paged(next) };
    },
  },
  "conversations.info": {
    scope: (args, office) => READ[kindOf(args, office)],
    answer: (args, office) => ({ channel: described(channelOf(args["channel"], office), office) }),
  },
  "conversations.list": {
    scope: ({ types = "public_channel" }) => (types.includes("private") ? "groups:read" : "channels:read"),
    answer(args, office) {
      const all = [...office.workspace.channels.values()].filter(
        ({ kind, archived }) => kind === "public" && !archived,
      );
      const { items, next } = page(all, args);
      return { channels: items.map((channel) => described(channel, office)), ...paged(next) };
    },
  },
  "users.info": {
    scope: () => "users:read",
    answer({ user: id, include_locale }, { workspace }) {
      const user = workspace.users.get(id ?? "");
      if (!user) throw new Refusal("user_not_found");
      const { name, bot, admin, guest, deleted, locale } = user;
      const flags = { is_bot: Boolean(bot), is_admin: Boolean(admin), is_owner: false, is_restricted: Boolean(guest) };
      const language = include_locale === "true" && locale ? { locale } : {};
      return {
        user: {
          id,
          name,
          deleted: Boolean(deleted),
          ...flags,
          ...language,
          profile: { display_name: "", real_name: name },
        },
      };
    },
  },
  "views.open": {
    answer({ trigger_id = "", view = "{}" }, office) {
      const user = office.redeem(trigger_id);
      if (!user) throw new Refusal("expired_trigger_id");
      const opened = JSON.parse(view);
      const complaint = refusedModal(opened);
      if (complaint) throw new Refusal("invalid_arguments", { errors: [complaint] });
      const shown = { ...opened, id: office.workspace.id("V"), state: { values: {} } };
      office.show(user, shown);
      return { view: shown };
    },
  },
  "files.getUploadURLExternal": {
    scope: () => "files:write",
    answer({ filename = "", alt_text }, office) {
      const id = office.workspace.id("F");
      const mimetype = filename.endsWith(".png") ? "image/png" : "text/plain";
      office.workspace.files.set(id, { id, name: filename, mimetype, ...(alt_text && { alt: alt_text }) });
      return { upload_url: office.uploadUrl(id), file_id: id };
    },
  },
  "files.completeUploadExternal": {
    scope: () => "files:write",
    answer(args, office) {
      const ids: { id: string }[] = JSON.parse(args["files"] ?? "[]");
      const files = ids.flatMap(({ id }) => office.workspace.files.get(id) ?? []);
      if (files.some((file) => !file.bytes) || files.length < ids.length) throw new Refusal("file_not_found");
      const message = posted({ ...args, channel: args["channel_id"] ?? "" }, office, { files, subtype: "file_share" });
      office.tell({ ...asMessage(message, false), channel: message.channel });
      return { files: files.map(({ id }) => ({ id })) };
    },
  },
};

function described({ id, name, kind, archived, members }: SlackChannel, { workspace }: Office): Answer {
  return {
    id,
    name,
    is_member: members.has(workspace.bot.id),
    is_archived: Boolean(archived),
    is_channel: kind === "public",
  };
}
