import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { stepOf } from "@/core/analytics/text-counts";
import { numberBars } from "./number-bars";

const barsOf = (numbers: readonly number[]) => {
  const counts = new Map<number, number>();
  for (const one of numbers) counts.set(one, (counts.get(one) ?? 0) + 1);
  return numberBars(counts, { least: Math.min(...numbers), greatest: Math.max(...numbers) });
};

const number = fc.oneof(
  fc.integer({ min: -10_000, max: 10_000 }),
  fc.double({ min: 0, max: 1e9, noNaN: true }).filter((value) => value === 0 || value > 1e-9),
  fc.double({ min: -1, max: 1, noNaN: true }).filter((value) => Math.abs(value) > 1e-9),
);

test("given any numbers, then each is in one of few bars, whose bounds go up", () => {
  fc.assert(
    fc.property(fc.array(number, { minLength: 1, maxLength: 50 }), (numbers) => {
      const bars = barsOf(numbers);
      expect(bars.length).toBeLessThanOrEqual(22);
      for (const [index, { from, to, count }] of bars.entries()) {
        expect(from).toBeLessThan(to);
        expect(bars[index + 1]?.from ?? to).toBe(to);
        expect(count).toBe(numbers.filter((one) => one >= from && one < to).length);
      }
      expect(bars.reduce((sum, { count }) => sum + count, 0)).toBe(numbers.length);
    }),
    { numRuns: 1_000 },
  );
});

test("given numbers of which only the first three digits are known, then the bars are those of the numbers", () => {
  fc.assert(
    fc.property(fc.array(number, { minLength: 1, maxLength: 50 }), (numbers) => {
      const bounds = { least: Math.min(...numbers), greatest: Math.max(...numbers) };
      const counts = new Map<number, number>();
      for (const one of numbers) counts.set(stepOf(one), (counts.get(stepOf(one)) ?? 0) + 1);
      for (const { from, to, count } of numberBars(counts, bounds)) {
        expect(count).toBe(numbers.filter((one) => one >= from && one < to).length);
      }
    }),
    { numRuns: 1_000 },
  );
});

describe("given numbers of which few are far greater than most", () => {
  test("then bars grow", () => {
    const bars = barsOf([...Array.from({ length: 50 }, (_, index) => index), 1_000, 40_000]);
    expect(bars.map(({ from, count }) => [from, count])).toEqual([
      [0, 2],
      [2, 3],
      [5, 5],
      [10, 10],
      [20, 30],
      [50, 0],
      [100, 0],
      [200, 0],
      [500, 0],
      [1_000, 1],
      [2_000, 0],
      [5_000, 0],
      [10_000, 0],
      [20_000, 1],
    ]);
  });
});

test.each([
  [1_234, 1_230],
  [-1_234, -1_240],
  [-1_230, -1_230],
  [0.3, 0.3],
  [0.012345, 0.0123],
  [0, 0],
  [999.99, 999],
  [-999.99, -1_000],
])("given %d, then its step begins at %d", (one, step) => {
  expect(stepOf(one)).toBe(step);
});
