/** What Slack tells → what the core takes. Every listener rejects where the core did not take it; then nothing is acknowledged. */
import type { AckFn, App, BlockAction, SlashCommand, ViewSubmitAction } from "@slack/bolt";
import type { Ears, Message, Surroundings, Whisper } from "../../src/platform.ts";
import type { modal } from "./forms.ts";
import { type Here, heardOf, lineOf, type Said } from "./hearing.ts";
import { instantOf } from "./ids.ts";
import { keptOrTold, pressed, submitted } from "./interactions.ts";
import type { Envelope } from "./receiver.ts";
import { whisperTo } from "./whispers.ts";

/** What the listeners need of the rest of the adapter. */
export interface Desk {
  readonly ears: Ears;
  readonly here: Here;
  readonly around: Surroundings;
  isBot(user: string): Promise<boolean>;
  openModal(trigger: string, view: ReturnType<typeof modal>): Promise<void>;
  whisper(to: Whisper, message: Message): Promise<void>;
}

/** Whatever a person is answered at once; events come to `happened`. */
export function listen(app: App, desk: Desk): void {
  app.action<BlockAction>({ type: "block_actions" }, async ({ body, ack }) => {
    const [action] = body.actions;
    if (action?.type === "button") await pressed(action, body, desk);
    await ack();
  });
  const anyForm = { type: "view_submission" as const, callback_id: /.*/ };
  app.view<ViewSubmitAction>(anyForm, ({ body, ack }) => submitted(body, ack, desk));
  app.command(/.*/, ({ command, ack }) => commanded(command, ack, desk));
}

/** Resolves when it is kept, or is nothing that the core should hear. */
export async function happened({ event, event_id: id }: Envelope, desk: Desk): Promise<void> {
  // Optional: by HTTP an envelope may come empty.
  switch (event?.type) {
    case "message": {
      // Bolt's union of all subtypes; `Said` names the parts that any of them may have.
      const inbound = await heardOf(id, event as Said, desk.here);
      return inbound && desk.ears.take(inbound);
    }
    case "member_joined_channel":
      return moved("joined", event, id, desk);
    case "member_left_channel":
      return moved("left", event, id, desk);
  }
}

interface Moved {
  readonly user: string;
  readonly channel: string;
  readonly event_ts: string;
}

async function moved(kind: "joined" | "left", { user, channel, event_ts }: Moved, event: string, desk: Desk) {
  const { ids, me } = desk.here;
  if (user === me || (await desk.isBot(user))) return;
  const place = ids.place({ channel });
  await desk.ears.take({ kind, event, by: { id: ids.user(user) }, at: instantOf(event_ts), place });
}

/** Slack does not send a command again; who typed it is told where it could not be kept. */
async function commanded(command: SlashCommand, ack: AckFn<never>, desk: Desk): Promise<void> {
  const { around, here } = desk;
  const { user_id: user, channel_id: channel, trigger_id: event } = command;
  const at = around.clock.now();
  const typed = await lineOf(command.text ?? "", here);
  const where = { place: here.ids.place({ channel }), whisper: whisperTo({ channel, user }, at) };
  const name = command.command.replace(/^\//, "");
  const said = { kind: "commanded" as const, event, by: { id: here.ids.user(user) }, at, command: name, ...typed };
  await keptOrTold({ ...said, ...where }, desk);
  await ack();
}
