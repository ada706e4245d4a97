/** The log: one line of JSON an event, tokens struck out. Nobody hands it what a person wrote. */
import { pino } from "pino";
import type { Log } from "./platform.ts";

/** Whatever looks like a token of a platform we speak to, wherever it stands in a line. */
const TOKEN = /\bx(?:ox[a-z]|app)-[\w-]+|\b[\w-]{23,28}\.[\w-]{6,7}\.[\w-]{27,}/g;

export function newLog(level: string, destination: { write(line: string): void } = process.stderr): Log {
  const strike = { write: (line: string) => void destination.write(line.replace(TOKEN, "[token]")) };
  const logger = pino({ level, base: null, timestamp: pino.stdTimeFunctions.isoTime }, strike);
  const at =
    (grade: "debug" | "info" | "warn" | "error") => (message: string, facts?: Readonly<Record<string, unknown>>) =>
      facts ? logger[grade](facts, message) : logger[grade](message);
  return { debug: at("debug"), info: at("info"), warn: at("warn"), error: at("error") };
}
