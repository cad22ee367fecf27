import { z } from "zod";
import { chartOptionsSchema } from "@/core/charts/chart-options";
import { LIMITS } from "@/core/limits";
import { oneOf } from "@/core/one-of";
import { storableText } from "@/core/storable-text";
import { dateTimeField } from "@/core/time-fields";

/** What the explorer shows of one query and time. */
export const EXPLORER_VIEWS = ["lines", "patterns", "chart", "table"] as const;

export type ExplorerView = (typeof EXPLORER_VIEWS)[number];

/** What is remembered of the explorer. Either `range`, or `from` and `to`. */
export const viewInputSchema = z
  .strictObject({
    name: storableText(LIMITS.viewNameCharacters).trim().min(1, "must not be empty"),
    query: storableText(LIMITS.queryBytes).default(""),
    range: storableText(LIMITS.rangeCharacters).nullable().default(null),
    from: dateTimeField.nullable().default(null),
    to: dateTimeField.nullable().default(null),
    columns: z
      .array(storableText(LIMITS.columnCharacters).min(1, "must not be empty"), "must be a list of columns")
      .max(LIMITS.columns, `must have at most ${LIMITS.columns} columns`)
      .default([]),
    /** Null: what suits the query. */
    view: oneOf(EXPLORER_VIEWS).nullable().default(null),
    chart: chartOptionsSchema.default({ kind: null, unit: null, log: false, measure: null }),
  })
  .refine(({ range, from, to }) => (range === null) === (from !== null && to !== null), {
    path: ["range"],
    message: "must be given, or from and to instead",
  });

export const savedViewSchema = z.object({
  id: z.number(),
  name: z.string(),
  query: z.string(),
  range: z.string().nullable(),
  from: z.iso.datetime().nullable(),
  to: z.iso.datetime().nullable(),
  columns: z.array(z.string()),
  view: z.enum(EXPLORER_VIEWS).nullable(),
  chart: chartOptionsSchema,
  created_at: z.iso.datetime(),
  updated_at: z.iso.datetime(),
});

export type ViewInput = z.output<typeof viewInputSchema>;
export type SavedView = z.infer<typeof savedViewSchema>;
