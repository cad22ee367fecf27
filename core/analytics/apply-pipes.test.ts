import fc from "fast-check";
import { expect, test } from "vitest";
import { applyPipes, sortRows } from "./apply-pipes";
import { parsePipes } from "./parse-pipes";

test("given numbers, digits and other texts in any order, when rows are sorted, then they are always in the same one", () => {
  const sorted = [-1, 2.5, "9", "10", "1a", "9a", "x", null];
  fc.assert(
    fc.property(fc.shuffledSubarray(sorted, { minLength: sorted.length }), (cells) => {
      const rows = cells.map((cell) => [cell]);
      expect(sortRows(rows, [{ place: 0, isDescending: false }]).flat()).toEqual(sorted);
    }),
  );
});

const EMPTY = { name: "n", type: "number", field: null, empty: 0, adds: true, condition: null } as const;

test("given rows that were taken away, then what is not there counts as 0 only where whole groups went", () => {
  const table = {
    columns: [
      { name: "service", type: "text", field: "service", empty: null, adds: false, condition: null } as const,
      EMPTY,
    ],
    rows: [
      ["pay", 5],
      ["shop", 1],
    ],
  };
  const emptyAfter = (pipe: string) => {
    const { after } = parsePipes(`| stats count() as n by (service) ${pipe}`, 0);
    return applyPipes(table, after).columns.map(({ empty }) => empty);
  };
  expect(emptyAfter("| where n > 0 | limit 2")).toEqual([null, 0]);
  expect(emptyAfter('| where service = "pay"')).toEqual([null, 0]);
  expect(emptyAfter("| where n > 1")).toEqual([null, null]);
  expect(emptyAfter('| where not (service = "pay" and n > 1)')).toEqual([null, null]);
  expect(emptyAfter("| limit 1")).toEqual([null, null]);
});
