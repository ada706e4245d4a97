/** One test's world with the adapter in it, and the turns of phrase that the contract is told in. */
import type { TestAPI } from "vitest";
import type { Message, MessageRef, Place, Platform, SendKey, UserId } from "../../src/platform.ts";
import { PlatformError } from "../../src/platform.ts";
import { text } from "../../src/words.ts";
import { Listener } from "./listener.ts";
import type { Handle, NewWorld, OpenForm, Seen, Who, World } from "./world.ts";

// A send key as the outbox makes them; the port's strings are branded, the test stands in for the outbox.
export const key = (name: string) => name.padEnd(25, "2") as SendKey;

/** What looks like a mention, a link or markup on some platform, when a person or the content types it. */
export const HOSTILE = [
  "@everyone @here <!channel> <!here> <@U1> <@123> <@&5> <#C1> <!subteam^S1>",
  "*bold* _it_ ~no~ `code` ```fence``` **b** __u__ ||spoiler|| # head - list 1. list",
  "[masked](https://evil.example) <https://evil.example|bank> &lt;b&gt; <img src=x onerror=alert(1)>",
  "\\ \\* > quote :smile: \u202Ertl {{7*7}} $(x) =SUM(A1)",
].join("\n");

/** Without the zero-width characters that a renderer may put in to keep words inert. */
export const eye = (seen: string) => seen.replaceAll(/[\u200B\u200C\u2060\uFEFF]/g, "");

/** The fault a call rejects with. Throws where it does not, or with anything else. */
export async function fault(call: Promise<unknown>): Promise<PlatformError> {
  const error = await call.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (!(error instanceof PlatformError)) throw new Error(`Expected a PlatformError, got ${String(error)}`);
  return error;
}

/** A test that is given a scene of its own. */
export type It = TestAPI<{ scene: Scene }>;

export class Scene {
  readonly world: World;
  readonly ears: Listener;
  platform: Platform;
  readonly channel: Place;

  static async set(newWorld: NewWorld): Promise<Scene> {
    const world = await newWorld();
    const platform = world.adapter();
    const ears = new Listener();
    await platform.start(ears);
    return new Scene(world, platform, ears, await platform.channel(world.channelName));
  }

  private constructor(world: World, platform: Platform, ears: Listener, channel: Place) {
    this.world = world;
    this.platform = platform;
    this.ears = ears;
    this.channel = channel;
  }

  async strike(): Promise<void> {
    await this.platform.stop();
    await this.world.stop();
  }

  async restart(): Promise<void> {
    await this.platform.stop();
    await this.begin();
  }

  /** After a stop: a fresh adapter, the same wire, the same ears. */
  async begin(): Promise<void> {
    this.platform = this.world.adapter();
    await this.platform.start(this.ears);
  }

  user(who: Who): UserId {
    return this.platform.user(this.world.idOf(who));
  }

  post(message: Message, sendKey = "post"): Promise<MessageRef> {
    return this.platform.post(this.channel, message, key(sendKey));
  }

  /** Our messages of a key, oldest first. */
  async found(sendKey: string, said: Message | undefined, place = this.channel): Promise<readonly MessageRef[]> {
    const found = await this.platform.find(place, said, key(sendKey), 0);
    return found.map(({ message }) => message);
  }

  prompt(sendKey = "prompt"): Promise<MessageRef> {
    return this.post({ body: [text(`Why are you here? (${sendKey})`)] }, sendKey);
  }

  /** A prompt with its thread, and the handle under which the world knows it. */
  async promptWithThread(sendKey = "prompt"): Promise<{ ref: MessageRef; thread: Place; handle: Handle }> {
    const ref = await this.prompt(sendKey);
    const thread = await this.platform.openThread(ref, "Why are you here?");
    const { handle } = await this.seenBy("ana", `(${sendKey})`);
    return { ref, thread, handle };
  }

  /** Posts a message whose button opens the form. */
  async withForm(form: string, about = "a1"): Promise<Handle> {
    const buttons = [{ id: "open", label: "Write it here", opens: { form, about } }];
    await this.post({ body: [text("A form")], buttons });
    return (await this.seenBy("ana", "A form")).handle;
  }

  async opened(who: Who, message: Handle): Promise<OpenForm> {
    const form = await this.world.presses(who, message, "Write it here");
    if (!form) throw new Error("No form opened.");
    return form;
  }

  async seenBy(who: Who, part: string): Promise<Seen> {
    const all = await this.world.sees(who);
    const found = all.find((message) => eye(message.text).includes(part));
    if (!found) throw new Error(`${who} does not see "${part}" but: ${all.map((one) => one.text).join(" | ")}`);
    return found;
  }

  async sees(who: Who, part: string): Promise<boolean> {
    return (await this.world.sees(who)).some((message) => eye(message.text).includes(part));
  }

  /** Told so that nobody else sees it: by a whisper or in their private place. */
  async privately(who: Who, part: string): Promise<boolean> {
    const seen = await this.world.sees(who);
    const alone = seen.filter((one) => one.onlyFor === who || one.where === `private:${who}`);
    return alone.some((one) => eye(one.text).includes(part));
  }
}
