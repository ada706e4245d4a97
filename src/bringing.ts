/** Brings the groups of a round together, each in a private place, and goes on where somebody of a group is gone. */
import type { Setting } from "./activities/activity.ts";
import { atOnce } from "./at-once.ts";
import { type DealingHall, inputOf } from "./dealing.ts";
import { InTurn } from "./in-turn.ts";
import { introduction } from "./introduction.ts";
import type { History } from "./pairing/index.ts";
import { accountOn, type Person } from "./people/roster.ts";
import { PlatformError } from "./platform.ts";
import { joinersOf, without } from "./reseating.ts";
import { historyOf, type RoundOfPairs } from "./rounds.ts";
import type { Notify } from "./timekeeper.ts";

export interface PairsHall extends DealingHall {
  readonly notify: Notify;
}

/** Groups that are brought together at the same time: enough that only the platform's limits are waited for. */
const AT_ONCE = 4;

const listed = (people: readonly Person[]): string =>
  new Intl.ListFormat("en-GB").format(people.map(({ name }) => name));

export class Bringing {
  readonly #hall: PairsHall;
  readonly #setting: Setting;
  readonly #key: string;
  readonly #lines = new InTurn();
  #past: Promise<History> | undefined;

  /** For one round; `key` names its messages. */
  constructor(hall: PairsHall, setting: Setting, key: string) {
    this.#hall = hall;
    this.#setting = setting;
    this.#key = key;
  }

  /** Rejects with what stood in the way where trying again may help; held again, only the others are tried. */
  async all(round: RoundOfPairs): Promise<void> {
    const stood = new Map<number, PlatformError>();
    await atOnce(AT_ONCE, round.groups.keys(), async (at) => {
      // As it is now: somebody may have joined it while others were brought together.
      const now = (await this.#hall.rounds.get(this.#setting.community.id, round.id)) ?? round;
      const error = await this.one(now, at);
      if (error) stood.set(at, error);
    });
    let later = [...stood.values()].find(({ fault }) => fault !== "gone");
    const broken = [...stood].filter(([, { fault }]) => fault === "gone");
    for (const [at] of broken) later = (await this.#goOnWithout(round, at)) ?? later;
    if (later) throw later;
  }

  /**
   * Opens one group's private place and introduces them. One that cannot be reached keeps nobody else waiting; where
   * trying again or going on without somebody may help, it resolves with what stood in the way.
   */
  async one(round: RoundOfPairs, at: number): Promise<PlatformError | undefined> {
    const { community, platform } = this.#setting;
    const { outbox, say, log } = this.#hall;
    const people = await this.#people(round, at);
    const users = people.flatMap((person) => accountOn(person, platform.name) ?? []);
    if (users.length < 2) return undefined;
    const before = await this.#before(round);
    const message = introduction(this.#hall, this.#setting, { round, at, people, users, before });
    try {
      const title = say.text("pairs.room", { names: listed(people), number: round.number });
      const place = await outbox.openRoom(platform, community.place, users, title);
      const sending = { platform, place, message, name: this.#nameOf(round, at) };
      // Where the groups' places share a channel's pace, one of them stands in its line: a prompt waits for no more.
      await this.#lines.do(platform.channelOf(place), () => outbox.send(sending));
      return undefined;
    } catch (error) {
      if (!(error instanceof PlatformError)) throw error;
      if (["busy", "unknown", "gone"].includes(error.fault)) return error;
      log.warn("a group could not be brought together", { fault: error.fault, round: round.id, group: at });
      return await this.notReached(round, at, people);
    }
  }

  async notReached(round: RoundOfPairs, at: number, people: readonly Person[]): Promise<undefined> {
    const { notify, say } = this.#hall;
    const body = say.spans("notice.group", { names: listed(people) });
    await notify(this.#setting, `group-${round.id}-${at}`, body, round.at);
  }

  /** Who is left of a group stays together or joins others; where that cannot be, a facilitator is told. */
  async #goOnWithout(round: RoundOfPairs, at: number): Promise<PlatformError | undefined> {
    const { community } = this.#setting;
    const { rounds, participation } = this.#hall;
    const people = await this.#people(round, at);
    const gone = await this.#goneAmong(people);
    if (gone.length === 0) return await this.notReached(round, at, people);
    const ids = gone.map(({ id }) => id);
    const input = inputOf(round.dealt, await this.#roundsBefore(round));
    const now = await rounds.change(community.id, round.id, (then) => without(then, ids, input));
    // Nobody is brought together with them again until they say so.
    for (const id of ids) await participation.say(community.id, id, false);
    const stays = people.find((person) => !gone.includes(person));
    if (!stays) return undefined;
    const seat = now?.groups.findIndex((group) => group.includes(stays.id)) ?? -1;
    if (!now || seat < 0) return await this.notReached(round, at, [stays]);
    const error = await this.one(now, seat);
    return error?.fault === "gone" ? await this.#goOnWithout(now, seat) : error;
  }

  /** A failed look-up is no "gone". */
  async #goneAmong(people: readonly Person[]): Promise<readonly Person[]> {
    const { platform } = this.#setting;
    const isGone = async (person: Person) => {
      const user = accountOn(person, platform.name);
      const asked = user && this.#hall.outbox.patiently(() => platform.person(user));
      return (await asked?.catch(() => undefined))?.kind === "gone";
    };
    const answers = await Promise.all(people.map(isGone));
    return people.filter((_, nth) => answers[nth]);
  }

  /** One that somebody joined gets another message than the one it was dealt as. */
  #nameOf(round: RoundOfPairs, at: number): string {
    const joiner = joinersOf(round, at).at(-1);
    return joiner === undefined ? `${this.#key}/group-${at}` : `late/${round.id}/${joiner}`;
  }

  async #people(round: RoundOfPairs, at: number): Promise<readonly Person[]> {
    const all = (round.groups[at] ?? []).map((id) => this.#hall.roster.get(id));
    return (await Promise.all(all)).flatMap((person) => person ?? []);
  }

  /** The same for each group of a round, so it is gathered once. */
  #before(round: RoundOfPairs): Promise<History> {
    this.#past ??= this.#roundsBefore(round).then((rounds) => historyOf(rounds));
    return this.#past;
  }

  async #roundsBefore({ number }: RoundOfPairs): Promise<readonly RoundOfPairs[]> {
    return (await this.#hall.rounds.of(this.#setting.community.id)).filter((round) => round.number < number);
  }
}
