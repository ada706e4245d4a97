/** Stands between the bot and a server, passes everything on and remembers it: what no call of the server's tells afterwards. */

import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";

export interface Call {
  /** The last part of the path, e.g. views.open. */
  readonly method: string;
  readonly sent: URLSearchParams;
  // biome-ignore lint/suspicious/noExplicitAny: the server's answers are what is being looked at
  readonly answer: any;
}

export class Recorder {
  readonly calls: Call[] = [];
  readonly #target: string;
  readonly #server = createServer((incoming, outgoing) => void this.#pass(incoming, outgoing));

  constructor(target: string) {
    this.#target = target;
  }

  async start(): Promise<string> {
    await once(this.#server.listen(0, "127.0.0.1"), "listening");
    const address = this.#server.address();
    return typeof address === "object" && address ? `http://127.0.0.1:${address.port}` : "";
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    this.#server.close();
  }

  async #pass(incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
    const body = Buffer.concat(await incoming.toArray());
    const { url = "", method = "" } = incoming;
    const headers = Object.fromEntries(
      ["authorization", "content-type"].flatMap((name) => {
        const value = incoming.headers[name];
        return typeof value === "string" ? [[name, value]] : [];
      }),
    );
    const answer = await fetch(this.#target + url, { method, headers, ...(body.length > 0 && { body }) });
    const text = await answer.text();
    this.calls.push({
      method: url.split("/").pop() ?? "",
      sent: new URLSearchParams(body.toString()),
      answer: parsed(text),
    });
    outgoing.writeHead(answer.status, { "content-type": answer.headers.get("content-type") ?? "application/json" });
    outgoing.end(text);
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
