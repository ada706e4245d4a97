/** Deals a round of pairs again from its record, so that anyone can check that it was dealt as it says. */
import { Communities, type Community } from "../communities.ts";
import { loadConfig } from "../config.ts";
import { type RoundOfPairs, Rounds, verify } from "../rounds.ts";
import type { Store } from "../store/store.ts";
import { readStores } from "./stores.ts";

export interface Verified {
  /** Every round that was looked at is as its record says. */
  readonly good: boolean;
  readonly lines: readonly string[];
}

/** `wanted` is a round's number, or `all`. */
export async function verifyPairs(wanted: string): Promise<Verified> {
  const { config } = loadConfig();
  const found = (await readStores(config, (store) => verified(store, wanted))).flat();
  if (found.length > 0) return { good: found.every(({ good }) => good), lines: found.map(({ line }) => line) };
  return {
    good: false,
    lines: [`There is no round ${wanted}. A round is named by its number, 1 for the first; or say all.`],
  };
}

async function verified(store: Store, wanted: string) {
  const communities = await new Communities(store).all();
  const each = communities.map(async (community) => {
    const all = await new Rounds(store).of(community.id);
    const these = all.filter(({ number }) => wanted === "all" || String(number) === wanted);
    return these.map((round) => said(community, round, all));
  });
  return (await Promise.all(each)).flat();
}

function said({ platform, programme }: Community, round: RoundOfPairs, all: readonly RoundOfPairs[]) {
  const name = `${platform}/${programme}, round ${round.number} (${round.dealt.present.length} people, seed ${round.dealt.seed})`;
  const verdict = verify(round, all);
  switch (verdict.verdict) {
    case "same":
      return { good: true, line: `good  ${name}: dealt again, it is the same.` };
    case "different":
      return { good: false, line: `BAD   ${name}: dealt again, it is another. The record was changed.` };
    case "incomplete":
      return {
        good: true,
        line: `—     ${name}: somebody in it has been forgotten since, so it cannot be dealt again.`,
      };
    default:
      return { good: false, line: `?     ${name}: ${verdict.why}` };
  }
}
