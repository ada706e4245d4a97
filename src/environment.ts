/**
 * Reads settings one by one, as an operator typed them, and gathers everything that is wrong with them, so that it
 * can be mended in one go. Knows no setting by name; `config.ts` does. A value is never printed unless it is no secret.
 */
import { accessSync, constants, statSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { closest, distance } from "fastest-levenshtein";
import { Temporal } from "temporal-polyfill";

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
    if (!/^\d{4}-\d\d-\d\d$/.test(value)) {
      this.problem("E_DATE", name, `"${value}" is not a date. Write year-month-day, e.g. 2027-01-18.`);
      return undefined;
    }
    try {
      return Temporal.PlainDate.from(value).toString();
    } catch {
      this.problem("E_DATE", name, `"${value}" does not exist in the calendar.`);
      return undefined;
    }
  }

  /** `sqlite:` and a file whose folder exists or can be made beside an existing one. `sqlite:///a/b` is /a/b too. */
  storeAddress(name: string, otherwise: string): string {
    const value = this.text(name) ?? otherwise;
    const path = value.replace(/^sqlite:(\/\/)?/, "");
    if (path === value)
      this.problem("E_STORE_KIND", name, `This version supports only sqlite: and a path, e.g. ${otherwise}.`);
    else if (path === "") this.problem("E_STORE_PATH", name, `A path is missing after sqlite:, e.g. ${otherwise}.`);
    else this.#storeFile(name, resolve(path));
    return `sqlite:${path}`;
  }

  #storeFile(name: string, file: string): void {
    const parent = dirname(file);
    // The store makes one folder (data/), not a whole path that may be a slip of the pen.
    const ground = kindOf(parent) === "nothing" ? dirname(parent) : parent;
    const target = kindOf(file) === "file" ? file : ground;
    if (kindOf(file) === "folder") this.problem("E_STORE_PATH", name, `${file} is a folder. Name a file in it.`);
    else if (kindOf(ground) !== "folder")
      this.problem("E_STORE_PATH", name, `The folder ${parent} does not exist. Make it, or name another.`);
    else if (!mayWrite(target))
      this.problem(
        "E_STORE_PATH",
        name,
        `I may not write to ${target}. Give this account permission, or name another.`,
      );
  }

  /** Names that begin like ours and are not: a slip that would be ignored silently. `strict`: also those not close to one of ours. */
  unknownNames(known: readonly string[], prefix: string, strict: boolean): void {
    for (const name of Object.keys(this.#values)) {
      if (!name.startsWith(prefix) || known.includes(name)) continue;
      const near = closest(name, [...known]);
      const isNear = distance(name, near) <= (name.length - prefix.length) / 2;
      if (isNear) this.problem("E_ENV_UNKNOWN", name, `There is no such setting. Did you mean ${near}?`);
      else if (strict) this.problem("E_ENV_UNKNOWN", name, `There is no such setting. .env.example lists all.`);
      else this.warnings.push(`${name} is no setting of mine; I leave it alone.`);
    }
  }
}

function kindOf(path: string): "file" | "folder" | "nothing" {
  try {
    return statSync(path).isDirectory() ? "folder" : "file";
  } catch {
    return "nothing";
  }
}

function mayWrite(path: string): boolean {
  try {
    accessSync(path, constants.W_OK);
    return true;
  } catch {
    return false;
  }
}
