/** What people do at their screens, and what Discord makes of it: events, interactions, their answers. */
import { GatewayIntentBits } from "discord.js";
import type { FakeGateway } from "./gateway.ts";
import { compose, type Files, type Sent } from "./letters.ts";
import { malformed, Refusal } from "./refusals.ts";
import type { Account, Letter, Room } from "./shapes.ts";
import type { Town } from "./town.ts";

/** A modal as the person has it before them. */
export interface Modal {
  readonly custom_id: string;
  readonly title: string;
  readonly components: readonly {
    readonly type: 18;
    readonly label: string;
    readonly component: {
      readonly type: 3 | 4 | 5;
      readonly custom_id: string;
      readonly value?: string;
      readonly required?: boolean;
      readonly max_length?: number;
      readonly options?: readonly { readonly value: string; readonly label: string; readonly default?: boolean }[];
      readonly default_values?: readonly { readonly id: string }[];
    };
  }[];
  /** Where the button stood that opened it. */
  readonly from: Acting;
}

export interface Acting {
  readonly who: Account;
  readonly at: Room;
  readonly on?: Letter;
}

interface Interaction extends Acting {
  readonly id: string;
  readonly token: string;
  /** 0: not yet answered; then the type of the first answer. */
  answered: number;
  /** "Thinking …" stands there until the first follow-up. */
  thinking: boolean;
  readonly settle: (modal: Modal | undefined) => void;
}

/** A message that only one person sees. */
export interface Whispered {
  readonly letter: Letter;
  readonly onlyFor: Account;
  readonly at: Room;
}

const EPHEMERAL = 64;

export class Acts {
  readonly #town: Town;
  readonly #gateway: FakeGateway;
  readonly #interactions = new Map<string, Interaction>();
  readonly whispers: Whispered[] = [];
  #last: (() => void) | undefined;
  /** The next interaction is answered with 10062, as if it had taken longer than 3 seconds. */
  tooLate = false;

  constructor(town: Town, gateway: FakeGateway) {
    this.#town = town;
    this.#gateway = gateway;
  }

  says(who: Account, at: Room, content: string): Letter {
    const letter = this.#town.letter(at, who, { content });
    this.#byPeople(() => this.heard("MESSAGE_CREATE", letter));
    return letter;
  }

  edits(letter: Letter, content: string): void {
    this.#town.rewrite(letter, content);
    this.#byPeople(() => this.heard("MESSAGE_UPDATE", letter));
  }

  retracts(letter: Letter): void {
    this.#byPeople(() => this.removed(letter));
  }

