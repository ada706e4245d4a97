/** What Bolt hears → what the core takes, and Slack's answer once it is taken. */
import { createHash } from "node:crypto";
import type { AckFn, App, BlockAction, ButtonAction, SlashCommand, ViewSubmitAction } from "@slack/bolt";
import type { Button, Ears, Inbound, Message, Prefill, Surroundings, UserId, Whisper } from "../../src/platform.ts";
import { PlatformError } from "../../src/platform.ts";
import { check, modal, type Origin, originOf } from "./forms.ts";
import { type Here, heardOf, lineOf, type Said } from "./hearing.ts";
import { instantOf, type Spot } from "./ids.ts";

/** What the listeners need of the rest of the adapter. */
export interface Desk {
  readonly ears: Ears;
  readonly here: Here;
  readonly around: Surroundings;
  isBot(user: string): Promise<boolean>;
  openModal(trigger: string, view: ReturnType<typeof modal>): Promise<void>;
  whisper(to: Whisper, message: Message): Promise<void>;
}

/** Milliseconds that `prefill` may take of the three seconds in which a form can be opened. */
const PREFILL = 1_000;
/** Milliseconds. Slack never says that a whisper can no longer be shown; after an hour nobody waits for it. */
const WHISPER = 3_600_000;

/** Every listener rejects where the core did not take it; the receiver then does not acknowledge. */
export function listen(app: App, desk: Desk): void {
  app.event("message", async ({ event, body }) => {
    // Bolt's union of all subtypes; `Said` names the parts that any of them may have.
    const inbound = await heardOf(body.event_id, event as Said, desk.here);
    if (inbound) await desk.ears.take(inbound);
  });
  app.event("member_joined_channel", ({ event, body }) => moved("joined", event, body.event_id, desk));
  app.event("member_left_channel", ({ event, body }) => moved("left", event, body.event_id, desk));
  app.action<BlockAction>({ type: "block_actions" }, async ({ body, ack }) => {
    const [action] = body.actions;
    if (action?.type === "button") await pressed(action, body, desk);
    await ack();
  });
  app.view<ViewSubmitAction>({ type: "view_submission", callback_id: /.*/ }, ({ body, ack }) =>
    submitted(body, ack, desk),
  );
  app.command(/.*/, ({ command, ack }) => commanded(command, ack, desk));
}

interface Moved {
  readonly user: string;
  readonly channel: string;
  readonly event_ts: string;
}

async function moved(
  kind: "joined" | "left",
  { user, channel, event_ts }: Moved,
  event: string,
  desk: Desk,
): Promise<void> {
  const { ids, me } = desk.here;
  if (user === me || (await desk.isBot(user))) return;
  await desk.ears.take({
    kind,
    event,
    by: { id: ids.user(user) },
    at: instantOf(event_ts),
    place: ids.place({ channel }),
  });
}

async function pressed(action: ButtonAction, body: BlockAction, desk: Desk): Promise<void> {
  const { ids } = desk.here;
  const { container } = body;
  const channel = body.channel?.id;
  if (channel === undefined) return;
  const seen =
    typeof container["message_ts"] === "string" && !container["is_ephemeral"] ? container["message_ts"] : undefined;
  const thread =
    typeof container["thread_ts"] === "string" && container["thread_ts"] !== seen ? container["thread_ts"] : undefined;
  const spot = { channel, ...(thread !== undefined && { thread }) };
  const whisper = whisperTo(body.user.id, spot, desk);
  if (action.value) return open(action, { ...spot, ...(seen && { message: seen }) }, body, whisper, desk);
  await takenOrTold(whisper, desk, {
    kind: "pressed",
    // A press has no id of its own; nobody presses one button twice at one instant.
    event: [channel, container["message_ts"], action.action_id, body.user.id, action.action_ts].join("/"),
    by: { id: ids.user(body.user.id) },
    at: instantOf(action.action_ts),
    button: action.action_id,
    place: ids.place(spot),
    ...(seen && { message: ids.message(channel, seen) }),
    whisper,
  });
}

/** A press cannot be sent again by Slack: who pressed is told, and Slack marks the button with a warning. */
async function takenOrTold(whisper: Whisper, desk: Desk, inbound: Inbound): Promise<void> {
  try {
    await desk.ears.take(inbound);
  } catch (error) {
    await told(whisper, { body: [{ kind: "text", text: desk.around.phrases.notKept }] }, desk);
    throw error;
  }
}

const told = (whisper: Whisper, message: Message, desk: Desk): Promise<void> =>
  desk
    .whisper(whisper, message)
    .catch(() => desk.around.log.warn("A person could not be told that something went wrong."));

type Opens = NonNullable<Button["opens"]>;

