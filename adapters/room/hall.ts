/** The state and its memory as one: nothing is shown before it is kept. */
import { unknown } from "./faults.ts";
import { type Change, type RoomMemory, State, toKept } from "./state.ts";

/** `state` is as it stands after the change. */
type Watcher = (change: Change, state: State) => void;

export class Hall {
  readonly #memory: RoomMemory;
  readonly #watchers = new Set<Watcher>();
  #state: Promise<State> | undefined;

  constructor(memory: RoomMemory) {
    this.#memory = memory;
  }

  /** Read from the memory at first, and again after a failed save, since nobody knows whether that one landed. */
  state(): Promise<State> {
    this.#state ??= this.#memory.load().then(State.from, (cause) => {
      this.#state = undefined;
      throw unknown(cause);
    });
    return this.#state;
  }

  async keep(changes: readonly Change[]): Promise<void> {
    try {
      await this.#memory.save(changes.map(toKept));
    } catch (cause) {
      this.#state = undefined;
      throw unknown(cause);
    }
    const state = await this.state();
    for (const change of changes) state.apply(change);
    for (const change of changes) for (const call of this.#watchers) call(change, state);
  }

  watch(call: Watcher): () => void {
    this.#watchers.add(call);
    return () => this.#watchers.delete(call);
  }
}
