/**
 * A round of pairs: look ahead; else draft, mend, and stop where the certificate holds; else solve. The certificate is
 * plain: no exclusion, no repeat, and as many ties of the wished kind as there can be, so nothing can be better.
 */
import { lookAhead } from "./ahead.ts";
import { solve } from "./exact.ts";
import { forced } from "./forced.ts";
import { draft, mostSuited } from "./halves.ts";
import { int } from "./numbers.ts";
import type { Deal } from "./outcome.ts";
import { EXACT_UP_TO, type Room } from "./room.ts";
import { mend } from "./swaps.ts";
import { repeatsIn, type Trio, triosOf } from "./trio.ts";
import { Weave } from "./weave.ts";

interface Attempt {
  readonly pairs: Int32Array;
  readonly trio?: Trio;
  /** Nothing can be better. */
  readonly certified: boolean;
}

export function dealPairs(room: Room): Deal {
  const { seats } = room;
  if (room.size < 2) return { groups: [], alone: [...seats], exact: true };
  const ahead = lookAhead(room);
  if (ahead) return ahead;
  return room.size % 2 === 0 ? dealEven(room, seats) : dealOdd(room, seats);
}

function dealEven(room: Room, seats: Int32Array): Deal {
  const attempt = mended(room, seats);
  if (attempt.certified) return woven(room, attempt, true);
  if (room.size > EXACT_UP_TO) return apart(room, attempt);
  const answer = solve(room, seats, attempt.pairs);
  if ("pairs" in answer) return woven(room, { pairs: answer.pairs, certified: true }, true);
  return dealForced(room);
}

function mended(room: Room, seats: Int32Array, trio?: Trio): Attempt {
  const pairs = draft(room, seats);
  return { pairs, ...(trio && { trio }), certified: mend(room, pairs, mostSuited(room, seats)) };
}

/** Repeats and exclusions: pairs that are not fresh. */
function repeatsAmong(room: Room, pairs: Int32Array): number {
  let repeats = 0;
  for (let i = 0; i < pairs.length; i += 2) if (!room.fresh(int(pairs, i), int(pairs, i + 1))) repeats++;
  return repeats;
}

/** With so few people every trio is tried, which makes the answer exact; else the fairest few. */
const ALL_TRIOS_UP_TO = 25;

function dealOdd(room: Room, seats: Int32Array): Deal {
  const trios = triosOf(room, seats);
  const few =
    room.size <= ALL_TRIOS_UP_TO
      ? trios.length
      : room.size <= 60
        ? 12
        : room.size <= 200
          ? 4
          : room.size <= EXACT_UP_TO
            ? 2
            : 1;
  const attempts: Attempt[] = [];
  for (const trio of trios.slice(0, Math.min(few, 12))) {
    const attempt = mended(room, without(seats, trio), trio);
    if (attempt.certified && repeatsIn(room, trio) === 0) return woven(room, attempt, true);
    attempts.push(attempt);
  }
  const [first] = attempts;
  if (room.size > EXACT_UP_TO && first) return apart(room, first);
  return dealOddExactly(room, seats, trios.slice(0, few), attempts) ?? dealForced(room);
}

const without = (seats: Int32Array, trio: Trio): Int32Array => seats.filter((seat) => !trio.includes(seat));

/**
 * The fewest repeats among the trios given. Of a round with a trio of r repeats, the pairs and any one tie of the trio
 * are a pairing of all but one person, so it has at least (fewest repeats of such a pairing) + r − 1: where that is not
 * below the best so far, neither this trio nor any after it (they come with r rising) can be better.
 */
function dealOddExactly(
  room: Room,
  seats: Int32Array,
  trios: readonly Trio[],
  attempts: readonly Attempt[],
): Deal | undefined {
  const whole = solve(room, seats, new Int32Array(0), 1);
  const least = "pairs" in whole ? repeatsAmong(room, whole.pairs) : 0;
  let best: { deal: Deal; repeats: number } | undefined;
  let proved = trios.length > 0 && room.size <= ALL_TRIOS_UP_TO;
  for (const [i, trio] of trios.entries()) {
    const bound = least + Math.max(0, repeatsIn(room, trio) - 1);
    if (best && best.repeats <= bound) {
      proved = true;
      break;
    }
    const answer = solve(room, without(seats, trio), attempts[i]?.pairs ?? new Int32Array(0));
    if (!("pairs" in answer)) continue;
    const repeats = repeatsAmong(room, answer.pairs) + repeatsIn(room, trio);
    if (best && best.repeats <= repeats) continue;
    best = { deal: woven(room, { pairs: answer.pairs, trio, certified: false }, false), repeats };
    proved ||= repeats <= bound && repeats === least;
  }
  return best && { ...best.deal, exact: proved || best.repeats <= least };
}

function dealForced(room: Room): Deal {
  const { pairs, trios, alone } = forced(room);
  const groups = groupsOf(pairs, ...trios);
  const repeats = repeatsAmong(room, pairs) + trios.reduce((sum, trio) => sum + repeatsIn(room, trio), 0);
  return { groups, alone, exact: repeats === 0 };
}

function groupsOf(pairs: Int32Array, ...trios: readonly Trio[]): number[][] {
  const groups: number[][] = [];
  for (let i = 0; i < pairs.length; i += 2) groups.push([int(pairs, i), int(pairs, i + 1)]);
  for (const trio of trios) groups.push([...trio]);
  return groups;
}

function woven(room: Room, attempt: Attempt, exact: boolean): Deal {
  const groups = groupsOf(attempt.pairs, ...(attempt.trio ? [attempt.trio] : []));
  if (room.size <= EXACT_UP_TO) new Weave(room).join(groups);
  return { groups, alone: [], exact };
}

/** In a room too large for the exact answer: excluded pairs part, and sit down with others where they may. */
function apart(room: Room, attempt: Attempt): Deal {
  const groups = groupsOf(attempt.pairs, ...(attempt.trio ? [attempt.trio] : []));
  const kept = groups.filter((group) => group.length > 2 || room.allowed(group[0] ?? 0, group[1] ?? 0));
  const waiting = groups.filter((group) => !kept.includes(group)).flat();
  const alone = waiting.filter((seat) => {
    const pair = kept.find((group) => group.length === 2 && group.every((other) => room.allowed(seat, other)));
    pair?.push(seat);
    return !pair;
  });
  const exact = alone.length === 0 && waiting.length === 0 && repeatsAmong(room, attempt.pairs) === 0;
  return { groups: kept, alone, exact: exact && (!attempt.trio || repeatsIn(room, attempt.trio) === 0) };
}
