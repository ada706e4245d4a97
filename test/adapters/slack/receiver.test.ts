/** Journal first, acknowledge second. */
import { expect, onTestFinished, test, vi } from "vitest";
import { VirtualClock } from "../../../src/clock.ts";
import type { Inbound } from "../../../src/platform.ts";
import { Listener } from "../../contract/listener.ts";
import { faultOf, key, prompted, says, stage, until, worldOf } from "./stage.ts";

test.each(["socket", "http"] as const)(
  "promise 16: by %s, an event is acknowledged only when the core holds it",
  async (way) => {
    const here = await stage(way);
    const { handle } = await prompted(here);
    let hold = () => {};
    const taking = new Promise<Inbound>((taken) => {
      here.ears.take = (event) => {
        taken(event);
        return new Promise((held) => {
          hold = held;
        });
      };
    });
    let acknowledged = false;
    const said = here.world.says("ana", handle, "hold me").then(() => {
      acknowledged = true;
    });
    await taking;
    await new Promise((done) => setImmediate(done));
    expect(acknowledged).toBe(false);
    hold();
    await said;
    expect(acknowledged).toBe(true);
  },
);

test.each(["socket", "http"] as const)(
  "promise 17: by %s, an event that the store refuses comes again with its id, and is kept once",
  async (way) => {
    const here = await stage(way);
    const { handle } = await prompted(here);
    const tried: string[] = [];
    const take = here.ears.take.bind(here.ears);
    here.ears.take = (event) => {
      tried.push(event.event);
      return take(event);
    };
    here.ears.refusals = 2;
    await here.world.says("ana", handle, "third time lucky");
    expect(tried.length).toBeGreaterThanOrEqual(3);
    expect(new Set(tried).size).toBe(1);
    expect(here.ears.only("replied").text).toBe("third time lucky");
  },
);

test("promise 22: a form that the store refuses stays open with its words and says why; sent twice, it is one event", async () => {
  const here = await stage();
  const opens = { form: "short", about: "a1" };
  await here.platform.post(here.channel, { ...says("Write"), buttons: [{ id: "w", label: "Write", opens }] }, key("w"));
  const [seen] = await here.world.sees("ana");
  const form = await here.world.presses("ana", seen?.handle ?? "", "Write");
  if (!form) throw new Error("No form opened.");
  here.ears.refusals = 1;
  expect((await here.world.submits("ana", form, { words: "kept open" })).errors).toEqual({
    words: "I could not keep that. Please try again.",
  });
  await here.world.submits("ana", form, { words: "kept open" });
  await here.world.submits("ana", form, { words: "kept open" });
  const sent = here.ears.taken.filter((event) => event.kind === "submitted");
  expect([sent.length, new Set(sent.map((event) => event.event)).size]).toEqual([2, 1]);
});

test("promise 39: a form that the store takes too long for says so within three seconds, and sent again it is one event", async () => {
  const clock = new VirtualClock(Date.now());
  const { world, platform, channel, ears } = await stage("socket", { clock });
  const opens = { form: "short", about: "a1" };
  await platform.post(channel, { ...says("Write"), buttons: [{ id: "w", label: "Write", opens }] }, key("w"));
  const [seen] = await world.sees("ana");
  const form = await world.presses("ana", seen?.handle ?? "", "Write");
  if (!form) throw new Error("No form opened.");
  const take = ears.take.bind(ears);
  let hold = () => {};
  const taking = new Promise<void>((taken) => {
    ears.take = async (event) => {
      taken();
      await new Promise<void>((held) => {
        hold = held;
      });
      await take(event);
    };
  });
  const sent = world.submits("ana", form, { words: "slowly" });
  await taking;
  const begun = clock.now();
  await clock.advance(2_500);
  expect((await sent).errors).toEqual({ words: "I could not keep that. Please try again." });
  // The store has it after all, and Ana, who was told otherwise, sends it once more.
  hold();
  ears.take = take;
  await world.submits("ana", form, { words: "slowly" });
  expect(ears.only("submitted").values).toEqual({ words: "slowly" });
  console.info(`promise 39: a slow store: Slack's form is answered after ${(clock.now() - begun) / 1_000} s of its 3`);
});

