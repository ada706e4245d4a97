/** The room's page with nobody behind it but a few lines: for what the page itself does with what it is given. */
import { type Room, room } from "../../adapters/room/room.ts";
import { PushableClock, systemClock } from "../../src/clock.ts";
import { newLog } from "../../src/log.ts";
import type { Ears, Inbound, Message, MessageRef, SendKey } from "../../src/platform.ts";
import { servePage } from "../../src/web/page.ts";
import { createWeb, type Web } from "../../src/web/server.ts";
import { FORMS, PHRASES } from "../contract/listener.ts";
import { arrayMemory } from "../contract/room.world.ts";

const log = newLog("silent", { write() {} });
const verbs = [{ name: "help", about: "What I can do", args: [] }];

export async function openStage(): Promise<Stage> {
  const stage = new Stage();
  await stage.open(0);
  return stage;
}

export class Stage implements Ears {
  readonly forms = FORMS;
  readonly commands = [{ name: "together", about: "For everyone", hidden: false, verbs }];
  /** What people did. */
  readonly taken: Inbound[] = [];
  /** Told privately to whoever acts next. */
  answer: Message | undefined;
  harvest = "";
  address = "";
  readonly #clock = new PushableClock(systemClock);
  readonly #memory = arrayMemory();
  #web: Web | undefined;
  #room: Room | undefined;

  get room(): Room {
    if (!this.#room) throw new Error("The stage is not open.");
    return this.#room;
  }

  async open(port: number): Promise<void> {
    const clock = this.#clock;
    const web = createWeb({ host: "127.0.0.1", port, log });
    const facilitating = {
      strip: async () => ({ clock: clock.now(), zone: "Europe/London" }),
      pushClock: async () => clock.push(3_600_000),
      harvest: async () => this.harvest,
    };
    this.#web = web;
    this.#room = room(
      { channel: "better-together", memory: this.#memory, facilitating },
      { clock, log, phrases: PHRASES, mount: web.mount },
    );
    servePage(web);
    await this.#room.start(this);
    this.address = await web.listen();
  }

  /** The same room on the same port, as after a restart of the program. */
  async restart(): Promise<void> {
    await this.stop();
    await this.open(Number(new URL(this.address).port));
  }

  async stop(): Promise<void> {
    await this.#room?.stop();
    await this.#web?.close();
  }

  /** Posts as Together, in the channel. */
  async post(message: Message): Promise<MessageRef> {
    // The stage stands in for the outbox, who brands the keys.
    return this.room.post(await this.room.channel("better-together"), message, "key" as SendKey);
  }

  async take(event: Inbound): Promise<void> {
    this.taken.push(event);
    if ("whisper" in event && this.answer) await this.room.whisper(event.whisper, this.answer);
  }

  prefill = async () => ({});

  connected(): void {}
}
