/** People on a fake Discord: their screens, and the wire between it and us. */
import { discord } from "../../adapters/discord/discord.ts";
import { VirtualClock } from "../../src/clock.ts";
import type { Fault, Log, Platform } from "../../src/platform.ts";
import type { Modal, Whispered } from "../fakes/discord/acts.ts";
import { FakeDiscord, TOKEN } from "../fakes/discord/discord.ts";
import { read } from "../fakes/discord/reads.ts";
import { broken, missing, Refusal, tooFast } from "../fakes/discord/refusals.ts";
import type { Letter, Room } from "../fakes/discord/shapes.ts";
import { PHRASES } from "./listener.ts";
import type { Handle, NewWorld, OpenForm, Seen, Who, World } from "./world.ts";

const QUIET: Log = { debug() {}, info() {}, warn() {}, error() {} };

const ROUTES = {
  post: /^POST \/channels\/\d+\/messages$/,
  edit: /^PATCH \/channels\/\d+\/messages\/\d+$/,
  openThread: /^POST \/channels\/\d+\/messages\/\d+\/threads$/,
  openRoom: /^POST \/channels\/\d+\/threads$/,
  person: /^GET \/guilds\/\d+\/members\/\d+$/,
  history: /^GET \/channels\/\d+\/messages$/,
  members: /^GET \/guilds\/\d+\/members$/,
} as const;

/** Which of Discord's "unknown …" codes a call meets when its place or message is gone. */
const GONE = {
  post: 10003,
  edit: 10008,
  openThread: 10008,
  openRoom: 10003,
  person: 10013,
  history: 10003,
  members: 10004,
};

export const newDiscordWorld: NewWorld = async () => {
  const clock = new VirtualClock(Date.now());
  return new DiscordWorld(await FakeDiscord.open(() => clock.now()), clock);
};

export class DiscordWorld implements World {
  readonly channelName = "#better-together";
  readonly talksWhileAway = true;
  readonly fake: FakeDiscord;
  readonly #clock: VirtualClock;
  readonly #handles = new Map<string, Handle>();

  constructor(fake: FakeDiscord, clock: VirtualClock) {
    this.fake = fake;
    this.#clock = clock;
    const { town } = fake;
    for (const name of ["ana", "ben", "cleo"]) town.join(town.account(name), name === "ana" ? [town.managers] : []);
    town.join(town.account("robot", true));
  }

