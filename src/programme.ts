/**
 * Pure: a programme and its dates -> what is due when. Reads no clock. Civil dates and times become instants with
 * Temporal; recurring dates are matched by croner, which is never started.
 */
import { Cron } from "croner";
import { Temporal } from "temporal-polyfill";
import { nearestOf } from "./pack/nearest.ts";
import type { Block, Programme, TimeOfDay, When } from "./pack/pack.ts";
import type { Instant } from "./platform.ts";

/** A local date, `YYYY-MM-DD`. */
export type LocalDate = string;

/** The dates of one community's run. Blocks of a day that has no date are never due. */
export interface Dates {
  readonly dayOne?: LocalDate | undefined;
  readonly dayTwo?: LocalDate | undefined;
  /** The first local date on which recurring blocks may fall. */
  readonly starts: LocalDate;
  readonly zone: string;
}

/** Times that a facilitator has moved, by block id. */
export type Moved = Readonly<Record<string, TimeOfDay>>;

export interface Due {
  readonly block: Block;
  /** The local date that the occurrence belongs to: part of its key, where the instant is not. */
  readonly date: LocalDate;
  readonly at: Instant;
}

/** It comes again and again, and knows no day one and no day two. */
export const isRecurring = ({ blocks }: Programme): boolean => blocks.every(({ when }) => when.kind === "every");

const TIME = /^(?:[01]\d|2[0-3]):[0-5]\d$/;
export const isTimeOfDay = (value: string): value is TimeOfDay => TIME.test(value);

/**
 * The instant at which a clock on the wall of that zone first shows this time on this date. A time that the spring
 * change skips is the first valid instant after the gap; one that the autumn change repeats is the first of the two.
 */
export function instantOf(date: LocalDate, time: TimeOfDay, zone: string): Instant {
  const wall = Temporal.PlainDate.from(date).toPlainDateTime(time);
  const moment = wall.toZonedDateTime(zone, { disambiguation: "earlier" });
  // In a gap, "earlier" reads the time with the offset before it and so lands before the change.
  const skipped = !moment.toPlainDateTime().equals(wall);
  return (skipped ? moment.getTimeZoneTransition("next") : null)?.epochMilliseconds ?? moment.epochMilliseconds;
}

/** What falls due after `from` and not after `to`, in order of time, then of the programme. */
export function due(programme: Programme, dates: Dates, moved: Moved, from: Instant, to: Instant): readonly Due[] {
  // A local date is at most one away from the date in UTC.
  const window = { first: shift(utcDate(from), -1), last: shift(utcDate(to), 1) };
  const found: Due[] = [];
  for (const block of programme.blocks) {
    for (const date of candidates(block.when, dates, window)) {
      const at = rememberedInstant(date, moved[block.id] ?? block.when.at, dates.zone);
      // Matching is the dear part, so the time is looked at first.
      if (at > from && at <= to && falls(block.when, date)) found.push({ block, date, at });
    }
  }
  return found.sort(byTime);
}

/** The next occurrence after an instant, however far away; of several at one instant, the programme's first. */
export function nextDue(programme: Programme, dates: Dates, moved: Moved, after: Instant): Due | undefined {
  const next = programme.blocks.flatMap((block) => nextOf(block, dates, moved, after) ?? []);
  return next.sort(byTime)[0];
}

const byTime = (a: Due, b: Due): number => a.at - b.at;

interface Window {
  readonly first: LocalDate;
  readonly last: LocalDate;
}

function candidates(when: When, dates: Dates, { first, last }: Window): readonly LocalDate[] {
  if (when.kind === "day") {
    const date = dateOf(when, dates);
    return date !== undefined && date >= first && date <= last ? [date] : [];
  }
  const found: LocalDate[] = [];
  for (let date = first < dates.starts ? dates.starts : first; date <= last; date = shift(date, 1)) found.push(date);
  return found;
}

function dateOf(when: When & { kind: "day" }, dates: Dates): LocalDate | undefined {
  const day = when.day === "one" ? dates.dayOne : dates.dayTwo;
  return day === undefined ? undefined : shift(day, when.offset);
}

function nextOf(block: Block, dates: Dates, moved: Moved, after: Instant): Due | undefined {
  const { when } = block;
  const time = moved[block.id] ?? when.at;
  const dueOn = (date: LocalDate): Due => ({ block, date, at: rememberedInstant(date, time, dates.zone) });
  if (when.kind === "day") {
    const date = dateOf(when, dates);
    const only = date === undefined ? undefined : dueOn(date);
    return only !== undefined && only.at > after ? only : undefined;
  }
  const [before, eve] = [shift(utcDate(after), -2), shift(dates.starts, -1)];
  let date = nextDate(when.pattern, before < eve ? eve : before);
  // Of the dates from yesterday on, at most three lie before the instant.
  while (date !== undefined && dueOn(date).at <= after) date = nextDate(when.pattern, date);
  return date === undefined ? undefined : dueOn(date);
}

/** Days are matched in UTC, so that no zone's clock change touches them, at noon. */
const cron = (pattern: string): Cron =>
  new Cron(`0 0 12 ${pattern}`, { timezone: "UTC", domAndDow: true, mode: "6-part", paused: true });

