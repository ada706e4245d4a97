/** Runs everything that is configured, until a signal. */
import closeWithGrace from "close-with-grace";
import { type Config, loadConfig, placesOf } from "../config.ts";

/** Longer than this and the process ends all the same: what was not finished is found again at the next start. */
const GRACE_MS = 10_000;

const tell = (what: string) => process.stderr.write(`${what}\n`);

export async function start(): Promise<void> {
  let stop: (() => Promise<void>) | undefined;
  let stopping = false;
  // First of all, so that a signal finds it at any moment.
  onSignal(async () => {
    stopping = true;
    await stop?.();
  });
  const { config, warnings } = loadConfig();
  for (const warning of warnings) tell(warning);
  const { run } = await import("../main.ts");
  if (stopping) return;
  const bot = await run(config, (how) => {
    stop = how;
  }).catch((error: unknown) => {
    // What is stopped in the middle of its start fails there, and nobody need hear of it.
    if (!stopping) throw error;
  });
  if (!bot || stopping) return;
  process.stdout.write(`${welcome(config, bot.address)}\n`);
  await bot.over.catch(async (error: unknown) => {
    await bot.stop();
    throw error;
  });
}

function onSignal(stop: () => Promise<void>): void {
  closeWithGrace(
    {
      delay: GRACE_MS,
      logger: { error: (what: unknown) => tell(what instanceof Error ? what.message : String(what)) },
      onSecondSignal: () => tell("Stopped at once."),
      onTimeout: () => tell(`Not everything stopped within ${GRACE_MS / 1000} s.`),
    },
    async ({ err }) => {
      if (err) tell(`Stopping, because of: ${err.message}`);
      await stop();
    },
  );
}

function welcome(config: Config, address: string): string {
  const places = placesOf(config);
  if (places === "the room") return `No token is set, so this is the room alone. Open ${address}`;
  return `Together is in ${places}.${config.room ? ` The room: ${address}` : ""}`;
}
