/** Virtual time in a process that talks over real wires: none passes while an HTTP request of this process is open. */
import { subscribe } from "node:diagnostics_channel";
import { VirtualClock } from "../../src/clock.ts";

export class WiredClock extends VirtualClock {
  #open = 0;
  #answered = () => {};

  constructor(start: number) {
    super(start);
    // Both Node's own fetch and the undici of a package tell of their requests here.
    subscribe("undici:request:create", () => void this.#open++);
    for (const end of ["undici:request:trailers", "undici:request:error"]) {
      subscribe(end, () => {
        this.#open--;
        this.#answered();
      });
    }
  }

  override async settle(turns?: number): Promise<void> {
    await super.settle(turns);
    while (this.#open > 0) {
      await new Promise<void>((answered) => {
        this.#answered = answered;
      });
      await super.settle(turns);
    }
  }
}
