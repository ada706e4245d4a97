/** Waiting for what another process does: asked again and again, and given up with a word about what was awaited. */
const EVERY_MS = 50;

export async function until<Found>(what: string, look: () => Promise<Found | undefined>, ms = 20_000): Promise<Found> {
  const end = Date.now() + ms;
  for (;;) {
    const found = await look();
    if (found !== undefined) return found;
    if (Date.now() > end) throw new Error(`Not within ${ms / 1000} s: ${what}.`);
    await new Promise((again) => setTimeout(again, EVERY_MS));
  }
}
