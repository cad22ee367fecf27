import { csv } from "@/core/csv";
import type { StatsAnswer } from "./schemas";

export const STATS_FORMATS = ["json", "csv"] as const;

/** What the table does not say of itself: how many rows there are, and whether all are there, of all entries. */
export const toldOfCsv = ({ rows, total_rows, complete }: StatsAnswer): Record<string, string> => ({
  "x-cordwood-total-rows": String(total_rows),
  "x-cordwood-complete": String(complete && rows.length === total_rows),
});

/** The table with its head; a cell without a value is empty. */
export const statsCsv = ({ columns, rows }: StatsAnswer): string =>
  csv([columns.map(({ name }) => name), ...rows.map((row) => row.map((cell) => (cell === null ? "" : String(cell))))]);
