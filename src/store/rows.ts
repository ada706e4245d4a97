/** SQL without prepared statements, for connections that are closed before their file is moved or handed on. */
import type { DatabaseSyncInstance } from "@photostructure/sqlite";

/**
 * The rows that a query hands to `tell(…)`, as in `SELECT tell(a, b) FROM c`. The binding frees a prepared statement
 * only when it is collected, and until then a closed database holds its file and deletes the log of whatever file has
 * that name by then. `exec` leaves no statement behind but answers no rows, so they come through a function of ours.
 */
export function rows(db: DatabaseSyncInstance, sql: string): unknown[][] {
  const told: unknown[][] = [];
  db.function("tell", { varargs: true }, (...row: unknown[]) => {
    told.push(row);
    return null;
  });
  db.exec(sql);
  return told;
}

/** A text as SQL writes it. */
export const quoted = (text: string): string => `'${text.replaceAll("'", "''")}'`;
