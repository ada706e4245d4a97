/**
 * Reads settings one by one, as an operator typed them, and gathers everything that is wrong with them, so that it
 * can be mended in one go. Knows no setting by name; `config.ts` does. A value is never printed unless it is no secret.
 */
import { nearestOf } from "./pack/nearest.ts";
import { isZone, nearestZone, parseDate } from "./programme.ts";

/** `what` says what is wrong and how to mend it. */
export interface Problem {
  readonly code: string;
  readonly variable: string;
  readonly what: string;
}

const QUOTED = /^(["'“‘`])(.*)(["'”’`])$/s;
/** Ports below belong to the system. */
const FIRST_PORT = 1024;

export class Environment {
  readonly problems: Problem[] = [];
  readonly warnings: string[] = [];
  readonly #values: Readonly<Record<string, string | undefined>>;
  readonly #cleaned = new Map<string, string | undefined>();

  constructor(values: Readonly<Record<string, string | undefined>>) {
    this.#values = values;
  }

  problem(code: string, variable: string, what: string): void {
    this.problems.push({ code, variable, what });
  }

  /** The value without the quotes and white space around it; absent and empty are the same. */
  text(name: string): string | undefined {
    if (!this.#cleaned.has(name)) this.#cleaned.set(name, this.#clean(name));
    return this.#cleaned.get(name);
  }

  has(name: string): boolean {
    return this.text(name) !== undefined;
  }

  #clean(name: string): string | undefined {
    const raw = this.#values[name];
    if (raw === undefined) return undefined;
    const bare = raw.trim().replace(QUOTED, "$2").trim();
    if (bare !== raw && bare !== "") this.warnings.push(`${name}: I left out the quotes or spaces around its value.`);
    return bare === "" ? undefined : bare;
  }

  choice<const Name extends string>(name: string, options: readonly Name[], otherwise: Name): Name {
    const value = this.text(name);
    if (value === undefined) return otherwise;
    const found = options.find((option) => option === value.toLowerCase());
    if (found === undefined) this.problem("E_CHOICE", name, `"${value}" is not one of ${options.join(", ")}.`);
    return found ?? otherwise;
  }

  port(name: string, otherwise: number): number {
    const value = this.text(name);
    if (value === undefined) return otherwise;
    const port = Number(value);
    // 0 is the system's word for "any free one".
    const fits = /^\d+$/.test(value) && (port === 0 || (port >= FIRST_PORT && port <= 65_535));
    if (!fits)
      this.problem("E_PORT", name, `"${value}" is not a port to use. Set a number from ${FIRST_PORT} to 65535.`);
    return port;
  }

  /** `ending`: what the address has to end in, for those who build longer ones upon it. */
  url(name: string, ending?: string): string | undefined {
    const value = this.text(name);
    if (value === undefined) return undefined;
    if (!/^https?:\/\/[^/\s]/.test(value) || !URL.canParse(value))
      this.problem("E_URL", name, `"${value}" is not an address. It begins with https:// or http://.`);
    else if (ending !== undefined && !value.endsWith(ending))
      this.problem("E_URL", name, `"${value}" has to end in ${ending}, e.g. ${new URL(value).origin}${ending}.`);
    return value;
  }

  /** A local date, 2026-11-22. */
  date(name: string): string | undefined {
    const value = this.text(name);
    if (value === undefined) return undefined;
    const read = parseDate(value);
    if ("date" in read) return read.date;
    this.problem("E_DATE", name, read.problem);
    return undefined;
  }

  /** A name of the IANA database. Node silently reads an unknown TZ as UTC, so that one is checked too. */
  zone(name: string): string {
    const value = this.text(name)?.replace(/^:(?!\/)/, "");
    const machine = new Intl.DateTimeFormat().resolvedOptions().timeZone;
    // A path names a file of the system's, and the machine has read it.
    if (value === undefined || /^:?\//.test(value)) return machine;
    if (isZone(value)) return value;
    const near = nearestZone(value) ?? "none";
    this.problem("E_TZ", name, `Unknown time zone "${value}". Nearest: ${near}. Example: Europe/London.`);
    return machine;
  }

  /** Names that begin like ours and are not: slips that would be ignored silently. `strict`: far ones are wrong too. */
  unknownNames(known: readonly string[], prefix: string, strict: boolean): void {
    const ours = known.filter((name) => name.startsWith(prefix)).map((name) => name.slice(prefix.length));
    for (const name of Object.keys(this.#values)) {
      if (!name.startsWith(prefix) || known.includes(name)) continue;
      const meant = nearestOf(name.slice(prefix.length), ours);
      if (meant) this.problem("E_ENV_UNKNOWN", name, `There is no such setting. Did you mean ${prefix}${meant}?`);
      else if (strict) this.problem("E_ENV_UNKNOWN", name, "There is no such setting. .env.example lists all.");
      else this.warnings.push(`${name} is no setting of mine; I leave it alone.`);
    }
  }
}
