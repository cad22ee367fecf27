import type { StatsAnswer } from "@/core/analytics/schemas";
import { knownField } from "@/core/search/query/field-names";
import { conditionOf, escapedName, messageIs } from "@/core/search/query/quote-value";
import { textProblem } from "@/core/search/query/text-problem";
import { stepAt } from "./steps";

type Cell = StatsAnswer["rows"][number][number];

/** As the query language writes it. */
export type Condition = string;

/** What leads to the lines behind a part of a table: the conditions that they meet, and their time; null for that of all. */
export type LinesOf = { conditions: Condition[]; time: { from: string; to: string } | null };

/**
 * The conditions that a row's values in some columns are.
 * @param places of columns
 * @returns null where one is nothing that a query can ask for, such as the hour of a day, one moment or a text that is too long
 */
export function conditionsOf(
  columns: StatsAnswer["columns"],
  places: readonly number[],
  row: readonly Cell[],
): Condition[] | null {
  const conditions: Condition[] = [];
  for (const place of places) {
    const condition = conditionOfCell(columns[place]?.field ?? null, row[place] ?? null);
    if (condition === null) return null;
    conditions.push(condition);
  }
  return conditions;
}

function conditionOfCell(field: string | null, cell: Cell): Condition | null {
  const known = field === null ? null : knownField(field);
  if (field === null || known === "timestamp") return null;
  if (cell === null) return `-${escapedName(field)}:*`;
  const condition = known === "message" ? messageIs(String(cell)) : conditionOf(field, String(cell));
  return textProblem(condition) === null ? condition : null;
}

/** What the entries of a measure meet beside those of its group. */
export function conditionOfMeasure({ condition }: StatsAnswer["columns"][number]): Condition[] {
  if (condition === null) return [];
  return [/\s/.test(condition) ? `(${condition})` : condition];
}

/** Whether a column has the steps of time by which entries are grouped. */
export const isOfSteps = ({ type, field }: StatsAnswer["columns"][number]): boolean =>
  type === "time" && field === "timestamp";

/** Those of a whole row; null where no query can ask for them. */
export function linesOfRow(data: StatsAnswer, row: readonly Cell[]): LinesOf | null {
  const { columns, step_seconds } = data;
  const keys = columns.flatMap((column, place) => (column.field !== null && !isOfSteps(column) ? [place] : []));
  const time = row[columns.findIndex(isOfSteps)];
  const conditions = conditionsOf(columns, keys, row);
  if (conditions === null) return null;
  return {
    conditions,
    time: typeof time === "string" && step_seconds !== null ? stepAt(data, time) : null,
  };
}
