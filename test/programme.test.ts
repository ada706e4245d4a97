/** When things are due: against Intl as the oracle of zones, and told as a facilitator would. */
import { fc, test as property } from "@fast-check/vitest";
import { Temporal } from "temporal-polyfill";
import { describe, expect, test } from "vitest";
import type { Block, Programme, When } from "../src/pack/pack.ts";
import {
  type Dates,
  due,
  instantOf,
  isPattern,
  isZone,
  localDate,
  nearestZone,
  nextDue,
  parseDate,
} from "../src/programme.ts";

/** How many times near clock changes are watched for; 5,000 in continuous integration. */
const { CHANGES = "400" } = process.env;
const utc = (text: string): number => Date.parse(text);
const HOUR = 3_600_000;
const iso = (at: number): string => new Date(at).toISOString().slice(0, 16);

function block(id: string, when: When): Block {
  return { id, title: id, when, does: { activity: "hunt" }, missed: { rule: "once", withinMinutes: 60 } };
}
const onDay = (day: "one" | "two", at: string, offset = 0): When => ({ kind: "day", day, offset, at });
const every = (pattern: string, at: string): When => ({ kind: "every", pattern, at });
const programme = (...blocks: Block[]): Programme => ({ id: "p", title: "P", blocks });
const LONDON: Dates = { dayOne: "2026-12-06", dayTwo: "2026-12-07", starts: "2026-12-01", zone: "Europe/London" };

describe("instantOf", () => {
  test.each([
    ["an ordinary time", "2026-12-06", "09:00", "Europe/London", "2026-12-06T09:00"],
    ["a summer time", "2026-07-06", "09:00", "Europe/London", "2026-07-06T08:00"],
    ["a time in the spring gap: the first valid instant", "2027-03-28", "01:30", "Europe/London", "2027-03-28T01:00"],
    ["a repeated time: the first", "2026-10-25", "01:30", "Europe/London", "2026-10-25T00:30"],
    ["a repeated time in New York: the first", "2026-11-01", "01:30", "America/New_York", "2026-11-01T05:30"],
    ["a gap of half an hour", "2026-10-04", "02:15", "Australia/Lord_Howe", "2026-10-03T15:30"],
    ["midnight that does not exist", "2026-09-06", "00:00", "America/Santiago", "2026-09-06T04:00"],
    ["a date that a zone left out", "2011-12-30", "09:00", "Pacific/Apia", "2011-12-30T10:00"],
  ])("%s", (_, date, time, zone, expected) => expect(iso(instantOf(date, time, zone))).toBe(expected));
});

/** Minutes that the zone is ahead of UTC, as Intl says. */
const offsets = new Map<string, Intl.DateTimeFormat>();
function offset(at: number, zone: string): number {
  const known = offsets.get(zone) ?? new Intl.DateTimeFormat("en", { timeZone: zone, timeZoneName: "longOffset" });
  offsets.set(zone, known);
  const name = known.formatToParts(at).find(({ type }) => type === "timeZoneName")?.value ?? "";
  const [, sign, hours, minutes] = /GMT([+-])(\d\d):(\d\d)/.exec(name) ?? [];
  return hours === undefined ? 0 : (sign === "-" ? -1 : 1) * (Number(hours) * 60 + Number(minutes));
}

/** Walks through the day minute by minute: the first whose wall shows this time, or else a later one. */
function slowly(date: string, time: string, zone: string): number {
  const wanted = utc(`${date}T${time}:00Z`);
  const wall = (at: number) => at + offset(at, zone) * 60_000;
  let at = wanted - 15 * HOUR;
  // In great steps to well before it, since no clock goes back by three hours.
  while (wall(at + HOUR) < wanted - 3 * HOUR) at += HOUR;
  while (wall(at) < wanted) at += 60_000;
  return at;
}

