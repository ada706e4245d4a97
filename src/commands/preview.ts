/** `/together-run pairs`: what a round would be, shown before anything is sent; one press brings them together. */
import { type Press, type Setting, whisper } from "../activities/activity.ts";
import { digest } from "../chance.ts";
import { deal } from "../dealing.ts";
import { PlatformError } from "../platform.ts";
import { roundId } from "../rounds.ts";
import type { Office, Reply, Use } from "./verb.ts";

const SIZES = { "2": 2, "3": 3, "4": 4, "5": 5 } as const;

const sizeOf = (typed: string) => (Object.hasOwn(SIZES, typed) ? SIZES[typed as keyof typeof SIZES] : undefined);

/** The button carries the event that the preview was asked with, and the round is named by it: what was shown is what is dealt. */
export async function preview(office: Office, use: Use & Setting): Promise<Reply> {
  const { say, timekeeper } = office;
  const [typed = "2"] = use.words;
  const size = sizeOf(typed);
  if (size === undefined) return say.spans("pairs.size-refused");
  const does = { activity: "pairs", size, mode: "any" } as const;
  const name = digest(use.event, 12);
  const { result, dealt } = await deal(office, use, does, roundId(timekeeper.keyByHand(use, does, name)));
  if (result.groups.length === 0) return say.spans("pairs.preview-nobody");
  const ties = result.groups.reduce((sum, group) => sum + (group.length * (group.length - 1)) / 2, 0);
  const body = say.spans("pairs.preview", {
    groups: result.groups.length,
    people: dealt.present.length,
    threes: size === 2 ? result.groups.filter((group) => group.length === 3).length : 0,
    fresh: ties - result.repeats,
    bridging: result.bridging,
    repeats: result.repeats,
    left: result.leftOut.filter(({ reason }) => reason !== "alone").length,
  });
  return { body, buttons: [{ id: `pairs-go:${use.community.id}:${size}:${name}`, label: say.text("pairs.go") }] };
}

/** Pressed, it is decided once more who may. */
export async function bringTogether(office: Office, press: Press): Promise<void> {
  const { say, facilitators, timekeeper } = office;
  const [, size = "", name = ""] = press.args;
  const groupSize = sizeOf(size);
  const may = await facilitators.may(press.platform, press.by).catch((error: unknown) => {
    if (error instanceof PlatformError) return undefined;
    throw error;
  });
  if (!may)
    return await whisper(office, press, say.spans(may === undefined ? "command.cannot-tell" : "command.refused"));
  if (groupSize === undefined) return await whisper(office, press, say.spans("form.out-of-date"));
  const title = say.text("activity.pairs");
  await timekeeper.byHand(press, { activity: "pairs", size: groupSize, mode: "any" }, title, name);
  await whisper(office, press, say.spans("held.now", { title }));
}
