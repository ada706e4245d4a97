/** How every request of ours leaves: to one host, without the SDK's own retries, in time, and without the SDK's own log. */
import type { Logger, webApi } from "@slack/bolt";
import { faultOf } from "./faults.ts";

const SLACK = "https://slack.com/api/";
/** Milliseconds; Slack itself gives up sooner. */
const TIMEOUT = 10_000;

/** `apiUrl` ends in `/api/`. Retries are the outbox's: ten of the SDK's made four posts of one. */
export function clientOptions(apiUrl = SLACK): webApi.WebClientOptions {
  return {
    slackApiUrl: apiUrl,
    retryConfig: { retries: 0 },
    rejectRateLimitedCalls: true,
    timeout: TIMEOUT,
    logger: silent,
    fetch: (url, init) => onlyTo(hostsOf(apiUrl), url, init),
  };
}

/** Uploads go to an address that Slack's answer names: on its own hosts, or where a compatible server stands. */
function hostsOf(apiUrl: string): (host: string) => boolean {
  const own = new URL(apiUrl).host;
  return (host) => host === own || (own === "slack.com" && host.endsWith(".slack.com"));
}

const onlyTo: (allowed: (host: string) => boolean, ...request: Parameters<typeof fetch>) => Promise<Response> = (
  allowed,
  url,
  init,
) => {
  const { host } = new URL(url instanceof Request ? url.url : url);
  if (!allowed(host)) return Promise.reject(new Error(`Slack's answer leads to ${host}, where we do not go.`));
  return fetch(url, init);
};

/** The SDK's log prints whole messages; what matters of it arrives as an error and is told by us. */
export const silent: Logger = {
  debug() {},
  info() {},
  warn() {},
  error() {},
  setLevel() {},
  setName() {},
  // The SDK's own enum, whose values are these words; it is not exported as a value beside the logger.
  getLevel: () => "error" as ReturnType<Logger["getLevel"]>,
};

/** Awaits a call of the SDK; rejects with a `PlatformError` and nothing else. */
export async function asked<Answer>(call: Promise<Answer>): Promise<Answer> {
  try {
    return await call;
  } catch (error) {
    throw faultOf(error);
  }
}

/** One page of a list; Slack's own advice is 200 at most. */
export const PAGE = 200;

interface Paged {
  readonly response_metadata?: { readonly next_cursor?: string };
}

export const nextOf = (page: Paged): string | undefined => page.response_metadata?.next_cursor || undefined;

/** Every page of a list, one request at a time. */
export async function* pages<Page extends Paged>(
  ask: (cursor: { cursor?: string }) => Promise<Page>,
): AsyncGenerator<Page> {
  for (let cursor: string | undefined, more = true; more; more = cursor !== undefined) {
    const page = await asked(ask(cursor === undefined ? {} : { cursor }));
    yield page;
    cursor = nextOf(page);
  }
}
