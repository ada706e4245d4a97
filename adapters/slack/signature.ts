/** Whether Slack itself sent a request. Bolt's own check lets through time stamps from the future, and ones that are no numbers. */
import { createHmac, timingSafeEqual } from "node:crypto";
import type { Instant } from "../../src/platform.ts";

/** Seconds, to both sides of our clock. Source: docs.slack.dev/authentication/verifying-requests-from-slack */
const WINDOW = 300;

export function isFromSlack(secret: string, headers: Headers, body: string, now: Instant): boolean {
  const timestamp = headers.get("x-slack-request-timestamp") ?? "";
  const signature = headers.get("x-slack-signature") ?? "";
  if (!/^\d{1,12}$/.test(timestamp) || !/^v0=[0-9a-f]{64}$/.test(signature)) return false;
  if (Math.abs(now / 1_000 - Number(timestamp)) > WINDOW) return false;
  const expected = createHmac("sha256", secret).update(`v0:${timestamp}:${body}`).digest();
  return timingSafeEqual(expected, Buffer.from(signature.slice(3), "hex"));
}