/** Where the form cannot be opened any more (Slack allows three seconds), the person gets the button anew. */
async function open(
  action: ButtonAction,
  at: Omit<Origin, "about">,
  body: BlockAction,
  whisper: Whisper,
  desk: Desk,
): Promise<void> {
  const { around, here, ears } = desk;
  const opens = opensOf(action.value ?? "");
  const form = ears.forms.find(({ id }) => id === opens?.form);
  const outOfDate: Message = { body: [{ kind: "text", text: around.phrases.outOfDate }] };
  if (!opens || !form) return told(whisper, outOfDate, desk);
  const prefill = await prefilled(opens, here.ids.user(body.user.id), desk);
  try {
    await desk.openModal(
      body.trigger_id,
      modal(form, { about: opens.about, ...at }, prefill, here.ids, around.phrases),
    );
  } catch {
    const again: Button = { id: action.action_id, label: around.phrases.openAgain, opens };
    await told(whisper, { ...outOfDate, buttons: [again] }, desk);
  }
}

function opensOf(value: string): Opens | undefined {
  try {
    const { form, about } = JSON.parse(value);
    return typeof form === "string" && typeof about === "string" ? { form, about } : undefined;
  } catch {
    return undefined;
  }
}

/** Empty where the core fails or takes too long. */
function prefilled({ form, about }: Opens, person: UserId, { ears, around }: Desk): Promise<Prefill> {
  return new Promise((done) => {
    const cancel = around.clock.after(PREFILL, () => done({}));
    void ears
      .prefill(form, about, person)
      .catch(() => ({}))
      .then(done)
      .finally(cancel);
  });
}

/** A form that is not taken stays open with its words, and says why on its first field. */
async function submitted(body: ViewSubmitAction, ack: AckFn<never>, desk: Desk): Promise<void> {
  const { around, ears, here } = desk;
  const { view, user } = body;
  const form = ears.forms.find(({ id }) => id === view.callback_id);
  const origin = originOf(view);
  // Bolt's type of this acknowledgement is hidden behind a conditional one; this is Slack's documented shape.
  const complain = (errors: Record<string, string>) => ack({ response_action: "errors", errors } as never);
  const first = view.blocks[0]?.block_id ?? "";
  if (!form || !origin) return complain({ [first]: around.phrases.outOfDate });
  const checked = check(form, view, here.ids, around.phrases);
  if ("errors" in checked) return complain(checked.errors);
  try {
    await ears.take(sent(form.id, origin, checked.values, view.id, user.id, desk));
  } catch {
    around.log.warn("A form could not be kept; it stays open before the person.", { form: form.id });
    return complain({ [first]: around.phrases.notKept });
  }
  await ack();
}

function sent(
  form: string,
  origin: Origin,
  values: Record<string, string>,
  view: string,
  user: string,
  desk: Desk,
): Inbound {
  const { ids } = desk.here;
  const { about, channel, thread, message } = origin;
  const spot = { channel, ...(thread !== undefined && { thread }) };
  // One open form sent twice with the same words is one event; with other words it is another.
  const words = createHash("sha256").update(JSON.stringify(values)).digest("base64url").slice(0, 16);
  return {
    kind: "submitted",
    event: `${view}/${words}`,
    by: { id: ids.user(user) },
    at: desk.around.clock.now(),
    form,
    about,
    values,
    place: ids.place(spot),
    ...(message !== undefined && { message: ids.message(channel, message) }),
    whisper: whisperTo(user, spot, desk),
  };
}

async function commanded(command: SlashCommand, ack: AckFn<{ text: string }>, desk: Desk): Promise<void> {
  const { around, ears, here } = desk;
  const spot = { channel: command.channel_id };
  const { line, people } = await lineOf(command.text ?? "", here);
  try {
    await ears.take({
      kind: "commanded",
      event: command.trigger_id,
      by: { id: here.ids.user(command.user_id) },
      at: around.clock.now(),
      command: command.command.replace(/^\//, ""),
      line,
      people,
      place: here.ids.place(spot),
      whisper: whisperTo(command.user_id, spot, desk),
    });
  } catch {
    around.log.warn("A command could not be kept.", { command: command.command });
    return ack({ text: around.phrases.notKept });
  }
  await ack();
}

/** Read again by `addressOf`, which throws `invalid` for anything else. */
const whisperTo = (user: string, spot: Spot, desk: Desk): Whisper => ({
  address: JSON.stringify({ user, ...spot }),
  expires: desk.around.clock.now() + WHISPER,
});

export function addressOf({ address }: Whisper): Spot & { readonly user: string } {
  try {
    return JSON.parse(address);
  } catch (cause) {
    throw new PlatformError("invalid", "That is no address of a whisper in Slack.", { cause });
  }
}
