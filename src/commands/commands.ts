/** The two commands: what is registered, who may, and the way from a typed line to a verb. */
import { closest, distance } from "fastest-levenshtein";
import { type Setting, whisper } from "../activities/activity.ts";
import type { Pack } from "../pack/pack.ts";
import type { Command, Inbound, Platform } from "../platform.ts";
import { PlatformError } from "../platform.ts";
import { everyoneVerbs } from "./everyone.ts";
import { facilitatorVerbs } from "./facilitator.ts";
import type { Office, Reply, Use, VerbHere } from "./verb.ts";

const EVERYONE = "together";
const FACILITATOR = "together-run";

type Commanded = Extract<Inbound, { kind: "commanded" }>;

/** A slip of so many letters is still taken for the verb that was meant. */
const NEAR = 3;

export class Commands {
  readonly #office: Office;
  readonly #pack: Pack;
  readonly #tables: ReadonlyMap<string, readonly VerbHere[]>;

  constructor(office: Office, pack: Pack) {
    this.#office = office;
    this.#pack = pack;
    this.#tables = new Map([
      [EVERYONE, everyoneVerbs(office)],
      [FACILITATOR, facilitatorVerbs(office, pack)],
    ]);
  }

  /** As the platforms register them. `hidden`: only where nobody is a facilitator whom the platform would not let through. */
  async registered(platform: Platform): Promise<Command[]> {
    const named = await this.#office.facilitators.anybodyOn(platform);
    return [...this.#tables].map(([name, verbs]) => ({
      name,
      about: this.#office.say.text(`command.${name}`),
      verbs: verbs.map(({ verb }) => verb),
      hidden: name === FACILITATOR && !named,
    }));
  }

  async use(platform: Platform, event: Commanded): Promise<void> {
    const reply = await this.#reply(platform, event);
    await whisper(this.#office, { platform, whisper: event.whisper }, reply);
  }

  async #reply(platform: Platform, event: Commanded): Promise<Reply> {
    const { say } = this.#office;
    const refused = event.command === FACILITATOR ? await this.#refusal(platform, event) : undefined;
    if (refused) return refused;
    const [typed = "help", ...words] = event.line.trim().split(/\s+/).filter(Boolean);
    const table = this.#tables.get(event.command) ?? [];
    const found = table.find(({ verb }) => verb.name === typed.toLowerCase());
    if (!found) return this.#unknown(table, typed, event.command);
    const person = await this.#office.roster.meet(platform, event.by.id);
    const use: Use = {
      platform,
      pack: this.#pack,
      place: event.place,
      event: event.event,
      at: event.at,
      by: event.by.id,
      person,
      whisper: event.whisper,
      words,
      rest: event.line.trim().slice(typed.length).trim(),
      people: event.people,
    };
    const setting = await this.#settingOf(platform, event);
    if (found.anywhere) return await found.does(use, setting);
    return setting ? await found.does({ ...use, ...setting }) : say.spans("command.no-community");
  }

  /** The community of the channel it was typed in; in a private place the platform's only one. */
  async #settingOf(platform: Platform, event: Commanded): Promise<Setting | undefined> {
    const { communities } = this.#office;
    const here = await communities.at(platform.name, platform.channelOf(event.place));
    const all = here ? [here] : (await communities.all()).filter((community) => community.platform === platform.name);
    const only = all.length === 1 ? all[0] : undefined;
    return only && { community: only, platform, pack: this.#pack };
  }

  /** Decided here for every platform; a look-up that failed is a refusal that says so. */
  async #refusal(platform: Platform, event: Commanded): Promise<Reply | undefined> {
    const { say, facilitators } = this.#office;
    try {
      if (!(await facilitators.may(platform, event.by.id))) return say.spans("command.refused");
      await facilitators.noticed(platform, event.by.id);
      return undefined;
    } catch (error) {
      if (!(error instanceof PlatformError)) throw error;
      return say.spans("command.cannot-tell");
    }
  }

  #unknown(table: readonly VerbHere[], typed: string, command: string): Reply {
    const { say } = this.#office;
    if (!/^[\p{L}\p{N}_-]+$/u.test(typed)) return say.spans("command.unreadable");
    const short = typed.slice(0, 40);
    const nearest = closest(
      short.toLowerCase(),
      table.map(({ verb }) => verb.name),
    );
    const near = distance(short.toLowerCase(), nearest) <= NEAR;
    return [
      ...say.spans("command.unknown", { typed: short }),
      ...(near ? say.spans("command.did-you-mean", { verb: nearest }) : []),
      ...say.spans("command.see-help", { command }),
    ];
  }
}
