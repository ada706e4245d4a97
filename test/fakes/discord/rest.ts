/** Discord's REST routes, as many as a companion uses. */
import { PermissionFlagsBits } from "discord.js";
import type { Acts } from "./acts.ts";
import { compose, type Files, letterIn, post, type Sent } from "./letters.ts";
import { malformed, missing, Refusal, raise, unknownThing } from "./refusals.ts";
import type { Letter, Room } from "./shapes.ts";
import type { Town } from "./town.ts";

export interface Request {
  readonly method: string;
  /** Without /api/v10. */
  readonly path: string;
  readonly query: URLSearchParams;
  readonly body: unknown;
  readonly files: Files;
}

export type Dispatch = (t: string, d: unknown) => void;

type Route = readonly [pattern: RegExp, answer: (request: Request, ids: readonly string[]) => unknown];

export class Rest {
  readonly #town: Town;
  readonly #acts: Acts;
  readonly #dispatch: Dispatch;
  readonly #routes: readonly Route[];
  commands: readonly { readonly name: string }[] = [];
  /** How often commands were registered. */
  registrations = 0;

  constructor(town: Town, acts: Acts, dispatch: Dispatch) {
    this.#town = town;
    this.#acts = acts;
    this.#dispatch = dispatch;
    this.#routes = [...this.#aboutPeople(), ...this.#aboutRooms(), ...this.#aboutLetters(), ...this.#aboutActs()];
  }

  /** `undefined` is answered as 204. */
  answer(request: Request): unknown {
    for (const [pattern, answer] of this.#routes) {
      const found = pattern.exec(`${request.method} ${request.path}`);
      if (found) return answer(request, found.slice(1));
    }
    throw new Refusal(404, 0, `404: Not Found (${request.method} ${request.path})`);
  }

