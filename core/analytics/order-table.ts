import { sortRows } from "./apply-pipes";
import type { Table } from "./group-entries";
import type { Stats } from "./pipe-tree";

/** By time, the earliest first, where it is grouped by time; else by the first measure, the greatest first. What is alike, by its keys. */
export function inOrder(table: Table, { by }: Stats): Table {
  const time = by.findIndex(({ of }) => of.kind === "time");
  const keys = by.map((_, place) => ({ place, isDescending: false }));
  const first = time >= 0 ? { place: time, isDescending: false } : { place: by.length, isDescending: true };
  return { ...table, rows: sortRows(table.rows, [first, ...keys]) };
}
