/** Which program holds a port, as far as this machine tells: only where /proc does, and only of one's own programs. */
import { readdirSync, readFileSync, readlinkSync } from "node:fs";

/** " (node, pid 123)", or nothing. */
export function holderOf(port: number): string {
  const sockets = ["/proc/net/tcp", "/proc/net/tcp6"].flatMap((table) => listeners(table, port));
  const pid = quietly(() => readdirSync("/proc"), []).find((entry) => /^\d+$/.test(entry) && holds(entry, sockets));
  if (pid === undefined) return "";
  return ` (${quietly(() => readFileSync(`/proc/${pid}/comm`, "utf8").trim(), "")}, pid ${pid})`;
}

/** `socket:[inode]` of each listening socket; the columns are those of proc(5), the state 0A is LISTEN. */
function listeners(table: string, port: number): readonly string[] {
  const rows = quietly(() => readFileSync(table, "utf8").split("\n"), []).map((row) => row.trim().split(/\s+/));
  const wanted = `:${port.toString(16).toUpperCase().padStart(4, "0")}`;
  return rows.filter((row) => row[1]?.endsWith(wanted) && row[3] === "0A").map((row) => `socket:[${row[9]}]`);
}

function holds(pid: string, sockets: readonly string[]): boolean {
  if (sockets.length === 0) return false;
  const files = quietly(() => readdirSync(`/proc/${pid}/fd`), []);
  return files.some((file) => sockets.includes(quietly(() => readlinkSync(`/proc/${pid}/fd/${file}`), "")));
}

/** Other systems have no /proc, and other people's programs are closed to us. */
function quietly<Result>(read: () => Result, otherwise: Result): Result {
  try {
    return read();
  } catch {
    return otherwise;
  }
}
