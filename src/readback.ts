/** Reads the open prompts' threads again after a gap, so that what was typed while nobody listened is kept too. */
import type { Hall } from "./activities/activity.ts";
import type { Community } from "./communities.ts";
import type { Inbox } from "./inbox.ts";
import { type Platform, PlatformError } from "./platform.ts";
import type { Prompt } from "./prompts.ts";

/** A prompt that is older than so long is not read back any more. */
const WEEKS = 3 * 7 * 24 * 3_600_000;

/** Every reply goes through the inbox like any other: known ones change nothing. What is absent is never taken for deleted. */
export async function readBack(hall: Hall, inbox: Inbox, platform: Platform, community: Community): Promise<void> {
  const open = (await hall.prompts.of(community.id)).filter(
    (prompt) => prompt.closedAt === undefined && prompt.openedAt > hall.clock.now() - WEEKS,
  );
  for (const prompt of open) {
    try {
      await readThread(hall, inbox, platform, prompt);
    } catch (error) {
      // One thread that is gone or closed to us keeps no other from being read.
      if (!(error instanceof PlatformError)) throw error;
      hall.log.warn("a thread could not be read", { fault: error.fault, prompt: prompt.id });
    }
  }
}

async function readThread(hall: Hall, inbox: Inbox, platform: Platform, prompt: Prompt): Promise<void> {
  let next: string | undefined;
  do {
    const at = next;
    const page = await hall.outbox.patiently(() => platform.history(prompt.thread, at));
    for (const { message, by, text, at: typed, version, mine, human } of page.items) {
      if (mine || !human) continue;
      const event = `read/${message}/${version}`;
      await inbox.take(platform.name, {
        kind: "replied",
        event,
        by: { id: by },
        at: typed,
        place: prompt.thread,
        message,
        text,
        version,
      });
    }
    next = page.next;
  } while (next !== undefined);
}