/** The clock changes of every zone from 2024 to 2030. */
const changes = Intl.supportedValuesOf("timeZone").flatMap((zone) => {
  const found: { zone: string; at: number }[] = [];
  let moment: Temporal.ZonedDateTime | null = Temporal.ZonedDateTime.from(`2024-01-01T00:00[UTC]`).withTimeZone(zone);
  for (;;) {
    moment = moment.getTimeZoneTransition("next");
    if (moment === null || moment.year > 2030) return found;
    found.push({ zone, at: moment.epochMilliseconds });
  }
});

test("promise 11: there are clock changes to look at", () => {
  const zones = new Set(changes.map(({ zone }) => zone));
  console.info(
    `promise 11: ${zones.size} zones, ${changes.length} clock changes from 2024 to 2030, ${CHANGES} times near them`,
  );
  expect(changes.length).toBeGreaterThan(1_000);
});

const minutes = (count: number): string =>
  [Math.floor(count / 60), count % 60].map((part) => String(part).padStart(2, "0")).join(":");

property.prop(
  { change: fc.constantFrom(...changes), shift: fc.integer({ min: -180, max: 180 }) },
  { numRuns: Number(CHANGES), seed: 7 },
)(
  "promise 11: around every zone's clock changes, an instant is what a watcher of the wall clock sees first",
  ({ change, shift }) => {
    const { zone, at } = change;
    const near = at + (offset(at - 60_000, zone) + shift) * 60_000;
    const [date = "", clock = ""] = new Date(near).toISOString().split("T");
    const time = clock.slice(0, 5);
    expect(iso(instantOf(date, time, zone))).toBe(iso(slowly(date, time, zone)));
  },
  300_000,
);

