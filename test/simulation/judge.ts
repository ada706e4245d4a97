/** What must hold when the calm is over: the invariants I1 to I12, as far as this world has what they speak of. */
import { createHash } from "node:crypto";
import { digest } from "../../src/chance.ts";
import { communityIdOf } from "../../src/communities.ts";
import type { Occurrence } from "../../src/occurrences.ts";
import type { Pack } from "../../src/pack/pack.ts";
import type { SendKey, UserId } from "../../src/platform.ts";
import type { RoundOfPairs } from "../../src/rounds.ts";
import type { Entry } from "../../src/store/store.ts";
import type { Said } from "./chat.ts";
import { expected } from "./oracle.ts";
import { type Channel, MINUTE, type World } from "./world.ts";

/** Posting takes a moment after the clock was looked at. */
const MOMENT = 5_000;

export async function judge(world: World, pack: Pack): Promise<string> {
  const all = await everything(world);
  const ours = new Map<SendKey, Said[]>();
  for (const said of world.chat.messages.values())
    if (said.key && said.live) ours.set(said.key, [...(ours.get(said.key) ?? []), said]);
  const ledger = all
    .filter(({ key }) => key.startsWith("occurrences/"))
    .map(({ value }) => value as unknown as Occurrence);
  for (const channel of world.channels) complete(world, pack, channel, ledger);
  for (const occurrence of ledger) ended(world, pack, occurrence, ours, all);
  nothingLeft(world, all, ledger);
  kept(world, all);
  told(world);
  paired(world, all);
  const dump = createHash("sha256");
  for (const { key, value } of all) dump.update(key).update(JSON.stringify(value));
  return dump.digest("hex").slice(0, 16);
}

async function everything(world: World): Promise<readonly Entry[]> {
  return await world.disk.truth.range("", undefined, 1_000_000);
}

/** I1: whatever was due has its occurrence; nothing is silent. */
function complete(world: World, pack: Pack, channel: Channel, ledger: readonly Occurrence[]): void {
  const id = communityIdOf("sim", channel.place);
  if (channel.seededAt === undefined) {
    world.wrong(`${channel.place} was never begun`);
    return;
  }
  const from = channel.seededAt;
  const starts = "2000-01-01";
  const known = new Map(
    ledger.filter(({ community }) => community === id).map((one) => [`${one.block}/${one.date}`, one]),
  );
  for (const { block, date, at } of expected(
    pack,
    { ...channel, starts },
    from + MINUTE,
    world.loop.now - 10 * MINUTE,
  )) {
    const one = known.get(`${block}/${date}`);
    if (!one) world.wrong(`I1 ${block} of ${date}, due ${new Date(at).toISOString()}, has no end at all`);
    else if (Math.abs(one.at - at) >= MINUTE && one.attempt === 1)
      world.wrong(
        `I2 ${block} of ${date} fell due at ${new Date(one.at).toISOString()} instead of ${new Date(at).toISOString()}`,
      );
  }
  const asked = ledger.filter(({ community }) => community === id).flatMap(({ asked }) => asked ?? []);
  if (new Set(asked).size !== asked.length) world.wrong(`I1 ${channel.place}: one command was followed twice`);
}

function ended(
  world: World,
  pack: Pack,
  one: Occurrence,
  ours: ReadonlyMap<SendKey, Said[]>,
  all: readonly Entry[],
): void {
  const name = `${one.community}/${one.run}/${one.block}/${one.date}/${one.attempt}`;
  if (one.state === "begun") {
    if (one.at < world.loop.now - 10 * MINUTE) world.wrong(`I5 ${name} is still begun`);
    return;
  }
  const parts = partsOf(pack, one, all, name).map((part) => ours.get(digest(`${name}/${part}`) as SendKey)?.[0]);
  if (one.state === "sent" && parts.some((part) => !part))
    world.wrong(`I1 ${name} is sent, and a part of it is nowhere`);
  if (one.state === "skipped" && parts.some((part) => part))
    world.wrong(`I1 ${name} is skipped (${one.why}), and stands there`);
  if (one.state !== "sent" && !one.why) world.wrong(`I1 ${name} is ${one.state} without a reason`);
  const wall = (parts[0] as (Said & { wall?: number }) | undefined)?.wall;
  if (wall === undefined || one.asked) return;
  if (wall < one.at - MOMENT - world.mostAhead)
    world.wrong(`I2 ${name} came ${Math.round((one.at - wall) / 1_000)} s early`);
  const until = one.at + windowOf(pack, one.block);
  if (wall > until + MOMENT) world.wrong(`I2 ${name} came ${Math.round((wall - until) / 1_000)} s after its window`);
}

function windowOf(pack: Pack, id: string): number {
  const blocks = Object.values(pack.programmes).flatMap(({ blocks }) => blocks);
  return (blocks.find((block) => block.id === id)?.missed.withinMinutes ?? 0) * MINUTE;
}

