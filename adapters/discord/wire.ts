/** Discord's REST calls, each asked once: whoever called decides whether to ask again. Every error is a fault. */
import { type APIThreadChannel, type RawFile, REST, type RESTOptions, type RequestMethod } from "discord.js";
import { PlatformError, type Surroundings } from "../../src/platform.ts";
import { type Doing, fault, unknown } from "./faults.ts";
import { Restraint } from "./restraint.ts";

export interface Threads {
  readonly threads: readonly APIThreadChannel[];
  readonly has_more?: boolean;
}

export interface Call {
  readonly body?: unknown;
  readonly files?: RawFile[];
  readonly query?: Readonly<Record<string, string>>;
  /** False where a token of an interaction stands in the route. */
  readonly auth?: false;
}

export class Wire {
  readonly #rest: REST;
  /** For answers to interactions: Discord leaves them out of the 50 requests a second, so a burst of presses is no reason to wait. */
  readonly #answers: REST;
  readonly #restraint: Restraint;

  constructor(options: Partial<RESTOptions>, token: string, clock: Surroundings["clock"]) {
    this.#restraint = new Restraint(clock);
    this.#rest = this.#restraint.watch(new REST(options)).setToken(token);
    this.#answers = this.#restraint.watch(new REST({ ...options, globalRequestsPerSecond: Number.POSITIVE_INFINITY }));
  }

  /** Routes come from discord.js's `Routes`. */
  async call(doing: Doing, method: `${RequestMethod}`, route: `/${string}`, call: Call = {}): Promise<unknown> {
    const { query, auth = true, ...rest } = call;
    const request = {
      // The string enum's values are exactly these words.
      method: method as RequestMethod,
      fullRoute: route,
      auth,
      ...rest,
      ...(query ? { query: new URLSearchParams(query) } : {}),
    };
    try {
      // Whoever waits for an answer has three seconds, and is never refused for what others were.
      if (!auth) return await this.#answers.request(request);
      return await this.#restraint.within(() => this.#rest.request(request));
    } catch (error) {
      throw fault(error, doing);
    }
  }

  /** For calls that make something: an answer without an id (a proxy's page, a cut body) leaves open whether it was made. */
  async make(doing: Doing, route: `/${string}`, call: Call = {}): Promise<string> {
    const made = await this.call(doing, "POST", route, call);
    if (typeof made === "object" && made && "id" in made && typeof made.id === "string") return made.id;
    throw unknown(`Discord's answer has no id (${doing}).`);
  }

  /** `undefined`: it is no more. */
  async found<Documented>(
    doing: Doing,
    route: `/${string}`,
    method: "GET" | "DELETE" = "GET",
  ): Promise<Documented | undefined> {
    try {
      // As Discord documents the answer of this route.
      return (await this.call(doing, method, route)) as Documented;
    } catch (error) {
      if (error instanceof PlatformError && error.fault === "gone") return undefined;
      throw error;
    }
  }

  /** One page of a route that lists threads. */
  async threads(route: `/${string}`, query?: Call["query"]): Promise<Threads> {
    const answer = await this.call("room", "GET", route, query ? { query } : {});
    // As Discord documents the answer of these routes.
    if (typeof answer === "object" && answer && "threads" in answer) return answer as Threads;
    throw unknown("Discord's answer lists no threads.");
  }

  async list<Item>(doing: Doing, route: `/${string}`, query?: Call["query"]): Promise<readonly Item[]> {
    const answer = await this.call(doing, "GET", route, query ? { query } : {});
    // The items are as Discord's documentation has them: Item is the documented type of this route.
    if (Array.isArray(answer)) return answer as Item[];
    throw unknown(`Discord's answer is no list (${doing}).`);
  }
}
