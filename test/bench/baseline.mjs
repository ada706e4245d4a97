// The least that a start in the room could be: the same web and store libraries, imported and listening.
import { createServer } from "node:http";
import { getRequestListener } from "@hono/node-server";
import { DatabaseSync } from "@photostructure/sqlite";
import { Hono } from "hono";
import { Keyv } from "keyv";

const database = new DatabaseSync(process.env.BASELINE_FILE);
database.exec("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; CREATE TABLE IF NOT EXISTS records (key, value)");
const app = new Hono().get("/readyz", (context) => context.text(`ready ${typeof Keyv}`));
createServer(getRequestListener(app.fetch)).listen(Number(process.env.PORT), "127.0.0.1");
