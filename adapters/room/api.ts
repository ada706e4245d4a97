/** The page's side of the room over HTTP: one stream of what a person sees, one door for what they do. */
import type { Surroundings } from "../../src/platform.ts";
import { Refused } from "./faults.ts";
import type { Room } from "./room.ts";
import type { Facilitating, Push, RoomSettings } from "./settings.ts";

/** Tells the page that time goes on, and keeps proxies from giving up on a quiet stream. */
const HEARTBEAT_MS = 25_000;
/** Changes that wait for a slow reader; whoever falls further behind is cut off, and starts over with everything. */
const BEHIND = 1_000;
const encoder = new TextEncoder();
const PUSHES: readonly Push[] = ["hour", "next", "evening", "day-two"];

type Asked = Readonly<Record<string, unknown>>;

export function serve(room: Room, settings: RoomSettings, around: Surroundings): void {
  const { facilitating } = settings;
  const mount = (method: "GET" | "POST", path: string, handler: (request: Request) => Promise<Response>) =>
    around.mount(
      path,
      async (request) => (request.method === method ? handler(request) : wrongMethod(method)),
      "local",
    );
  mount("GET", "/room/stream", (request) => stream(room, settings.channel, around, request));
  mount("POST", "/room/do", (request) => act(room, request));
  if (!facilitating) return;
  mount("GET", "/room/strip", async () => Response.json(await facilitating.strip()));
  mount("GET", "/room/harvest", async () => Response.json({ markdown: await facilitating.harvest() }));
  mount("POST", "/room/clock", (request) => push(facilitating, request));
}

const wrongMethod = (allow: string) =>
  new Response(`Only ${allow} is answered here.\n`, { status: 405, headers: { allow } });

/** Server-sent events: first `everything`, then each change. A browser that was cut off starts over with everything. */
async function stream(room: Room, channel: string, { clock }: Surroundings, request: Request): Promise<Response> {
  const asked = new URL(request.url).searchParams.get("as") ?? "";
  let end = () => {};
  const start = async (controller: ReadableStreamDefaultController<Uint8Array>) => {
    const say = (name: string, data: unknown) => {
      controller.enqueue(encoder.encode(`event: ${name}\ndata: ${JSON.stringify(data)}\n\n`));
      if ((controller.desiredSize ?? 0) >= -BEHIND) return;
      end();
      controller.close();
    };
    const me = await room.views.guest(asked);
    const stop = room.views.watch(me, (sight) => say("sight", sight));
    let cancelBeat = () => {};
    const beat = () => {
      cancelBeat = clock.after(HEARTBEAT_MS, beat);
      say("beat", clock.now());
    };
    end = () => {
      stop();
      cancelBeat();
    };
    try {
      say("everything", { ...(await room.views.of(me)), channel, commands: room.doings.commands() });
      cancelBeat = clock.after(HEARTBEAT_MS, beat);
    } catch (error) {
      end();
      throw error;
    }
  };
  const body = new ReadableStream<Uint8Array>({ start, cancel: () => end() });
  return new Response(body, { headers: { "content-type": "text/event-stream" } });
}

async function act(room: Room, request: Request): Promise<Response> {
  try {
    const asked = asObject(await request.json());
    return Response.json({ ok: true, ...(await perform(room, asked)) });
  } catch (error) {
    if (error instanceof Refused) return Response.json({ ok: false, why: error.message }, { status: error.status });
    throw error;
  }
}

async function perform({ doings }: Room, asked: Asked): Promise<object> {
  const who = text(asked, "as");
  switch (asked["do"]) {
    case "say":
      return { message: await doings.says(who, text(asked, "place"), spoken(asked)) };
    case "edit":
      return { done: await doings.edits(who, text(asked, "message"), spoken(asked)) };
    case "retract":
      return { done: await doings.retracts(who, text(asked, "message")) };
    case "press":
      return { form: await doings.presses(who, text(asked, "message"), text(asked, "button")) };
    case "submit":
      return { errors: await doings.submits(who, submission(asked)) };
    case "command":
      return { done: await doings.types(who, text(asked, "place"), text(asked, "text")) };
    case "join":
      return { person: await doings.joins(text(asked, "name")) };
    default:
      throw new Refused(400, "I don't know what to do with that.");
  }
}

async function push(facilitating: Facilitating, request: Request): Promise<Response> {
  const { to } = asObject(await request.json());
  const known = PUSHES.find((one) => one === to);
  if (!known) return Response.json({ ok: false, why: "The clock can't go there." }, { status: 400 });
  await facilitating.pushClock(known);
  return Response.json({ ok: true });
}

function submission(asked: Asked) {
  const message = asked["message"];
  const values = Object.entries(asObject(asked["values"])).map(([id, value]) => {
    if (typeof value !== "string") throw new Refused(400, "A form's answers are words.");
    return [id, value] as const;
  });
  return {
    form: text(asked, "form"),
    about: text(asked, "about"),
    place: text(asked, "place"),
    ...(typeof message === "string" && { message }),
    values: Object.fromEntries(values),
  };
}

function spoken(asked: Asked): string {
  const said = text(asked, "text");
  if (said.trim() === "") throw new Refused(400, "There are no words in that yet.");
  return said;
}

function text(asked: Asked, name: string): string {
  const value = asked[name];
  if (typeof value !== "string") throw new Refused(400, `"${name}" is missing.`);
  return value;
}

function asObject(value: unknown): Asked {
  if (typeof value !== "object" || value === null || Array.isArray(value))
    throw new Refused(400, "That is not an object.");
  // An object that JSON made has string keys and whatever values.
  return value as Asked;
}
