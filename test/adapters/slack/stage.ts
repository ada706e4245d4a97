/** A Slack world with the adapter started in it, for what only Slack has. */
import { onTestFinished } from "vitest";
import type { Log, Message, Place, Platform, SendKey, Surroundings } from "../../../src/platform.ts";
import { PlatformError } from "../../../src/platform.ts";
import { text } from "../../../src/words.ts";
import { Listener } from "../../contract/listener.ts";
import { newSlackWorld, type SlackWorld, type Way } from "../../contract/slack.world.ts";

export interface Stage {
  readonly world: SlackWorld;
  readonly platform: Platform;
  readonly ears: Listener;
  readonly channel: Place;
}

export async function worldOf(way: Way = "socket", log?: Log): Promise<SlackWorld> {
  const world = await newSlackWorld(way, log);
  onTestFinished(() => world.stop());
  return world;
}

export async function stage(way: Way = "socket", more: Partial<Surroundings> = {}, log?: Log): Promise<Stage> {
  const world = await worldOf(way, log);
  const platform = world.adapter(more);
  const ears = new Listener();
  onTestFinished(() => platform.stop());
  await platform.start(ears);
  return { world, platform, ears, channel: await platform.channel(world.channelName) };
}

// A send key as the outbox makes them; the port's strings are branded, the test stands in for the outbox.
export const key = (name: string): SendKey => name.padEnd(25, "2") as SendKey;

export const says = (words: string): Message => ({ body: [text(words)] });

/** A prompt, and the handle of its thread. */
export async function prompted({ world, platform, channel }: Stage) {
  const ref = await platform.post(channel, says("Why are you here?"), key("prompt"));
  const thread = await platform.openThread(ref, "Why");
  const [seen] = await world.sees("ana");
  return { ref, thread, handle: seen?.handle ?? "" };
}

export async function faultOf(call: Promise<unknown>): Promise<PlatformError> {
  const error = await call.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (!(error instanceof PlatformError)) throw new Error(`Expected a PlatformError, got ${String(error)}`);
  return error;
}

/** Pauses are over at once; what is only a limit (longer than any pause) never comes. */
export const hurried: Surroundings["clock"] = {
  now: () => Date.now(),
  after(ms, call) {
    if (ms > 5_000) return () => {};
    const timer = setImmediate(call);
    return () => clearImmediate(timer);
  },
};

/** Resolves when something has become true; a test that never gets there fails by its own time limit. */
export async function until(so: () => boolean): Promise<void> {
  while (!so()) await new Promise((done) => setTimeout(done, 2));
}
