import { csv } from "@/core/csv";
import type { StatsAnswer } from "./schemas";

export const STATS_FORMATS = ["json", "csv"] as const;

/** The table with its head; a cell without a value is empty. */
export const statsCsv = ({ columns, rows }: StatsAnswer): string =>
  csv([columns.map(({ name }) => name), ...rows.map((row) => row.map((cell) => (cell === null ? "" : String(cell))))]);
