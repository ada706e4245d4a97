/** Vercel's Chat SDK with its memory state, hearing every message: the same part as `with/contender.ts` plays for the others. */
import { createSlackAdapter } from "@chat-adapter/slack";
import { createMemoryState } from "@chat-adapter/state-memory";
import { Chat } from "chat";

const [apiUrl, botToken, appToken] = process.argv.slice(2);
const slack = createSlackAdapter({ mode: "socket", apiUrl, botToken, appToken });
// By default it drops what arrives in a thread while another message of that thread is heard.
const as = { concurrency: "concurrent", logger: "silent" };
const bot = new Chat({ userName: "together", adapters: { slack }, state: createMemoryState(), ...as });
bot.onNewMessage(/./, async () => {});
await bot.initialize();
process.on("message", () => {
  const { user, system } = process.cpuUsage();
  process.send((user + system) / 1_000);
});
process.on("disconnect", () => process.exit(0));
process.send("ready");
