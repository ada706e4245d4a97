/** What must hold when the calm is over: the invariants I1 to I12, as far as this world has what they speak of. */
import { createHash } from "node:crypto";
import { digest } from "../../src/chance.ts";
import { type Community, communityIdOf } from "../../src/communities.ts";
import type { Occurrence } from "../../src/occurrences.ts";
import type { Pack } from "../../src/pack/pack.ts";
import type { Place, SendKey, UserId } from "../../src/platform.ts";
import type { Prompt } from "../../src/prompts.ts";
import { type RoundOfPairs, verify } from "../../src/rounds.ts";
import type { Entry } from "../../src/store/store.ts";
import type { Said } from "./chat.ts";
import { type Expected, expected } from "./oracle.ts";
import type { Sent } from "./people.ts";
import { type Channel, MINUTE, type Stood, type World } from "./world.ts";

/** Posting takes a moment after the clock was looked at. */
const DAY = 24 * 60 * MINUTE;
const MOMENT = 5_000;
/** After the clock was looked at, people are asked for and a post is tried, each for a quarter of an hour. */
const PATIENCE = 31 * MINUTE;

export async function judge(world: World, pack: Pack): Promise<string> {
  const all = await everything(world);
  const ours = new Map<SendKey, Said[]>();
  for (const said of world.chat.messages.values())
    if (said.key && said.live) ours.set(said.key, [...(ours.get(said.key) ?? []), said]);
  const trial: Trial = { world, pack, all, ours, ledger: valuesOf<Occurrence>(all, "occurrences/") };
  for (const [key, same] of ours)
    if (same.length > 1 && same[0]?.text !== world.ofFullDisk)
      world.wrong(`I1 ${key} stands ${same.length} times in ${same[0]?.place}`);
  for (const channel of world.channels) complete(trial, channel);
  for (const occurrence of trial.ledger) ended(trial, occurrence);
  nothingLeft(trial);
  unhurried(trial);
  kept(trial);
  told(world);
  harmless(world);
  paired(trial);
  const dump = createHash("sha256");
  for (const { key, value } of all) dump.update(key).update(JSON.stringify(value));
  return dump.digest("hex").slice(0, 16);
}

interface Trial {
  readonly world: World;
  readonly pack: Pack;
  /** The store as it was left, and what it holds of occurrences. */
  readonly all: readonly Entry[];
  readonly ledger: readonly Occurrence[];
  /** Our posts that stand, by key. */
  readonly ours: ReadonlyMap<SendKey, readonly Said[]>;
}

async function everything(world: World): Promise<readonly Entry[]> {
  return await world.disk.truth.range("", undefined, 1_000_000);
}

const valuesOf = <Value>(all: readonly Entry[], prefix: string): Value[] =>
  // What stands under a prefix was written as this shape by its own collection.
  all.filter(({ key }) => key.startsWith(prefix)).map(({ value }) => value as unknown as Value);

/** I1: whatever was due in any run has its occurrence, at its time; nothing is silent. */
function complete({ world, pack, ledger }: Trial, { place }: Channel): void {
  const id = communityIdOf("sim", place);
  const mine = ledger.filter(({ community }) => community === id);
  const history = world.histories.get(place) ?? [];
  if (history.length === 0) world.wrong(`${place} was never begun`);
  for (const run of new Set(history.map(({ now }) => now.run))) {
    const its = history.filter(({ now }) => now.run === run);
    const known = new Map(mine.filter((one) => one.run === run).map((one) => [`${one.block}/${one.date}`, one]));
    for (const { block, date, at } of its.flatMap((_, nth) => mustHave(world, pack, its, nth))) {
      const one = known.get(`${block}/${date}`);
      if (!one) world.wrong(`I1 ${block} of ${date}, due ${new Date(at).toISOString()}, has no end at all`);
      else if (one.attempt === 1 && !its.some(({ now }) => isDueThen(pack, now, one)))
        world.wrong(`I2 ${block} of ${date} fell due at ${new Date(one.at).toISOString()}`);
    }
  }
  const asked = mine.flatMap(({ asked }) => asked ?? []);
  if (new Set(asked).size !== asked.length) world.wrong(`I1 ${place}: one command was followed twice`);
}

