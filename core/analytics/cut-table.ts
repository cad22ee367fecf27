import type { Cell } from "./accumulator";
import type { Table } from "./group-entries";
import type { Stats } from "./pipe-tree";

/** Rows of a table in its order, and how many groups over time are not among them. */
export type CutRows = { rows: Cell[][]; cutGroups: number };

/**
 * So many rows of a table at the most. Over time they are whole courses, those of the greatest groups by the first measure: a step
 * that is there without its row would count as one without entries. Of a course that is too long by itself they are the latest, of
 * any other table the first.
 */
export function cutTable(table: Table, stats: Stats, most: number): CutRows {
  const { columns, rows } = table;
  if (rows.length <= most) return { rows, cutGroups: 0 };
  const time = placesOf(table, stats, true)[0];
  if (time === undefined) return { rows: rows.slice(0, most), cutGroups: 0 };
  const keys = placesOf(table, stats, false);
  const measure = columns.findIndex(({ type }, place) => type === "number" && place !== time && !keys.includes(place));
  const courses = new Map<string, { size: number; rows: Cell[][] }>();
  for (const row of rows) {
    const name = JSON.stringify(keys.map((place) => row[place] ?? null));
    const course = courses.get(name) ?? { size: 0, rows: [] };
    courses.set(name, course);
    const value = row[measure];
    course.size += typeof value === "number" ? Math.abs(value) : 0;
    course.rows.push(row);
  }
  const greatest = [...courses.values()].sort((one, other) => other.size - one.size);
  const taken = new Set<Cell[]>();
  let whole = 0;
  for (const course of greatest) {
    if (taken.size + course.rows.length > most) break;
    for (const row of course.rows) taken.add(row);
    whole++;
  }
  if (whole > 0) return { rows: rows.filter((row) => taken.has(row)), cutGroups: courses.size - whole };
  const latest = new Set(latestOf(greatest[0]?.rows ?? [], time, most));
  return { rows: rows.filter((row) => latest.has(row)), cutGroups: courses.size - 1 };
}

/** Of the columns by which entries are grouped, those of time or the others. */
const placesOf = ({ columns }: Table, { by }: Stats, ofTime: boolean): number[] =>
  columns.flatMap(({ name }, place) =>
    by.some((key) => key.name === name && (key.of.kind === "time") === ofTime) ? [place] : [],
  );

function latestOf(rows: readonly Cell[][], time: number, most: number): Cell[][] {
  const at = (row: readonly Cell[]) => String(row[time] ?? "");
  return rows.toSorted((one, other) => (at(one) < at(other) ? 1 : at(one) > at(other) ? -1 : 0)).slice(0, most);
}
