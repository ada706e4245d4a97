/** The log: one line of JSON an event, tokens struck out. Nobody hands it what a person wrote. */
import { createRequire } from "node:module";
import type { Logger } from "pino";
import type { Log } from "./platform.ts";

/** Whatever looks like a token of a platform we speak to, wherever it stands in a line. */
const TOKEN = /\bx(?:ox[a-z]|app)-[\w-]+|\b[\w-]{23,28}\.[\w-]{6,7}\.[\w-]{27,}/g;

const RANKS: Readonly<Record<string, number>> = { debug: 0, info: 1, warn: 2, error: 3 };

export function newLog(level: string, destination: { write(line: string): void } = process.stderr): Log {
  const strike = { write: (line: string) => void destination.write(line.replace(TOKEN, "[token]")) };
  let logger: Logger | undefined;
  // Loaded with the first line: most starts have none to write, and it takes a tenth of a start.
  const pen = (): Logger => {
    logger ??= load().pino({ level, base: null, timestamp: load().stdTimeFunctions.isoTime }, strike);
    return logger;
  };
  const at = (grade: keyof Log) => (message: string, facts?: Readonly<Record<string, unknown>>) => {
    if ((RANKS[grade] ?? 0) < (RANKS[level] ?? 0)) return;
    if (facts) pen()[grade](facts, message);
    else pen()[grade](message);
  };
  return { debug: at("debug"), info: at("info"), warn: at("warn"), error: at("error") };
}

/** At once, as a log line cannot wait for an import. */
const load = (): typeof import("pino") => createRequire(import.meta.url)("pino");