/** What fell due while a community was so, and was not put off by what it became then. */
function mustHave(world: World, pack: Pack, its: readonly Stood[], nth: number): readonly Expected[] {
  const [here, next] = [its[nth], its[nth + 1]];
  if (!here?.now.running) return [];
  const from = Math.max(here.at, its[0]?.now.cursor ?? 0) + MINUTE;
  const until = (next ? Math.min(next.at, next.trueAt) : world.loop.now) - 10 * MINUTE;
  const putOff = next?.now.running ? expected(pack, next.now, until, until + 3 * DAY) : [];
  const stays = (one: Expected) => !putOff.some(({ block, date }) => block === one.block && date === one.date);
  return expected(pack, here.now, from, until).filter(stays);
}

/** Its time is the one of its block as the community then was; a facilitator may have moved it since. */
const isDueThen = (pack: Pack, then: Community, { block, date, at }: Occurrence): boolean =>
  expected(pack, then, at - MINUTE, at + MINUTE).some((one) => one.block === block && one.date === date);

function ended({ world, pack, all, ours }: Trial, one: Occurrence): void {
  const name = nameOf(one);
  if (one.state === "begun") {
    if (one.at < world.loop.now - 10 * MINUTE) world.wrong(`I5 ${name} is still begun`);
    return;
  }
  const keys = keysOf(pack, one, all);
  const parts = keys.map((key) => ours.get(key)?.[0]);
  if (one.state === "sent" && parts.some((part) => !part))
    world.wrong(`I1 ${name} is sent, and a part of it is nowhere`);
  if (one.state === "skipped" && parts.some((part) => part))
    world.wrong(`I1 ${name} is skipped (${one.why}), and stands there`);
  if (one.state !== "sent" && !one.why) world.wrong(`I1 ${name} is ${one.state} without a reason`);
  const asks = world.watch.asks.get(keys[0] ?? ("" as SendKey)) ?? [];
  const [first, last] = [asks[0], asks.at(-1)];
  if (!first || !last || one.asked) return;
  const early = one.at - first.wall - MOMENT;
  if (early > world.aheadWithin(PATIENCE, first.at))
    world.wrong(`I2 ${name} came ${Math.round(early / 1_000)} s early`);
  const until = one.at + windowOf(pack, one.block);
  if (last.wall > until + MOMENT) world.wrong(`I2 ${name} came ${Math.round((last.wall - until) / 1_000)} s too late`);
}

const nameOf = (one: Occurrence): string => `${one.community}/${one.run}/${one.block}/${one.date}/${one.attempt}`;

function windowOf(pack: Pack, id: string): number {
  const blocks = Object.values(pack.programmes).flatMap(({ blocks }) => blocks);
  return (blocks.find((block) => block.id === id)?.missed.withinMinutes ?? 0) * MINUTE;
}

const keysOf = (pack: Pack, one: Occurrence, all: readonly Entry[]): SendKey[] =>
  // What `digest` makes of a name is what the outbox calls a key.
  partsOf(pack, one, all).map((part) => digest(`${nameOf(one)}/${part}`) as SendKey);

