/**
 * Puts the people present into an order that only they and the seed decide. Sorting by a seeded hash does two steps in
 * one: the order in which `present` was written has no effect any more (equal hashes fall back to the ids), and the
 * order is a shuffle, so that later ties "by index" favour nobody. Equal ids have equal hashes, end up side by side
 * and are found without a set.
 */
import { hash } from "./chance.ts";
import { PairingError } from "./errors.ts";
import { int } from "./numbers.ts";

/** Linear in the number of people: a radix sort, three passes of 11 bits. */
export function seat(present: readonly string[], salt: number): string[] {
  const keys = new Int32Array(present.length);
  for (let i = 0; i < present.length; i++) {
    const member: unknown = present[i];
    if (typeof member !== "string") {
      throw new PairingError("not-a-string", `\`present\` holds something that is not a member id, at ${i}.`);
    }
    keys[i] = hash(member, salt) | 0;
  }
  const order = radixSort(keys);
  const seated = Array.from(order, (index) => present[index] as string); // order is a permutation of present
  settleEqual(seated, order, keys);
  return seated;
}

function radixSort(keys: Int32Array): Int32Array {
  let from = Int32Array.from(keys, (_, index) => index);
  let to = new Int32Array(keys.length);
  for (const shift of [0, 11, 22]) {
    const starts = new Int32Array(2049);
    for (const key of keys) {
      const digit = ((key >>> shift) & 2047) + 1;
      starts[digit] = int(starts, digit) + 1;
    }
    for (let digit = 1; digit < 2048; digit++) starts[digit] = int(starts, digit) + int(starts, digit - 1);
    for (const index of from) {
      const digit = (int(keys, index) >>> shift) & 2047;
      const place = int(starts, digit);
      to[place] = index;
      starts[digit] = place + 1;
    }
    [from, to] = [to, from];
  }
  return from;
}

/** Within a run of equal hashes the ids decide; the same id twice is refused. */
function settleEqual(seated: string[], order: Int32Array, keys: Int32Array): void {
  for (let start = 0, end = 1; end <= seated.length; end++) {
    if (end < seated.length && int(keys, int(order, end)) === int(keys, int(order, start))) continue;
    if (end - start > 1) {
      const run = seated.slice(start, end).sort();
      run.forEach((member, i) => {
        if (member === run[i + 1]) {
          throw new PairingError("repeated-member", `${JSON.stringify(member)} is present twice.`);
        }
        seated[start + i] = member;
      });
    }
    start = end;
  }
}
