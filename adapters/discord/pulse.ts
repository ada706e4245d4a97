/** Whether discord.js is still at it, told by its own clock. */
import { type Client, Events, Status } from "discord.js";

export class Pulse {
  readonly #client: Client<true>;
  #last: number;

  constructor(client: Client<true>) {
    this.#client = client;
    this.#last = client.uptime;
    // An attempt to come back is a sign of life too: nobody can do more within an outage.
    const beat = () => {
      this.#last = client.uptime;
    };
    client.on(Events.Raw, beat);
    client.on(Events.ShardReconnecting, beat);
  }

  /** Since anything was heard. Echoes of heartbeats count where the session stands: one that is never resumed has them too. */
  get silentMs(): number {
    const { ws, readyTimestamp, uptime } = this.#client;
    const echoes = ws.shards
      .filter(({ status }) => status === Status.Ready)
      .map(({ lastPingTimestamp }) => lastPingTimestamp - readyTimestamp);
    return uptime - Math.max(this.#last, ...echoes);
  }
}
