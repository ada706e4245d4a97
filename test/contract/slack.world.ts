/** People in a Slack workspace, played through what their clients would send and show. The real Bolt in between. */
import { readFileSync } from "node:fs";
import { parse } from "yaml";
import { slack } from "../../adapters/slack/slack.ts";
import { systemClock } from "../../src/clock.ts";
import type { Fault, Log, Platform, Surroundings } from "../../src/platform.ts";
import { commandsIn, read } from "../fakes/slack/blocks.ts";
import type { Answer } from "../fakes/slack/methods.ts";
import { APP_TOKEN, BOT_TOKEN, type Failure, SIGNING_SECRET, SlackServer } from "../fakes/slack/server.ts";
import type { Block, SlackChannel, SlackMessage } from "../fakes/slack/workspace.ts";
import { PHRASES } from "./listener.ts";
import type { Handle, OpenForm, Seen, Who, World } from "./world.ts";

const QUIET: Log = { debug() {}, info() {}, warn() {}, error() {} };
export const MANIFEST = parse(readFileSync(new URL("../../adapters/slack/manifest.yaml", import.meta.url), "utf8"));

export const WAYS = ["socket", "http"] as const;
export type Way = (typeof WAYS)[number];

export async function newSlackWorld(way?: Way, log?: Log): Promise<SlackWorld> {
  const server = new SlackServer();
  await server.listen();
  return new SlackWorld(server, way, log);
}

export class SlackWorld implements World {
  readonly talksWhileAway = true;
  readonly channelName = "#better-together";
  readonly server: SlackServer;
  readonly #way: Way;
  readonly #log: Log;
  readonly #channel: SlackChannel;
  readonly #handles: string[] = [];

  constructor(server: SlackServer, way: Way = "socket", log: Log = QUIET) {
    this.server = server;
    this.#way = way;
    this.#log = log;
    const { workspace } = server;
    // The app has what its manifest asks for, and hears what it asks to hear.
    server.scopes = new Set(MANIFEST.oauth_config.scopes.bot);
    server.events = new Set(MANIFEST.settings.event_subscriptions.bot_events);
    workspace.addUser("ana", { admin: true, locale: "en-GB" });
    for (const name of ["ben", "cleo"]) workspace.addUser(name);
    workspace.addUser("robot", { bot: true });
    workspace.addChannel("elsewhere", "public", []);
    this.#channel = workspace.addChannel("better-together", "public", [...workspace.users.keys()]);
  }

  /** `more`: another clock, where a test has no time to wait. */
  adapter(more: Partial<Surroundings> = {}): Platform {
    const { server } = this;
    const how = this.#way === "socket" ? { appToken: APP_TOKEN } : { signingSecret: SIGNING_SECRET };
    return slack(
      { botToken: BOT_TOKEN, apiUrl: server.apiUrl, ...how },
      {
        clock: systemClock,
        log: this.#log,
        phrases: PHRASES,
        mount: (_path, handler) => {
          server.app = handler;
        },
        ...more,
      },
    );
  }

  idOf(who: Who): string {
    return this.#user(who).id;
  }

