import { z } from "zod";
import { LEVELS } from "@/core/levels";
import { listedEntrySchema } from "@/core/search/schemas";
import { completenessSchema } from "@/core/segments/schemas";
import { timeRangeSchema } from "@/core/stats/time-range";
import { ALIAS_REASONS } from "@/db/schema/patterns";

const time = z.iso.datetime();
const id = z.string();

export const PATTERN_ORDERS = ["count", "newest", "growth"] as const;
export type PatternOrder = (typeof PATTERN_ORDERS)[number];

export const patternSummarySchema = z.object({
  /** Of the canonical pattern, as text. */
  pattern: id,
  template: z.string(),
  /** A real message of it. */
  message: z.string(),
  /** The worst of the range. */
  level: z.enum(LEVELS),
  /** The first by name. */
  services: z.array(z.string()),
  /** How many there are. */
  service_count: z.number(),
  count: z.number(),
  /** In the period of the same length before. */
  previous_count: z.number(),
  first_seen: time,
  last_seen: time,
  /** Before the range too, in the services that are listed. */
  first_seen_ever: time,
  /** It came for the first time within the range. */
  is_new: z.boolean(),
  muted: z.boolean(),
  /** For each bar of the range's charts. */
  counts: z.array(z.number()),
});

/** Complete as far as `recent_entries` and `values` are. */
export const patternDetailSchema = completenessSchema.extend({
  pattern: id,
  template: z.string(),
  message: z.string(),
  time_range: timeRangeSchema,
  first_seen_ever: time,
  muted: z.boolean(),
  count: z.number(),
  /** Those with the most. */
  services: z.array(z.object({ service: z.string(), count: z.number() })),
  /** How many there are. */
  services_total: z.number(),
  trend: z.array(z.object({ timestamp: time, count: z.number() })),
  /** The newest of its entries within the range. */
  recent_entries: z.array(listedEntrySchema),
  /** The most frequent values of each placeholder, in their order, among the newest entries. */
  values: z.array(z.array(z.object({ value: z.string(), count: z.number() }))),
  /** Entries that `values` is of. */
  sampled: z.number(),
  /** Patterns that count as this one, the latest first. */
  aliases: z.array(z.object({ pattern: id, template: z.string(), message: z.string(), reason: z.enum(ALIAS_REASONS) })),
  /** How many there are. */
  alias_count: z.number(),
});

export type PatternSummary = z.infer<typeof patternSummarySchema>;
export type PatternDetail = z.infer<typeof patternDetailSchema>;
