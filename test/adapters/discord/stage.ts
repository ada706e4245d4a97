/** A Discord with the adapter started on it, and what every test of it does again and again. */
import { type DiscordSettings, discord } from "../../../adapters/discord/discord.ts";
import { VirtualClock } from "../../../src/clock.ts";
import type { Log, Message, MessageRef, Place, Platform, SendKey } from "../../../src/platform.ts";
import { PlatformError } from "../../../src/platform.ts";
import { text } from "../../../src/words.ts";
import { Listener, PHRASES } from "../../contract/listener.ts";
import { FakeDiscord, TOKEN } from "../../fakes/discord/discord.ts";
import type { Account, Room } from "../../fakes/discord/shapes.ts";

// A send key as the outbox makes them; the port's strings are branded, the test stands in for the outbox.
export const key = (name: string) => name.padEnd(25, "2") as SendKey;

export interface Told {
  readonly message: string;
  readonly facts: unknown;
}

export class DiscordStage {
  readonly clock: VirtualClock;
  readonly fake: FakeDiscord;
  readonly ears = new Listener();
  readonly logged: Told[] = [];
  readonly ana: Account;
  readonly ben: Account;
  platform: Platform;

  private constructor(fake: FakeDiscord, clock: VirtualClock) {
    this.fake = fake;
    this.clock = clock;
    this.ana = fake.town.account("ana");
    this.ben = fake.town.account("ben");
    fake.town.join(this.ana, [fake.town.managers]);
    fake.town.join(this.ben);
    this.platform = this.adapter();
  }

  static async open(): Promise<DiscordStage> {
    const clock = new VirtualClock(Date.now());
    return new DiscordStage(await FakeDiscord.open(() => clock.now()), clock);
  }

  adapter(more: Partial<DiscordSettings> = {}): Platform {
    const settings = { token: TOKEN, apiUrl: this.fake.apiUrl, typedReplies: true, ...more };
    const note = (message: string, facts?: unknown) => void this.logged.push({ message, facts });
    const log: Log = { debug: note, info: note, warn: note, error: note };
    this.platform = discord(settings, { clock: this.clock, log, phrases: PHRASES, mount() {} });
    return this.platform;
  }

  async start(): Promise<Place> {
    await this.platform.start(this.ears);
    return await this.platform.channel("better-together");
  }

  /** A prompt in the channel, with its thread. */
  async openThread(): Promise<{ readonly prompt: MessageRef; readonly thread: Place; readonly room: Room }> {
    const channel = await this.start();
    const prompt = await this.platform.post(channel, { body: [text("Why are you here?")] }, key("prompt"));
    const thread = await this.platform.openThread(prompt, "Why are you here?");
    const room = [...this.fake.town.rooms.values()].find(({ type }) => type === 11);
    if (!room) throw new Error("No thread was opened.");
    return { prompt, thread, room };
  }

  async close(): Promise<void> {
    await this.platform.stop();
    await this.fake.stop();
  }

  /** Lets real time pass until something is so; the stage's own stands still. discord.js waits half a second before it comes back. */
  async until(is: () => boolean): Promise<void> {
    while (!is()) await new Promise((turn) => setTimeout(turn, 2));
  }

  /** The requests of one kind, e.g. `POST /channels/1/messages`. */
  requests(fits: RegExp) {
    return this.fake.requests.filter(({ method, path }) => fits.test(`${method} ${path}`));
  }

  /** Presses the n-th button of a message in the channel. */
  presses(who: Account, ref: string, n = 0) {
    const letter = this.fake.town.letters.get(ref.split("#")[1] ?? "");
    const button = letter?.components[0]?.components[n];
    if (!letter || !button) throw new Error(`There is no button ${n} on ${ref}.`);
    const room = this.fake.town.rooms.get(letter.channel_id) ?? this.fake.town.channel;
    return this.fake.acts.presses(who, room, letter, button.custom_id);
  }

  /** What was said to one person alone, oldest first. */
  whispers(who: Account): readonly string[] {
    return this.fake.acts.whispers.filter(({ onlyFor }) => onlyFor === who).map(({ letter }) => letter.content);
  }
}

export const openForm = (about = "a1"): Message => ({
  body: [{ kind: "text", text: "A form" }],
  buttons: [{ id: "open", label: "Write it here", opens: { form: "short", about } }],
});

export async function fault(call: Promise<unknown>): Promise<PlatformError> {
  const error = await call.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (error instanceof PlatformError) return error;
  throw new Error(`Expected a PlatformError, got ${String(error)}`);
}
