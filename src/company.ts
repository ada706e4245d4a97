/** One store, one clock and the platforms that live by them: the core put together. The room is one company, the others another. */
import type { Hall, Press, Setting } from "./activities/activity.ts";
import { hunt } from "./activities/hunt.ts";
import { pairs } from "./activities/pairs.ts";
import { quote } from "./activities/quote.ts";
import { remind } from "./activities/remind.ts";
import { review } from "./activities/review.ts";
import { round } from "./activities/round.ts";
import { show } from "./activities/show.ts";
import { Answers } from "./answers.ts";
import type { PairsHall } from "./bringing.ts";
import type { Chance } from "./chance.ts";
import type { Clock } from "./clock.ts";
import { lift } from "./commands/apart.ts";
import { Commands } from "./commands/commands.ts";
import { bringTogether } from "./commands/preview.ts";
import type { Office } from "./commands/verb.ts";
import { Communities, type Community, communityIdOf } from "./communities.ts";
import { Companion } from "./companion.ts";
import { Duplicates } from "./duplicates.ts";
import { toldOfFullDisk, watched } from "./full.ts";
import { Inbox, nameOf } from "./inbox.ts";
import { Occurrences } from "./occurrences.ts";
import { Outbox } from "./outbox.ts";
import type { Pack } from "./pack/pack.ts";
import { Apart } from "./people/apart.ts";
import { Facilitators } from "./people/facilitators.ts";
import { forgetMe } from "./people/forget.ts";
import { Participation } from "./people/participation.ts";
import { Roster } from "./people/roster.ts";
import type { Ears, Log, Platform } from "./platform.ts";
import { isRecurring, localDate } from "./programme.ts";
import { Prompts } from "./prompts.ts";
import { Retention } from "./retention.ts";
import { Rounds } from "./rounds.ts";
import { Scrubber } from "./scrubber.ts";
import type { Sentences } from "./sentences.ts";
import type { Store } from "./store/store.ts";
import { type Activities, type Notify, Timekeeper } from "./timekeeper.ts";

export interface Surroundings {
  readonly store: Store;
  readonly clock: Clock;
  readonly chance: Chance;
  readonly log: Log;
  readonly say: Sentences;
  readonly pack: Pack;
  readonly platforms: readonly Platform[];
  readonly facilitators: readonly { readonly platform: string; readonly id: string }[];
  readonly defaults: { readonly zone: string; readonly programme: string };
}

/** Where and with what dates a community is to begin by itself. */
export interface Seed {
  readonly platform: Platform;
  /** As an operator names it. */
  readonly channel: string;
  readonly programme: string;
  readonly zone: string;
  readonly dayOne?: string;
  readonly dayTwo?: string;
}

export class Company {
  readonly office: Office;
  readonly timekeeper: Timekeeper;
  readonly inbox: Inbox;
  readonly #companion: Companion;
  readonly #retention: Retention;
  readonly #duplicates: Duplicates;
  readonly #toldOfFullDisk: ReturnType<typeof toldOfFullDisk>;
  readonly #commands: Commands;
  readonly #pack: Pack;
  readonly #platforms: ReadonlyMap<string, Platform>;
  readonly #chance: Chance;

