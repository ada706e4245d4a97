/** Instants as people read them: in their own zone where the platform shows it, else in the workshop's. */
import type { Instant, Span } from "../platform.ts";
import { time } from "../words.ts";

const STYLES = {
  time: { hour: "2-digit", minute: "2-digit", hourCycle: "h23" },
  date: { day: "numeric", month: "short", year: "numeric" },
  moment: { weekday: "short", day: "numeric", month: "short", hour: "2-digit", minute: "2-digit", hourCycle: "h23" },
} as const;

/** A wall clock's words in one zone. */
export const inZone = (at: Instant, zone: string, style: keyof typeof STYLES): string =>
  new Intl.DateTimeFormat("en-GB", { ...STYLES[style], timeZone: zone }).format(at);

export const moment = (at: Instant, zone: string): Span => time(at, "moment", `${inZone(at, zone, "moment")}, ${zone}`);
