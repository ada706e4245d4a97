/** Where a life may end: before and after each write, each call of the platform and each event that is taken. */
import type { Ears, Platform } from "../../src/platform.ts";
import type { Store, Write } from "../../src/store/store.ts";

const CALLS = new Set<string | symbol>([
  "post",
  "find",
  "edit",
  "remove",
  "openThread",
  "openRoom",
  "privatePlace",
  "history",
]);

/** Turns of the loop. */
const DISK = 5;

export class Points {
  /** How often each was passed. */
  readonly passed = new Map<string, number>();
  readonly #deadly: string;

  /** `deadly`: a point and the how-manieth time, `post after:2`; empty where nobody is to die. */
  constructor(deadly: string) {
    this.#deadly = deadly;
  }

  store(store: Store): Store {
    return {
      get: (key) => store.get(key),
      range: (prefix, after, limit) => store.range(prefix, after, limit),
      batch: (writes) => this.#written(`write ${collectionsOf(writes)}`, () => store.batch(writes)),
      claim: (key, value) => this.#written(`claim ${key.split("/")[0]}`, () => store.claim(key, value)),
      scrub: () => this.#around("scrub", () => store.scrub()),
      close: () => store.close(),
    };
  }

  /** As the core calls it. Its own methods keep their own `this`. */
  platform(platform: Platform): Platform {
    return new Proxy(platform, {
      get: (target, name) => {
        const member: unknown = Reflect.get(target, name, target);
        if (name === "start") return (ears: Ears) => target.start(this.#ears(ears));
        if (typeof member !== "function") return member;
        const call = (...given: unknown[]) => Reflect.apply(member, target, given);
        return CALLS.has(name) ? (...given: unknown[]) => this.#around(String(name), async () => call(...given)) : call;
      },
    });
  }

  #ears(ears: Ears): Ears {
    return {
      ...ears,
      take: (event) => this.#around(`take ${event.kind}`, () => ears.take(event)),
      prefill: (...asked) => ears.prefill(...asked),
      connected: () => ears.connected(),
    };
  }

  /** A disk takes its time: whatever is said before it is written gets out, and is heard. */
  async #written<Result>(name: string, write: () => Promise<Result>): Promise<Result> {
    for (let turn = 0; turn < DISK; turn++) await new Promise((done) => setImmediate(done));
    return await this.#around(name, write);
  }

  async #around<Result>(name: string, call: () => Promise<Result>): Promise<Result> {
    this.#pass(`${name} before`);
    const result = await call();
    this.#pass(`${name} after`);
    return result;
  }

  /** Passes a point by, or ends there, as a power cut does. */
  #pass(name: string): void {
    const times = (this.passed.get(name) ?? 0) + 1;
    this.passed.set(name, times);
    if (`${name}:${times}` === this.#deadly) process.kill(process.pid, "SIGKILL");
  }
}

const collectionsOf = (writes: readonly Write[]) => [...new Set(writes.map(({ key }) => key.split("/")[0]))].join("+");
