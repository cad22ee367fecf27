import fc from "fast-check";
import { expect, test } from "vitest";
import { logAxis } from "./log-axis";

test("given counts with and without 0, then its ticks are powers of ten, and 0 is at the bottom", () => {
  const counts = logAxis([0, 3, 40_000]);
  expect(counts.ticks.map(counts.valueAt)).toEqual([0, 1, 10, 100, 1_000, 10_000, 100_000]);
  expect([0, 1, 10].map(counts.placeOf)).toEqual([0, 1, 2]);
  const seconds = logAxis([0.02, 0.3]);
  expect(seconds.ticks.map(seconds.valueAt)).toEqual([0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1]);
  expect(logAxis([0, 0]).ticks.map(logAxis([0, 0]).valueAt)).toContain(1);
  expect(logAxis([-5, 10]).placeOf(-5)).toBeNull();
});

test("given any values, then each that is not below 0 has a place on the axis, in their order, and its value again", () => {
  fc.assert(
    fc.property(
      fc.array(fc.oneof(fc.constant(0), fc.double({ min: 1e-9, max: 1e15, noNaN: true })), { minLength: 1 }),
      (values) => {
        const axis = logAxis(values);
        expect(axis.ticks.length).toBeLessThanOrEqual(10);
        let before = -1;
        for (const value of values.toSorted((a, b) => a - b)) {
          const place = axis.placeOf(value) ?? Number.NaN;
          expect(place).toBeGreaterThanOrEqual(before);
          expect(place).toBeLessThanOrEqual(axis.top + 1e-9);
          if (value > 0) expect(axis.valueAt(place) / value).toBeCloseTo(1, 6);
          before = place;
        }
      },
    ),
  );
});
