import fc from "fast-check";
import { expect, test } from "vitest";
import { applyPipes, sortRows } from "./apply-pipes";
import { parsePipes } from "./parse-pipes";

test("given numbers, texts like numbers and other texts in any order, when rows are sorted, then they are always in the same one", () => {
  const sorted = [
    -1,
    2.5,
    "-3",
    "7",
    "9",
    "10",
    "12.5",
    "100",
    "100.0",
    "1e3",
    "9007199254740993",
    "9007199254740994",
    "1a",
    "9a",
    "x",
    null,
  ];
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

test("given keys and last values that look like numbers, then they are compared and computed as numbers", () => {
  const table = {
    columns: ["http.status", "t"].map(
      (name) => ({ name, type: "text", field: name, empty: null, adds: false, condition: null }) as const,
    ),
    rows: [
      ["200", "1.5"],
      ["503", "many"],
      ["1000", null],
      ["none", "-2"],
    ],
  };
  const rowsAfter = (pipes: string) => {
    const { after } = parsePipes(`| stats last(a) as t by (http.status) ${pipes}`, 0);
    return applyPipes(table, after).rows;
  };
  const statuses = (pipes: string) => rowsAfter(pipes).map(([status]) => status);
  expect(statuses("| where http.status >= 500")).toEqual(["503", "1000"]);
  expect(statuses("| where 500 > http.status")).toEqual(["200"]);
  expect(statuses("| where http.status = 200.0")).toEqual(["200"]);
  expect(statuses("| where http.status != 200")).toEqual(["503", "1000", "none"]);
  // Texts are compared by their characters.
  expect(statuses('| where http.status >= "5"')).toEqual(["503", "none"]);
  expect(statuses("| where t < 0 - 1")).toEqual(["none"]);
  expect(rowsAfter('| math t * 2 | fields "t * 2"').flat()).toEqual([3, null, null, -4]);
  expect(rowsAfter("| math -t as back | math t as same | fields back, same")).toEqual([
    [-1.5, 1.5],
    [null, null],
    [null, null],
    [2, -2],
  ]);
  expect(statuses("| sort by http.status desc")).toEqual(["none", "1000", "503", "200"]);
});
