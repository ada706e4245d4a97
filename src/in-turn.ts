/** One thing at a time for each key, in the order in which it was asked for: a record that is read, changed and written. */
export class InTurn {
  readonly #lines = new Map<string, Promise<unknown>>();

  /** A failure is its caller's alone; the next in line goes on. */
  do<Result>(key: string, work: () => Promise<Result>): Promise<Result> {
    const before = this.#lines.get(key) ?? Promise.resolve();
    const now = before.then(work);
    const settled = now.then(
      () => {},
      () => {},
    );
    this.#lines.set(key, settled);
    void settled.then(() => {
      if (this.#lines.get(key) === settled) this.#lines.delete(key);
    });
    return now;
  }
}
