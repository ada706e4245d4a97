/** `/together-run start` and `stop`: a community begins a run of a programme, or ends it. */
import type { Setting } from "../activities/activity.ts";
import { type Community, communityIdOf } from "../communities.ts";
import type { Programme } from "../pack/pack.ts";
import { instantOf, isZone, localDate, nearestZone, parseDate } from "../programme.ts";
import { whatShuts } from "../shut.ts";
import { bold, text } from "../words.ts";
import { inZone, moment } from "./times.ts";
import type { Office, Reply, Use } from "./verb.ts";

/** Local dates, YYYY-MM-DD. */
interface Days {
  readonly dayOne: string;
  readonly dayTwo: string;
}

interface Plan extends Days {
  readonly programme: Programme;
  readonly zone: string;
}

interface Refused {
  readonly refused: Reply;
}

export async function starting(office: Office, use: Use, setting: Setting | undefined): Promise<Reply> {
  const { say } = office;
  const { platform } = use;
  const place = platform.channelOf(use.place);
  const stands = setting?.community.place === place ? setting.community : undefined;
  if (stands?.running) return say.spans("start.runs-already", { day: stands.dayOne });
  const plan = planOf(office, use, stands);
  if ("refused" in plan) return plan.refused;
  const shut = await whatShuts(office, platform, place);
  if (shut) return [text(shut.message)];
  const community = communityOf(office, use, place, plan, stands);
  await office.store.batch([office.communities.put(community)]);
  await office.facilitators.add(platform, use.by);
  office.timekeeper.changed(community.id);
  const coming = await office.timekeeper.next({ community, platform, pack: use.pack });
  const first = coming
    ? say.spans("start.first", { title: bold(coming.block.title), at: moment(coming.at, plan.zone) })
    : [];
  return [...say.spans("start.done", { title: plan.programme.title }), ...first];
}

export async function stopping(office: Office, { community }: Use & Setting): Promise<Reply> {
  if (!community.running) return office.say.spans("stop.stands-still");
  await office.communities.change(community.id, (now) => ({ ...now, running: false }));
  await office.store.batch(await office.prompts.close(community.id, office.clock.now()));
  office.timekeeper.changed(community.id);
  return office.say.spans("stop.done");
}

/** A new run of a place: its occurrences never meet those of an earlier one. */
function communityOf(
  office: Office,
  use: Use,
  place: Community["place"],
  plan: Plan,
  stands: Community | undefined,
): Community {
  const now = office.clock.now();
  return {
    id: communityIdOf(use.platform.name, place),
    platform: use.platform.name,
    place,
    pack: use.pack.id,
    programme: plan.programme.id,
    dayOne: plan.dayOne,
    dayTwo: plan.dayTwo,
    starts: localDate(now, plan.zone),
    zone: plan.zone,
    run: (stands?.run ?? 0) + 1,
    seed: office.chance.id(),
    running: true,
    moved: {},
    cursor: now,
  };
}

/** The words in any order: a programme's id, one date or two, a zone. What is not said is as it was, or today and tomorrow. */
function planOf(office: Office, { pack, words }: Use, stands: Community | undefined): Plan | Refused {
  const { say, defaults } = office;
  const { zones, dates, names } = sorted(words);
  if (zones.length > 1 || dates.length > 2 || names.length > 1) return { refused: say.spans("start.too-much") };
  const zone = zones[0] ?? stands?.zone ?? defaults.zone;
  if (!isZone(zone))
    return {
      refused: say.spans("start.no-zone", { typed: zone.slice(0, 40), nearest: nearestZone(zone) ?? "Europe/London" }),
    };
  const days = daysOf(office, dates, zone);
  if ("refused" in days) return days;
  const named = names[0]?.toLowerCase() ?? stands?.programme ?? defaults.programme;
  const programme = Object.hasOwn(pack.programmes, named) ? pack.programmes[named] : undefined;
  if (programme) return { programme, ...days, zone };
  const programmes = Object.keys(pack.programmes).join(", ");
  return { refused: say.spans("start.no-programme", { typed: named.slice(0, 40), programmes }) };
}

/** A date begins with a digit, and a zone has a stroke in it. */
function sorted(words: readonly string[]) {
  const dates = words.filter((word) => /^\d/.test(word));
  const zones = words.filter((word) => word === "UTC" || (word.includes("/") && !dates.includes(word)));
  return { dates, zones, names: words.filter((word) => !dates.includes(word) && !zones.includes(word)) };
}

function daysOf({ say, clock }: Office, typed: readonly string[], zone: string): Days | Refused {
  const today = localDate(clock.now(), zone);
  const dates: string[] = [];
  for (const word of typed) {
    const read = parseDate(word);
    if ("problem" in read) return { refused: [text(read.problem)] };
    if (read.date < today)
      return { refused: say.spans("date.past", { today: inZone(clock.now(), zone, "date"), zone }) };
    dates.push(read.date);
  }
  const [dayOne = today, dayTwo = dayAfter(dayOne)] = dates.sort();
  return dayOne === dayTwo ? { refused: say.spans("start.same-day", { day: dayOne }) } : { dayOne, dayTwo };
}

/** The next date of the calendar. */
const dayAfter = (date: string): string => localDate(instantOf(date, "12:00", "UTC") + 86_400_000, "UTC");
