/**
 * A Slack workspace kept by `emulate`: the Web API is its own. It has neither commands nor buttons nor forms, so what
 * Slack sends to an app is sent from here, signed, about messages and views that its Web API holds.
 */
import { createHmac, randomUUID } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { createEmulator } from "emulate";
import { parse } from "yaml";
import { ROOT } from "../../src/root.ts";
import { Recorder } from "./recorder.ts";

const APP = "A000TOGETHER";
const BOT_USER = "U00TOGETHER";
const TOKEN = "xoxb-together";
const SECRET = "signing-secret-of-the-workspace";
const PEOPLE = ["ana", "ben", "cleo"];
/** Ana is the workspace's admin. */
type Who = "ana" | "ben" | "cleo";

interface Element {
  readonly type: string;
  readonly action_id: string;
  readonly text?: { readonly text: string };
  readonly value?: string;
}

interface Block {
  readonly type: string;
  readonly block_id?: string;
  readonly elements?: readonly Element[];
  readonly element?: Element;
  readonly label?: { readonly text: string };
}

export interface Posted {
  readonly ts: string;
  readonly user: string;
  readonly text: string;
  readonly blocks?: readonly Block[];
  /** Only one person sees it. */
  readonly whispered?: boolean;
}

/** As Slack hands it back when it is sent. */
export interface View {
  readonly id: string;
  readonly blocks: readonly Block[];
}

export class Workspace {
  readonly #recorder: Recorder;
  readonly #close: () => Promise<void>;
  readonly #ids = new Map<string, string>();
  readonly apiUrl: string;
  /** Where the app listens. */
  app = "";
  channel = "";

  private constructor(recorder: Recorder, url: string, close: () => Promise<void>) {
    this.#recorder = recorder;
    this.#close = close;
    this.apiUrl = `${url}/api/`;
  }

  /** With exactly the scopes of the manifest, and refusing whatever needs another. */
  static async open(port: number): Promise<Workspace> {
    const manifest = parse(readFileSync(join(ROOT, "adapters", "slack", "manifest.yaml"), "utf8"));
    const emulator = await createEmulator({
      service: "slack",
      port,
      seed: { slack: seed(manifest.oauth_config.scopes.bot) },
    });
    const recorder = new Recorder(emulator.url);
    const workspace = new Workspace(recorder, await recorder.start(), () => emulator.close());
    await workspace.#furnish();
    return workspace;
  }

  async close(): Promise<void> {
    await this.#recorder.stop();
    await this.#close();
  }

  get settings(): Record<string, string> {
    return {
      SLACK_BOT_TOKEN: TOKEN,
      SLACK_SIGNING_SECRET: SECRET,
      SLACK_CHANNEL: "workshop",
      SLACK_API_URL: this.apiUrl,
    };
  }

