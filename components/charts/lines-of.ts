import type { StatsAnswer } from "@/core/analytics/schemas";
import { conditionOf, escapedName } from "@/core/search/query/quote-value";
import { stepAt } from "./steps";

type Cell = StatsAnswer["rows"][number][number];

/** As the query language writes it. */
export type Condition = string;

/** What leads to the lines behind a part of a table: the conditions that they meet, and their time; null for that of all. */
export type LinesOf = { conditions: Condition[]; time: { from: string; to: string } | null };

/**
 * The conditions that a row's values in some columns are.
 * @param places of columns
 * @returns null where one is no field that a query can name, such as the hour of a day
 */
export function conditionsOf(
  columns: StatsAnswer["columns"],
  places: readonly number[],
  row: readonly Cell[],
): Condition[] | null {
  const conditions: Condition[] = [];
  for (const place of places) {
    const field = columns[place]?.field ?? null;
    const cell = row[place] ?? null;
    if (field === null) return null;
    conditions.push(cell === null ? `-${escapedName(field)}:*` : conditionOf(field, String(cell)));
  }
  return conditions;
}

/** What the entries of a measure meet beside those of its group. */
export function conditionOfMeasure({ condition }: StatsAnswer["columns"][number]): Condition[] {
  if (condition === null) return [];
  return [/\s/.test(condition) ? `(${condition})` : condition];
}

/** Those of a whole row. */
export function linesOfRow(data: StatsAnswer, row: readonly Cell[]): LinesOf {
  const { columns, step_seconds } = data;
  const keys = columns.flatMap(({ field }, place) => (field !== null && field !== "timestamp" ? [place] : []));
  const time = row[columns.findIndex(({ field }) => field === "timestamp")];
  return {
    conditions: conditionsOf(columns, keys, row) ?? [],
    time: typeof time === "string" && step_seconds !== null ? stepAt(data, time) : null,
  };
}
