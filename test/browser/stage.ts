/** The room's page with nobody behind it but a few lines of echo: for what the page itself does with what it is given. */
import { room } from "../../adapters/room/room.ts";
import type { Facilitating, Room } from "../../adapters/room/room.ts";
import { PushableClock, systemClock } from "../../src/clock.ts";
import { newLog } from "../../src/log.ts";
import type { Ears, Inbound, Message, SendKey } from "../../src/platform.ts";
import { servePage } from "../../src/web/page.ts";
import { createWeb } from "../../src/web/server.ts";
import { FORMS, PHRASES } from "../contract/listener.ts";
import { arrayMemory } from "../contract/room.world.ts";

export interface Stage {
  readonly address: string;
  readonly room: Room;
  /** Posts as Together, in the channel. */
  post(message: Message): Promise<void>;
  /** What people did. */
  readonly taken: Inbound[];
  /** Answered privately to whatever anybody does next. */
  answer: Message | undefined;
  stop(): Promise<void>;
}

export async function openStage(facilitating: Partial<Facilitating> = {}): Promise<Stage> {
  const log = newLog("silent", { write() {} });
  const clock = new PushableClock(systemClock);
  const web = createWeb({ host: "127.0.0.1", port: 0, log });
  const surroundings = { clock, log, phrases: PHRASES, mount: web.mount };
  const strip = async () => ({ clock: clock.now(), zone: "Europe/London" });
  const given = { strip, pushClock: async () => clock.push(3_600_000), harvest: async () => "", ...facilitating };
  const hall = room({ channel: "better-together", memory: arrayMemory(), facilitating: given }, surroundings);
  servePage(web);
  const taken: Inbound[] = [];
  const stage = {
    address: await web.listen(),
    room: hall,
    taken,
    answer: undefined as Message | undefined,
    async post(message: Message) {
      // The stage stands in for the outbox, who brands the keys.
      await hall.post(await hall.channel("better-together"), message, `key${taken.length}` as SendKey);
    },
    async stop() {
      await hall.stop();
      await web.close();
    },
  };
  const ears: Ears = {
    forms: FORMS,
    commands: [{ name: "together", about: "For everyone", hidden: false, verbs: [{ name: "help", about: "What I can do", args: [] }] }],
    async take(event) {
      taken.push(event);
      if ("whisper" in event && stage.answer) await hall.whisper(event.whisper, stage.answer);
    },
    prefill: async () => ({}),
    connected() {},
  };
  await hall.start(ears);
  return stage;
}