  #aboutPeople(): readonly Route[] {
    const town = this.#town;
    return [
      [/^GET \/users\/@me$/, () => town.bot],
      [/^GET \/users\/(\d+)$/, (_, [id = ""]) => town.accounts.get(id) ?? raise(unknownThing(10013, "User"))],
      [/^POST \/users\/@me\/channels$/, ({ body }) => this.#direct(body as { recipient_id: string })],
      [
        /^GET \/guilds\/\d+\/members\/(\d+)$/,
        (_, [id = ""]) => town.member(id) ?? raise(unknownThing(10007, "Member")),
      ],
      [/^GET \/guilds\/\d+\/members$/, ({ query }) => this.#membersAfter(query)],
    ];
  }

  #aboutRooms(): readonly Route[] {
    const town = this.#town;
    const threads = (archived: boolean) =>
      [...town.rooms.values()].filter(
        (room) => room.thread_metadata?.archived === archived && town.sees(town.bot.id, room),
      );
    return [
      [/^GET \/channels\/(\d+)$/, (_, [id = ""]) => this.#room(id)],
      [/^PATCH \/channels\/(\d+)$/, ({ body }, [id = ""]) => this.#wake(this.#room(id), body as { archived: boolean })],
      [/^GET \/guilds\/\d+\/threads\/active$/, () => ({ threads: threads(false), members: [] })],
      [
        /^GET \/channels\/(\d+)\/users\/@me\/threads\/archived\/private$/,
        (_, [id]) => ({
          threads: threads(true).filter((one) => one.type === 12 && one.parent_id === id),
          members: [],
          has_more: false,
        }),
      ],
      [/^POST \/channels\/(\d+)\/threads$/, ({ body }, [id = ""]) => this.#private(this.#room(id), body as Titled)],
      [
        /^POST \/channels\/(\d+)\/messages\/(\d+)\/threads$/,
        ({ body }, [at = "", id = ""]) => this.#public(this.#room(at), id, body as Titled),
      ],
      [
        /^DELETE \/channels\/(\d+)\/thread-members\/(\d+)$/,
        (_, [id = "", who = ""]) => void town.within.get(this.#room(id).id)?.delete(who),
      ],
      [/^PUT \/channels\/(\d+)\/thread-members\/(\d+)$/, (_, [id = "", who = ""]) => this.#add(this.#room(id), who)],
    ];
  }

  #aboutLetters(): readonly Route[] {
    return [
      [/^GET \/channels\/(\d+)\/messages$/, ({ query }, [id = ""]) => this.#page(this.#room(id), query)],
      [
        /^POST \/channels\/(\d+)\/messages$/,
        ({ body, files }, [id = ""]) => this.#post(this.#room(id), body as Sent, files),
      ],
      [/^GET \/channels\/(\d+)\/messages\/(\d+)$/, (_, [at = "", id = ""]) => this.#letter(this.#room(at), id)],
      [
        /^PATCH \/channels\/(\d+)\/messages\/(\d+)$/,
        ({ body, files }, [at = "", id = ""]) => this.#edit(this.#room(at), id, body as Sent, files),
      ],
      [/^DELETE \/channels\/(\d+)\/messages\/(\d+)$/, (_, [at = "", id = ""]) => this.#delete(this.#room(at), id)],
    ];
  }

  #aboutActs(): readonly Route[] {
    return [
      [/^GET \/applications\/\d+\/commands$/, () => this.commands],
      [
        /^PUT \/applications\/\d+\/commands$/,
        ({ body }) => this.#register(body as readonly { readonly name: string }[]),
      ],
      [
        /^POST \/interactions\/(\d+)\/[^/]+\/callback$/,
        ({ body, files }, [id = ""]) => this.#acts.answered(id, body, files),
      ],
      [
        /^POST \/webhooks\/\d+\/([^/]+)$/,
        ({ body, files }, [token = ""]) => this.#acts.followed(token, body as Sent, files),
      ],
    ];
  }

  #room(id: string): Room {
    const room = this.#town.rooms.get(id) ?? raise(unknownThing(10003, "Channel"));
    if (!this.#town.sees(this.#town.bot.id, room)) throw new Refusal(403, 50001, "Missing Access");
    return room;
  }

  #direct({ recipient_id: id }: { recipient_id: string }): Room {
    const town = this.#town;
    const account = town.accounts.get(id) ?? raise(unknownThing(10013, "User"));
    const known = [...town.rooms.values()].find((room) => room.type === 1 && room.recipients?.includes(account));
    if (known) return known;
    const room = town.room({ type: 1, name: account.username, parent_id: null, recipients: [account] });
    town.within.set(room.id, new Set([id, town.bot.id]));
    return room;
  }

  #membersAfter(query: URLSearchParams) {
    const after = BigInt(query.get("after") ?? 0);
    const ids = [...this.#town.members.keys()].map(BigInt).sort((a, b) => (a < b ? -1 : 1));
    const page = ids.filter((id) => id > after).slice(0, Number(query.get("limit") ?? 1));
    return page.map((id) => this.#town.member(String(id)));
  }

  #wake(room: Room, { archived }: { archived: boolean }): Room {
    if (room.thread_metadata) room.thread_metadata.archived = archived;
    this.#dispatch("THREAD_UPDATE", room);
    return room;
  }

  #private(at: Room, { name, invitable = true, auto_archive_duration }: Titled): Room {
    if (!this.#town.may(this.#town.bot.id, at, PermissionFlagsBits.CreatePrivateThreads)) throw missing();
    const room = this.#thread({ type: 12, name, parent_id: at.id }, auto_archive_duration, invitable);
    this.#town.within.set(room.id, new Set([this.#town.bot.id]));
    this.#dispatch("THREAD_CREATE", { ...room, newly_created: true });
    return room;
  }

  #public(at: Room, on: string, { name, auto_archive_duration }: Titled): Room {
    const letter = letterIn(this.#town, at, on);
    if (!this.#town.may(this.#town.bot.id, at, PermissionFlagsBits.CreatePublicThreads)) throw missing();
    if (this.#town.rooms.has(on)) throw new Refusal(400, 160004, "A thread has already been created for this message");
    const room = this.#thread({ type: 11, name, parent_id: at.id, id: on }, auto_archive_duration);
    this.#dispatch("THREAD_CREATE", { ...room, newly_created: true });
    // The first message of a thread only points to the one that it hangs on.
    this.#town.letter(room, this.#town.bot, { content: "", type: 21 });
    letter.flags |= 32;
    this.#dispatch("MESSAGE_UPDATE", { ...letter, guild_id: this.#town.guildId });
    return room;
  }

  #thread(room: Parameters<Town["room"]>[0], days: number, invitable?: boolean): Room {
    if (!room.name || room.name.length > 100) throw malformed("name[BASE_TYPE_BAD_LENGTH]");
    if (![60, 1440, 4320, 10080].includes(days)) throw malformed("auto_archive_duration[BASE_TYPE_CHOICES]");
    const made = this.#town.room({ ...room, owner_id: this.#town.bot.id });
    const since = new Date(this.#town.now()).toISOString();
    const asked = invitable === undefined ? {} : { invitable };
    made.thread_metadata = {
      archived: false,
      locked: false,
      auto_archive_duration: days,
      archive_timestamp: since,
      ...asked,
    };
    return made;
  }

  #add(room: Room, who: string): void {
    const account = this.#town.accounts.get(who) ?? raise(unknownThing(10013, "User"));
    if (room.thread_metadata?.archived) throw new Refusal(400, 50083, "Thread is archived");
    const within = this.#town.within.get(room.id);
    if (!within || within.has(who)) return;
    within.add(who);
    this.#town.letter(room, this.#town.bot, { content: "", type: 1, mentions: [account] });
  }

  /** One message is refused where a page of them is empty. */
  #letter(at: Room, id: string) {
    if (at.type !== 1 && !this.#town.may(this.#town.bot.id, at, PermissionFlagsBits.ReadMessageHistory))
      throw missing();
    return letterIn(this.#town, at, id);
  }

  #page(at: Room, query: URLSearchParams) {
    const limit = Number(query.get("limit") ?? 50);
    if (limit > 100) throw malformed("limit[NUMBER_TYPE_MAX]");
    if (at.type !== 1 && !this.#town.may(this.#town.bot.id, at, PermissionFlagsBits.ReadMessageHistory)) return [];
    const all = this.#town.lettersIn(at.id);
    const after = query.get("after");
    const page =
      after === null ? all.slice(-limit) : all.filter((one) => BigInt(one.id) > BigInt(after)).slice(0, limit);
    return page.reverse().map((letter) => this.#withThread(letter));
  }

  /** A listed message names the thread that was started from it. */
  #withThread(letter: Letter) {
    const thread = this.#town.rooms.get(letter.id);
    return thread ? { ...letter, thread } : letter;
  }

  #post(at: Room, sent: Sent, files: Files) {
    const { letter, isNew } = post(this.#town, at, sent, files);
    if (isNew) this.#acts.heard("MESSAGE_CREATE", letter);
    return letter;
  }

  #edit(at: Room, id: string, sent: Sent, files: Files) {
    const letter = letterIn(this.#town, at, id);
    if (letter.author !== this.#town.bot)
      throw new Refusal(403, 50005, "Cannot edit a message authored by another user");
    const { content, attachments, components, mentions } = compose(this.#town, sent, files);
    this.#town.rewrite(letter, content);
    Object.assign(letter, { components, mentions, attachments });
    this.#acts.heard("MESSAGE_UPDATE", letter);
    return letter;
  }

  #delete(at: Room, id: string): void {
    const letter = letterIn(this.#town, at, id);
    const mine = letter.author === this.#town.bot;
    if (!mine && !this.#town.may(this.#town.bot.id, at, PermissionFlagsBits.ManageMessages)) throw missing();
    this.#acts.removed(letter);
  }

  #register(commands: readonly { readonly name: string }[]) {
    for (const { name } of commands)
      if (!/^[a-z\d-]{1,32}$/.test(name)) throw malformed("name[APPLICATION_COMMAND_INVALID_NAME]");
    this.registrations++;
    // Discord adds fields of its own.
    this.commands = commands.map((command) => ({
      ...command,
      id: this.#town.snowflake(),
      version: this.#town.snowflake(),
      nsfw: false,
    }));
    return this.commands;
  }
}

interface Titled {
  readonly name: string;
  readonly auto_archive_duration: number;
  readonly invitable?: boolean;
}
