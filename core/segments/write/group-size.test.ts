import fc from "fast-check";
import { expect, test } from "vitest";
import { LIMITS } from "@/core/limits";
import { GroupSize } from "./group-size";

const MOST = 1_600;

function sizeFor(entries: readonly number[]): number {
  const size = new GroupSize(MOST);
  for (const bytes of entries) size.add(bytes);
  return size.entries;
}

const mostOf = (entries: readonly number[], group: number) =>
  Math.max(...entries.map((_, from) => entries.slice(from, from + group).reduce((sum, bytes) => sum + bytes, 0)));

test("given entries that fit into one row group, then it may have all", () => {
  expect(sizeFor(Array.from({ length: 16 }, () => 100))).toBe(Number.POSITIVE_INFINITY);
});

test("given a million ordinary lines, then row groups are as large as blocks", () => {
  const size = new GroupSize(LIMITS.blockTextBytes);
  for (let entry = 0; entry < 1_000_000; entry++) size.add(150 + (entry % 150));
  expect(size.entries).toBeGreaterThanOrEqual(LIMITS.blockEntries);
});

test("given entries of one length, then a row group has nearly as many as fit", () => {
  const size = sizeFor(Array.from({ length: 10_000 }, () => 10));
  expect(size).toBeGreaterThan(140);
  expect(size).toBeLessThanOrEqual(160);
});

test("given entries of any lengths, then no row group has more than it may, wherever it begins, if it is not one entry", () => {
  const short = fc.array(fc.integer({ min: 0, max: 5 }), { maxLength: 300 });
  const long = fc.array(fc.integer({ min: 0, max: 2 * MOST }), { maxLength: 20 });
  fc.assert(
    fc.property(fc.tuple(short, long, short), (parts) => {
      const entries = parts.flat();
      const size = sizeFor(entries);
      fc.pre(entries.length > 0);
      expect(size === 1 || mostOf(entries, size) <= MOST).toBe(true);
    }),
  );
});
