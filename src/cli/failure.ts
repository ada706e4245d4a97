/** What a verb says when it cannot go on: what, where and how to mend it, never a stack; and with which code it exits. */
import { ConfigError } from "../config.ts";
import { PackError } from "../pack/problem.ts";
import { PlatformError } from "../platform.ts";
import { StoreError } from "../store/store.ts";
import { holderOf } from "./port.ts";

/** An operator has to mend something; restarting alone would not help. From sysexits.h. */
const CONFIGURATION = 78;
const FAILURE = 1;

export interface Failure {
  readonly lines: string;
  readonly exit: typeof CONFIGURATION | typeof FAILURE;
}

/** Of the store's errors, those that pass by themselves or with a little room. */
const PASSING: readonly StoreError["code"][] = ["locked", "full", "failed", "value"];

export function failureOf(error: unknown): Failure {
  if (error instanceof ConfigError || error instanceof PackError) return { lines: error.message, exit: CONFIGURATION };
  if (error instanceof StoreError)
    return {
      lines: `E_STORE_${error.code.toUpperCase()}: ${error.message}`,
      exit: PASSING.includes(error.code) ? FAILURE : CONFIGURATION,
    };
  if (error instanceof PlatformError)
    return { lines: error.message, exit: error.fault === "denied" ? CONFIGURATION : FAILURE };
  return listening(error) ?? { lines: causes(error), exit: FAILURE };
}

/** Why the web server got no port. */
function listening(error: unknown): Failure | undefined {
  if (!(error instanceof Error && "syscall" in error && error.syscall === "listen" && "code" in error))
    return undefined;
  const port = "port" in error ? Number(error.port) : 0;
  const address = "address" in error ? String(error.address) : "";
  const lines =
    error.code === "EADDRINUSE"
      ? `E_PORT: ${port} is used by another program${holderOf(port)}. Set PORT=${port + 1}.`
      : error.code === "EACCES"
        ? `E_PORT: This account may not listen on ${port}. Set PORT=3000.`
        : `E_HOST: ${address} is no address of this machine. Set HOST=127.0.0.1.`;
  return { lines, exit: CONFIGURATION };
}

function causes(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.cause === undefined ? error.message : `${error.message}\n  because: ${causes(error.cause)}`;
}
