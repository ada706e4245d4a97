/** The parent's side of a life: starts the process, asks it for things, and learns how it ended. */
import { type ChildProcess, fork } from "node:child_process";
import type { People } from "./chapter.ts";
import type { Answer, Ask, Left, Life, Start } from "./child.ts";

export interface End {
  readonly signal: string | null;
  readonly code: number | null;
  readonly errors: string;
}

interface Asked {
  done(result: unknown): void;
  fails(why: Error): void;
}

export class Process implements Life {
  readonly ended: Promise<End>;
  /** Those who live in the process: the room's. */
  readonly people: People;
  readonly #child: ChildProcess;
  readonly #asked = new Map<number, Asked>();
  #count = 0;

  constructor(program: string, start: Start) {
    const env = { START: JSON.stringify(start) };
    this.#child = fork(program, [], { env, execArgv: [], stdio: ["ignore", "inherit", "pipe", "ipc"] });
    this.#child.on("message", (answer: Answer) => this.#hear(answer));
    this.ended = ending(this.#child);
    void this.ended.then(() => {
      for (const { fails } of this.#asked.values()) fails(new Error("The process has ended."));
    });
    // Every call of theirs, and no other, is asked for in there by its name.
    const call = (_: People, name: string | symbol) => {
      return (...given: unknown[]) => this.#ask(name as Ask["call"], given);
    };
    this.people = new Proxy({} as People, { get: call });
  }

  // What comes back is what `child.ts` answers to these two.
  rest(ms: number): Promise<void> {
    return this.#ask("rest", [ms]) as Promise<void>;
  }

  end(): Promise<Left> {
    return this.#ask("end", []) as Promise<Left>;
  }

  /** Where the telling failed and not the process. */
  stop(): void {
    this.#child.kill("SIGTERM");
  }

  #ask(call: Ask["call"], given: readonly unknown[]): Promise<unknown> {
    const id = ++this.#count;
    return new Promise((done, fails) => {
      this.#asked.set(id, { done, fails });
      const ask: Ask = { id, call, given };
      // One that has ended cannot be asked; `ended` says so.
      this.#child.send(ask, (error) => error && fails(error));
    });
  }

  #hear({ id, result, error }: Answer): void {
    const asked = this.#asked.get(id);
    this.#asked.delete(id);
    if (error === undefined) asked?.done(result);
    else asked?.fails(new Error(error));
  }
}

function ending(child: ChildProcess): Promise<End> {
  let errors = "";
  child.stderr?.setEncoding("utf8").on("data", (part: string) => {
    errors += part;
  });
  return new Promise((done) => child.on("close", (code, signal) => done({ signal, code, errors })));
}
