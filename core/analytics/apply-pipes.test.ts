import fc from "fast-check";
import { expect, test } from "vitest";
import { sortRows } from "./apply-pipes";

test("given numbers, digits and other texts in any order, when rows are sorted, then they are always in the same one", () => {
  const sorted = [-1, 2.5, "9", "10", "1a", "9a", "x", null];
  fc.assert(
    fc.property(fc.shuffledSubarray(sorted, { minLength: sorted.length }), (cells) => {
      const rows = cells.map((cell) => [cell]);
      expect(sortRows(rows, [{ place: 0, isDescending: false }]).flat()).toEqual(sorted);
    }),
  );
});
