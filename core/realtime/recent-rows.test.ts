import fc from "fast-check";
import { expect, test } from "vitest";
import { LIMITS } from "@/core/limits";
import { RecentRows } from "./recent-rows";

const written = (size: number, byte: number) => ({ bytes: Buffer.alloc(size, byte) });

test("given transactions of any sizes, then the latest are there as they were written, and none is there in part", () => {
  const size = fc.oneof(
    fc.integer({ min: 1, max: 1_000 }),
    fc.integer({ min: 1, max: Math.floor(LIMITS.recentBytes / 3) }),
  );
  fc.assert(
    fc.property(fc.array(fc.tuple(size, size), { minLength: 1, maxLength: 20 }), (sizes) => {
      const recent = new RecentRows();
      recent.want("alerts", true);
      for (const [index, [one, other]] of sizes.entries()) {
        recent.add(String(index), [written(one, index + 1), written(other, index + 101)]);
      }
      let held = 0;
      let isGone = false;
      for (const [index, [one, other]] of [...sizes.entries()].reverse()) {
        const found = recent.getAtOnce(String(index));
        if (!found) isGone = true;
        else {
          // What is older than what is gone is gone too.
          expect(isGone).toBe(false);
          expect(
            Buffer.concat(found.map(({ bytes }) => bytes)).equals(
              Buffer.concat([written(one, index + 1).bytes, written(other, index + 101).bytes]),
            ),
          ).toBe(true);
          held += one + other;
        }
        expect(recent.get(String(index))).toBeUndefined();
      }
      expect(held).toBeLessThanOrEqual(LIMITS.recentBytes);
      expect(recent.getAtOnce(String(sizes.length - 1))).toBeDefined();
    }),
    { numRuns: 20 },
  );
});

test("given that somebody tails, then blocks themselves are held until nobody does", () => {
  const recent = new RecentRows();
  recent.want("alerts", true);
  recent.want("tails", true);
  const block = written(10, 1);
  recent.add("1", [block]);
  expect(recent.get("1")).toEqual([block]);
  expect(recent.getAtOnce("1")).toEqual([block]);
  recent.want("tails", false);
  expect(recent.get("1")).toBeUndefined();
});

test("given a transaction that failed, then its rows are forgotten, and those of others are not", () => {
  for (const reader of ["alerts", "tails"] as const) {
    const recent = new RecentRows();
    recent.want(reader, true);
    for (const transaction of ["1", "2", "3"]) recent.add(transaction, [written(10, Number(transaction))]);
    recent.forget("2");
    const found = ["1", "2", "3"].map((transaction) => recent.getAtOnce(transaction)?.[0]?.bytes[0]);
    expect(found).toEqual([1, undefined, 3]);
  }
});
