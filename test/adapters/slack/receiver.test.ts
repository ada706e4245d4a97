/** Journal first, acknowledge second; and a connection that always comes back. */
import { expect, onTestFinished, test, vi } from "vitest";
import type { Inbound, Log } from "../../../src/platform.ts";
import { Listener } from "../../contract/listener.ts";
import { APP_TOKEN, BOT_TOKEN, SlackServer } from "../../fakes/slack/server.ts";
import { faultOf, hurried, key, prompted, says, stage, until, worldOf } from "./stage.ts";

test.each(["socket", "http"] as const)("by %s, an event is acknowledged only when the core holds it", async (way) => {
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
});

test.each(["socket", "http"] as const)(
  "by %s, an event that the store refuses comes again with its id",
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

test("a form that the store refuses stays open with its words and says why", async () => {
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

test("Slack's planned change of sockets is over at once, and what was missed is asked for", async () => {
  const { world, ears, platform } = await stage();
  world.server.refresh();
  await until(() => ears.connections === 2);
  expect(platform.connection()).toEqual({ connected: true });
  expect(world.server.connected).toBe(1);
});

test("after an outage the socket comes back by itself", async () => {
  const { world, ears, platform } = await stage("socket", { clock: hurried });
  const { port } = world.server;
  await world.server.close();
  await until(() => !platform.connection().connected);
  await new Promise((done) => setTimeout(done, 50));
  const back = new SlackServer();
  await back.listen(port);
  onTestFinished(() => back.close());
  await until(() => ears.connections === 2);
  expect(back.connected).toBe(1);
});

test("a token that is revoked while we run is told, not thrown", async () => {
  const { world, platform } = await stage();
  world.server.revoked.add(APP_TOKEN);
  world.server.refresh();
  await until(() => !platform.connection().connected);
  await until(() => JSON.stringify(platform.connection()).includes("token_revoked"));
  expect(platform.connection()).toMatchObject({ why: expect.stringContaining("Install the app anew") });
});

test.each([
  ["bot", BOT_TOKEN],
  ["app-level", APP_TOKEN],
])("a revoked %s token refuses the start and says what to do", async (_which, token) => {
  const world = await worldOf();
  world.server.revoked.add(token);
  const error = await faultOf(world.adapter().start(new Listener()));
  expect(error.fault).toBe("denied");
  expect(error.message).toContain("token_revoked");
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

test("a second copy of the app is noticed, since Slack would give each of them half", async () => {
  const told: unknown[] = [];
  const log: Log = { debug() {}, info() {}, error() {}, warn: (message, facts) => void told.push([message, facts]) };
  const { world } = await stage("socket", {}, log);
  expect(told).toEqual([]);
  const second = world.adapter();
  onTestFinished(() => second.stop());
  await second.start(new Listener());
  expect(told).toEqual([[expect.stringContaining("more than once"), { connections: 2 }]]);
});

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
