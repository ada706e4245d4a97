/** Where an answer is seen by one person alone: in the conversation they acted in, else in their own place. */
import type { Instant, Whisper } from "../../src/platform.ts";
import { PlatformError } from "../../src/platform.ts";
import type { Spot } from "./ids.ts";

/** Milliseconds. Slack never says that a whisper can no longer be shown; after an hour nobody waits for it. */
const LASTS = 3_600_000;

export type Address = Spot & { readonly user: string };

export const whisperTo = (address: Address, now: Instant): Whisper => ({
  address: JSON.stringify(address),
  expires: now + LASTS,
});

/** Throws `invalid` for what `whisperTo` did not make. */
export function addressOf({ address }: Whisper): Address {
  try {
    return JSON.parse(address);
  } catch (cause) {
    throw new PlatformError("invalid", "That is no address of a whisper in Slack.", { cause });
  }
}
