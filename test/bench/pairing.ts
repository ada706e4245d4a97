/**
 * Who meets whom, beside the algorithms of other bots: `npm run bench -- pairing`. What the goals demand is asserted
 * (exit 1); the figures of the others and the absolute times are only printed.
 */
import { History, pairRound } from "../../src/pairing/index.ts";
import { webOf } from "../../src/pairing/web.ts";
import { beans } from "./peers/beans.ts";
import { chatRoulette } from "./peers/chat-roulette.ts";
import { circle } from "./peers/circle.ts";
import { doughnut } from "./peers/doughnut.ts";
import { genetic } from "./peers/genetic.ts";
import type { Peer } from "./peers/peer.ts";
import { growth, memory } from "./peers/scale.ts";
import { comingAndGoing, dealerOf, everybody, live, ours, people, type Season, tiesOf } from "./peers/season.ts";
import { shuffle } from "./peers/shuffle.ts";
import { missed, must, print } from "./peers/table.ts";

const PEERS: readonly Peer[] = [shuffle, chatRoulette, doughnut, beans, genetic, circle];
const SIZES = [20, 50, 200, 1_000];

const told = ({ firstRepeat, repeats }: Season): string => `${firstRepeat || "-"}/${repeats}`;

function even(): void {
  const roundsFor = (n: number): number => Math.min(n - 1, 60);
  const rows = PEERS.map((peer) => [
    peer.name,
    ...SIZES.map((n) => (n > peer.upTo ? "–" : told(live(dealerOf(peer, "even"), roundsFor(n), everybody(n))))),
    peer.oddOne,
  ]);
  const mine = SIZES.map((n) => live(ours("even"), roundsFor(n), everybody(n)));
  for (const [i, season] of mine.entries()) must(season.repeats === 0, `no repeat, n = ${SIZES[i]}`);
  const head = ["first repeat / repeats", ...SIZES.map((n) => `n=${n}`), "odd one"];
  print(head, [...rows, ["Together", ...mine.map(told), "trio"]]);
}

function odd(): void {
  const rows = [5, 7, 9, 11, 13, 15, 21, 25, 51, 99].map((n) => {
    const limit = Math.floor((n * (n - 1)) / (n + 3));
    const season = live(ours("odd"), limit, everybody(n));
    const clean = season.firstRepeat === 0 ? limit : season.firstRepeat - 1;
    const goal = n < 11 ? limit - 1 : 0.9 * limit;
    must(clean >= goal, `odd n = ${n}: ${clean} clean rounds of ${limit}`);
    const favour = Math.max(...people(n).map((id) => Math.abs(season.history.favourOf(season.history.numberOf(id)))));
    must(n < 16 ? favour < 2 : favour < 1.75, `trio seats of n = ${n} are within ${favour.toFixed(2)}`);
    return [`${n}`, `${limit}`, `${clean}`, favour.toFixed(2)];
  });
  print(["odd n", "limit", "clean rounds", "trio seats off by"], rows);
}

function churn(): void {
  const row = (name: string, season: Season): string[] => [name, `${season.repeats}`, `${season.leftOut}`];
  const rows = PEERS.filter((peer) => peer !== genetic).map((peer) =>
    row(peer.name, live(dealerOf(peer, "churn"), 52, comingAndGoing(50, "bench"))),
  );
  const mine = live(ours("churn"), 52, comingAndGoing(50, "bench"));
  must(mine.repeats === 0 && mine.leftOut === 0, "churn: no repeat and nobody left out");
  print(["n=50, 5 % new, 20 % away, 52 rounds", "repeats", "left out"], [...rows, row("Together", mine)]);
}

