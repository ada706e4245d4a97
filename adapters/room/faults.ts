/** What can go wrong in the room: for the core a fault of the port, for a person in the room one sentence. */
import { PlatformError } from "../../src/platform.ts";

export const gone = (what: string): PlatformError => new PlatformError("gone", `There is no such ${what} in the room.`);

export const denied = (what: string): PlatformError => new PlatformError("denied", what);

export const invalid = (what: string): PlatformError => new PlatformError("invalid", what);

/** The room's memory failed: whether it kept the change is open. */
export const unknown = (cause: unknown): PlatformError =>
  new PlatformError("unknown", "The room's memory did not answer.", { cause });

/** Told to the person who acted, in `message`; `status` is what the web page's request gets. */
export class Refused extends Error {
  override readonly name = "Refused";
  readonly status: 400 | 403 | 404 | 409 | 503;

  constructor(status: Refused["status"], message: string) {
    super(message);
    this.status = status;
  }
}
