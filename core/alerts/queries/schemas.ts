import { z } from "zod";
import { LIMITS } from "@/core/limits";
import { madeFromSchema } from "@/core/made-from";
import { oneOf } from "@/core/one-of";
import { whole } from "@/core/whole-number";
import { ALERT_COMPARISONS, CHANGE_AGAINST, CHANGE_IN, QUERY_WATCHES, SEVERITIES } from "@/db/schema/alert-names";
import {
  flag,
  httpUrlSchema,
  quietHoursSchema,
  receiverSchema,
  receiversSchema,
  remindSchema,
  resolveAfterSchema,
} from "../shared-schemas";

export { ALERT_COMPARISONS, CHANGE_AGAINST, CHANGE_IN, QUERY_WATCHES, SEVERITIES };

const nameSchema = z
  .string("is required")
  .trim()
  .min(1, "is required")
  .max(LIMITS.nameCharacters, `must have at most ${LIMITS.nameCharacters} characters`)
  .refine((text) => !/\p{Cc}/u.test(text), "must have no control characters");

const queryText = z.string("must be a query").max(LIMITS.queryBytes, `must have at most ${LIMITS.queryBytes} bytes`);

/** What an alert watches: enough to tell what it would have done. */
const watched = {
  watch: oneOf(QUERY_WATCHES),
  /** A table with one number for `value` and `change`; lines for `share` (those that count) and `absence`. */
  query: queryText,
  /** For `share`: of which lines. */
  of: queryText.default(""),
  /** For `share`: by which fields. */
  by: z
    .array(z.string("must be a field").min(1, "must be a field").max(LIMITS.fieldPathCharacters, "is too long"))
    .max(LIMITS.alertKeys, `must be at most ${LIMITS.alertKeys}`)
    .default([]),
  comparison: oneOf(ALERT_COMPARISONS).default(">"),
  /** For shares and for changes in percent: percent. */
  threshold: z
    .number("must be a number")
    .min(-1e15, "must be at least -1e15")
    .max(1e15, "must be at most 1e15")
    .default(0),
  window_minutes: whole(1, 1_440).default(5),
  /** A window with fewer lines is not judged. */
  least_count: whole(0, LIMITS.alertThreshold).default(0),
  /** For `change`. */
  against: oneOf(CHANGE_AGAINST).nullable().default(null),
  change_in: oneOf(CHANGE_IN).default("percent"),
  resolve_after_minutes: resolveAfterSchema.default(5),
};

export const queryWatchSchema = z.object(watched);

/** What POST takes, and what the form is checked with. */
export const queryAlertInputSchema = z.object({
  name: nameSchema,
  ...watched,
  severity: oneOf(SEVERITIES).default("error"),
  runbook_url: httpUrlSchema.nullable().default(null),
  quiet_hours: quietHoursSchema.nullable().default(null),
  receivers: receiversSchema.default([]),
  notify_resolved: flag.default(true),
  remind_every_minutes: remindSchema.nullable().default(null),
  enabled: flag.default(true),
});

/** What PUT takes: what is absent stays. */
export const queryAlertChangeSchema = z.object({
  name: nameSchema.optional(),
  watch: watched.watch.optional(),
  query: queryText.optional(),
  of: queryText.optional(),
  by: watched.by.unwrap().optional(),
  comparison: watched.comparison.unwrap().optional(),
  threshold: watched.threshold.unwrap().optional(),
  window_minutes: watched.window_minutes.unwrap().optional(),
  least_count: watched.least_count.unwrap().optional(),
  against: watched.against.unwrap().optional(),
  change_in: watched.change_in.unwrap().optional(),
  resolve_after_minutes: resolveAfterSchema.optional(),
  severity: oneOf(SEVERITIES).optional(),
  runbook_url: httpUrlSchema.nullable().optional(),
  quiet_hours: quietHoursSchema.nullable().optional(),
  receivers: receiversSchema.optional(),
  notify_resolved: flag.optional(),
  remind_every_minutes: remindSchema.nullable().optional(),
  enabled: flag.optional(),
  updated_at: madeFromSchema,
});

const time = z.iso.datetime();

export const queryAlertSchema = z.object({
  id: z.number(),
  name: z.string(),
  watch: z.enum(QUERY_WATCHES),
  query: z.string(),
  of: z.string(),
  by: z.array(z.string()),
  comparison: z.enum(ALERT_COMPARISONS),
  threshold: z.number(),
  window_minutes: z.number(),
  least_count: z.number(),
  against: z.enum(CHANGE_AGAINST).nullable(),
  change_in: z.enum(CHANGE_IN),
  resolve_after_minutes: z.number(),
  severity: z.enum(SEVERITIES),
  runbook_url: z.string().nullable(),
  quiet_hours: quietHoursSchema.nullable(),
  receivers: z.array(receiverSchema),
  notify_resolved: z.boolean(),
  remind_every_minutes: z.number().nullable(),
  enabled: z.boolean(),
  created_at: time,
  updated_at: time,
  /** Why it is not judged; null: it is. */
  problem: z.string().nullable(),
  /** Which lines are not in its figures, as they could not be read; null: all are. */
  left_out: z.string().nullable(),
  /** Windows up to here are judged. */
  judged_until: time,
  /** Lines of the last hours that are in groups for which there was no room. */
  cut_entries: z.number(),
  open_incidents: z.number(),
});

export const queryPreviewSchema = z.object({
  from: time,
  to: time,
  /** The query that is computed, as the explorer takes it. */
  computed: z.string(),
  windows: z.number(),
  /** Windows of groups that would have crossed, and incidents that they would have made. */
  crossings: z.number(),
  incidents: z.number(),
  groups: z.number(),
  /** For each bar, of the windows that end in it, the value that is furthest in the direction of the comparison, of all groups; null for none. */
  bars: z.array(z.object({ timestamp: time, value: z.number().nullable() })),
  /** The groups with the most crossings. */
  top_groups: z.array(z.object({ group: z.record(z.string(), z.string()), crossings: z.number() })),
});

export type QueryWatch = z.output<typeof queryWatchSchema>;
export type QueryAlertInput = z.output<typeof queryAlertInputSchema>;
export type QueryAlertChange = z.output<typeof queryAlertChangeSchema>;
export type QueryAlert = z.infer<typeof queryAlertSchema>;
export type QueryPreview = z.infer<typeof queryPreviewSchema>;
