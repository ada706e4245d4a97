/** What people do in one life of the bot, whatever it is connected to. */
import type { Seen, World } from "../contract/world.ts";
import type { Change, Ledger } from "./ledger.ts";

/** Played as in the contract; what one of them resolves to is plain JSON. */
export type People = Pick<World, "sees" | "says" | "edits" | "retracts" | "presses" | "submits" | "commands">;

const MINUTE = 60_000;

/** A round answered by typing, changing, taking back, and with its form, also a chapter late; and a quote. */
export class Chapter {
  readonly #number: number;
  readonly #people: People;
  readonly #ledger: Ledger;
  readonly #rest: (ms: number) => Promise<void>;

  constructor(number: number, people: People, ledger: Ledger, rest: (ms: number) => Promise<void>) {
    this.#number = number;
    this.#people = people;
    this.#ledger = ledger;
    this.#rest = rest;
  }

  async tell(): Promise<void> {
    await this.#fills("ana", "late");
    await this.#commands("round");
    const round = await this.#round();
    if (!round) throw new Error("No round was posted.");
    const typed = await this.#types("ben", round, "typed");
    const [says, unsays] = [this.#words("changed"), this.#words("typed")];
    await this.#does({ says, unsays }, () => this.#people.edits("ben", typed, says));
    const secret = await this.#types("cleo", round, "secret");
    await this.#does({ unsays: this.#words("secret") }, () => this.#people.retracts("cleo", secret));
    await this.#fills("cleo", "sent");
    await this.#commands("quote");
  }

  #types(who: string, { handle }: Seen, what: string): Promise<string> {
    const says = this.#words(what);
    return this.#does({ says }, () => this.#people.says(who, handle, says));
  }

  /** The form opens with what the same person sent before, and takes its place. */
  async #fills(who: string, what: string): Promise<void> {
    const round = await this.#round();
    // In the first chapter nobody can be late.
    if (!round) return;
    const form = await this.#people.presses(who, round.handle, round.buttons[0] ?? "");
    const [field] = form?.fields ?? [];
    if (!form || !field) throw new Error("No form was opened.");
    const says = this.#words(what);
    const change = field.value ? { says, unsays: field.value } : { says };
    await this.#does(change, async () => {
      const { errors } = await this.#people.submits(who, form, { [field.id]: says });
      if (errors) throw new Error(`The form stays open: ${JSON.stringify(errors)}`);
    });
  }

  #commands(verb: string): Promise<void> {
    return this.#does({ asks: true }, () => this.#people.commands("ana", "together-run", verb));
  }

  async #does<Result>(change: Change, act: () => Promise<Result>): Promise<Result> {
    const result = await this.#ledger.change(change, act);
    await this.#rest(MINUTE);
    return result;
  }

  /** The newest one. */
  async #round(): Promise<Seen | undefined> {
    const seen = await this.#people.sees("ana");
    return seen.filter(({ where, text }) => where === "channel" && text.includes("Why are we here?")).at(-1);
  }

  /** Of this chapter alone, so that they can be looked for in the store. */
  #words(what: string): string {
    return `${what}-in-${this.#number}.`;
  }
}
