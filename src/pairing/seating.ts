/**
 * Puts the people present into an order that only they and the seed decide. Sorting by a seeded hash does two steps in
 * one: the order in which `present` was written has no effect any more (equal hashes fall back to the ids), and the
 * order is a shuffle, so that later ties "by index" favour nobody. Equal ids have equal hashes, end up side by side
 * and are found without a set.
 */
import { hash } from "./chance.ts";
import { PairingError } from "./errors.ts";
import { int } from "./numbers.ts";

/** By seat: the index in `present`. Linear in the number of people: a radix sort, three passes of 11 bits. */
export function seat(present: readonly string[], salt: number): Int32Array {
  const keys = new Int32Array(present.length);
  for (let i = 0; i < keys.length; i++) {
    const member: unknown = present[i];
    if (typeof member !== "string") {
      throw new PairingError("not-a-string", `\`present\` holds something that is not a member id, at ${i}.`);
    }
    keys[i] = hash(member, salt) | 0;
  }
  let order = range(keys.length);
  for (const shift of [0, 11, 22]) order = sortByDigit(order, keys, shift);
  settleEqual(present, order, keys);
  return order;
}

/** 0 … count − 1. */
export function range(count: number): Int32Array {
  const numbers = new Int32Array(count);
  for (let i = 0; i < count; i++) numbers[i] = i;
  return numbers;
}

/** A stable counting sort by 11 bits of the keys. */
function sortByDigit(from: Int32Array, keys: Int32Array, shift: number): Int32Array {
  const starts = new Int32Array(2049);
  for (let i = 0; i < keys.length; i++) {
    const digit = ((int(keys, i) >>> shift) & 2047) + 1;
    starts[digit] = int(starts, digit) + 1;
  }
  for (let digit = 1; digit < 2048; digit++) starts[digit] = int(starts, digit) + int(starts, digit - 1);
  const to = new Int32Array(keys.length);
  for (let i = 0; i < from.length; i++) {
    const index = int(from, i);
    const digit = (int(keys, index) >>> shift) & 2047;
    const place = int(starts, digit);
    to[place] = index;
    starts[digit] = place + 1;
  }
  return to;
}

/** Within a run of equal hashes the ids decide; the same id twice is refused. */
function settleEqual(present: readonly string[], order: Int32Array, keys: Int32Array): void {
  for (let start = 0, end = 1; end <= order.length; end++) {
    if (end < order.length && int(keys, int(order, end)) === int(keys, int(order, start))) continue;
    if (end - start > 1) settleRun(present, order.subarray(start, end));
    start = end;
  }
}

function settleRun(present: readonly string[], run: Int32Array): void {
  const name = (index: number): string => present[index] ?? "";
  run.sort((a, b) => (name(a) < name(b) ? -1 : 1));
  for (let i = 1; i < run.length; i++) {
    if (name(int(run, i)) !== name(int(run, i - 1))) continue;
    throw new PairingError("repeated-member", `${JSON.stringify(name(int(run, i)))} is present twice.`);
  }
}
