import { describe, expect, it } from "vitest";
import { webOf } from "../../src/pairing/web.ts";
import { people } from "./oracles.ts";

const circlesOf = (...sizes: number[]): Map<string, string> => {
  const names = sizes.flatMap((size, c) => Array.from({ length: size }, () => `circle ${c}`));
  return new Map(people(names.length).map((id, i) => [id, names[i] ?? ""]));
};

describe("how connected the room is", () => {
  it("counts ties, pieces and steps", () => {
    const web = webOf(people(5), [
      [
        ["p0", "p1"],
        ["p2", "p3"],
      ],
      [["p1", "p2"]],
    ]);
    // A line of four and one alone: 3 × 1 + 2 × 2 + 1 × 3 steps over 6 pairs.
    expect(web).toEqual({ people: 5, ties: 3, pieces: 2, meanDistance: 10 / 6, acrossShare: undefined });
  });

  it("counts a trio as three ties, a repeat once, and nobody who left", () => {
    const web = webOf(
      ["p0", "p1", "p2"],
      [
        [["p0", "p1", "p2"]],
        [
          ["p0", "p1"],
          ["p2", "gone"],
        ],
      ],
    );
    expect(web).toMatchObject({ people: 3, ties: 3, pieces: 1, meanDistance: 1 });
  });

  it("of a room where nobody met is as many pieces as people", () => {
    expect(webOf(people(3), [])).toMatchObject({ ties: 0, pieces: 3, meanDistance: undefined });
    expect(webOf([], [])).toMatchObject({ people: 0, pieces: 0 });
  });

  it("tells the share across circles of five or more", () => {
    const rounds = [
      [
        ["p0", "p5"],
        ["p1", "p2"],
        ["p3", "p4"],
        ["p6", "p7"],
      ],
    ];
    expect(webOf(people(10), rounds, circlesOf(5, 5)).acrossShare).toBe(1 / 4);
  });

  it("tells nothing about a smaller circle, however many there are", () => {
    const rounds = [
      [
        ["p0", "p5"],
        ["p1", "p6"],
        ["p2", "p3"],
        ["p10", "p0"],
      ],
    ];
    expect(webOf(people(10), rounds, circlesOf(4, 6)).acrossShare).toBeUndefined();
    expect(webOf(people(8), rounds, circlesOf(4, 4)).acrossShare).toBeUndefined();
    const without = webOf(people(10), rounds, circlesOf(5, 5)).acrossShare;
    expect(webOf(people(12), rounds, circlesOf(5, 5, 2)).acrossShare).toBe(without);
  });
});
