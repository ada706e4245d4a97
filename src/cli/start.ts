/** Runs everything that is configured, until a signal. */
import closeWithGrace from "close-with-grace";
import { type Config, loadConfig, placesOf } from "../config.ts";
import { run } from "../main.ts";

/** Longer than this and the process ends all the same: what was not finished is found again at the next start. */
const GRACE_MS = 10_000;

export async function start(): Promise<void> {
  const { config, warnings } = loadConfig();
  for (const warning of warnings) process.stderr.write(`${warning}\n`);
  const bot = await run(config);
  process.stdout.write(`${welcome(config, bot.address)}\n`);
  const tell = (what: string) => process.stderr.write(`${what}\n`);
  closeWithGrace(
    {
      delay: GRACE_MS,
      logger: { error: (what: unknown) => tell(what instanceof Error ? what.message : String(what)) },
      onSecondSignal: () => tell("Stopped at once."),
      onTimeout: () => tell(`Not everything stopped within ${GRACE_MS / 1000} s.`),
    },
    async ({ err }) => {
      if (err) tell(`Stopping, because of: ${err.message}`);
      await bot.stop();
    },
  );
}

function welcome(config: Config, address: string): string {
  const places = placesOf(config);
  if (places === "the room") return `No token is set, so this is the room alone. Open ${address}`;
  return `Together is in ${places}.${config.room ? ` The room: ${address}` : ""}`;
}
