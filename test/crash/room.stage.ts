import { VirtualClock } from "../../src/clock.ts";
import type { Entry } from "../../src/store/store.ts";
import { START, type Stage } from "./stage.ts";

export async function roomStage(): Promise<Stage> {
  const time = new VirtualClock(START);
  return { name: "room", time, channel: "better-together", settings: {}, posted, close: async () => {} };
}

/** The room keeps its messages in the bot's store, as text; ours carry the key they were sent with. */
function posted(stands: readonly Entry[]): string[] {
  const rows = stands.filter(({ key }) => key.startsWith("room/"));
  const messages = rows.map(({ value }): { place?: string; key?: string } => JSON.parse(String(value)));
  return messages.flatMap(({ place, key }) => (key === undefined ? [] : [`${place} ${key}`]));
}