function bridging(): void {
  const rooms = [
    [5, 5, 5, 5],
    [10, 8, 6, 4, 2],
    [20, 5, 5],
    [40, 10, 6, 4],
    [30, 25, 20, 15, 10],
  ];
  const rows = rooms.map((sizes) => {
    const ids = people(sizes.reduce((sum, size) => sum + size, 0));
    const names = sizes.flatMap((size, c) => Array.from({ length: size }, () => `circle ${c}`));
    const circles = new Map(ids.map((id, i) => [id, names[i] ?? ""]));
    const largest = Math.max(...sizes);
    const bound = Math.min(ids.length / 2, ids.length - largest);
    const rounds = largest * 2 >= ids.length ? largest : ids.length - largest;
    const season = live(ours("bridge", { circles, mode: "bridge" }), rounds, () => ids);
    const across = season.rounds
      .flat()
      .flatMap(tiesOf)
      .filter(([a, b]) => circles.get(a) !== circles.get(b));
    const share = across.length / (bound * rounds);
    const met = ids.map((id) => across.filter((tie) => tie.includes(id)).length);
    const within = (c: number): number[] => met.filter((_, i) => names[i] === `circle ${c}`);
    const spread = Math.max(...sizes.map((_, c) => Math.max(...within(c)) - Math.min(...within(c))));
    must(share >= 0.999 && spread <= 8 && season.repeats === 0, `bridging in circles of ${sizes.join(", ")}`);
    return [sizes.join("+"), `${rounds}`, share.toFixed(4), `${season.repeats}`, `${spread}`];
  });
  print(["bridge, circles of", "rounds", "of the bound", "repeats", "spread"], rows);
}

function exclusions(): void {
  const rows = [10, 30, 60].map((share) => {
    const ids = people(30);
    const barred = tiesOf(ids).filter((_, i) => (i * 7_919) % 100 < share);
    const season = live(ours("barred", { exclusions: barred }), 10, () => ids);
    const broken = season.rounds
      .flat()
      .flatMap(tiesOf)
      .filter(([a, b]) => barred.some((tie) => tie.includes(a) && tie.includes(b)));
    must(broken.length === 0, `${share} % excluded: none broken`);
    return [`${share} % of the pairs of 30`, `${broken.length}`, `${season.repeats}`, `${season.leftOut}`];
  });
  print(["exclusions, 10 rounds", "broken", "repeats", "left out"], rows);
}

function groups(): void {
  const rows = (
    [
      [21, 3, 8],
      [32, 4, 6],
      [50, 5, 7],
      [100, 4, 23],
      [200, 4, 40],
    ] as const
  ).map(([n, groupSize, goal]) => {
    const season = live(ours("groups", { groupSize }), goal, everybody(n));
    const clean = season.firstRepeat === 0 ? goal : season.firstRepeat - 1;
    must(clean >= goal, `groups (${n}, ${groupSize}): ${clean} of ${goal}`);
    return [`(${n}, ${groupSize})`, `${goal}`, `${clean}`];
  });
  print(["groups (people, size)", "goal", "clean rounds"], rows);
}

function web(): void {
  const rows = [20, 50, 100, 200, 1_000].map((n) => {
    const { rounds } = live(ours("web"), 3, everybody(n));
    const [two, three] = [webOf(people(n), rounds.slice(0, 2)), webOf(people(n), rounds)];
    must(two.pieces === 1, `n = ${n}: one piece after round two`);
    must((three.meanDistance ?? n) <= Math.log2(n), `n = ${n}: near after round three`);
    return [`${n}`, `${two.pieces}`, (three.meanDistance ?? 0).toFixed(2), Math.log2(n).toFixed(2)];
  });
  print(["web, n", "pieces after 2", "mean distance after 3", "log2 n"], rows);
}

function calls(): void {
  const took = [20, 25, 50, 51, 100, 101, 199, 200]
    .flatMap((n) => live(ours("calls"), Math.min(n, 110), everybody(n)).took)
    .sort((a, b) => a - b);
  const at = (share: number): number => took[Math.floor((took.length - 1) * share)] ?? 0;
  const ids = people(1_000);
  const history = nearlyThrough(ids);
  const start = performance.now();
  const round = pairRound({ present: ids, history, seed: "exact" });
  const exact = performance.now() - start;
  must(round.exact && round.groups.length === 500, "n = 1,000 is solved exactly");
  const row = [
    `${took.length}`,
    at(0.5).toFixed(1),
    at(0.99).toFixed(1),
    at(1).toFixed(1),
    `${exact.toFixed(0)} (${round.repeats} repeats)`,
  ];
  print(["calls, n ≤ 200, ms", "median", "p99", "worst", "n=1000, exact"], [row]);
}

/** Each knows all but a few: the room is so full of ties that only the exact matching finds the fewest repeats. */
function nearlyThrough(ids: readonly string[]): History {
  const history = new History();
  history.add(tiesOf(ids).filter((_, i) => (i * 48_271) % 65_537 > 130));
  return history;
}

// What a tie weighs is measured first, while the heap is small.
for (const table of [memory, even, odd, churn, bridging, exclusions, groups, web, calls, growth]) table();
process.exit(missed().length > 0 ? 1 : 0);
