/** Slack: the port over Bolt and the Web API. What Slack does in its own way is said in README.md. */
import { App, webApi } from "@slack/bolt";
import type {
  Capabilities,
  Connection,
  Ears,
  Found,
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
import type { Here } from "./hearing.ts";
import { Http } from "./http.ts";
import { newIds } from "./ids.ts";
import { type Desk, happened, listen } from "./listening.ts";
import { Messages } from "./messages.ts";
import { People, personOf } from "./people.ts";
import type { JournalFirst, Watch } from "./receiver.ts";
import { channelNamed, conversationOf, membersOf } from "./rooms.ts";
import { Socket } from "./socket.ts";
import { asked, clientOptions, silent } from "./wire.ts";

/** With an `appToken` by Socket Mode, else by signed HTTP. `apiUrl` ends in `/api/`. */
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
  maxRoomSize: 8,
  // About one message a second in a channel.
  postEveryMs: 1_000,
};

export function slack(settings: SlackSettings, around: Surroundings): Platform {
  return new Slack(settings, around);
}

/** The workspace, what people call us there, and our messages. */
interface Workspace extends Here {
  readonly name: string;
  readonly messages: Messages;
}

class Slack implements Platform {
  readonly name = "slack";
  readonly can = CAN;
  readonly #settings: SlackSettings;
  readonly #around: Surroundings;
  readonly #web: webApi.WebClient;
  readonly #people: People;
  #known: Workspace | undefined;
  #receiver: JournalFirst | undefined;
  #connection: Connection = { connected: false, why: "Not started." };

  constructor(settings: SlackSettings, around: Surroundings) {
    this.#settings = settings;
    this.#around = around;
    this.#web = new webApi.WebClient(settings.botToken, clientOptions(settings.apiUrl));
    this.#people = new People(this.#web, around.clock);
  }