  async #furnish(): Promise<void> {
    const { members } = await this.#call("users.list", "xoxp-ana", {});
    for (const { name, id } of members) this.#ids.set(name, id);
    const { channels } = await this.#call("conversations.list", "xoxp-ana", {});
    this.channel = channels.find(({ name }: { name: string }) => name === "workshop").id;
    await this.#call("conversations.invite", "xoxp-ana", { channel: this.channel, users: BOT_USER });
  }

  async #call(method: string, token: string, sent: Record<string, string>) {
    const headers = { authorization: `Bearer ${token}` };
    const answer = await fetch(this.apiUrl + method, { method: "POST", headers, body: new URLSearchParams(sent) });
    // The server's own answer, of any shape.
    // biome-ignore lint/suspicious/noExplicitAny: see above
    const told = (await answer.json()) as any;
    if (told.ok !== true) throw new Error(`${method}: ${told.error} ${told.needed ?? ""}`);
    return told;
  }

  idOf(who: Who): string {
    return this.#ids.get(who) ?? "";
  }

  /** What stands in the channel, or in a thread under its first message, or in another conversation; oldest first. */
  async posts(where: { thread?: string; channel?: string; as?: string } = {}): Promise<readonly Posted[]> {
    const channel = where.channel ?? this.channel;
    const { thread } = where;
    const method = thread === undefined ? "conversations.history" : "conversations.replies";
    const { messages } = await this.#call(method, `xoxp-${where.as ?? "ana"}`, {
      channel,
      ...(thread && { ts: thread }),
    });
    const posts: Posted[] = [...messages].sort((a: Posted, b: Posted) => (a.ts < b.ts ? -1 : 1));
    return posts.filter(({ ts }) => thread === undefined || ts !== thread);
  }

  isTogether({ user }: Posted): boolean {
    return user === BOT_USER;
  }

  /** What the bot was answered by the server, by method. */
  answered(method: string) {
    return this.#recorder.calls.filter((call) => call.method === method);
  }

  /** The newest group conversation that the bot opened, as one of its people sees it. */
  async newestGroup(): Promise<{ channel: string; as: string } | undefined> {
    const opened = this.answered("conversations.open").findLast(({ answer }) => answer.channel?.id.startsWith("G"));
    // Somebody of the workspace whom nobody plays here may be in it too, in any place.
    const users = opened?.sent.get("users")?.split(",") ?? [];
    const as = PEOPLE.find((name) => users.includes(this.#ids.get(name) ?? ""));
    return opened && as ? { channel: opened.answer.channel.id, as } : undefined;
  }

  /** Everything that only one person was shown; the server keeps none of it. */
  whispers(who: Who): readonly Posted[] {
    const all = this.answered("chat.postEphemeral").filter(({ sent }) => sent.get("user") === this.idOf(who));
    return all.map(({ sent, answer }) => ({
      ts: answer.message_ts,
      user: BOT_USER,
      text: sent.get("text") ?? "",
      blocks: JSON.parse(sent.get("blocks") ?? "[]"),
      whispered: true,
    }));
  }

  async types(who: Who, command: string, text: string): Promise<void> {
    const where = { channel_id: this.channel, channel_name: "workshop", team_id: "T000000001", team_domain: "emulate" };
    const by = { user_id: this.idOf(who), user_name: who, trigger_id: await this.#trigger(who) };
    await this.#send({ ...where, ...by, command, text, api_app_id: APP, response_url: `${this.apiUrl}none` });
  }

  /** The form that opened, if the button opens one. */
  async presses(who: Who, message: Posted, label: string, thread?: string): Promise<View | undefined> {
    const blocks = message.blocks ?? [];
    const button = blocks.flatMap(({ elements = [] }) => elements).find(({ text }) => text?.text === label);
    if (button === undefined) throw new Error(`There is no button "${label}" under "${message.text}".`);
    const before = this.answered("views.open").length;
    const container = {
      type: "message",
      message_ts: message.ts,
      channel_id: this.channel,
      is_ephemeral: message.whispered === true,
    };
    await this.#act(who, "block_actions", {
      container: { ...container, ...(thread && { thread_ts: thread }) },
      channel: { id: this.channel, name: "workshop" },
      message,
      trigger_id: await this.#trigger(who),
      actions: [{ ...button, block_id: "b", action_ts: `${Date.now() / 1000}` }],
    });
    return this.answered("views.open").slice(before).at(-1)?.answer.view;
  }

  /** Values by the fields' labels, of text fields. What Slack shows on the fields instead, where the app is not content. */
  async sends(
    who: Who,
    view: View,
    words: Readonly<Record<string, string>>,
  ): Promise<Record<string, string> | undefined> {
    const filled = view.blocks.flatMap(({ block_id = "", element, label }) => {
      const value = words[label?.text ?? ""] ?? null;
      return element ? [[block_id, { [element.action_id]: { type: element.type, value } }]] : [];
    });
    const answer = await this.#act(who, "view_submission", {
      view: { ...view, state: { values: Object.fromEntries(filled) } },
    });
    return answer === "" ? undefined : JSON.parse(answer).errors;
  }

  async says(who: Who, thread: string, text: string): Promise<Posted> {
    const { message } = await this.#call("chat.postMessage", `xoxp-${who}`, {
      channel: this.channel,
      thread_ts: thread,
      text,
    });
    await this.#tell({
      type: "message",
      user: this.idOf(who),
      text,
      ts: message.ts,
      thread_ts: thread,
      event_ts: message.ts,
    });
    return message;
  }

  async edits(who: Who, thread: string, said: Posted, text: string): Promise<void> {
    await this.#call("chat.update", `xoxp-${who}`, { channel: this.channel, ts: said.ts, text });
    const now = `${(Date.now() / 1000).toFixed(6)}`;
    const before = { type: "message", user: this.idOf(who), text: said.text, ts: said.ts, thread_ts: thread };
    const message = { ...before, text, edited: { user: before.user, ts: now } };
    await this.#tell({
      type: "message",
      subtype: "message_changed",
      message,
      previous_message: before,
      ts: now,
      event_ts: now,
    });
  }

  async retracts(who: Who, thread: string, said: Posted): Promise<void> {
    await this.#call("chat.delete", `xoxp-${who}`, { channel: this.channel, ts: said.ts });
    const now = `${(Date.now() / 1000).toFixed(6)}`;
    const before = { type: "message", user: this.idOf(who), text: said.text, ts: said.ts, thread_ts: thread };
    await this.#tell({
      type: "message",
      subtype: "message_deleted",
      previous_message: before,
      deleted_ts: said.ts,
      ts: now,
      event_ts: now,
    });
  }

  async #trigger(who: Who): Promise<string> {
    return (await this.#call("views.generateTriggerId", TOKEN, { user_id: this.idOf(who) })).trigger_id;
  }

  #tell(event: Readonly<Record<string, unknown>>): Promise<string> {
    const about = {
      team_id: "T000000001",
      api_app_id: APP,
      event_id: `Ev${randomUUID()}`,
      event_time: Math.floor(Date.now() / 1000),
    };
    return this.#post(
      "application/json",
      JSON.stringify({
        type: "event_callback",
        ...about,
        event: { channel: this.channel, channel_type: "channel", ...event },
      }),
    );
  }

  #act(who: Who, type: string, what: Readonly<Record<string, unknown>>): Promise<string> {
    const by = {
      user: { id: this.idOf(who), username: who, team_id: "T000000001" },
      team: { id: "T000000001", domain: "emulate" },
    };
    return this.#send({ payload: JSON.stringify({ type, api_app_id: APP, ...by, ...what }) });
  }

  #send(form: Record<string, string>): Promise<string> {
    return this.#post("application/x-www-form-urlencoded", new URLSearchParams(form).toString());
  }

  async #post(type: string, body: string): Promise<string> {
    const time = String(Math.floor(Date.now() / 1000));
    const signature = `v0=${createHmac("sha256", SECRET).update(`v0:${time}:${body}`).digest("hex")}`;
    const headers = { "content-type": type, "x-slack-request-timestamp": time, "x-slack-signature": signature };
    const answer = await fetch(`${this.app}/slack/events`, { method: "POST", headers, body });
    if (!answer.ok) throw new Error(`The app answered ${answer.status}.`);
    return await answer.text();
  }
}

const named = (name: string): string => `${name.slice(0, 1).toUpperCase()}${name.slice(1)}`;

const seed = (scopes: readonly string[]) => ({
  strict_scopes: true,
  users: PEOPLE.map((name) => ({ name, is_admin: name === "ana", profile: { display_name: named(name) } })),
  channels: [{ name: "workshop" }],
  oauth_apps: [
    {
      ...{ client_id: "1.1", client_secret: "none", app_id: APP, name: "Together", redirect_uris: [], scopes },
      ...{ bot_id: "B00TOGETHER", bot_user_id: BOT_USER, bot_name: "together" },
    },
  ],
  tokens: [
    { token: TOKEN, type: "bot", user_id: BOT_USER, app_id: APP, bot_id: "B00TOGETHER", bot_user_id: BOT_USER, scopes },
    ...PEOPLE.map((user) => ({ token: `xoxp-${user}`, type: "user", user })),
  ],
});
