import { countOf, formatCount } from "@/components/shared/format";
import type { StatsAnswer } from "@/core/analytics/schemas";

/** What of a table is not in an answer, and which values are in none of its results: a sentence for each. */
export function leftOutOf({ columns, rows, total_rows, cut_groups, not_numbers }: StatsAnswer): string[] {
  const isOverTime = columns.some(({ type, field }) => type === "time" && field === "timestamp");
  const cut =
    cut_groups > 0
      ? `${countOf(cut_groups, "group")} with the least ${cut_groups === 1 ? "is" : "are"} left out`
      : `Only the ${isOverTime ? "latest" : "first"} rows are here`;
  return [
    ...(total_rows > rows.length ? [`${cut}: ${formatCount(rows.length)} of ${formatCount(total_rows)} rows.`] : []),
    ...Object.entries(not_numbers).map(
      ([name, count]) =>
        `${countOf(count, "value is", "values are")} not in ${name}, as ${count === 1 ? "it is no number" : "they are no numbers"}.`,
    ),
  ];
}