describe("due", () => {
  const days = programme(
    block("welcome", onDay("one", "09:00")),
    block("hosts", onDay("one", "09:05")),
    block("soon", onDay("one", "16:00", -3)),
    block("why", onDay("two", "09:00")),
    block("later", onDay("two", "09:00", 30)),
  );

  test("holds the blocks of both days in order of time", () => {
    const found = due(days, LONDON, {}, utc("2026-11-01"), utc("2027-02-01"));
    expect(found.map(({ block: { id }, date, at }) => [id, date, iso(at)])).toEqual([
      ["soon", "2026-12-03", "2026-12-03T16:00"],
      ["welcome", "2026-12-06", "2026-12-06T09:00"],
      ["hosts", "2026-12-06", "2026-12-06T09:05"],
      ["why", "2026-12-07", "2026-12-07T09:00"],
      ["later", "2027-01-06", "2027-01-06T09:00"],
    ]);
  });

  test("leaves out the window's beginning and holds its end", () => {
    const nine = utc("2026-12-06T09:00Z");
    expect(due(days, LONDON, {}, nine, nine + 60_000)).toEqual([]);
    expect(due(days, LONDON, {}, nine - 1, nine)).toHaveLength(1);
    expect(due(days, LONDON, {}, nine, nine)).toEqual([]);
  });

  test("keeps the programme's order at one time", () => {
    const twins = programme(block("b", onDay("one", "09:00")), block("a", onDay("one", "09:00")));
    const found = due(twins, LONDON, {}, utc("2026-12-06"), utc("2026-12-07"));
    expect(found.map(({ block: { id } }) => id)).toEqual(["b", "a"]);
  });

  test("follows a time that was moved, under the same date", () => {
    const moved = due(days, LONDON, { welcome: "10:30" }, utc("2026-12-06"), utc("2026-12-07"));
    expect(moved.map(({ block: { id }, date, at }) => [id, date, iso(at)])).toEqual([
      ["hosts", "2026-12-06", "2026-12-06T09:05"],
      ["welcome", "2026-12-06", "2026-12-06T10:30"],
    ]);
  });

  test("has nothing for days without a date", () => {
    const { dayOne: _, ...rest } = LONDON;
    const found = due(days, rest, {}, utc("2026-01-01"), utc("2028-01-01"));
    expect(found.map(({ block: { id } }) => id)).toEqual(["why", "later"]);
  });

  test("is on the local date at both ends of the world", () => {
    const early = programme(block("early", onDay("one", "00:10")), block("last", onDay("one", "23:50")));
    for (const [zone, first, last] of [
      ["Pacific/Kiritimati", "2026-12-05T10:10", "2026-12-06T09:50"],
      ["Pacific/Pago_Pago", "2026-12-06T11:10", "2026-12-07T10:50"],
    ] as const) {
      for (const [index, expected] of [first, last].entries()) {
        const at = utc(`${expected}Z`);
        const found = due(early, { ...LONDON, zone }, {}, at - 60_000, at);
        expect(found.map(({ block: { id }, date }) => [id, date])).toEqual([[["early", "last"][index], "2026-12-06"]]);
      }
    }
  });

  test("holds recurring blocks from their first date on", () => {
    const alumni = programme(
      block("quote", every("* * MON-FRI", "08:30")),
      block("pairs", every("* * MON#1,MON#3", "09:30")),
      block("review", every("* * THU#L", "15:00")),
    );
    const found = due(
      alumni,
      { starts: "2026-12-18", zone: "Europe/London" },
      {},
      utc("2026-12-01"),
      utc("2027-01-05"),
    );
    const of = (name: string) => found.flatMap(({ block: { id }, date }) => (id === name ? [date.slice(5)] : []));
    expect(of("quote")).toEqual("12-18 12-21 12-22 12-23 12-24 12-25 12-28 12-29 12-30 12-31 01-01 01-04".split(" "));
    expect(of("pairs")).toEqual(["12-21", "01-04"]);
    expect(of("review")).toEqual(["12-31"]);
  });

  test("matches a day of month only together with a day of week", () => {
    const friday13 = programme(block("friday", every("13 * FRI", "09:00")));
    const found = due(friday13, { starts: "2026-01-01", zone: "UTC" }, {}, utc("2026-01-01"), utc("2027-01-01"));
    expect(found.map(({ date }) => date)).toEqual(["2026-02-13", "2026-03-13", "2026-11-13"]);
  });

  test("promise 11: a recurring time that a clock change skips or repeats is due once", () => {
    const nightly = programme(block("night", every("* * *", "01:30")));
    const found = due(
      nightly,
      { starts: "2026-01-01", zone: "Europe/London" },
      {},
      utc("2026-10-24"),
      utc("2027-10-24"),
    );
    expect(found).toHaveLength(365);
    expect(new Set(found.map(({ date }) => date)).size).toBe(365);
  });
});

const arbitraryBlock = fc.oneof(
  fc
    .record({ day: fc.constantFrom("one", "two"), offset: fc.integer({ min: -9, max: 40 }), time: fc.nat(1_439) })
    .map(({ day, offset: days, time }) => onDay(day, minutes(time), days)),
  fc
    .record({ pattern: fc.constantFrom("* * *", "* * MON-FRI", "* * MON#1", "31 * *", "* * SUN"), time: fc.nat(1_439) })
    .map(({ pattern, time }) => every(pattern, minutes(time))),
);

property.prop(
  {
    whens: fc.array(arbitraryBlock, { minLength: 1, maxLength: 6 }),
    zone: fc.constantFrom("Europe/London", "America/New_York", "Australia/Lord_Howe", "Pacific/Kiritimati", "UTC"),
    start: fc.integer({ min: utc("2026-09-01"), max: utc("2027-04-01") }),
    cuts: fc.array(fc.integer({ min: 1, max: 12 * 3_600_000 }), { minLength: 1, maxLength: 10 }),
  },
  { numRuns: 60, seed: 7 },
)("nothing is lost or doubled however the time is cut, and nextDue finds the same, one after the other", (given) => {
  const blocks = programme(...given.whens.map((when, index) => block(`b${index}`, when)));
  const dates: Dates = { dayOne: "2026-10-24", dayTwo: "2027-03-27", starts: "2026-10-01", zone: given.zone };
  let end = given.start;
  const ends = given.cuts.map((cut) => (end += cut));
  const whole = due(blocks, dates, {}, given.start, end);
  const pieces = ends.flatMap((until, index) => due(blocks, dates, {}, ends[index - 1] ?? given.start, until));
  expect(pieces).toEqual(whole);
  const instants = [...new Set(whole.map(({ at }) => at))];
  const followed = instants.map((_, index) => nextDue(blocks, dates, {}, instants[index - 1] ?? given.start)?.at);
  expect(followed).toEqual(instants);
});

