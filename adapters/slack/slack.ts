/** Slack: the port's calls as Web API calls. What people do arrives by `listening.ts`; what Slack cannot is said in README.md. */
import { App, webApi } from "@slack/bolt";
import type {
  Capabilities,
  Connection,
  Ears,
  Heard,
  Instant,
  Message,
  MessageRef,
  Page,
  Person,
  Place,
  Platform,
  SendKey,
  Surroundings,
  UserId,
  Whisper,
} from "../../src/platform.ts";
import { PlatformError } from "../../src/platform.ts";
import { faultOf } from "./faults.ts";
import { type Here, listed, type Said } from "./hearing.ts";
import { isDirect, newIds, type Spot } from "./ids.ts";
import { filesOf, isKeyed, keyed, marked } from "./keys.ts";
import { addressOf, listen } from "./listening.ts";
import { People, personOf } from "./people.ts";
import { Http, Socket, type Watch } from "./receiver.ts";
import { render } from "./render.ts";
import { asked, clientOptions, nextOf, pages, silent } from "./wire.ts";

/** With an `appToken` by Socket Mode, else signed HTTP. `apiUrl` ends in `/api/`. */
export interface SlackSettings {
  readonly botToken: string;
  readonly appToken?: string;
  readonly signingSecret?: string;
  readonly apiUrl?: string;
}

const CAN: Capabilities = {
  forms: true,
  hearsReplies: true,
  history: true,
  members: true,
  privatePlaces: true,
  readsRooms: false,
  maxRoomSize: 8,
};

/** One page of a list; Slack's own advice is 200 at most. */
const PAGE = 200;
/** Milliseconds that our own message may be older than the core thinks: two clocks. */
const SKEW = 60_000;
/** Milliseconds after which a shared file is looked for; Slack shows it when it has worked through it. */
const SHARED_AFTER = [0, 500, 1_500, 3_000];
/** Milliseconds between two attempts to be told who we are. */
const AGAIN = 3_000;

export function slack(settings: SlackSettings, around: Surroundings): Platform {
  return new Slack(settings, around);
}

/** The workspace, and what people call us there. */
type Us = Here & { readonly name: string };

class Slack implements Platform {
  readonly name = "slack";
  readonly can = CAN;
  readonly #around: Surroundings;
  readonly #web: webApi.WebClient;
  readonly #settings: SlackSettings;
  readonly #people: People;
  #here: Us | undefined;
  #stopped = false;
  #receiver: Socket | Http | undefined;
  #connection: Connection = { connected: false, why: "Not started." };

  constructor(settings: SlackSettings, around: Surroundings) {
    this.#settings = settings;
    this.#around = around;
    this.#web = new webApi.WebClient(settings.botToken, clientOptions(settings.apiUrl));
    this.#people = new People(this.#web, around.clock);
  }

