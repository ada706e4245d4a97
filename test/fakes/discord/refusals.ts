/** How Discord says no. */
export class Refusal extends Error {
  readonly status: number;
  readonly code: number;
  readonly headers: Readonly<Record<string, string>>;

  constructor(status: number, code: number, message: string, headers: Readonly<Record<string, string>> = {}) {
    super(message);
    this.status = status;
    this.code = code;
    this.headers = headers;
  }
}

export const unknownThing = (code: number, what: string) => new Refusal(404, code, `Unknown ${what}`);
export const missing = () => new Refusal(403, 50013, "Missing Permissions");
export const malformed = (what: string) => new Refusal(400, 50035, `Invalid Form Body: ${what}`);
/** Seconds. */
export const tooFast = (after: number) =>
  new Refusal(429, 0, "You are being rate limited.", { "retry-after": String(after) });
export const broken = () => new Refusal(500, 0, "Internal Server Error");

export function raise(refusal: Refusal): never {
  throw refusal;
}