function partsOf(pack: Pack, { does, community }: Occurrence, all: readonly Entry[], name: string): string[] {
  switch (does.activity) {
    case "show":
      return pack.pages.find(({ id }) => id === does.page)?.posts.map(({ id }) => id) ?? [];
    case "pairs": {
      const round = all.find(({ key }) => key === `rounds/${community}/${digest(name, 12)}`)?.value as unknown as
        | RoundOfPairs
        | undefined;
      // Somebody who asked to be forgotten meanwhile may have left a group of one, which is not brought together.
      const groups = round?.incomplete
        ? []
        : (round?.result.groups.map((group, at) => (group.length > 1 ? [`group-${at}`] : [])) ?? []);
      return ["announce", ...groups.flat()];
    }
    default:
      return [does.activity];
  }
}

/** I5 */
function nothingLeft(world: World, all: readonly Entry[], ledger: readonly Occurrence[]): void {
  const recent = world.loop.now - 10 * MINUTE;
  const failed = ledger.filter(({ state }) => state === "failed").length;
  for (const prefix of ["journal/"]) {
    const left = all.filter(({ key }) => key.startsWith(prefix)).length;
    if (left) world.wrong(`I5 ${left} left over in ${prefix}`);
  }
  const jobs = all.filter(({ key, value }) => key.startsWith("jobs/") && (value as { at: number }).at < recent);
  if (jobs.length) world.wrong(`I5 ${jobs.length} jobs left over, such as ${jobs[0]?.key}`);
  const due =
    all.filter(({ key }) => key.startsWith("due/")).length - all.filter(({ key }) => key.startsWith("jobs/")).length;
  if (due) world.wrong(`I5 the due list and the jobs differ by ${due}`);
  const intended = all.filter(({ key, value }) => {
    const send = value as { state?: string; at?: number };
    return key.startsWith("sends/") && send.state === "intended" && (send.at ?? 0) < recent;
  });
  if (intended.length > failed) world.wrong(`I5 ${intended.length} intentions left over, such as ${intended[0]?.key}`);
}

/** I3 and I4: what people wrote stands as they left it, and what they took back stands nowhere. */
function kept(world: World, all: readonly Entry[]): void {
  const { people, chat } = world;
  const written = all
    .filter(({ key }) => !key.startsWith("sends/"))
    .map(({ key, value }) => `${key} ${JSON.stringify(value)}`)
    .join("\n");
  const has = (text: string) => written.includes(JSON.stringify(text).slice(1, -1));
  for (const reply of people.replies) {
    const texts = people.texts.get(reply.ref) ?? [];
    const gone = people.forgotten.get(reply.by as UserId);
    const forgotten = gone !== undefined && reply.at < gone;
    const erased = forgotten || (!reply.live && reply.retractionHeard);
    if (erased && texts.some(has))
      world.wrong(`I4 ${reply.ref} was ${forgotten ? "forgotten" : "taken back"} and stands in the store`);
    if (!reply.live || forgotten || reply.at <= (people.askedToBeForgotten.get(reply.by as UserId) ?? 0)) continue;
    if (!has(reply.text))
      world.wrong(
        `I3 ${reply.ref} of ${reply.by} in ${reply.place} is not in the store (version ${reply.version}, heard ${reply.heard})`,
      );
    if (texts.slice(0, -1).some(has)) world.wrong(`I3 an older version of ${reply.ref} stands in the store`);
  }
  for (const form of people.forms) {
    const gone = people.askedToBeForgotten.has(form.by);
    const posts = (text: string) =>
      (chat.byPlace.get(form.thread) ?? []).filter((one) => one.by === "us" && one.live && one.text.includes(text));
    if (form.former.some(has))
      world.wrong(`I4 a form's former words stand in the store (${form.by} in ${form.thread})`);
    if (form.former.some((text) => posts(text).length)) world.wrong(`I4 a form's former words stand in ${form.thread}`);
    if (form.text === undefined || gone) continue;
    if (!has(form.text)) world.wrong(`I3 what ${form.by} sent with the form of ${form.thread} is not in the store`);
    if (posts(form.text).length !== 1)
      world.wrong(`I1 what ${form.by} sent stands ${posts(form.text).length} times in ${form.thread}`);
  }
}

/** I6: the same notice once a day and community. */
function told(world: World): void {
  for (const [place, said] of world.chat.byPlace) {
    if (!place.startsWith("private:")) continue;
    const seen = new Map<string, number>();
    for (const { by, text } of said) if (by === "us") seen.set(text, (seen.get(text) ?? 0) + 1);
    for (const [text, times] of seen)
      if (times > world.channels.length * (world.days + 1))
        world.wrong(`I6 ${place} was told ${times} times: ${text.slice(0, 60)}`);
  }
}

/** I8 */
function paired(world: World, all: readonly Entry[]): void {
  for (const { key, value } of all.filter(({ key }) => key.startsWith("rounds/"))) {
    const people = (value as unknown as RoundOfPairs).groups.flat();
    if (new Set(people).size !== people.length) world.wrong(`I8 somebody is in two groups of ${key}`);
  }
}
