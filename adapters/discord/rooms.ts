/** Private rooms: private threads in the channel, ours by owner and known by title, so that a second call finds the first. */
import { type APIThreadChannel, ChannelType, Routes, ThreadAutoArchiveDuration } from "discord.js";
import type { Place } from "../../src/platform.ts";
import { place, spotOf } from "./ids.ts";
import type { Wire } from "./wire.ts";

export async function room(wire: Wire, me: string, channel: Place, title: string): Promise<Place> {
  const spot = spotOf(channel);
  const ours = (thread: APIThreadChannel) =>
    thread.owner_id === me &&
    thread.parent_id === spot.channel &&
    thread.type === ChannelType.PrivateThread &&
    thread.name === title;
  const active = await wire.threads(Routes.guildActiveThreads(spot.server));
  const found = active.threads.find(ours) ?? (await archived(wire, spot.channel, ours));
  return place({ ...spot, thread: found?.id ?? (await open(wire, spot.channel, title)) });
}

/** Newest first; a page ends where Discord says that there is no more. */
async function archived(wire: Wire, channel: string, ours: (thread: APIThreadChannel) => boolean) {
  for (let query: Record<string, string> = { limit: "100" }; ; ) {
    const { threads, has_more } = await wire.threads(Routes.channelJoinedArchivedThreads(channel), query);
    const found = threads.find(ours);
    const last = threads.at(-1);
    if (found || !has_more || !last) return found;
    query = { ...query, before: last.id };
  }
}

function open(wire: Wire, channel: string, title: string): Promise<string> {
  const body = {
    name: title,
    type: ChannelType.PrivateThread,
    invitable: false,
    auto_archive_duration: ThreadAutoArchiveDuration.OneWeek,
  };
  return wire.make("room", Routes.threads(channel), { body });
}