const matcher = remembering(cron);

const matches = remembering((asked: string) => {
  const [pattern = "", date = ""] = asked.split(" on ");
  return matcher(pattern).match(`${date}T12:00:00`);
});
const falls = (when: When, date: LocalDate): boolean => when.kind === "day" || matches(`${when.pattern} on ${date}`);

const nextDates = remembering((asked: string) => {
  const [pattern = "", after = ""] = asked.split(" after ");
  return matcher(pattern).nextRun(`${after}T12:00:00`)?.toISOString().slice(0, 10);
});
const nextDate = (pattern: string, after: LocalDate): LocalDate | undefined => nextDates(`${pattern} after ${after}`);

/** Day of month, month, day of week; a day that never comes (30 2 *) is no pattern. */
export function isPattern(pattern: string): boolean {
  if (pattern.length > 60 || pattern.split(" ").length !== 3) return false;
  try {
    return cron(pattern).nextRun("2024-01-01T00:00:00") !== null;
  } catch {
    return false; // croner throws on whatever it cannot read
  }
}

const DAY = 86_400_000;
const dateOfDay = remembering((day: number): LocalDate => new Date(day * DAY).toISOString().slice(0, 10));
const utcDate = (at: Instant): LocalDate => dateOfDay(Math.floor(at / DAY));
const shift = (date: LocalDate, days: number): LocalDate => utcDate(Date.parse(date) + days * DAY);

const instants = remembering((asked: string) => {
  const [date = "", time = "", zone = ""] = asked.split(" ");
  return instantOf(date, time, zone);
});
const rememberedInstant = (date: LocalDate, time: TimeOfDay, zone: string): Instant =>
  instants(`${date} ${time} ${zone}`);

/** A heartbeat asks the same few things again and again, and calendars are dear. Forgets everything now and then. */
function remembering<Asked extends string | number, T>(find: (asked: Asked) => T): (asked: Asked) => T {
  const known = new Map<Asked, T>();
  return (asked) => {
    const before = known.get(asked);
    if (before !== undefined) return before;
    if (known.size >= 10_000) known.clear();
    const found = find(asked);
    known.set(asked, found);
    return found;
  };
}

/** The date on a calendar in that zone. */
export const localDate = (at: Instant, zone: string): LocalDate =>
  Temporal.Instant.fromEpochMilliseconds(at).toZonedDateTimeISO(zone).toPlainDate().toString();

/** A name of the time zone database; not an offset, which knows no summer. */
export function isZone(name: string): boolean {
  if (!/^[A-Za-z]/.test(name)) return false;
  try {
    return new Intl.DateTimeFormat("en", { timeZone: name }) instanceof Intl.DateTimeFormat;
  } catch {
    return false; // RangeError is its way to say no
  }
}

/** What may have been meant by a zone that does not exist, by its whole name or by its city. */
export function nearestZone(name: string): string | undefined {
  const zones = Intl.supportedValuesOf("timeZone");
  const cities = new Map(zones.map((zone) => [zone.slice(zone.lastIndexOf("/") + 1), zone]));
  const city = nearestOf(name.slice(name.lastIndexOf("/") + 1).replaceAll(" ", "_"), [...cities.keys()]);
  return nearestOf(name, zones) ?? (city === undefined ? undefined : cities.get(city));
}

const FORM = "Write it as year-month-day, such as 2027-12-06.";

/** A date as somebody typed it, or what is wrong with it. Whether it is past is for the caller to say: this knows no today. */
export function parseDate(typed: string): { readonly date: LocalDate } | { readonly problem: string } {
  const iso = /^(\d{4})-(\d{1,2})-(\d{1,2})$/.exec(typed.trim());
  const spoken = /^(\d{1,2})[/.](\d{1,2})(?:[/.](\d{4}))?$/.exec(typed.trim());
  // Without a year any leap year will do: only whether the day exists is said of it.
  const [year, month, day] = iso ? [iso[1], iso[2], iso[3]] : [spoken?.[3] ?? "2028", spoken?.[2], spoken?.[1]];
  if (month === undefined || day === undefined) {
    return { problem: `I cannot read "${typed.slice(0, 40)}" as a date. ${FORM}` };
  }
  const date = `${year}-${month.padStart(2, "0")}-${day.padStart(2, "0")}`;
  const problem = whatIsWrong(Number(year), Number(month), Number(day));
  if (problem !== undefined) return { problem };
  return iso ? { date } : { problem: `${typed.trim()} could be read in two ways. ${FORM}` };
}

function whatIsWrong(year: number, month: number, day: number): string | undefined {
  if (month < 1 || month > 12) return `There is no month ${month}. ${FORM}`;
  const first = Temporal.PlainDate.from({ year, month, day: 1 });
  const name = first.toLocaleString("en-GB", { month: "long" });
  const ofYear = month === 2 && day === 29 ? ` ${year}` : "";
  if (day < 1 || day > first.daysInMonth) return `${day} ${name}${ofYear} does not exist.`;
  return year < 2000 || year > 2199 ? `I cannot look as far as the year ${year}. ${FORM}` : undefined;
}
