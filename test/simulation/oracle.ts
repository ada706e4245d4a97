/** What should have been due, reckoned once more by other means: a search with Intl instead of Temporal's arithmetic. */
import { Cron } from "croner";
import type { Community } from "../../src/communities.ts";
import type { Pack } from "../../src/pack/pack.ts";

const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;

export interface Expected {
  readonly block: string;
  readonly date: string;
  readonly at: number;
}

const formats = new Map<string, Intl.DateTimeFormat>();
function wall(at: number, zone: string): string {
  let format = formats.get(zone);
  if (!format) {
    const parts = { year: "numeric", month: "2-digit", day: "2-digit", hour: "2-digit", minute: "2-digit" } as const;
    format = new Intl.DateTimeFormat("sv-SE", { ...parts, timeZone: zone, hourCycle: "h23" });
    formats.set(zone, format);
  }
  return format.format(at);
}

const instants = new Map<string, number>();

/** The first minute at which a clock on the wall shows this time or, where that is skipped, a later one on this date. */
function firstInstant(date: string, time: string, zone: string): number {
  const asked = `${date} ${time}`;
  const name = `${asked} ${zone}`;
  const known = instants.get(name);
  if (known !== undefined) return known;
  // No zone is more than 14 hours from UTC; the wall shows an earlier minute all the time before the sought one.
  let [low, high] = [
    Date.parse(`${date}T${time}Z`) - 15 * 60 * MINUTE,
    Date.parse(`${date}T${time}Z`) + 15 * 60 * MINUTE,
  ];
  while (high - low > MINUTE) {
    const middle = low + Math.floor((high - low) / 2 / MINUTE) * MINUTE;
    if (wall(middle, zone) >= asked) high = middle;
    else low = middle;
  }
  // Where an hour comes twice the search may have found the second; the first shows the same an hour or less before.
  for (const back of [120, 60, 30]) if (wall(high - back * MINUTE, zone) === wall(high, zone)) high -= back * MINUTE;
  instants.set(name, high);
  return high;
}

const matches = new Map<string, boolean>();

/** Whether a date is one of a pattern's: looked at once, since a calendar is dear. */
function isDate(pattern: string, date: string): boolean {
  const asked = `${pattern} ${date}`;
  const known = matches.get(asked);
  if (known !== undefined) return known;
  const cron = new Cron(`0 0 12 ${pattern}`, { timezone: "UTC", domAndDow: true, mode: "6-part", paused: true });
  const answer = cron.match(`${date}T12:00:00`);
  matches.set(asked, answer);
  return answer;
}

const dates = new Map<number, string>();

function dateOf(at: number): string {
  const day = Math.floor(at / DAY);
  const date = dates.get(day) ?? new Date(day * DAY).toISOString().slice(0, 10);
  dates.set(day, date);
  return date;
}

export function expected(
  pack: Pack,
  community: Pick<Community, "programme" | "dayOne" | "dayTwo" | "starts" | "zone" | "moved">,
  from: number,
  to: number,
): Expected[] {
  const found: Expected[] = [];
  for (const { id, when } of pack.programmes[community.programme]?.blocks ?? []) {
    const dates: string[] = [];
    if (when.kind === "day") {
      const day = when.day === "one" ? community.dayOne : community.dayTwo;
      if (day) dates.push(dateOf(Date.parse(day) + when.offset * DAY));
    } else {
      for (let at = from - 2 * DAY; at <= to + 2 * DAY; at += DAY)
        if (dateOf(at) >= community.starts && isDate(when.pattern, dateOf(at))) dates.push(dateOf(at));
    }
    for (const date of dates) {
      const at = firstInstant(date, community.moved[id] ?? when.at, community.zone);
      if (at > from && at <= to) found.push({ block: id, date, at });
    }
  }
  return found;
}
