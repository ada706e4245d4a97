/** SLACK_API_URL reaches every call: nothing leaves for another host, and no token or word of a person for the log. */
import { subscribe, unsubscribe } from "node:diagnostics_channel";
import { format } from "node:util";
import { expect, onTestFinished, test, vi } from "vitest";
import type { Log } from "../../../src/platform.ts";
import { faultOf, key, prompted, says, stage } from "./stage.ts";

const PNG = "iVBORw0KGgo=";

/** Every host that any request of this process goes to, whichever HTTP library sends it. */
function hosts(): Set<string> {
  const seen = new Set<string>();
  const undici = (message: unknown) => {
    const { request } = message as { request: { origin: string } }; // The channel's documented shape.
    seen.add(new URL(request.origin).hostname);
  };
  const http = (message: unknown) => {
    const { request } = message as { request: { host: string } }; // The channel's documented shape.
    seen.add(request.host);
  };
  subscribe("undici:request:create", undici);
  subscribe("http.client.request.start", http);
  onTestFinished(() => {
    unsubscribe("undici:request:create", undici);
    unsubscribe("http.client.request.start", http);
  });
  return seen;
}

test("a whole life by socket: one host, and no secret in any log", async () => {
  const went = hosts();
  const lines: string[] = [];
  const printed: string[] = [];
  const note = (message: string, facts?: unknown) => void lines.push(format(message, facts));
  const log: Log = { debug: note, info: note, warn: note, error: note };
  const spies = (["log", "info", "warn", "error", "debug"] as const).map((grade) =>
    vi.spyOn(console, grade).mockImplementation((...words) => void printed.push(format(...words))),
  );
  onTestFinished(() => spies.forEach((spy) => void spy.mockRestore()));
  const here = await stage("socket", {}, log);
  const { world, platform, channel, ears } = here;
  const { ref, thread, handle } = await prompted(here);
  const opens = { form: "short", about: "a1" };
  await platform.post(
    thread,
    {
      ...says("Write"),
      buttons: [
        { id: "w", label: "Write", opens },
        { id: "b", label: "Press" },
      ],
    },
    key("w"),
  );
  await platform.post(channel, { ...says("Look"), picture: { png: PNG, alt: "A dot" } }, key("p"));
  await world.says("ana", handle, "canary words of ana <@U00000002>");
  const written = (await world.sees("ana")).find((seen) => seen.buttons.includes("Write"))?.handle ?? "";
  const form = await world.presses("ana", written, "Write");
  if (form) await world.submits("ana", form, { words: "canary words of ana" });
  await world.presses("ana", written, "Press");
  await world.commands("ana", "together", "quote canary words of ana");
  for (const event of ears.taken) if ("whisper" in event) await platform.whisper(event.whisper, says("Kept."));
  await platform.edit(ref, says("Edited"), key("prompt"));
  await platform.members(channel);
  await platform.openRoom(
    channel,
    ["ana", "ben"].map((who) => platform.user(world.idOf(who))),
    "Two",
  );
  ears.refusals = 8;
  await world.says("ana", handle, "canary words of ana, refused");
  await world.commands("ana", "together", "canary words of ana");
  world.server.fails({ method: "chat.postMessage", answer: { status: 500, body: "xoxb-1-canary-bot-token" } });
  world.server.fails({ method: "chat.update", answer: "reset" });
  lines.push((await faultOf(platform.edit(ref, says("canary words of ana"), key("prompt")))).message);
  lines.push((await faultOf(platform.post(channel, says("canary words of ana"), key("z")))).message);
  await platform.remove(ref);
  await platform.stop();
  expect([...went]).toEqual(["127.0.0.1"]);
  expect(new Set(ears.taken.map((event) => event.kind))).toEqual(
    new Set(["replied", "submitted", "pressed", "commanded"]),
  );
  expect(lines.length).toBeGreaterThan(1);
  expect(lines.filter((line) => /canary/.test(line))).toEqual([]);
  expect(printed).toEqual([]);
});

test("an answer that leads elsewhere is not followed", async () => {
  const went = hosts();
  const { world, platform, channel } = await stage();
  const body = JSON.stringify({ ok: true, file_id: "F1", upload_url: "https://evil.example/upload" });
  world.server.fails({ method: "files.getUploadURLExternal", answer: { body } });
  await faultOf(platform.post(channel, { ...says("Look"), picture: { png: PNG, alt: "A dot" } }, key("p")));
  expect([...went]).toEqual(["127.0.0.1"]);
});
