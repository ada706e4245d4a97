/** Who people are: what `users.info` says, remembered for what we hear, asked anew for what the core decides. */
import type { webApi } from "@slack/bolt";
import type { Person, Surroundings } from "../../src/platform.ts";
import { inTime } from "./in-time.ts";
import { asked } from "./wire.ts";

export type User = NonNullable<webApi.UsersInfoResponse["user"]>;

/** Milliseconds that what was said may wait for a name: Slack wants its acknowledgement within three seconds. */
const PATIENCE = 1_000;

export class People {
  readonly #web: webApi.WebClient;
  readonly #clock: Surroundings["clock"];
  readonly #known = new Map<string, Promise<User | undefined>>();

  constructor(web: webApi.WebClient, clock: Surroundings["clock"]) {
    this.#web = web;
    this.#clock = clock;
  }

  /** Undefined where Slack does not say, or not in time. */
  async nameOf(user: string): Promise<string | undefined> {
    const known = await this.#inTime(user);
    return known && calledOf(known);
  }

  async isBot(user: string): Promise<boolean> {
    return (await this.#inTime(user))?.is_bot ?? false;
  }

  #inTime(user: string): Promise<User | undefined> {
    return inTime(this.#clock, PATIENCE, this.#remembered(user), undefined);
  }

  #remembered(user: string): Promise<User | undefined> {
    const known =
      this.#known.get(user) ??
      asked(this.#web.users.info({ user })).then(
        (answer) => answer.user,
        () => {
          this.#known.delete(user);
          return undefined;
        },
      );
    this.#known.set(user, known);
    return known;
  }
}

export function personOf(user: User): Person {
  const kind = kindOf(user);
  const mayRunWorkshop = kind === "person" && Boolean(user.is_admin || user.is_owner || user.is_primary_owner);
  return { name: calledOf(user), kind, mayRunWorkshop, ...(user.locale && { language: user.locale }) };
}

/** A stranger is somebody of another workspace, met in a shared channel. */
function kindOf(user: User): Person["kind"] {
  if (user.deleted) return "gone";
  if (user.is_bot || user.id === "USLACKBOT") return "bot";
  return user.is_restricted || user.is_ultra_restricted || user.is_stranger ? "guest" : "person";
}

const calledOf = (user: User): string =>
  user.profile?.display_name || user.profile?.real_name || user.real_name || user.name || user.id || "";
