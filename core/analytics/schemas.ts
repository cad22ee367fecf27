import { z } from "zod";
import { completenessSchema } from "@/core/segments/schemas";

const time = z.iso.datetime();

/** What GET /api/logs/stats answers. */
export const statsAnswerSchema = completenessSchema.extend({
  /** `field` is what a query calls it where entries are grouped by it, else null; `empty` what a group without entries has; `adds` says that the groups' values add up to that of all; `condition` is the query behind if. */
  columns: z.array(
    z.object({
      name: z.string(),
      type: z.enum(["time", "text", "number"]),
      field: z.string().nullable(),
      empty: z.literal(0).nullable(),
      adds: z.boolean(),
      condition: z.string().nullable(),
    }),
  ),
  /** A cell for each column; null where there is no value. */
  rows: z.array(z.array(z.union([z.string(), z.number(), z.null()]))),
  /** All rows that there are. `rows` has LIMITS.statsGroups of them: the first, over time whole courses of the greatest groups. */
  total_rows: z.number(),
  /** Over time, the groups of which `rows` has none. */
  cut_groups: z.number(),
  /** Entries that the query selects. */
  entries: z.number(),
  /** By the name of a column, how many values are in none of its results because they don't look like numbers. */
  not_numbers: z.record(z.string(), z.number()),
  /** Always: what is told is exact. */
  sampled: z.literal(false),
  /** Seconds of a step, where there is a column of times; else null. */
  step_seconds: z.number().nullable(),
  /** By whose clocks steps, hours and weekdays go. */
  zone: z.string(),
  from: time,
  to: time,
  /** When it began to be computed: steps that end later were not over. */
  computed_at: time,
});

export type StatsAnswer = z.infer<typeof statsAnswerSchema>;
