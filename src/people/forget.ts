/** Forgetting a person: their words, our posts that show them, who they met, and who they are; from every community. */
import { type Press, type Setting, whisper } from "../activities/activity.ts";
import { finds, unpost } from "../activities/hunt.ts";
import { unshow } from "../collect.ts";
import type { Community } from "../communities.ts";
import { withoutWaiting } from "../inbox.ts";
import type { Platform } from "../platform.ts";
import type { RoundOfPairs } from "../rounds.ts";
import type { Write } from "../store/store.ts";
import { tombstone } from "./forgotten.ts";
import type { Archive } from "./mydata.ts";
import type { PersonId } from "./roster.ts";

export type SettingOf = (community: Community) => Setting | undefined;

/** The answer to [Yes, forget me]. */
export async function forgetMe(archive: Archive, settingOf: SettingOf, press: Press): Promise<void> {
  await forget(archive, settingOf, press);
  await whisper(archive, press, archive.say.spans("forget.done"));
}

/** Our posts go first: while one stands, the words are not forgotten. Done twice it changes nothing more. */
async function forget(archive: Archive, settingOf: SettingOf, { person, at, event }: Press): Promise<void> {
  // First: what of theirs still reaches us from now on is not kept.
  await archive.store.batch(person.accounts.map(({ user }) => tombstone(archive, user, at)));
  for (const community of await archive.communities.all()) {
    const setting = settingOf(community);
    if (setting) await takeDown(archive, setting, person.id);
    await archive.store.batch([
      ...(await archive.answers.forget(community.id, person.id, at)),
      ...(await findsWithout(archive, setting?.platform, community.id, person.id)),
      ...(await roundsWithout(archive, community.id, person.id)),
      ...(await archive.apart.forget(community.id, person.id)),
      archive.participation.forget(community.id, person.id),
    ]);
  }
  const users = new Set(person.accounts.map(({ user }) => user));
  await archive.store.batch([
    // The press itself still waits: it is worked off again where what follows fails.
    ...(await withoutWaiting(archive.store, users, at, event)),
    ...archive.roster.forget(person),
    ...person.accounts.flatMap(({ platform, user }) => archive.facilitators.forget(platform, user)),
  ]);
  // "I have erased" is said when it is true.
  archive.scrubber.soon();
  await archive.scrubber.now();
}

async function takeDown(archive: Archive, setting: Setting, person: PersonId): Promise<void> {
  // Of every prompt: our post outlives the words that it shows (retention.ts).
  for (const prompt of await archive.prompts.of(setting.community.id))
    await archive.answers.oneByOne(prompt.id, person, () => unshow(archive, setting, prompt, person));
}

/** A find holds two people: with either it goes, and our post about it too. */
async function findsWithout(
  archive: Archive,
  platform: Platform | undefined,
  community: string,
  person: PersonId,
): Promise<Write[]> {
  const writes: Write[] = [];
  for await (const { id, value } of finds(archive.store).all([community])) {
    if (value.finder !== person && value.found !== person) continue;
    const prompt = platform && (await archive.prompts.get(value.prompt));
    if (platform && prompt) await unpost(archive, platform, prompt, id[2] ?? "", value);
    writes.push(finds(archive.store).erase(id));
  }
  return writes;
}

/** The others keep their round; it can no longer be dealt again from its record, and holds nothing of who has left. */
async function roundsWithout(archive: Archive, community: string, person: PersonId): Promise<Write[]> {
  const rounds = await archive.rounds.of(community);
  const theirs = rounds.filter((round) => JSON.stringify(round).includes(person));
  return theirs.map((round) => archive.rounds.put(community, without(round, person)));
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
