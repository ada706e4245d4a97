import { VirtualClock } from "../../src/clock.ts";
import { crash } from "./crash.ts";
import { START, type Stage } from "./stage.ts";

/** The room keeps its messages in the store, as text; ours carry the key they were sent with. */
crash(
  async (): Promise<Stage> => ({
    name: "room",
    time: new VirtualClock(START),
    channel: "better-together",
    settings: {},
    posted: (stands) =>
      stands.flatMap(({ key: row, value }) => {
        if (!row.startsWith("room/")) return [];
        const { key, place } = JSON.parse(String(value)) as { key?: string; place?: string };
        return key ? [`${place} ${key}`] : [];
      }),
    close: async () => {},
  }),
);
