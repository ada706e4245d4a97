/** What the room begins with: the days of its workshop, its clock, and where it keeps its state. */
import type { PushableClock } from "./clock.ts";
import { pushBy } from "./facilitating.ts";
import type { Pack } from "./pack/pack.ts";
import { instantOf, localDate } from "./programme.ts";
import { asWritten, collection } from "./store/collection.ts";
import type { Store } from "./store/store.ts";

const MINUTE = 60_000;

interface Days {
  readonly dayOne?: string;
  readonly dayTwo?: string;
  readonly zone: string;
}

/** What begins where nobody says which: the one called so, else the pack's first. */
export const mainProgramme = (pack: Pack): string =>
  Object.keys(pack.programmes).sort((a, b) => Number(b === "workshop") - Number(a === "workshop"))[0] ?? "";

/** With no dates set, day one is the next morning, and the room's clock stands a minute before its first block. */
export async function daysOfTheRoom({ dayOne, dayTwo, zone }: Days, pack: Pack, clock: PushableClock, store: Store) {
  if (dayOne !== undefined && dayTwo !== undefined) return { dayOne, dayTwo };
  const first = pack.programmes[mainProgramme(pack)]?.blocks.find(
    ({ when }) => when.kind === "day" && when.day === "one" && when.offset === 0,
  );
  const at = first?.when.at ?? "09:00";
  const today = localDate(clock.now(), zone);
  const date = instantOf(today, at, zone) > clock.now() ? today : nextDate(today);
  const days = { dayOne: date, dayTwo: nextDate(date) };
  const furnished = (await store.range("communities/", undefined, 1)).length > 0;
  if (!furnished) await pushBy(clock, store, instantOf(date, at, zone) - MINUTE - clock.now());
  return days;
}

const nextDate = (date: string): string => localDate(instantOf(date, "12:00", "UTC") + 24 * 60 * MINUTE, "UTC");

/** What an adapter has to remember, as records of the store: the room's whole state, and the little that others have. */
export function memoryIn(store: Store, name = "room") {
  const records = collection<string>(store, name, asWritten());
  return {
    async load() {
      const kept: { key: string; value: string }[] = [];
      for await (const { id, value } of records.all()) kept.push({ key: id[0], value });
      return kept;
    },
    save: (changes: readonly { readonly key: string; readonly value?: string }[]) =>
      store.batch(
        changes.map(({ key, value }) => (value === undefined ? records.erase([key]) : records.put([key], value))),
      ),
  };
}
