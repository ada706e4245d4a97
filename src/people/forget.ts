/** Forgetting a person: their words, our posts that show them, who they met, and who they are; from every community. */
import { type Press, type Setting, whisper } from "../activities/activity.ts";
import { finds, unpost } from "../activities/hunt.ts";
import { unshow, unshown } from "../collect.ts";
import type { Community } from "../communities.ts";
import { withoutWaiting } from "../inbox.ts";
import { PlatformError } from "../platform.ts";
import type { RoundOfPairs } from "../rounds.ts";
import { tombstone } from "./forgotten.ts";
import type { Archive } from "./mydata.ts";
import type { PersonId } from "./roster.ts";

const REFUSED: ReadonlySet<string> = new Set(["denied", "unsupported", "invalid"]);

export type SettingOf = (community: Community) => Setting | undefined;

/** The answer to [Yes, forget me]. */
export async function forgetMe(archive: Archive, settingOf: SettingOf, press: Press): Promise<void> {
  const isAllDown = await forget(archive, settingOf, press);
  await whisper(archive, press, archive.say.spans(isAllDown ? "forget.done" : "forget.done-but"));
}

/** Words and ties first: what becomes of our posts depends on others. Done twice it changes nothing more. */
async function forget(archive: Archive, settingOf: SettingOf, { person, at, event }: Press): Promise<boolean> {
  const { store, scrubber } = archive;
  // First: what of theirs still reaches us from now on is not kept.
  await store.batch(person.accounts.map(({ user }) => tombstone(archive, user, at)));
  const communities = await archive.communities.all();
  for (const { id } of communities) {
    await store.batch([
      ...(await archive.answers.forget(id, person.id, at)),
      ...(await archive.apart.forget(id, person.id)),
      archive.participation.forget(id, person.id),
    ]);
    await leaveRounds(archive, id, person.id);
  }
  scrubber.soon();
  let isAllDown = true;
  for (const community of communities)
    isAllDown = (await takeDown(archive, settingOf(community), community.id, person.id)) && isAllDown;
  const users = new Set(person.accounts.map(({ user }) => user));
  await store.batch([
    // The press itself still waits: it is worked off again where what follows fails.
    ...(await withoutWaiting(store, users, at, event)),
    ...archive.roster.forget(person),
    ...person.accounts.flatMap(({ platform, user }) => archive.facilitators.forget(platform, user)),
  ]);
  // "I have erased" is said when it is true.
  scrubber.soon();
  await scrubber.now();
  return isAllDown;
}

/** False: something stands where we are not let in; facilitators hear where. */
async function takeDown(
  archive: Archive,
  setting: Setting | undefined,
  community: string,
  person: PersonId,
): Promise<boolean> {
  const stands = new Set<string>();
  // Of every prompt: our post outlives the words that it shows (retention.ts).
  for (const prompt of setting ? await archive.prompts.of(community) : []) {
    const down = archive.answers.oneByOne(
      prompt.id,
      person,
      async () => setting && (await unshow(archive, setting, prompt, person)),
    );
    if (!(await isDone(down))) stands.add(prompt.title);
    await archive.store.batch([unshown(archive, prompt, person)]);
  }
  for await (const { id, value } of finds(archive.store).all([community])) {
    // A find holds two people: with either it goes, and our post about it too.
    if (value.finder !== person && value.found !== person) continue;
    const prompt = setting && (await archive.prompts.get(value.prompt));
    const down = setting && prompt && unpost(archive, setting.platform, prompt, id[2] ?? "", value);
    if (down && !(await isDone(down))) stands.add(prompt.title);
    await archive.store.batch([finds(archive.store).erase(id)]);
  }
  if (!setting || stands.size === 0) return true;
  const body = archive.say.spans("notice.stands", { titles: [...stands].join(", ") });
  await archive.timekeeper.notify(setting, "stands", body);
  return false;
}

/** False: it was refused, and no waiting mends that. */
async function isDone(removing: Promise<unknown>): Promise<boolean> {
  try {
    await removing;
    return true;
  } catch (error) {
    if (error instanceof PlatformError && REFUSED.has(error.fault)) return false;
    throw error;
  }
}

/** The others keep their round; it can no longer be dealt again from its record, and holds nothing of who has left. */
async function leaveRounds({ rounds }: Archive, community: string, person: PersonId): Promise<void> {
  for (const round of await rounds.of(community))
    if (JSON.stringify(round).includes(person)) await rounds.change(community, round.id, (now) => without(now, person));
}

function without(round: RoundOfPairs, person: PersonId): RoundOfPairs {
  const { [person]: _circle, ...circles } = round.dealt.circles ?? {};
  const people = (ids: readonly PersonId[]) => ids.filter((id) => id !== person);
  const groups = (all: RoundOfPairs["groups"]) => all.map(people);
  const waiting = (all: RoundOfPairs["waiting"]) => all.filter(({ member }) => member !== person);
  const exclusions = round.dealt.exclusions.filter((pair) => !pair.includes(person));
  return {
    ...round,
    dealt: {
      ...round.dealt,
      present: people(round.dealt.present),
      ...(round.dealt.circles ? { circles } : {}),
      exclusions,
    },
    result: { ...round.result, groups: groups(round.result.groups), leftOut: waiting(round.result.leftOut) },
    groups: groups(round.groups),
    waiting: waiting(round.waiting),
    incomplete: true,
  };
}