  joins(who: Account): void {
    this.#town.join(who);
    const member = { ...this.#town.member(who.id), guild_id: this.#town.guildId };
    this.#byPeople(() => this.#gateway.dispatch("GUILD_MEMBER_ADD", member, GatewayIntentBits.GuildMembers));
  }

  leaves(user: Account): void {
    this.#town.members.delete(user.id);
    const gone = { user, guild_id: this.#town.guildId };
    this.#byPeople(() => this.#gateway.dispatch("GUILD_MEMBER_REMOVE", gone, GatewayIntentBits.GuildMembers));
  }

  /** Once more, with the ids it had. */
  repeats(): void {
    this.#last?.();
  }

  presses(who: Account, at: Room, on: Letter, customId: string): Promise<Modal | undefined> {
    const data = { component_type: 2, custom_id: customId, id: 1 };
    return this.#interacts({ who, at, on }, 3, data, { message: on });
  }

  submits(modal: Modal, values: ReadonlyMap<string, string>): Promise<Modal | undefined> {
    const components = modal.components.map(({ component: { type, custom_id } }, at) => {
      const value = values.get(custom_id);
      const given = type === 4 ? { value: value ?? "" } : { values: value === undefined ? [] : [value] };
      return { type: 18, id: 2 * at + 1, component: { type, id: 2 * at + 2, custom_id, ...given } };
    });
    const message = modal.from.on ? { message: modal.from.on } : {};
    return this.#interacts(modal.from, 5, { custom_id: modal.custom_id, components, resolved: {} }, message);
  }

  commands(who: Account, at: Room, data: object): Promise<Modal | undefined> {
    return this.#interacts({ who, at }, 2, { id: "1", type: 1, guild_id: this.#town.guildId, ...data }, {});
  }

  /** A message event with the intents it needs. */
  heard(t: "MESSAGE_CREATE" | "MESSAGE_UPDATE", letter: Letter): void {
    const server = this.#serverOf(letter.channel_id);
    const hidden = server && letter.author !== this.#town.bot && !this.#gateway.hears(GatewayIntentBits.MessageContent);
    this.#gateway.dispatch(t, { ...letter, ...server, ...(hidden ? { content: "" } : {}) }, intentOf(server));
  }

  removed(letter: Letter): void {
    const server = this.#serverOf(letter.channel_id);
    this.#town.letters.delete(letter.id);
    const gone = { id: letter.id, channel_id: letter.channel_id, ...server };
    this.#gateway.dispatch("MESSAGE_DELETE", gone, intentOf(server));
  }

  /** The first answer to an interaction. */
  answered(id: string, body: unknown, files: Files): void {
    const interaction = this.#interactions.get(id);
    if (!interaction || this.tooLate) {
      this.tooLate = false;
      interaction?.settle(undefined);
      throw new Refusal(404, 10062, "Unknown interaction");
    }
    if (interaction.answered) throw new Refusal(400, 40060, "Interaction has already been acknowledged.");
    // As the routes document it; what does not fit is refused below.
    const { type, data } = body as { type: number; data?: Sent & Omit<Modal, "from"> };
    const modal = type === 9 && data ? opened(interaction, data) : undefined;
    if (type === 4 && data) this.#whispers(interaction, data, files);
    interaction.answered = type;
    interaction.thinking = type === 5;
    interaction.settle(modal);
  }

  /** A follow-up; the first one after "thinking" takes its place, ephemeral or not as that was. */
  followed(token: string, sent: Sent, files: Files): Letter {
    const interaction = [...this.#interactions.values()].find((one) => one.token === token);
    if (!interaction?.answered) throw new Refusal(401, 50027, "Invalid Webhook Token");
    interaction.thinking = false;
    return this.#whispers(interaction, sent, files);
  }

  /** People to whom "thinking …" is still shown. */
  get waiting(): readonly Account[] {
    return [...this.#interactions.values()].filter((one) => one.thinking).map((one) => one.who);
  }

  /** As after 15 minutes. */
  expireTokens(): void {
    this.#interactions.clear();
  }

  #whispers({ who, at }: Interaction, sent: Sent, files: Files): Letter {
    const composed = compose(this.#town, sent, files);
    const flags = (sent.flags ?? 0) | EPHEMERAL;
    const letter = this.#town.letter(at, this.#town.bot, { ...composed, flags, webhook_id: this.#town.bot.id });
    // It stands in no channel: only its reader's screen has it.
    this.#town.letters.delete(letter.id);
    this.whispers.push({ letter, onlyFor: who, at });
    return letter;
  }

  #interacts(acting: Acting, type: number, data: unknown, more: object): Promise<Modal | undefined> {
    const id = this.#town.snowflake();
    const { who, at } = acting;
    const member = this.#town.member(who.id);
    const by =
      at.type === 1 || !member
        ? { user: who }
        : { member: { ...member, permissions: "0" }, guild_id: this.#town.guildId };
    const common = { id, token: `token-${id}`, application_id: this.#town.bot.id, type, version: 1 };
    const where = {
      channel: at,
      channel_id: at.id,
      app_permissions: "0",
      entitlements: [],
      authorizing_integration_owners: {},
      context: 0,
    };
    return new Promise((settle) => {
      this.#interactions.set(id, { ...acting, id, token: common.token, answered: 0, thinking: false, settle });
      const payload = { ...common, ...where, ...by, ...more, data, locale: "en-GB", guild_locale: "en-GB" };
      this.#byPeople(() => this.#gateway.dispatch("INTERACTION_CREATE", payload));
    });
  }

  #byPeople(happens: () => void): void {
    this.#last = happens;
    happens();
  }

  #serverOf(room: string): { readonly guild_id: string } | undefined {
    return this.#town.rooms.get(room)?.type === 1 ? undefined : { guild_id: this.#town.guildId };
  }
}

function opened({ who, at, on }: Acting, { custom_id, title, components }: Omit<Modal, "from">): Modal {
  if (title.length > 45 || custom_id.length > 100) throw malformed("data.title[BASE_TYPE_BAD_LENGTH]");
  if (components.length < 1 || components.length > 5) throw malformed("data.components[BASE_TYPE_BAD_LENGTH]");
  for (const { label, component } of components) {
    if (label.length > 45) throw malformed("data.components[0].label[BASE_TYPE_MAX_LENGTH]");
    const options = component.options ?? [];
    if (component.type === 3 && (options.length < 1 || options.length > 25))
      throw malformed("options[BASE_TYPE_BAD_LENGTH]");
    if ((component.value?.length ?? 0) > (component.max_length ?? 4_000))
      throw malformed("value[BASE_TYPE_MAX_LENGTH]");
  }
  return { custom_id, title, components, from: on ? { who, at, on } : { who, at } };
}

const intentOf = (server: object | undefined): number =>
  server ? GatewayIntentBits.GuildMessages : GatewayIntentBits.DirectMessages;
