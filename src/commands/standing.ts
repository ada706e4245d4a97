/** `/together-run status` and `people`: how things stand, in a few lines that shame nobody. */
import type { Setting } from "../activities/activity.ts";
import type { Occurrence } from "../occurrences.ts";
import { everyoneTakesPart } from "../people/participation.ts";
import type { Span } from "../platform.ts";
import { LIMITS } from "../platform.ts";
import { due, isRecurring } from "../programme.ts";
import { newline, text, textLength } from "../words.ts";
import { inZone } from "./times.ts";
import type { Office, Reply, Use } from "./verb.ts";

/** Past and coming blocks shown at most. */
const PAST = 10;
const COMING = 6;
const DAYS = 40 * 86_400_000;
const MARKS = { begun: "…", sent: "✓", skipped: "–", failed: "!" } as const;

export async function status(office: Office, use: Use & Setting): Promise<Reply> {
  const { say, clock, occurrences } = office;
  const { community, pack } = use;
  const programme = pack.programmes[community.programme];
  if (!programme || !community.running) return say.spans("status.stands-still");
  const past = await occurrences.of(community);
  const known = new Set(past.map(({ block, date }) => `${block}/${date}`));
  const now = clock.now();
  const coming = due(programme, community, community.moved, now, now + DAYS).filter(
    ({ block, date }) => !known.has(`${block.id}/${date}`),
  );
  const head = say.spans(isRecurring(programme) ? "status.is-recurring" : "status.is", {
    title: programme.title,
    one: community.dayOne,
    two: community.dayTwo,
    zone: community.zone,
  });
  const shut = community.shut ? [newline, ...say.spans("status.shut", { why: community.shut.why })] : [];
  const done = past.slice(-PAST).map((one) => pastLine(office, one, community.zone));
  const next = coming
    .slice(0, COMING)
    .map(({ block, at }) => [newline, text(`→ ${inZone(at, community.zone, "moment")}  ${block.title} (${block.id})`)]);
  return fitting([
    [...head, ...shut],
    ...done,
    ...next,
    [newline, ...say.spans("status.counts", { done: past.length, coming: coming.length })],
  ]);
}

function pastLine({ say }: Office, one: Occurrence, zone: string): Span[] {
  const why = one.why === undefined ? "" : ` (${say.text(`why.${one.why}`)})`;
  return [newline, text(`${MARKS[one.state]} ${inZone(one.at, zone, "moment")}  ${one.title}${why}`)];
}

/** Drops the oldest lines where all of them would not fit into one message; head and foot stay. */
function fitting(lines: readonly (readonly Span[])[]): Span[] {
  const kept = [...lines];
  while (textLength(kept.flat()) > LIMITS.text && kept.length > 2) kept.splice(1, 1);
  return kept.flat();
}

export async function people(office: Office, use: Use & Setting): Promise<Reply> {
  const { say, participation, clock, facilitators } = office;
  const { community, pack, platform } = use;
  const present = await participation.present(community, pack, platform, clock.now());
  const helpers = await facilitators.all(platform);
  const how = everyoneTakesPart(community, pack, platform) ? "people.everyone" : "people.counted-in";
  return [
    ...say.spans(how, { count: present.length }),
    text(" "),
    ...say.spans("people.facilitators", { count: helpers.length }),
  ];
}
