/** The two days of the workshop, as the settings name them. */
import { Temporal } from "temporal-polyfill";
import type { Environment } from "./environment.ts";
import type { Instant } from "./platform.ts";

/** Local dates, 2026-11-22; both or neither. Day two is the day after, unless it is named. */
export function workshopDays(
  env: Environment,
  now: Instant,
  zone: string,
): { readonly dayOne?: string; readonly dayTwo?: string } {
  const dayOne = env.date("WORKSHOP_DAY_ONE");
  const dayTwo = env.date("WORKSHOP_DAY_TWO");
  if (dayOne === undefined) {
    if (dayTwo !== undefined && !env.has("WORKSHOP_DAY_ONE"))
      env.problem("E_DATE", "WORKSHOP_DAY_ONE", "Set it too: WORKSHOP_DAY_TWO alone says too little.");
    return {};
  }
  if (dayTwo !== undefined && dayTwo <= dayOne)
    env.problem("E_DATE", "WORKSHOP_DAY_TWO", `${dayTwo} is not after day one, ${dayOne}.`);
  const last = dayTwo ?? Temporal.PlainDate.from(dayOne).add({ days: 1 }).toString();
  const today = Temporal.Instant.fromEpochMilliseconds(now).toZonedDateTimeISO(zone).toPlainDate().toString();
  // A running workshop is restarted with its dates, so only one that is over is worth a word.
  if (last < today) env.warnings.push(`WORKSHOP_DAY_TWO (${last}) is in the past: today is ${today} in ${zone}.`);
  return { dayOne, dayTwo: last };
}
