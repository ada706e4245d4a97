/** A Discord server kept by `discord-digital-twin`: its own REST, gateway, threads and interactions. */
import { DigitalDiscord, type Pressable, type Said, type Typed } from "discord-digital-twin";
import { until } from "./until.ts";

/** Discord's numbers: a text channel; a subcommand and its kinds of value; the answer that opens a form; its parts. */
const TEXT_CHANNEL = 0;
const SUBCOMMAND = 1;
const OPENS_FORM = 9;
const SENDS_FORM = 5;
const LABEL = 18;

const CHANNEL = "700000000000000001";
/** Ana owns the server. */
const IDS = { ana: "600000000000000001", ben: "600000000000000002", cleo: "600000000000000003" };
type Who = keyof typeof IDS;

/** As a person sees it. */
export interface OpenForm {
  readonly custom_id: string;
  readonly components: readonly { readonly label: string; readonly component: { readonly custom_id: string } }[];
}

export class Server {
  readonly #discord = new DigitalDiscord({
    guild: { name: "Better Together", ownerId: IDS.ana },
    channels: [{ id: CHANNEL, name: "alumni", type: TEXT_CHANNEL }],
    users: Object.entries(IDS).map(([name, id]) => ({ id, username: `${name[0]?.toUpperCase()}${name.slice(1)}` })),
  });

  async open(): Promise<void> {
    await this.#discord.start();
  }

  close(): Promise<void> {
    return this.#discord.stop();
  }

  get settings(): Record<string, string> {
    return { DISCORD_TOKEN: this.#discord.botToken, DISCORD_CHANNEL: CHANNEL, DISCORD_API_URL: this.#discord.restUrl };
  }

  /** What stands in the channel or a thread; oldest first. */
  async posts(place = CHANNEL): Promise<readonly Said[]> {
    const posts = await this.#discord.channel(place).getMessages();
    return [...posts].sort((a, b) => (BigInt(a.id) < BigInt(b.id) ? -1 : 1));
  }

  isTogether({ author }: Said): boolean {
    return author.id === this.#discord.botUserId;
  }

  /** Here a thread has an id of its own; in Discord it has its message's. */
  async threadOn({ id }: Said): Promise<string> {
    const thread = await until("a thread", async () => {
      const found = await this.#discord.prisma.channel.findFirst({ where: { starterMessageId: id } });
      return found ?? undefined;
    });
    return thread.id;
  }

  async types(who: Who, command: string, verb: string, options: readonly Typed[] = []): Promise<void> {
    const typed = [{ name: verb, type: SUBCOMMAND, options }];
    await this.#discord.channel(CHANNEL).user(IDS[who]).runSlashCommand({ name: command, options: typed });
  }

  /** The form that opens, where the button opens one. */
  async presses(who: Who, message: Said, label: string, place = CHANNEL): Promise<OpenForm | undefined> {
    const button = buttonsOf(message).find((one) => one.label === label);
    if (button === undefined) throw new Error(`There is no button "${label}" under "${message.content}".`);
    const press = { messageId: message.id, customId: button.custom_id };
    const { id } = await this.#discord.channel(place).user(IDS[who]).clickButton(press);
    const answer = await until("an answer to a press", async () => {
      const given = await this.#discord.channel(place).getInteractionResponse(id);
      return given?.acknowledged ? given : undefined;
    });
    // What our bot answered with, as Discord would draw it.
    return answer.type === OPENS_FORM && answer.data ? (JSON.parse(answer.data) as OpenForm) : undefined;
  }

  /** Values by the fields' labels. A form comes back in the shape that it was opened in: the server's own call has an older one. */
  async sends(who: Who, form: OpenForm, words: Readonly<Record<string, string>>): Promise<void> {
    const components = form.components.map(({ label, component }) => ({
      type: LABEL,
      component: { type: 4, custom_id: component.custom_id, value: words[label] ?? "" },
    }));
    const data = { custom_id: form.custom_id, components };
    await this.#discord.simulateInteraction({ type: SENDS_FORM, channelId: CHANNEL, userId: IDS[who], data });
  }

  says(who: Who, thread: string, content: string): Promise<Said> {
    return this.#discord.channel(thread).user(IDS[who]).sendMessage({ content });
  }

  edits(who: Who, thread: string, said: Said, content: string): Promise<Said> {
    return this.#discord.channel(thread).user(IDS[who]).editMessage({ messageId: said.id, content });
  }

  retracts(who: Who, thread: string, said: Said): Promise<void> {
    return this.#discord.channel(thread).user(IDS[who]).deleteMessage({ messageId: said.id });
  }
}

export const buttonsOf = ({ components = [] }: Said): readonly Pressable[] =>
  components.flatMap((row) => row.components);