  constructor(around: Surroundings) {
    const { clock, chance, log, say, pack } = around;
    const store = watched(around.store, clock, () => void this.#tellOfFullDisk());
    this.#pack = pack;
    this.#chance = chance;
    this.#platforms = new Map(around.platforms.map((platform) => [platform.name, platform]));
    const outbox = new Outbox({ store, clock, log });
    const roster = new Roster(store, chance);
    const scrubber = new Scrubber({ store, clock, log });
    const hall: Hall = {
      store,
      clock,
      log,
      say,
      outbox,
      roster,
      communities: new Communities(store),
      prompts: new Prompts(store),
      answers: new Answers(store, () => scrubber.soon()),
      scrubber,
    };
    const rounds = new Rounds(store);
    const participation = new Participation(store, roster, outbox);
    const facilitators = new Facilitators(hall, around.facilitators);
    this.#toldOfFullDisk = toldOfFullDisk({ ...hall, facilitators });
    const occurrences = new Occurrences(store);
    const apart = new Apart(store);
    const notify: Notify = (...notice) => this.timekeeper.notify(...notice);
    const activities = activitiesOf({ ...hall, rounds, participation, apart, notify }, pack);
    const setting = (community: Community) => this.setting(community);
    this.timekeeper = new Timekeeper({ hall, occurrences, facilitators, activities, setting });
    const { timekeeper } = this;
    const { defaults } = around;
    this.office = { ...hall, rounds, participation, apart, facilitators, occurrences, timekeeper, chance, defaults };
    this.inbox = new Inbox({ store, clock, log });
    this.#retention = new Retention(hall, pack);
    this.#duplicates = new Duplicates({ hall, inbox: this.inbox, platforms: this.#platforms });
    this.#commands = new Commands(this.office, pack);
    this.#companion = new Companion({
      hall,
      notify,
      inbox: this.inbox,
      platforms: this.#platforms,
      activities,
      commands: this.#commands,
      setting,
      buttons: {
        forget: (press: Press) => forgetMe(this.office, setting, press),
        "pairs-go": (press: Press) => bringTogether(this.office, press),
        lift: (press: Press) => lift(this.office, press),
      },
    });
  }

  /** Before any platform is started: the secret, and what an earlier life left over. */
  async open(): Promise<void> {
    await this.office.prompts.open(this.#chance);
    await this.#companion.open();
    await this.timekeeper.open();
    await this.#duplicates.open();
    this.#retention.open();
  }

  async earsFor(platform: Platform): Promise<Ears> {
    return this.#companion.ears(platform, await this.#commands.registered(platform));
  }

  /** Makes the community that the settings name, unless its channel has one. A workshop without dates waits for `start`. */
  async seed(seed: Seed): Promise<Community> {
    const { platform, channel, programme, zone } = seed;
    const place = await this.office.outbox.patiently(() => platform.channel(channel));
    const stands = await this.office.communities.at(platform.name, place);
    if (stands) return stands;
    const now = this.office.clock.now();
    const named = this.#pack.programmes[programme];
    const community: Community = {
      id: communityIdOf(platform.name, place),
      platform: platform.name,
      place,
      pack: this.#pack.id,
      programme,
      dayOne: seed.dayOne ?? "",
      dayTwo: seed.dayTwo ?? "",
      starts: localDate(now, zone),
      zone,
      run: 1,
      seed: this.#chance.id(),
      running: (named && isRecurring(named)) || (seed.dayOne !== undefined && seed.dayTwo !== undefined),
      moved: {},
      cursor: now,
    };
    await this.office.store.batch([this.office.communities.put(community)]);
    this.timekeeper.changed(community.id);
    return community;
  }

  /** A community with its platform and pack; undefined where its adapter or its pack is not configured now. */
  setting(community: Community): Setting | undefined {
    const platform = this.#platforms.get(community.platform);
    return platform && community.pack === this.#pack.id ? { community, platform, pack: this.#pack } : undefined;
  }

  async #tellOfFullDisk(): Promise<void> {
    try {
      const all = await this.office.communities.all();
      await this.#toldOfFullDisk(all.flatMap((community) => this.setting(community) ?? []));
    } catch (error) {
      this.office.log.error("nobody could be told of the full disk", { error: nameOf(error) });
    }
  }

  /** Nothing is being worked off or held. */
  async idle(): Promise<void> {
    await this.inbox.idle();
    await this.timekeeper.idle();
  }
}

function activitiesOf(hall: PairsHall, pack: Pack): Activities {
  return {
    quote: quote(hall),
    show: show(hall),
    pairs: pairs(hall),
    hunt: hunt(hall, pack),
    round: round(hall, pack),
    review: review(hall, pack),
    remind: remind(hall),
  };
}