  adapter(): Platform {
    const settings = { token: TOKEN, apiUrl: this.fake.apiUrl, typedReplies: true, members: true };
    return discord(settings, { clock: this.#clock, log: QUIET, phrases: PHRASES, mount() {} });
  }

  idOf(who: Who): string {
    return this.fake.town.account(who).id;
  }

  async sees(who: Who): Promise<readonly Seen[]> {
    const { town, acts } = this.fake;
    const account = town.account(who);
    const visible = (letter: Letter) => {
      const room = town.rooms.get(letter.channel_id);
      return room !== undefined && letter.type === 0 && town.sees(account.id, room);
    };
    const letters = [...town.letters.values()].filter(visible).map((letter) => this.#seen(letter));
    const mine = acts.whispers.filter(({ onlyFor }) => onlyFor === account);
    const whispers = mine.map(({ letter }) => ({ ...this.#seen(letter), onlyFor: who }));
    return [...letters, ...whispers];
  }

  async says(who: Who, where: Handle | string, text: string): Promise<Handle> {
    return this.#told(this.fake.acts.says(this.fake.town.account(who), this.#roomAt(where), text));
  }

  saysInChannel(who: Who, text: string): Promise<Handle> {
    return this.#told(this.fake.acts.says(this.fake.town.account(who), this.fake.town.channel, text));
  }

  async edits(_who: Who, message: Handle, text: string): Promise<void> {
    this.fake.acts.edits(this.#letter(message), text);
    await this.fake.gateway.roundTrip();
  }

  async retracts(_who: Who, message: Handle): Promise<void> {
    this.fake.acts.retracts(this.#letter(message));
    await this.fake.gateway.roundTrip();
  }

  async presses(who: Who, message: Handle, label: string): Promise<OpenForm | undefined> {
    const letter = this.#letter(message);
    const button = letter.components.flatMap((row) => row.components).find((one) => one.label === label);
    const room = this.fake.town.rooms.get(letter.channel_id);
    if (!button || !room) throw new Error(`${who} sees no button "${label}".`);
    const modal = await this.fake.acts.presses(this.fake.town.account(who), room, letter, button.custom_id);
    return modal && this.#form(modal);
  }

  async submits(_who: Who, { token }: OpenForm, values: Readonly<Record<string, string>>) {
    // The token is what `presses` put there.
    const modal = token as Modal;
    const given = modal.components.flatMap(({ component }): [string, string][] => {
      const value = values[component.custom_id];
      if (value === undefined) return [];
      const option = component.options?.find((one) => one.label === value);
      return [[component.custom_id, component.type === 5 ? this.idOf(value) : (option?.value ?? value)]];
    });
    await this.fake.acts.submits(modal, new Map(given));
    // Discord closes a form as soon as it is sent.
    return {};
  }

  async commands(who: Who, command: string, line: string): Promise<void> {
    const data = this.#typed(command, line);
    await this.fake.acts.commands(this.fake.town.account(who), this.fake.town.channel, data);
  }

  async joins(who: Who): Promise<void> {
    this.fake.acts.joins(this.fake.town.account(who));
  }

  async leaves(who: Who): Promise<void> {
    this.fake.acts.leaves(this.fake.town.account(who));
  }

  async repeats(): Promise<void> {
    this.fake.acts.repeats();
  }

  fails(call: keyof typeof ROUTES, fault: Exclude<Fault, "invalid" | "unsupported">, afterwards = false): void {
    const how = {
      busy: () => tooFast(2),
      unknown: broken,
      gone: () => new Refusal(404, GONE[call], "Unknown"),
      denied: missing,
    }[fault]();
    this.fake.mishaps.push({ fits: ROUTES[call], how, afterwards });
  }

  /** What is tried again a second later belongs to what is under way. */
  async settle(): Promise<void> {
    await this.fake.settle();
    await this.#clock.advance(1_000);
    await this.fake.settle();
  }

  stop(): Promise<void> {
    return this.fake.stop();
  }

  /** A command as Discord's own input takes it apart: the last text takes what is left of the line. */
  #typed(name: string, line: string): object {
    // As the adapter registered them.
    const commands = this.fake.rest.commands as readonly { name: string; options: readonly Subcommand[] }[];
    const [verb = "", ...words] = line.split(" ");
    const subcommand = commands.find((one) => one.name === name)?.options.find((one) => one.name === verb);
    if (!subcommand) throw new Error(`There is no /${name} ${verb}.`);
    const args = subcommand.options ?? [];
    const options = args.flatMap((arg, at) => {
      const typed = at === args.length - 1 ? words.splice(0).join(" ") : words.shift();
      if (!typed) return [];
      return [{ name: arg.name, type: arg.type, value: arg.type === 6 ? this.idOf(typed.replace("@", "")) : typed }];
    });
    return { name, options: [{ name: verb, type: 1, options }] };
  }

  #form(modal: Modal): OpenForm {
    const fields = modal.components.map(({ label, component }) => {
      const options = component.options ?? [];
      const person = component.default_values?.[0];
      const chosen = options.find((option) => option.default)?.label ?? (person && this.#nameOf(person.id));
      const value = component.value ?? chosen ?? "";
      return { id: component.custom_id, label, value, options: options.map((option) => option.label) };
    });
    return { title: modal.title, fields, token: modal };
  }

  #seen(letter: Letter): Seen {
    const { text } = read(letter.content, { nameOf: (id) => this.#nameOf(id) });
    const [attached] = letter.attachments;
    const picture = attached && /\.png$/.test(attached.filename) ? { picture: attached.description ?? "" } : {};
    const name = attached?.filename ?? "";
    const data = attached && !("picture" in picture) ? this.fake.town.files.get(attached.id) : undefined;
    return {
      handle: this.#handle(letter.id),
      where: this.#whereOf(letter),
      by: letter.author === this.fake.town.bot ? "together" : letter.author.username,
      text,
      mentions: letter.mentions.map(({ username }) => username),
      buttons: letter.components.flatMap((row) => row.components).map(({ label }) => label),
      ...picture,
      ...(data ? { file: { name, text: String(data) } } : {}),
    };
  }

  #whereOf(letter: Letter): string {
    const room = this.fake.town.rooms.get(letter.channel_id);
    if (room?.type === 11) return `thread:${this.#handle(room.id)}`;
    if (room?.type === 12) return `room:${this.#peopleOf(room)}`;
    return room?.type === 1 ? `private:${this.#peopleOf(room)}` : "channel";
  }

  #peopleOf(room: Room): string {
    const people = [...(this.fake.town.within.get(room.id) ?? [])].filter((id) => id !== this.fake.town.bot.id);
    return people.map((id) => this.#nameOf(id)).join(",");
  }

  #roomAt(where: string): Room {
    const rooms = [...this.fake.town.rooms.values()];
    const found = rooms.find((room) => {
      if (room.type === 11) return this.#handle(room.id) === where;
      return where === `${room.type === 1 ? "private" : "room"}:${this.#peopleOf(room)}`;
    });
    if (!found) throw new Error(`There is no thread or place ${where}.`);
    return found;
  }

  /** Until the bot has heard it. */
  async #told(letter: Letter): Promise<Handle> {
    await this.fake.gateway.roundTrip();
    return this.#handle(letter.id);
  }

  #nameOf(id: string): string {
    return this.fake.town.accounts.get(id)?.username ?? id;
  }

  #letter(handle: Handle): Letter {
    const [id] = [...this.#handles].find(([, one]) => one === handle) ?? [];
    const whispered: Whispered | undefined = this.fake.acts.whispers.find((one) => one.letter.id === id);
    const letter = whispered?.letter ?? this.fake.town.letters.get(id ?? "");
    if (!letter) throw new Error(`There is no message ${handle}.`);
    return letter;
  }

  #handle(id: string): Handle {
    const handle = this.#handles.get(id) ?? `m${this.#handles.size + 1}`;
    this.#handles.set(id, handle);
    return handle;
  }
}

interface Subcommand {
  readonly name: string;
  readonly options?: readonly { readonly name: string; readonly type: number }[];
}