function partsOf(pack: Pack, one: Occurrence, all: readonly Entry[]): string[] {
  const { does, community } = one;
  switch (does.activity) {
    case "show":
      return pack.pages.find(({ id }) => id === does.page)?.posts.map(({ id }) => id) ?? [];
    case "pairs": {
      const [round] = valuesOf<RoundOfPairs>(all, `rounds/${community}/${digest(nameOf(one), 12)}`);
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
function nothingLeft({ world, pack, all, ledger }: Trial): void {
  const recent = world.loop.now - 10 * MINUTE;
  const journal = valuesOf(all, "journal/").length;
  if (journal) world.wrong(`I5 ${journal} left over in the journal`);
  const jobs = all.filter(({ key, value }) => key.startsWith("jobs/") && (value as { at: number }).at < recent);
  if (jobs.length) world.wrong(`I5 ${jobs.length} jobs left over, such as ${jobs[0]?.key}`);
  const due = valuesOf(all, "due/").length - valuesOf(all, "jobs/").length;
  if (due) world.wrong(`I5 the due list and the jobs differ by ${due}`);
  const open = new Set([...ofFailed({ pack, all, ledger }), ...ofLateComers(all)]);
  for (const { key, value } of all) {
    const send = value as { state?: string; at?: number; place?: string };
    const left = key.startsWith("sends/") && send.state === "intended" && (send.at ?? 0) < recent;
    const isKnown = open.has(key.slice("sends/".length) as SendKey) || isOfSomebodyForgotten(world, send);
    if (left && !isKnown) world.wrong(`I5 ${key} is still intended`);
  }
}

/** What somebody pressed under a message, and who was forgotten before it could be followed, is let go of with them. */
const isOfSomebodyForgotten = ({ disk }: World, { at = 0, place = "" }: { at?: number; place?: string }): boolean =>
  place.startsWith("thread:") && [...disk.forgottenAt.values()].some((forgotten) => forgotten > at);

/** Of what failed it may never be known whether it was posted. */
const ofFailed = ({ pack, all, ledger }: Pick<Trial, "pack" | "all" | "ledger">): SendKey[] =>
  ledger.filter(({ state }) => state === "failed").flatMap((one) => keysOf(pack, one, all));

/** Who came late into a round is not introduced to it any more once the next one has begun. */
const ofLateComers = (all: readonly Entry[]): SendKey[] =>
  valuesOf<RoundOfPairs>(all, "rounds/").flatMap(({ id, groups }) =>
    groups.flat().map((person) => digest(`late/${id}/${person}`) as SendKey),
  );

/** I10: what is caught up with comes no more than three a minute, as one life begins it; a network may bring some closer. */
function unhurried({ world, pack, all, ledger }: Trial): void {
  const late = new Map<string, number[]>();
  for (const one of ledger.filter(({ asked }) => !asked)) {
    const ask = world.watch.asks.get(keysOf(pack, one, all)[0] ?? ("" as SendKey))?.[0];
    if (!ask || ask.wall - one.at < 5 * MINUTE) continue;
    const line = `${world.numberOf(ask.life)} ${one.community}`;
    late.set(
      line,
      [...(late.get(line) ?? []), ask.at].sort((a, b) => a - b),
    );
  }
  for (const [line, times] of late)
    if (times.some((at, nth) => (times[nth + 3] ?? Number.POSITIVE_INFINITY) - at < MINUTE / 2))
      world.wrong(`I10 more than three late ones within a minute in life ${line}`);
}

/** I3 and I4: what people wrote stands as they left it, and what they took back stands nowhere. */
function kept({ world, all }: Trial): void {
  const written = all.map(({ key, value }) => `${key} ${JSON.stringify(value)}`).join("\n");
  const has = (text: string) => written.includes(JSON.stringify(text).slice(1, -1));
  const closed = new Set(
    valuesOf<Prompt>(all, "prompts/").flatMap(({ thread, closedAt }) => (closedAt === undefined ? [] : [thread])),
  );
  for (const reply of world.people.replies) typed(world, reply, closed.has(reply.place), has);
  for (const form of world.people.forms) sent(world, form, closed, has);
}

function typed({ people, disk, wrong }: World, reply: Said, closed: boolean, has: (text: string) => boolean): void {
  const texts = people.texts.get(reply.ref) ?? [];
  // People's own messages are by a UserId.
  const by = reply.by as UserId;
  const gone = people.forgotten.get(by);
  const forgotten = gone !== undefined && reply.at < gone;
  const erased = forgotten || (!reply.live && reply.retractionHeard);
  if (erased && texts.some(has))
    wrong(`I4 ${reply.ref} was ${forgotten ? "forgotten" : "taken back"} and stands in the store`);
  // What was written while the asking was still waited for may be forgotten with the rest.
  const until = Math.max(people.askedToBeForgotten.get(by) ?? 0, disk.forgottenAt.get(by) ?? 0);
  if (!reply.live || forgotten || reply.at <= until) return;
  const { ref, place, version, heard } = reply;
  // Where a prompt has been closed for long, nobody reads up what was said in its thread while we were away.
  if (closed && heard < version) return;
  if (!has(reply.text))
    wrong(`I3 ${ref} of ${by} in ${place} is not in the store (version ${version}, heard ${heard})`);
  if (texts.slice(0, -1).some(has)) wrong(`I3 an older version of ${ref} stands in the store`);
}

/** After a prompt was closed, what is sent is its author's alone: kept, and not shown. */
function sent({ chat, people, wrong }: World, form: Sent, closed: ReadonlySet<Place>, has: (text: string) => boolean) {
  const { by, key, text, former } = form;
  const threads = chat.threadsOf(key);
  const there = threads.flatMap((thread) => chat.byPlace.get(thread) ?? []);
  const shown = (words: string) =>
    there.filter((one) => one.by === "us" && one.live && one.text.includes(words)).length;
  if (former.some(has)) wrong(`I4 a form's former words stand in the store (${by} in ${threads})`);
  if (former.some(shown)) wrong(`I4 a form's former words stand in ${threads}`);
  if (text === undefined || form.unsure || people.askedToBeForgotten.has(by)) return;
  if (!has(text)) wrong(`I3 what ${by} sent with the form of ${threads} is not in the store`);
  const times = shown(text);
  const isClosed = threads.some((thread) => closed.has(thread));
  if (times !== 1 && !(isClosed && times === 0)) wrong(`I1 what ${by} sent stands ${times} times in ${threads}`);
}

/** I6: one notice a cause and day; a cause has one wording, and a world one zone or two. */
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

/** I9: what people typed is only ever words, and nobody is mentioned who is not one of them. */
function harmless({ chat, wrong }: World): void {
  const everybody = new Set([...chat.members.values()].flat());
  for (const { by, message, place } of chat.messages.values()) {
    if (by !== "us") continue;
    for (const span of message.body) {
      if (span.kind === "mention" && !everybody.has(span.user)) wrong(`I9 ${span.user} is mentioned in ${place}`);
      if (span.kind === "link" && `${span.url}${span.text}`.includes("=words-"))
        wrong(`I9 a link in ${place} is typed`);
    }
  }
}

/** I8 */
function paired(trial: Trial): void {
  const { world, all } = trial;
  const userOf = new Map(
    all
      .filter(({ key }) => key.startsWith("accounts/"))
      // An account's row is named by a UserId.
      .map(({ key, value }) => [String(value), decodeURIComponent(key.slice("accounts/".length)) as UserId]),
  );
  for (const { place } of world.channels) {
    const id = communityIdOf("sim", place);
    const rounds = valuesOf<RoundOfPairs>(all, `rounds/${id}/`).sort((a, b) => a.number - b.number);
    const held = new Set(trial.ledger.filter(({ state }) => state !== "skipped").map((one) => digest(nameOf(one), 12)));
    for (const round of rounds) {
      if (!held.has(round.id)) world.wrong(`I8 round ${round.id} of ${place} was never announced`);
      oneEach(world, round);
      const verdict = verify(round, rounds).verdict;
      if (verdict !== "same" && verdict !== "incomplete")
        world.wrong(`I8 dealt again, round ${round.id} is ${verdict}`);
      const then = world.histories.get(place)?.findLast(({ at }) => at <= round.at)?.now;
      if (then) rightPeople(trial, then, round, userOf);
    }
  }
}

function oneEach({ wrong }: World, round: RoundOfPairs): void {
  const seated = [...round.groups.flat(), ...round.waiting.map(({ member }) => member)];
  if (new Set(seated).size !== seated.length) wrong(`I8 somebody is in two places of round ${round.id}`);
  const missing = round.dealt.present.filter((person) => !seated.includes(person));
  if (missing.length) wrong(`I8 ${missing.length} of those present have no place in round ${round.id}`);
}

/** Those who never said a word about pairs: all of them in a workshop, which told them the day before; elsewhere none. */
function rightPeople(
  { world, pack }: Trial,
  then: Community,
  { id, dealt, incomplete }: RoundOfPairs,
  userOf: ReadonlyMap<string, UserId>,
): void {
  if (incomplete) return;
  const tells = pack.reminders.filter(({ offers }) => offers === "not-me").map((one) => one.id);
  const everyone = pack.programmes[then.programme]?.blocks.some(
    ({ does }) => does.activity === "remind" && tells.includes(does.reminder),
  );
  const present = new Set(dealt.present.map((person) => userOf.get(person)));
  for (const user of world.chat.members.get(then.place) ?? [])
    if (!world.people.swayed.has(user) && present.has(user) !== (everyone === true))
      world.wrong(`I8 ${user} is ${everyone ? "left out of" : "unasked in"} round ${id}`);
}