describe("nextDue", () => {
  test("finds what is far away, and nothing after the last", () => {
    const leap = programme(block("leap", every("29 2 *", "12:00")));
    const next = nextDue(leap, { starts: "2025-03-01", zone: "UTC" }, {}, utc("2025-03-01"));
    expect(next?.date).toBe("2028-02-29");
    const once = programme(block("once", onDay("one", "09:00")));
    expect(nextDue(once, LONDON, {}, utc("2001-01-01"))?.date).toBe("2026-12-06");
    expect(nextDue(once, LONDON, {}, utc("2026-12-06T09:00Z"))).toBeUndefined();
  });

  test("waits for the first date of what recurs", () => {
    const daily = programme(block("daily", every("* * *", "09:00")));
    expect(nextDue(daily, { starts: "2027-06-01", zone: "UTC" }, {}, utc("2026-01-01"))?.date).toBe("2027-06-01");
  });
});

test.each(["* * *", "* * MON#1,MON#3", "* * FRI#L", "L * *", "1-7 1,4,7,10 TUE", "29 2 *"])(
  "%s is a pattern",
  (pattern) => expect(isPattern(pattern)).toBe(true),
);

describe("a zone", () => {
  test("is a name of the database, not an offset", () => {
    for (const zone of ["Europe/London", "europe/london", "UTC", "Asia/Kolkata", "Asia/Calcutta"])
      expect(isZone(zone)).toBe(true);
    for (const zone of ["Mars/Olympus", "", "+01:00", "Europe", "London", "Europe/London "])
      expect(isZone(zone)).toBe(false);
  });

  test.each([
    ["Europe/Lodnon", "Europe/London"],
    ["London", "Europe/London"],
    ["new york", "America/New_York"],
    ["Mars/Olympus", undefined],
    ["", undefined],
  ])("%s is near %s", (typed, meant) => expect(nearestZone(typed)).toBe(meant));

  test("tells the date on its calendar", () => {
    expect(localDate(utc("2026-12-06T23:30Z"), "Europe/Paris")).toBe("2026-12-07");
  });
});

test.each([
  ["2026-12-06", { date: "2026-12-06" }],
  [" 2026-2-9 ", { date: "2026-02-09" }],
  ["2028-02-29", { date: "2028-02-29" }],
  ["2026-02-31", { problem: "31 February does not exist." }],
  ["31/02", { problem: "31 February does not exist." }],
  ["2026-02-29", { problem: "29 February 2026 does not exist." }],
  ["2026-04-00", { problem: "0 April does not exist." }],
  ["13/25", { problem: "There is no month 25. Write it as year-month-day, such as 2027-12-06." }],
  ["06/12/2026", { problem: "06/12/2026 could be read in two ways. Write it as year-month-day, such as 2027-12-06." }],
  ["9999-12-31", { problem: "I cannot look as far as the year 9999. Write it as year-month-day, such as 2027-12-06." }],
  ["yesterday", { problem: 'I cannot read "yesterday" as a date. Write it as year-month-day, such as 2027-12-06.' }],
  ["", { problem: 'I cannot read "" as a date. Write it as year-month-day, such as 2027-12-06.' }],
])("the date %s", (typed, expected) => expect(parseDate(typed)).toEqual(expected));
