import { expect, test } from "vitest";
import type { Cell } from "./accumulator";
import { cutTable } from "./cut-table";
import { columnsOf } from "./group-entries";
import { parsePipes } from "./parse-pipes";

const cut = (q: string, rows: Cell[][], most: number) => {
  const { stats } = parsePipes(q, 0);
  return cutTable({ columns: columnsOf(stats), rows }, stats, most);
};
const minute = (step: number) => `2026-03-10T12:${String(step).padStart(2, "0")}:00.000000Z`;

test("given more rows over time than may be, then the greatest groups are there with all of their steps, and the others not at all", () => {
  const counts = { a: [1, 1, 1], b: [9, 0, 9], c: [2, 50, 0], d: [3, 3, 3] };
  const rows = [0, 1, 2].flatMap((step) =>
    Object.entries(counts).flatMap(([name, of]) => (of[step] ? [[minute(step), name, of[step]]] : [])),
  );
  const { rows: left, cutGroups } = cut("| stats count() by (time(1m), service)", rows, 8);
  expect(left).toEqual([
    [minute(0), "b", 9],
    [minute(0), "c", 2],
    [minute(0), "d", 3],
    [minute(1), "c", 50],
    [minute(1), "d", 3],
    [minute(2), "b", 9],
    [minute(2), "d", 3],
  ]);
  expect(cutGroups).toBe(1);
  expect(cut("| stats count() by (time(1m), service)", rows, rows.length)).toEqual({ rows, cutGroups: 0 });
});

test("given one course that is longer than may be, in any order, then its latest steps are there", () => {
  const rows = [3, 0, 2, 1].map((step) => [minute(step), step + 1]);
  expect(cut("| stats count() by (time(1m))", rows, 2)).toEqual({
    rows: [
      [minute(3), 4],
      [minute(2), 3],
    ],
    cutGroups: 0,
  });
});

test("given no time, then the first rows are there", () => {
  const rows = [
    ["a", 3],
    ["b", 2],
    ["c", 9],
  ];
  expect(cut("| stats count() by (service)", rows, 2)).toEqual({ rows: rows.slice(0, 2), cutGroups: 0 });
});
