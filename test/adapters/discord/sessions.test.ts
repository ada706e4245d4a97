/** How often a session is begun: Discord resets the token of a bot that begins a thousand a day. */
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { Memory } from "../../../adapters/discord/sessions.ts";
import { memoryIn } from "../../../src/furnishing.ts";
import { memoryStore } from "../../../src/store/memory.ts";
import { DiscordStage, fault } from "./stage.ts";

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

describe("sessions on Discord", () => {
  let stage: DiscordStage;
  beforeEach(async () => {
    stage = await DiscordStage.open();
  });
  afterEach(() => stage.close());

  const keeping = () => memoryIn(memoryStore(stage.clock), "discord");

  /** A process that comes up, and falls down again soon; true if it was connected. */
  async function lives(memory: Memory): Promise<boolean> {
    const starting = stage.adapter({ memory }).start(stage.ears);
    const started = starting.then(
      () => true,
      () => false,
    );
    let over = false;
    void started.finally(() => {
      over = true;
    });
    while (!over) await stage.clock.advance(1_000);
    await stage.platform.stop();
    return await started;
  }

  /** The most that were begun within any one hour. */
  const worstHour = (instants: readonly number[]) =>
    Math.max(...instants.map((from) => instants.filter((at) => at >= from && at < from + HOUR).length));

  test("promise 41: of a program that is started 100 times, at most ten an hour", async () => {
    const memory = keeping();
    for (let start = 0; start < 100; start++) {
      await lives(memory);
      await stage.clock.advance(2 * MINUTE);
    }
    const { identifies } = stage.fake.gateway;
    const worst = worstHour(identifies);
    const hours = (stage.clock.now() - (identifies[0] ?? 0)) / HOUR;
    console.info(
      `promise 41: Discord: 100 starts in ${hours.toFixed(1)} h, ${identifies.length} IDENTIFYs, ${worst} in the worst hour`,
    );
    expect(worst).toBeLessThanOrEqual(10);
    expect(identifies.length).toBeGreaterThan(10);
  });

  test("promise 41: an operator who starts it a few times is not kept waiting", async () => {
    const memory = keeping();
    const began = stage.clock.now();
    for (let start = 0; start < 5; start++) expect(await lives(memory)).toBe(true);
    // Five seconds between two are Discord's own rule.
    expect(stage.clock.now() - began).toBeLessThan(30_000);
    const error = await fault(stage.adapter({ memory }).start(stage.ears));
    expect(error).toMatchObject({ fault: "busy", message: expect.stringMatching(/may be begun in \d+ s/) });
    expect(stage.platform.connection()).toEqual({ connected: false, why: expect.stringContaining("may be begun in") });
    await stage.clock.advance(error.retryAfterMs);
    expect(await lives(memory)).toBe(true);
  });

  test("promise 41: when Discord says that the day's are used up, none is begun", async () => {
    stage.fake.gateway.remaining = 0;
    const error = await fault(stage.platform.start(stage.ears));
    expect(error).toMatchObject({ fault: "busy", message: "Discord lets the bot begin no more sessions today." });
    expect(stage.fake.gateway.identified).toBe(0);
  });

  test("promise 41: a memory that fails keeps nobody out", async () => {
    const failing = { load: () => Promise.reject(new Error("disk")), save: () => Promise.reject(new Error("disk")) };
    stage.adapter({ memory: failing });
    await stage.start();
    expect(stage.platform.connection()).toEqual({ connected: true });
    expect(stage.logged.map(({ message }) => message)).toEqual([
      "Discord: when the last sessions were begun could not be read.",
      "Discord: when a session was begun could not be remembered.",
    ]);
  });

  test("promise 41: within one life, too, they are begun ever more slowly", async () => {
    const { gateway } = stage.fake;
    const memory = keeping();
    for (let start = 0; start < 4; start++) await lives(memory);
    await stage.clock.advance(5_000);
    stage.adapter({ memory });
    await stage.start();
    const before = stage.ears.connections;
    gateway.hangUp(4007);
    await stage.until(() => !stage.platform.connection().connected && gateway.hasClient);
    await stage.fake.settle();
    await stage.clock.advance(MINUTE - 1);
    expect(gateway.identified).toBe(5);
    await stage.clock.advance(1);
    await stage.until(() => stage.ears.connections === before + 1);
    expect(gateway.identified).toBe(6);
  });
});
