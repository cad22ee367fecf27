import { z } from "zod";
import { LIMITS } from "@/core/limits";
import { oneOf } from "@/core/one-of";

export const CHART_KINDS = ["line", "area", "bars", "top", "figure"] as const;

export type ChartKind = (typeof CHART_KINDS)[number];

/** Of a measure's numbers: `percent` is of 100, `share` of 1, `rate` a second, `number` has none. */
export const UNITS = ["number", "ns", "us", "ms", "s", "bytes", "kB", "MB", "percent", "share", "rate"] as const;

export type Unit = (typeof UNITS)[number];

/** How the table of a query is drawn, as a saved view or a panel keeps it. Null is what the table itself suggests. */
export const chartOptionsSchema = z.strictObject({
  kind: oneOf(CHART_KINDS).nullable().default(null),
  unit: oneOf(UNITS).nullable().default(null),
  /** Its axis of values is logarithmic. */
  log: z.boolean().default(false),
  /** Name of the column that is drawn. */
  measure: z
    .string()
    .max(LIMITS.queryBytes)
    .refine((name) => !name.includes("\0"), "must not hold the NUL character")
    .nullable()
    .default(null),
});

export type ChartOptions = z.output<typeof chartOptionsSchema>;