test.each(["press", "command"] as const)(
  "promise 39: a %s that the store takes too long for is acknowledged in time, and its failure told later",
  async (what) => {
    const clock = new VirtualClock(Date.now());
    const { world, platform, channel, ears } = await stage("socket", { clock });
    await platform.post(channel, { ...says("Here"), buttons: [{ id: "b", label: "Press" }] }, key("b"));
    const [seen] = await world.sees("ana");
    let fail = () => {};
    const taking = new Promise<void>((taken) => {
      ears.take = () => {
        taken();
        return new Promise((_, failed) => {
          fail = () => failed(new Error("The store is full."));
        });
      };
    });
    const act = {
      press: () => world.presses("ana", seen?.handle ?? "", "Press"),
      command: () => world.commands("ana", "together", "help"),
    };
    const acted = act[what]();
    await taking;
    await clock.advance(2_500);
    await acted;
    expect((await world.sees("ana")).filter(({ onlyFor }) => onlyFor)).toEqual([]);
    fail();
    await until(() => world.server.workspace.screenOf(world.idOf("ana")).some(({ onlyFor }) => onlyFor));
    expect((await world.sees("ana")).at(-1)).toMatchObject({
      onlyFor: "ana",
      text: "I could not keep that. Please try again.",
    });
  },
);

test("a stop waits for what was heard and hears no more", async () => {
  const here = await stage();
  const { handle } = await prompted(here);
  let hold = () => {};
  const taking = new Promise<void>((taken) => {
    here.ears.take = () => {
      taken();
      return new Promise((held) => {
        hold = held;
      });
    };
  });
  const said = here.world.says("ana", handle, "last words");
  await taking;
  let stopped = false;
  const stopping = here.platform.stop().then(() => {
    stopped = true;
  });
  await new Promise((done) => setImmediate(done));
  expect(stopped).toBe(false);
  hold();
  await stopping;
  await said;
  await until(() => here.world.server.connected === 0);
});

test("a start while Slack is away is refused as such, and the next one goes through", async () => {
  const world = await worldOf();
  const platform = world.adapter();
  onTestFinished(() => platform.stop());
  const faults = [];
  for (const method of ["auth.test", "apps.connections.open"]) {
    world.server.fails({ method, answer: { status: 503, body: "<html>" } });
    faults.push((await faultOf(platform.start(new Listener()))).fault);
  }
  expect(faults).toEqual(["unknown", "unknown"]);
  const ears = new Listener();
  await platform.start(ears);
  expect([platform.connection(), ears.connections, world.server.connected]).toEqual([{ connected: true }, 1, 1]);
  // What follows a start may fail, and then it is started anew: never with two sockets.
  await platform.start(ears);
  await until(() => world.server.connected === 1);
});

test("a socket on which nothing is said is given up", async () => {
  const world = await worldOf();
  world.server.mute = true;
  const soon = { now: () => Date.now(), after: (_ms: number, call: () => void) => stopper(setTimeout(call, 20)) };
  const platform = world.adapter({ clock: soon });
  expect((await faultOf(platform.start(new Listener()))).fault).toBe("unknown");
  world.server.mute = false;
  onTestFinished(() => platform.stop());
});

const stopper = (timer: NodeJS.Timeout) => () => clearTimeout(timer);

test("nonsense on the socket ends nothing", async () => {
  const lost = vi.fn();
  process.on("unhandledRejection", lost);
  onTestFinished(() => void process.off("unhandledRejection", lost));
  const here = await stage();
  const { handle } = await prompted(here);
  const nonsense = [
    "",
    "{",
    "null",
    "[]",
    '{"type":"events_api","payload":{}}',
    '{"type":"interactive"}',
    '{"type":"new"}',
  ];
  for (const message of nonsense) here.world.server.sendRaw(message);
  here.world.server.sendRaw(
    '{"type":"events_api","envelope_id":"1","payload":{"type":"event_callback","event":{"type":"message"}}}',
  );
  here.world.server.sendRaw(
    '{"type":"interactive","envelope_id":"2","payload":{"type":"block_actions","actions":[],"user":{"id":"U1"}}}',
  );
  here.world.server.sendRaw(
    '{"type":"interactive","envelope_id":"3","payload":{"type":"view_submission","user":{"id":"U1"},"view":{}}}',
  );
  await here.world.says("ana", handle, "still here");
  expect(here.ears.only("replied").text).toBe("still here");
  expect(lost).not.toHaveBeenCalled();
});
