import type { ChartKind } from "@/core/charts/chart-options";
import type { Shape } from "./shape";

/** Names of hours and weekdays, which come in their order and not by their size. */
const CYCLES = ["hour", "weekday"];

/** The kind of chart that suits a table, for who names none. */
export function kindFor({ isOverTime, isGrouped, axis, steps }: Shape): ChartKind {
  if (isOverTime) return "line";
  if (axis === null) return "figure";
  return CYCLES.includes(axis) || (isGrouped && steps.length > 1) ? "bars" : "top";
}
