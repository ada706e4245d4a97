/** A press, a form that opens, a form that is sent. */
import { createHash } from "node:crypto";
import type { AckFn, BlockAction, ButtonAction, ViewSubmitAction } from "@slack/bolt";
import type { Button, Form, Inbound, Message, Prefill, UserId, Whisper } from "../../src/platform.ts";
import { check, modal, type Origin, originOf } from "./forms.ts";
import type { Spot } from "./ids.ts";
import { inTime, KEEPING } from "./in-time.ts";
import type { Desk } from "./listening.ts";
import { whisperTo } from "./whispers.ts";

type Opens = NonNullable<Button["opens"]>;

/** Milliseconds that `prefill` may take of the three seconds in which a form can be opened. */
const PREFILL = 1_000;

/** A press cannot be sent again by Slack: who pressed is told where it could not be kept. */
export async function pressed(action: ButtonAction, body: BlockAction, desk: Desk): Promise<void> {
  const { ids } = desk.here;
  const stood = standing(body);
  if (!stood) return;
  // By our clock, since Slack does not tell when a form was sent: of two doings the later has to be known.
  const at = desk.around.clock.now();
  const whisper = whisperTo({ ...stood.spot, user: body.user.id }, at);
  if (action.value) return open(action, stood, body, whisper, desk);
  const { channel } = stood.spot;
  // A press has no id of its own; nobody presses one button twice at one instant.
  const event = [channel, body.container["message_ts"], action.action_id, body.user.id, action.action_ts].join("/");
  const by = { id: ids.user(body.user.id) };
  const where = {
    place: ids.place(stood.spot),
    ...(stood.message && { message: ids.message(channel, stood.message) }),
    whisper,
  };
  const press = { kind: "pressed" as const, event, by, at, button: action.action_id };
  await keptOrTold({ ...press, ...where }, desk);
}

/** Resolves in time to be acknowledged. Where the core does not take it, be it long after that, the person is told. */
export function keptOrTold(event: Inbound & { readonly whisper: Whisper }, desk: Desk): Promise<void> {
  const { around, ears } = desk;
  const kept = ears.take(event).catch(async () => {
    around.log.warn("What a person did could not be kept; they are told.", { kind: event.kind });
    await told(event.whisper, saying(around.phrases.notKept), desk);
  });
  return inTime(around.clock, KEEPING, kept, undefined);
}

/** Where the pressed message stands. A message that one person alone saw has no name afterwards. */
function standing({ channel, container }: BlockAction): { spot: Spot; message?: string } | undefined {
  if (!channel) return undefined;
  const { message_ts: ts, thread_ts: thread, is_ephemeral: whispered } = container;
  const spot = { channel: channel.id, ...(typeof thread === "string" && thread !== ts && { thread }) };
  return { spot, ...(typeof ts === "string" && !whispered && { message: ts }) };
}

/** Empty where its filling fails; where it cannot be opened any more (Slack allows three seconds), the person gets the button anew. */
async function open(
  { action_id: id, value = "" }: ButtonAction,
  at: { spot: Spot; message?: string },
  body: BlockAction,
  whisper: Whisper,
  desk: Desk,
): Promise<void> {
  const { around, here, ears } = desk;
  const opens = opensOf(value);
  const form = ears.forms.find((one) => one.id === opens?.form);
  const outOfDate = saying(around.phrases.outOfDate);
  if (!opens || !form) return told(whisper, outOfDate, desk);
  const origin = { about: opens.about, ...at.spot, ...(at.message && { message: at.message }) };
  const show = async (prefill: Prefill) =>
    desk.openModal(body.trigger_id, modal(form, origin, prefill, here.ids, around.phrases));
  const again = { ...outOfDate, buttons: [{ id, label: around.phrases.openAgain, opens }] };
  await show(await prefilled(opens, here.ids.user(body.user.id), desk))
    .catch(() => show({}))
    .catch(() => told(whisper, again, desk));
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
  return inTime(around.clock, PREFILL, ears.prefill(form, about, person), {}).catch(() => ({}));
}

/** A form that is not taken stays open with its words, and says why on its first field. */
export async function submitted({ view, user }: ViewSubmitAction, ack: AckFn<never>, desk: Desk): Promise<void> {
  const { around, ears, here } = desk;
  const form = ears.forms.find(({ id }) => id === view.callback_id);
  const origin = originOf(view);
  // Bolt's type of this acknowledgement is hidden behind a conditional one; this is Slack's documented shape.
  const complain = (errors: Record<string, string>) => ack({ response_action: "errors", errors } as never);
  const first = view.blocks[0]?.block_id ?? "";
  if (!form || !origin) return complain({ [first]: around.phrases.outOfDate });
  const checked = check(form, view, here.ids, around.phrases);
  if ("errors" in checked) return complain(checked.errors);
  const taken = ears.take(sent(form, origin, checked.values, view.id, user.id, desk)).then(() => true);
  // Kept a moment later all the same, it is sent again as the same event.
  if (await inTime(around.clock, KEEPING, taken, false).catch(() => false)) return ack();
  around.log.warn("A form could not be kept in time; it stays open before the person.", { form: form.id });
  await complain({ [first]: around.phrases.notKept });
}

function sent(
  form: Form,
  origin: Origin,
  values: Record<string, string>,
  view: string,
  user: string,
  { here, around }: Desk,
) {
  const { ids } = here;
  const { about, message, ...spot } = origin;
  const at = around.clock.now();
  // One open form sent twice with the same words is one event; with other words it is another.
  const words = createHash("sha256").update(JSON.stringify(values)).digest("base64url").slice(0, 16);
  return {
    kind: "submitted" as const,
    event: `${view}/${words}`,
    by: { id: ids.user(user) },
    at,
    form: form.id,
    about,
    values,
    place: ids.place(spot),
    ...(message !== undefined && { message: ids.message(spot.channel, message) }),
    whisper: whisperTo({ ...spot, user }, at),
  };
}

const saying = (text: string): Message => ({ body: [{ kind: "text", text }] });

const told = (whisper: Whisper, message: Message, { around, whisper: say }: Desk): Promise<void> =>
  say(whisper, message).catch(() => around.log.warn("A person could not be told that something went wrong."));
