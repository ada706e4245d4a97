/** Whether we run, and whether every configured platform is connected; for whoever watches over the process. */
import type { Connection } from "../platform.ts";
import type { Web } from "./server.ts";

export function serveHealth(web: Web, connections: () => Readonly<Record<string, Connection>>): void {
  web.mount("/livez", async () => new Response("alive\n"), "health");
  web.mount("/readyz", async () => readiness(connections()), "health");
}

function readiness(connections: Readonly<Record<string, Connection>>): Response {
  const missing = Object.entries(connections).flatMap(([name, connection]) =>
    connection.connected ? [] : [`${name}: ${connection.why}`],
  );
  return missing.length === 0
    ? new Response("ready\n")
    : new Response(`not ready\n${missing.join("\n")}\n`, { status: 503 });
}