  async sees(who: Who): Promise<readonly Seen[]> {
    return this.server.workspace.screenOf(this.idOf(who)).map((message) => this.#seen(message));
  }

  async says(who: Who, where: Handle | string, text: string): Promise<Handle> {
    const root = this.#handles.includes(where) ? this.#message(where) : undefined;
    const channel = root?.channel ?? this.#conversation(where).id;
    return this.#said(who, channel, text, root && { thread_ts: root.thread_ts ?? root.ts });
  }

  async saysInChannel(who: Who, text: string): Promise<Handle> {
    return this.#said(who, this.#channel.id, text);
  }

  async edits(who: Who, handle: Handle, text: string): Promise<void> {
    const message = this.#message(handle);
    const before = { ...message };
    message.text = typed(text);
    message.edited = { user: this.idOf(who), ts: this.server.workspace.stamp() };
    await this.#tell({
      subtype: "message_changed",
      channel: message.channel,
      message: { ...message },
      previous_message: before,
    });
  }

  async retracts(_who: Who, handle: Handle): Promise<void> {
    const message = this.#message(handle);
    this.server.workspace.remove(message);
    const { channel, ts } = message;
    await this.#tell({ subtype: "message_deleted", channel, deleted_ts: ts, previous_message: message });
  }

  async presses(who: Who, handle: Handle, label: string): Promise<OpenForm | undefined> {
    const { server } = this;
    const message = server.workspace.messages.find((one) => this.#handle(one) === handle);
    const user = this.#user(who);
    const button = read(message?.blocks ?? [], (id) => id).buttons.find((one) => one.label === label);
    if (!message || !button) throw new Error(`${who} sees no button "${label}".`);
    server.modals.delete(user.id);
    const { channel, ts, thread_ts, onlyFor } = message;
    const container = { type: "message", message_ts: ts, channel_id: channel, is_ephemeral: Boolean(onlyFor) };
    await server.interaction(user.id, "interactive", {
      ...this.#actor(who),
      type: "block_actions",
      container: { ...container, ...(thread_ts && { thread_ts }) },
      channel: { id: channel, name: "whatever" },
      ...(!onlyFor && { message: { ts, text: message.text } }),
      actions: [
        {
          type: "button",
          action_id: button.id,
          block_id: button.block,
          text: { type: "plain_text", text: label },
          ...(button.value !== undefined && { value: button.value }),
          action_ts: server.workspace.stamp(),
        },
      ],
    });
    const view = server.modals.get(user.id);
    return view && formOf(view, (id) => this.#name(id));
  }

  async submits(who: Who, form: OpenForm, values: Readonly<Record<string, string>>) {
    const view = form.token as Answer; // What `presses` put there.
    const blocks = view["blocks"] as Input[]; // Checked when the modal was opened.
    const state = Object.fromEntries(
      blocks.map(({ block_id, element }) => [
        block_id,
        { [element.action_id]: this.#state(element, values[block_id] ?? initialOf(element, (id) => this.#name(id))) },
      ]),
    );
    const answer = await this.server.interaction(this.idOf(who), "interactive", {
      ...this.#actor(who),
      type: "view_submission",
      view: { ...view, state: { values: state } },
    });
    const { errors } = { ...(answer as { errors?: Record<string, string> } | undefined) }; // The app's own payload, or none.
    return errors ? { errors } : {};
  }

  async commands(who: Who, command: string, line: string): Promise<void> {
    const { id, name } = this.#user(who);
    const escaped = typed(line).replace(/@(\w+)/g, (word, named: string) => {
      const user = this.server.workspace.userNamed(named);
      return user ? `<@${user.id}|${named}>` : word;
    });
    await this.server.interaction(id, "slash_commands", {
      team_id: this.server.workspace.team,
      channel_id: this.#channel.id,
      channel_name: this.#channel.name,
      user_id: id,
      user_name: name,
      command: `/${command}`,
      text: escaped,
      api_app_id: "A0APP",
    });
  }

  async joins(who: Who): Promise<void> {
    const user = this.server.workspace.userNamed(who) ?? this.server.workspace.addUser(who);
    this.#channel.members.add(user.id);
    await this.server.event({
      type: "member_joined_channel",
      user: user.id,
      channel: this.#channel.id,
      channel_type: "C",
    });
  }

  async leaves(who: Who): Promise<void> {
    this.#channel.members.delete(this.idOf(who));
    await this.server.event({
      type: "member_left_channel",
      user: this.idOf(who),
      channel: this.#channel.id,
      channel_type: "C",
    });
  }

  repeats(): Promise<void> {
    return this.server.repeatLast();
  }

  fails(call: keyof typeof METHOD_OF, fault: Fault, afterwards = false): void {
    // A place's history is read with one of two methods; whichever comes first fails.
    for (const method of METHOD_OF[call]) this.server.fails({ method, answer: answerOf(call, fault), afterwards });
  }

  settle(): Promise<void> {
    return this.server.settle();
  }

  stop(): Promise<void> {
    return this.server.close();
  }

  handleOf(ts: string): Handle {
    const message = this.server.workspace.messages.find((one) => one.ts === ts);
    if (!message) throw new Error(`There is no message ${ts}.`);
    return this.#handle(message);
  }

  #tell(event: Answer): Promise<void> {
    return this.server.event({ type: "message", ...event });
  }

  async #said(who: Who, channel: string, text: string, more: Partial<SlackMessage> = {}): Promise<Handle> {
    const { id, bot } = this.#user(who);
    const message = this.server.workspace.add({
      channel,
      user: id,
      text: typed(text),
      ...(bot && { bot_id: "B0ROBOT" }),
      ...more,
    });
    const handle = this.#handle(message);
    await this.#tell({ ...message, ...(bot && { subtype: "bot_message" }) });
    return handle;
  }

  #actor(who: Who): Answer {
    const { id, name } = this.#user(who);
    const { team } = this.server.workspace;
    return {
      user: { id, name, username: name, team_id: team },
      team: { id: team, domain: "team" },
      api_app_id: "A0APP",
      token: "t",
    };
  }

  #state(element: Input["element"], value: string): Answer {
    if (element.type === "plain_text_input") return { type: element.type, value: value === "" ? null : value };
    if (element.type === "users_select")
      return { type: element.type, selected_user: value === "" ? null : this.idOf(value) };
    const chosen = (element.options ?? []).find((option) => option.text.text === value);
    return { type: element.type, selected_option: chosen ?? null };
  }

  #seen(message: SlackMessage): Seen {
    const { text, mentions, buttons } = read(message.blocks ?? [], (id) => this.#name(id));
    const ours = message.user === this.server.workspace.bot.id;
    // Slack may notify from either: what stands in the blocks, and every command in the text.
    const commands = ours ? commandsIn(message.text).map((command) => this.#name(command.replace(/^@/, ""))) : [];
    const picture = message.files?.find((file) => file.mimetype === "image/png")?.alt;
    const file = message.files?.find((one) => one.mimetype !== "image/png");
    return {
      handle: this.#handle(message),
      where: this.#where(message),
      by: ours ? "together" : this.#name(message.user),
      text: ours ? text : untyped(message.text),
      mentions: [...new Set([...mentions.map((id) => this.#name(id)), ...commands])],
      buttons: buttons.map((button) => button.label),
      ...(picture !== undefined && { picture }),
      ...(file?.bytes && { file: { name: file.name, text: file.bytes.toString("utf8") } }),
      ...(message.onlyFor && { onlyFor: this.#name(message.onlyFor) }),
    };
  }

  #where({ channel: id, thread_ts, ts }: SlackMessage): string {
    if (thread_ts && thread_ts !== ts) return `thread:${this.handleOf(thread_ts)}`;
    const channel = this.server.workspace.channels.get(id);
    if (id === this.#channel.id || !channel) return "channel";
    const people = [...channel.members]
      .filter((member) => member !== this.server.workspace.bot.id)
      .map((one) => this.#name(one));
    return `${people.length > 1 ? "room" : "private"}:${people.sort().join()}`;
  }

  #conversation(where: string): SlackChannel {
    const people = where.slice(where.indexOf(":") + 1).split(",");
    return this.server.workspace.conversation(people.map((who) => this.idOf(who)));
  }

  #message(handle: Handle): SlackMessage {
    const message = this.server.workspace.messages.find((one) => this.#handle(one) === handle);
    if (!message) throw new Error(`There is no message ${handle}.`);
    return message;
  }

  #handle({ channel, ts }: SlackMessage): Handle {
    const name = `${channel}/${ts}`;
    if (!this.#handles.includes(name)) this.#handles.push(name);
    return name;
  }

  #user(who: Who) {
    const user = this.server.workspace.userNamed(who);
    if (!user) throw new Error(`Nobody is called ${who}.`);
    return user;
  }

  #name(id: string): string {
    return this.server.workspace.users.get(id)?.name ?? id;
  }
}

interface Input extends Block {
  readonly block_id: string;
  readonly label: { readonly text: string };
  readonly element: {
    readonly type: string;
    readonly action_id: string;
    readonly initial_value?: string;
    readonly initial_user?: string;
    readonly initial_option?: { readonly text: { readonly text: string } };
    readonly options?: readonly { readonly text: { readonly text: string }; readonly value: string }[];
  };
}

const initialOf = (element: Input["element"], nameOf: (id: string) => string): string =>
  element.initial_value ??
  element.initial_option?.text.text ??
  (element.initial_user ? nameOf(element.initial_user) : "");

function formOf(view: Answer, nameOf: (id: string) => string): OpenForm {
  const blocks = view["blocks"] as Input[]; // Checked when the modal was opened.
  const title = view["title"] as { text: string };
  return {
    title: title.text,
    fields: blocks.map(({ block_id, label, element }) => ({
      id: block_id,
      label: label.text,
      value: initialOf(element, nameOf),
      options: (element.options ?? []).map((option) => option.text.text),
    })),
    token: view,
  };
}

/** What Slack's client makes of what is typed, and shows of what was. */
const typed = (text: string): string => text.replace(/&/g, "&amp;").replace(/</g, "&lt;").replace(/>/g, "&gt;");
const untyped = (text: string): string => text.replace(/&lt;/g, "<").replace(/&gt;/g, ">").replace(/&amp;/g, "&");

const METHOD_OF = {
  post: ["chat.postMessage"],
  edit: ["chat.update"],
  openThread: ["chat.getPermalink"],
  openRoom: ["conversations.open"],
  person: ["users.info"],
  history: ["conversations.replies"],
  members: ["conversations.members"],
} as const;

const GONE = {
  post: "channel_not_found",
  edit: "message_not_found",
  openThread: "message_not_found",
  openRoom: "user_not_found",
  person: "user_not_found",
  history: "thread_not_found",
  members: "channel_not_found",
} as const;

function answerOf(call: keyof typeof METHOD_OF, fault: Fault): Failure["answer"] {
  const refusal = (error: string, more = {}) => ({ body: JSON.stringify({ ok: false, error, ...more }) });
  switch (fault) {
    case "busy":
      return { status: 429, headers: { "retry-after": "1" }, body: "" };
    case "gone":
      return refusal(GONE[call]);
    case "denied":
      return refusal("missing_scope", { needed: "chat:write", provided: "commands" });
    default:
      return "reset";
  }
}