  async start(ears: Ears): Promise<void> {
    const here = await this.#introduce();
    // Started anew after a start that failed half-way: two sockets would share what people say.
    await this.#receiver?.stop();
    const receiver = this.#receiverFor(ears);
    // Bolt asks each time who we are; we know.
    const authorize = async () => ({ botUserId: here.me });
    const app = new App({ receiver, authorize, ignoreSelf: false, convoStore: false, logger: silent });
    app.error((error) => Promise.reject(error));
    const desk: Desk = {
      ears,
      here,
      around: this.#around,
      isBot: (user) => this.#people.isBot(user),
      openModal: async (trigger_id, view) => void (await asked(this.#web.views.open({ trigger_id, view }))),
      whisper: (to, message) => here.messages.whisper(to, message),
    };
    listen(app, desk);
    receiver.onEvent((envelope) => happened(envelope, desk));
    this.#receiver = receiver;
    await receiver.start();
  }

  async stop(): Promise<void> {
    await this.#receiver?.stop();
    this.#connection = { connected: false, why: "Stopped." };
  }

  connection(): Connection {
    return this.#connection;
  }

  async channel(id: string): Promise<Place> {
    const { ids, name } = this.#here;
    // The core may also hand us what we gave it.
    const wanted = id.startsWith("slack/") ? ids.spotOf(id as Place).channel : id;
    return ids.place({ channel: await channelNamed(this.#web, wanted, name) });
  }

  channelOf(place: Place): Place {
    const { ids } = this.#here;
    return ids.place({ channel: ids.spotOf(place).channel });
  }

  async post(place: Place, message: Message, key: SendKey): Promise<MessageRef> {
    return this.#here.messages.post(place, message, key);
  }

  async find(place: Place, _message: unknown, key: SendKey, since: Instant): Promise<readonly Found[]> {
    return this.#here.messages.find(place, key, since);
  }

  async edit(message: MessageRef, content: Message, key: SendKey): Promise<void> {
    return this.#here.messages.edit(message, content, key);
  }

  async remove(message: MessageRef): Promise<void> {
    return this.#here.messages.remove(message);
  }

  async whisper(to: Whisper, message: Message): Promise<void> {
    return this.#here.messages.whisper(to, message);
  }

  async history(place: Place, next?: string): Promise<Page> {
    return this.#here.messages.history(place, next);
  }

  /** In Slack every message names its thread; asking for its address shows whether it still stands. */
  async openThread(on: MessageRef, _title: string): Promise<Place> {
    const { ids } = this.#here;
    const { channel, ts } = ids.messageOf(on);
    await asked(this.#web.chat.getPermalink({ channel, message_ts: ts }));
    return ids.place({ channel, thread: ts });
  }

  /** A group conversation; the same people have the same one, whatever its title. */
  async openRoom(_channel: Place, people: readonly UserId[], _title: string): Promise<Place> {
    const { ids } = this.#here;
    if (people.length === 0 || people.length > CAN.maxRoomSize) {
      throw new PlatformError("invalid", `A room for ${people.length}; Slack's hold 1 to ${CAN.maxRoomSize}.`);
    }
    return ids.place({ channel: await conversationOf(this.#web, people.map(ids.userOf)) });
  }

  async privatePlace(person: UserId): Promise<Place> {
    const { ids } = this.#here;
    return ids.place({ channel: await conversationOf(this.#web, [ids.userOf(person)]) });
  }

  async members(channel: Place): Promise<readonly UserId[]> {
    const { ids, me } = this.#here;
    const members = await membersOf(this.#web, ids.spotOf(channel).channel);
    return members.filter((member) => member !== me).map(ids.user);
  }

  async person(id: UserId): Promise<Person> {
    const { user } = await asked(this.#web.users.info({ user: this.#here.ids.userOf(id), include_locale: true }));
    if (!user) throw new PlatformError("unknown", "Slack did not say who that is.");
    return personOf(user);
  }

  user(id: string): UserId {
    if (/^[UW][A-Z0-9]{5,}$/.test(id)) return this.#here.ids.user(id);
    const where = "In their profile, under the three dots: Copy member ID.";
    throw new PlatformError("denied", `"${id}" is no Slack member's id; one starts with U. ${where}`);
  }

  /** `busy` before the first connection: nothing happened, and later it will. */
  get #here(): Workspace {
    if (this.#known) return this.#known;
    throw new PlatformError("busy", "Slack is not connected yet.", { retryAfterMs: 5_000 });
  }

  /** Learns who and where we are; every ref of ours names this one workspace. */
  async #introduce(): Promise<Workspace> {
    const { team_id: team, user_id: me, bot_id: bot, user: name = "Together" } = await asked(this.#web.auth.test());
    if (!team || !me || !bot) {
      const remedy = 'Copy the "Bot User OAuth Token"; it starts with xoxb-.';
      throw new PlatformError("denied", `SLACK_BOT_TOKEN is not a bot's. ${remedy}`);
    }
    const here: Here = { ids: newIds(team), me, nameOf: (user) => this.#people.nameOf(user) };
    this.#known = { ...here, name, messages: new Messages(this.#web, here, this.#around.clock) };
    return this.#known;
  }

  #receiverFor(ears: Ears): JournalFirst {
    const { appToken, signingSecret, apiUrl } = this.#settings;
    const watch: Watch = {
      connected: () => {
        if (!this.#connection.connected) this.#around.log.info("Connected to Slack.");
        this.#connection = { connected: true };
        ears.connected();
      },
      lost: ({ fault, message: why }) => {
        const before = this.#connection;
        this.#connection = { connected: false, why };
        // An outage of a day is told once for each reason, not at each attempt.
        if (before.connected || before.why !== why)
          this.#around.log.warn("The connection to Slack is lost.", { fault, why });
      },
    };
    if (appToken) return new Socket(appToken, apiUrl, this.#around, watch);
    if (signingSecret) return new Http(signingSecret, this.#around, watch);
    throw new PlatformError("denied", "Set SLACK_APP_TOKEN (Socket Mode) or SLACK_SIGNING_SECRET (HTTP).");
  }
}
