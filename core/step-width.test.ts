import fc from "fast-check";
import { expect, test } from "vitest";
import { DAY_MS, HOUR_MS, MINUTE_MS } from "./clock";
import { stepWidth } from "./step-width";

const WIDTHS = [MINUTE_MS, HOUR_MS, DAY_MS];

test.each([
  [1, MINUTE_MS],
  [120 * MINUTE_MS, MINUTE_MS],
  [120 * MINUTE_MS + 1, HOUR_MS],
  [120 * DAY_MS, DAY_MS],
  [120 * DAY_MS + 1, 2 * DAY_MS],
  [240 * DAY_MS, 2 * DAY_MS],
  [366 * DAY_MS, 4 * DAY_MS],
  [3_650 * DAY_MS, 32 * DAY_MS],
])("given %i ms, then steps are of %i", (length, width) => {
  expect(stepWidth(length, WIDTHS)).toBe(width);
});

test("given any length, then there are at most 120 steps, and half as wide ones would be more", () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 100_000 * DAY_MS }), (length) => {
      const width = stepWidth(length, WIDTHS);
      expect(length / width).toBeLessThanOrEqual(120);
      if (width > DAY_MS) expect(length / (width / 2)).toBeGreaterThan(120);
    }),
  );
});