  async start(ears: Ears): Promise<void> {
    const here = await this.#introduce();
    const receiver = this.#receiverFor(ears);
    // Bolt asks who we are with every event; we know.
    const authorize = async () => ({ botUserId: here.me });
    const app = new App({ receiver, authorize, ignoreSelf: false, convoStore: false, logger: silent });
    app.error(async (error) => {
      throw error;
    });
    listen(app, {
      ears,
      here,
      around: this.#around,
      isBot: (user) => this.#people.isBot(user),
      openModal: async (trigger_id, view) => void (await asked(this.#web.views.open({ trigger_id, view }))),
      whisper: (to, message) => this.whisper(to, message),
    });
    this.#receiver = receiver;
    await app.start();
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    await this.#receiver?.stop();
    this.#connection = { connected: false, why: "Stopped." };
  }

  connection(): Connection {
    return this.#connection;
  }

  async channel(id: string): Promise<Place> {
    const { ids, name: me } = this.#at();
    const bare = id.startsWith("slack/") ? ids.spotOf(id as Place).channel : id.replace(/^#/, "");
    const channel = /^[CG][A-Z0-9]{8,}$/.test(bare) ? await this.#channelById(bare) : await this.#channelByName(bare);
    if (!channel?.id || channel.is_archived)
      throw new PlatformError("gone", `There is no channel ${id} that I can see.`);
    if (channel.is_member) return ids.place({ channel: channel.id });
    throw new PlatformError("denied", `I am not in #${channel.name} yet. Type /invite @${me} there, then repeat.`);
  }

  channelOf(place: Place): Place {
    const { ids } = this.#at();
    return ids.place({ channel: ids.spotOf(place).channel });
  }

  async post(place: Place, message: Message, key: SendKey): Promise<MessageRef> {
    const { ids } = this.#at();
    const spot = ids.spotOf(place);
    if (message.picture || message.file) {
      await this.#share(spot, message, key);
      return this.#shared(place, message, key);
    }
    const sent = await asked(this.#web.chat.postMessage({ ...this.#said(spot, message), ...keyed(key) }));
    if (!sent.ts) throw new PlatformError("unknown", "Slack did not say which message it posted.");
    return ids.message(spot.channel, sent.ts);
  }

  async find(place: Place, _message: Message, key: SendKey, since: Instant): Promise<MessageRef | undefined> {
    const { ids, me } = this.#at();
    const spot = ids.spotOf(place);
    const oldest = String(Math.max(0, since - SKEW) / 1_000);
    for await (const { messages = [] } of pages((cursor) =>
      this.#read(spot, { oldest, include_all_metadata: true, ...cursor }),
    )) {
      const found = messages.find((said) => said.user === me && isKeyed(said, key));
      if (found?.ts) return ids.message(spot.channel, found.ts);
    }
    return undefined;
  }

  async edit(message: MessageRef, content: Message, key: SendKey): Promise<void> {
    const { ids } = this.#at();
    const { channel, ts } = ids.messageOf(message);
    const { text, blocks } = render(content, ids.userOf);
    await asked(this.#web.chat.update({ channel, ts, text, blocks: marked(blocks, key), ...keyed(key) }));
  }

  async remove(message: MessageRef): Promise<void> {
    const { channel, ts } = this.#at().ids.messageOf(message);
    await asked(this.#web.chat.delete({ channel, ts })).catch(unlessGone);
  }

  async whisper(to: Whisper, message: Message): Promise<void> {
    const { user, ...spot } = addressOf(to);
    if (message.picture || message.file || isDirect(spot.channel)) return this.#tellPrivately(user, spot, message);
    try {
      await asked(this.#web.chat.postEphemeral({ ...this.#said(spot, message), user }));
    } catch (error) {
      // A command typed where we are not, or by somebody who has left since: their own place is as private.
      if (error instanceof PlatformError && (error.fault === "gone" || error.fault === "denied"))
        return this.#tellPrivately(user, spot, message);
      throw error;
    }
  }

  /** In Slack every message is its thread's name; asking for its address shows whether it still stands. */
  async openThread(on: MessageRef, _title: string): Promise<Place> {
    const { ids } = this.#at();
    const { channel, ts } = ids.messageOf(on);
    await asked(this.#web.chat.getPermalink({ channel, message_ts: ts }));
    return ids.place({ channel, thread: ts });
  }

  /** A group conversation; the same people have the same one, whatever its title. */
  async openRoom(_channel: Place, people: readonly UserId[], _title: string): Promise<Place> {
    const { ids } = this.#at();
    if (people.length === 0 || people.length > CAN.maxRoomSize) {
      throw new PlatformError("invalid", `A room for ${people.length}; Slack's hold 1 to ${CAN.maxRoomSize}.`);
    }
    return ids.place({ channel: await this.#conversation(people.map(ids.userOf)) });
  }

  async privatePlace(person: UserId): Promise<Place> {
    const { ids } = this.#at();
    return ids.place({ channel: await this.#conversation([ids.userOf(person)]) });
  }

  async members(channel: Place): Promise<readonly UserId[]> {
    const { ids, me } = this.#at();
    const { channel: id } = ids.spotOf(channel);
    const found: UserId[] = [];
    for await (const { members = [] } of pages((cursor) =>
      this.#web.conversations.members({ channel: id, limit: PAGE, ...cursor }),
    )) {
      found.push(...members.filter((member) => member !== me).map(ids.user));
    }
    return found;
  }

  async person(id: UserId): Promise<Person> {
    const bare = this.#at().ids.userOf(id);
    const { user } = await asked(this.#web.users.info({ user: bare, include_locale: true }));
    if (!user) throw new PlatformError("unknown", "Slack did not say who that is.");
    return personOf(user);
  }

  user(id: string): UserId {
    return this.#at().ids.user(id);
  }

  /** A thread from its beginning on. A private place from its end backwards, since Slack pages so; each page oldest first. */
  async history(place: Place, next?: string): Promise<Page> {
    const here = this.#at();
    const spot = here.ids.spotOf(place);
    const page = await asked(this.#read(spot, next === undefined ? {} : { cursor: next }));
    const said = (page.messages ?? []) as Said[]; // The SDK's type of a listed message leaves out `subtype: "tombstone"`.
    // Slack begins every page of a thread with the message it hangs on.
    const fresh = said.filter((one) => next === undefined || one.ts !== spot.thread);
    const ordered = spot.thread === undefined ? fresh.reverse() : fresh;
    const heard = await Promise.all(ordered.map((one) => listed(spot.channel, one, here)));
    const following = nextOf(page);
    return {
      items: heard.filter((one): one is Heard => one !== undefined),
      ...(following !== undefined && { next: following }),
    };
  }

  #at(): Us {
    if (!this.#here) throw new PlatformError("invalid", "Slack was asked before it was started.");
    return this.#here;
  }

  /** Learns who and where we are. Tries again while Slack cannot be reached; `denied` where an operator must act. */
  async #introduce(): Promise<Us> {
    for (;;) {
      try {
        return await this.#whoWeAre();
      } catch (error) {
        const { fault, message } = faultOf(error);
        if (fault === "denied" || fault === "invalid" || this.#stopped) throw error;
        this.#connection = { connected: false, why: message };
        await this.#pause(AGAIN);
      }
    }
  }

  async #whoWeAre(): Promise<Us> {
    const us = await asked(this.#web.auth.test());
    const { team_id: team, user_id: me, user: name = "Together" } = us;
    if (!team || !me || !us.bot_id) {
      throw new PlatformError(
        "denied",
        "SLACK_BOT_TOKEN is not a bot's. Copy the Bot User OAuth Token; it starts with xoxb-.",
      );
    }
    this.#here = { ids: newIds(team), me, name, nameOf: (user) => this.#people.nameOf(user) };
    return this.#here;
  }

  #receiverFor(ears: Ears): Socket | Http {
    const { appToken, signingSecret, apiUrl } = this.#settings;
    const watch: Watch = {
      connected: () => {
        this.#connection = { connected: true };
        ears.connected();
      },
      lost: ({ fault, message }) => {
        this.#connection = { connected: false, why: message };
        this.#around.log.warn("The connection to Slack is lost.", { fault, why: message });
      },
    };
    if (appToken) return new Socket({ appToken, ...(apiUrl && { apiUrl }) }, this.#around, watch);
    if (signingSecret) return new Http({ signingSecret }, this.#around, watch);
    throw new PlatformError("denied", "Set SLACK_APP_TOKEN (Socket Mode) or SLACK_SIGNING_SECRET (HTTP).");
  }

  #said({ channel, thread }: Spot, message: Message) {
    const quiet = { unfurl_links: false, unfurl_media: false, link_names: false };
    return {
      channel,
      ...render(message, this.#at().ids.userOf),
      ...quiet,
      ...(thread !== undefined && { thread_ts: thread }),
    };
  }

  async #read(
    { channel, thread }: Spot,
    options: { cursor?: string; oldest?: string; include_all_metadata?: boolean },
  ) {
    const list = { channel, limit: PAGE, ...options };
    return thread === undefined
      ? this.#web.conversations.history(list)
      : this.#web.conversations.replies({ ...list, ts: thread });
  }

  async #share({ channel, thread }: Spot, message: Message, key: SendKey): Promise<void> {
    const blocks = marked(render(message, this.#at().ids.userOf).blocks, key);
    const where = { channel_id: channel, ...(thread !== undefined && { thread_ts: thread }) };
    // A union of seven shapes, which a computed value cannot be told from.
    const upload = { ...where, blocks, file_uploads: filesOf(message) } as webApi.FilesUploadV2Arguments;
    await asked(this.#web.files.uploadV2(upload));
  }

  /** Slack makes the message by itself once it has the file, and does not say which: it is looked for by its key. */
  async #shared(place: Place, message: Message, key: SendKey): Promise<MessageRef> {
    for (const pause of SHARED_AFTER) {
      await this.#pause(pause);
      const found = await this.find(place, message, key, this.#around.clock.now() - SKEW);
      if (found) return found;
    }
    throw new PlatformError("unknown", "Slack has taken the file but does not show it yet.");
  }

  async #tellPrivately(user: string, spot: Spot, message: Message): Promise<void> {
    const where = isDirect(spot.channel) ? spot : { channel: await this.#conversation([user]) };
    if (message.picture || message.file) return this.#share(where, message, UNKEYED);
    await asked(this.#web.chat.postMessage(this.#said(where, message)));
  }

  async #conversation(users: readonly string[]): Promise<string> {
    const { channel } = await asked(this.#web.conversations.open({ users: users.join(",") }));
    if (!channel?.id) throw new PlatformError("unknown", "Slack did not say which conversation it opened.");
    return channel.id;
  }

  async #channelById(channel: string) {
    const { channel: found } = await asked(this.#web.conversations.info({ channel }));
    return found;
  }

  /** Private channels are not looked through: that takes a scope of its own. Their id always works. */
  async #channelByName(name: string) {
    const list = { limit: PAGE, exclude_archived: true, types: "public_channel" };
    for await (const { channels = [] } of pages((cursor) => this.#web.conversations.list({ ...list, ...cursor }))) {
      const found = channels.find((channel) => channel.name === name.toLowerCase());
      if (found) return found;
    }
    return undefined;
  }

  #pause(ms: number): Promise<void> {
    return new Promise((done) => (ms === 0 ? done() : this.#around.clock.after(ms, done)));
  }
}

/** A whisper with a file is nowhere looked for. */
const UNKEYED = "whisper" as SendKey;

/** What is already gone is removed. */
function unlessGone(error: unknown): void {
  if (!(error instanceof PlatformError) || error.fault !== "gone") throw error;
}
