/** Where people meet: threads on messages, private rooms, DMs. Each call a second time gives the same place. */
import { type APIThreadChannel, ChannelType, Routes, ThreadAutoArchiveDuration } from "discord.js";
import { type MessageRef, type Place, PlatformError, type UserId } from "../../src/platform.ts";
import { codeOf } from "./faults.ts";
import { accountOf, DIRECT, messageOf, place, spotOf } from "./ids.ts";
import type { Threads, Wire } from "./wire.ts";

const HAS_THREAD = 160004;
const named = (name: string) => ({ name, auto_archive_duration: ThreadAutoArchiveDuration.OneWeek });

/** A thread has the id of the message that it hangs on, so there is never a second one. */
export async function openThread(wire: Wire, on: MessageRef, title: string): Promise<Place> {
  const { spot, id } = messageOf(on);
  const opening = wire.make("thread", Routes.threads(spot.channel, id), { body: named(title) });
  const thread = await opening.catch((error) => {
    if (codeOf(error) === HAS_THREAD) return id;
    throw error;
  });
  return place({ ...spot, thread });
}

/** A private room is a private thread in the channel; Discord knows no key of ours there, so it is found by owner and title. */
export async function openRoom(
  wire: Wire,
  me: string,
  channel: Place,
  title: string,
): Promise<{ readonly at: Place; readonly isNew: boolean }> {
  const spot = spotOf(channel);
  const isIt = (thread: APIThreadChannel) =>
    thread.type === ChannelType.PrivateThread &&
    thread.owner_id === me &&
    thread.parent_id === spot.channel &&
    thread.name === title;
  const active = await wire.threads(Routes.guildActiveThreads(spot.server));
  const found = active.threads.find(isIt) ?? (await archived(wire, spot.channel, isIt));
  const thread = found?.id ?? (await newRoom(wire, spot.channel, title));
  return { at: place({ ...spot, thread }), isNew: !found };
}

export async function direct(wire: Wire, person: UserId): Promise<Place> {
  const body = { recipient_id: accountOf(person) };
  return place({ server: DIRECT, channel: await wire.make("direct", Routes.userChannels(), { body }) });
}

async function archived(wire: Wire, channel: string, isIt: (thread: APIThreadChannel) => boolean) {
  for (let query: Record<string, string> = { limit: "100" }; ; ) {
    const { threads, has_more } = await wire.threads(Routes.channelJoinedArchivedThreads(channel), query).catch(none);
    const found = threads.find(isIt);
    const last = threads.at(-1);
    if (found || !has_more || !last) return found;
    query = { ...query, before: last.id };
  }
}

/** Where the channel is no more, making the room says so; compatible servers may lack the route. */
function none(error: unknown): Threads {
  if (error instanceof PlatformError && error.fault === "gone") return { threads: [] };
  throw error;
}

function newRoom(wire: Wire, channel: string, title: string): Promise<string> {
  const body = { ...named(title), type: ChannelType.PrivateThread, invitable: false };
  return wire.make("room", Routes.threads(channel), { body });
}
