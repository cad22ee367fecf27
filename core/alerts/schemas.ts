import { z } from "zod";
import { LEVELS } from "@/core/levels";
import { LIMITS } from "@/core/limits";
import { madeFromSchema } from "@/core/made-from";
import { oneOf } from "@/core/one-of";
import { serviceNameSchema } from "@/core/service-name";
import { storableText } from "@/core/storable-text";
import { dateTimeField } from "@/core/time-fields";
import { whole } from "@/core/whole-number";
import {
  ALERT_COMPARISONS,
  DELIVERY_CHANNELS,
  DELIVERY_KINDS,
  DELIVERY_STATUSES,
  INCIDENT_KINDS,
  SEVERITIES,
  WEBHOOK_FORMATS,
} from "@/db/schema/alert-names";
import {
  emailsSchema,
  flag,
  httpUrlSchema,
  quietHoursSchema,
  receiverSchema,
  receiversSchema,
  remindSchema,
  resolveAfterSchema,
  secretSchema,
  webhookFormatSchema,
} from "./shared-schemas";

export { INCIDENT_KINDS, SEVERITIES, WEBHOOK_FORMATS };

const time = z.iso.datetime();

const threshold = whole(1, LIMITS.alertThreshold);

const exceptSchema = z
  .array(serviceNameSchema, "must be a list of services")
  .max(LIMITS.exceptServices, `must be at most ${LIMITS.exceptServices}`)
  .transform((names) => [...new Set(names)]);

/** What POST takes, and what the form is checked with. */
export const alertConfigInputSchema = z.object({
  service: serviceNameSchema,
  error_threshold_per_min: threshold,
  warning_threshold_per_min: threshold,
  /** Of each pattern of errors by itself. */
  pattern_threshold_per_min: threshold.nullable().default(null),
  /** An incident opens for each pattern of errors that the service never had. */
  notify_new_patterns: flag.default(false),
  alert_email: emailsSchema.nullable().default(null),
  alert_webhook_url: httpUrlSchema.nullable().default(null),
  webhook_format: webhookFormatSchema.default("generic"),
  /** Signs the body of each call (Standard Webhooks); never read back. */
  webhook_secret: secretSchema.nullable().default(null),
  resolve_after_minutes: resolveAfterSchema.default(5),
  notify_resolved: flag.default(true),
  remind_every_minutes: remindSchema.nullable().default(null),
  /** An incident opens when nothing comes for so long. */
  no_logs_minutes: whole(1, 10_080).nullable().default(null),
  /** Of the service `*`, which is every one that has no alert of its own. */
  except_services: exceptSchema.default([]),
  /** Who is told beside the addresses and the webhook above. */
  receivers: receiversSchema.default([]),
  runbook_url: httpUrlSchema.nullable().default(null),
  quiet_hours: quietHoursSchema.nullable().default(null),
  enabled: flag.default(true),
});

const keepable = z.union([z.literal(0).transform(() => undefined), threshold], {
  error: `must be a whole number from 1 to ${LIMITS.alertThreshold}, or 0 to keep it`,
});

/** What PUT takes: what is absent stays, and so does a threshold of 0. */
export const alertConfigChangeSchema = z.object({
  error_threshold_per_min: keepable.optional(),
  warning_threshold_per_min: keepable.optional(),
  pattern_threshold_per_min: keepable.nullable().optional(),
  notify_new_patterns: flag.optional(),
  alert_email: emailsSchema.nullable().optional(),
  alert_webhook_url: httpUrlSchema.nullable().optional(),
  webhook_format: webhookFormatSchema.optional(),
  webhook_secret: secretSchema.nullable().optional(),
  resolve_after_minutes: resolveAfterSchema.optional(),
  notify_resolved: flag.optional(),
  remind_every_minutes: remindSchema.nullable().optional(),
  no_logs_minutes: whole(1, 10_080).nullable().optional(),
  except_services: exceptSchema.optional(),
  receivers: receiversSchema.optional(),
  runbook_url: httpUrlSchema.nullable().optional(),
  quiet_hours: quietHoursSchema.nullable().optional(),
  enabled: flag.optional(),
  updated_at: madeFromSchema,
});

export const alertConfigSchema = z.object({
  id: z.number(),
  service: z.string(),
  error_threshold_per_min: z.number(),
  warning_threshold_per_min: z.number(),
  pattern_threshold_per_min: z.number().nullable(),
  notify_new_patterns: z.boolean(),
  alert_email: z.string().nullable(),
  alert_webhook_url: z.string().nullable(),
  webhook_format: z.enum(WEBHOOK_FORMATS),
  webhook_secret_set: z.boolean(),
  resolve_after_minutes: z.number(),
  notify_resolved: z.boolean(),
  remind_every_minutes: z.number().nullable(),
  no_logs_minutes: z.number().nullable(),
  except_services: z.array(z.string()),
  receivers: z.array(receiverSchema),
  runbook_url: z.string().nullable(),
  quiet_hours: quietHoursSchema.nullable(),
  enabled: z.boolean(),
  created_at: time,
  updated_at: time,
});

export const violationSchema = z.object({
  id: z.number(),
  service: z.string(),
  level: z.enum(LEVELS),
  /** Of which alone the count is; null: of all entries of the level. */
  pattern: z.string().nullable(),
  current_count: z.number(),
  threshold_value: z.number(),
  /** Start of the minute. */
  timestamp: time,
  alert_sent_at: time.nullable(),
  incident_id: z.number().nullable(),
});

export const INCIDENT_STATES = ["open", "acknowledged", "resolved"] as const;

/** What an incident of the kind query is of, as it was when it opened. */
export const watchedSchema = z.object({
  alert: z.string(),
  /** By the names of the keys, what its lines have. */
  group: z.record(z.string(), z.string()),
  /** The query for its lines. */
  lines: z.string(),
  /** What crossed, such as "more than 5 % in 10 minutes"; of an alert that was stopped, why. */
  condition: z.string(),
  comparison: z.enum(ALERT_COMPARISONS),
  window_minutes: z.number(),
});

export const incidentSchema = z.object({
  id: z.number(),
  /** Of the kind query that of its group; "*" where it is of no one service. */
  service: z.string(),
  kind: z.enum(INCIDENT_KINDS),
  /** What the kinds pattern and new_pattern are of, with a real message; null for others. */
  pattern: z.string().nullable(),
  template: z.string().nullable(),
  message: z.string().nullable(),
  severity: z.enum(SEVERITIES),
  /** Of the kind query; the alert is null when it has been deleted. */
  alert_id: z.number().nullable(),
  watched: watchedSchema.nullable(),
  state: z.enum(INCIDENT_STATES),
  first_at: time,
  last_at: time,
  opened_at: time,
  resolved_at: time.nullable(),
  acknowledged_at: time.nullable(),
  acknowledge_note: z.string().nullable(),
  notified_at: time.nullable(),
  /** Of its minutes or windows, the value furthest across, and how many there were. Null and 0 where nothing is counted. */
  peak_count: z.number().nullable(),
  threshold_value: z.number().nullable(),
  violations: z.number(),
  /** Of incidents that turned out to be a part of this one, as minutes between them came late; asked for by them, this one is answered. */
  former_ids: z.array(z.number()),
});

export const deliverySchema = z.object({
  id: z.string(),
  kind: z.enum(DELIVERY_KINDS),
  channel: z.enum(DELIVERY_CHANNELS),
  target: z.string(),
  status: z.enum(DELIVERY_STATUSES),
  attempts: z.number(),
  last_error: z.string().nullable(),
  created_at: time,
  next_attempt_at: time,
  delivered_at: time.nullable(),
});

export const incidentDetailSchema = incidentSchema.extend({
  /** Of the kind query the windows that crossed, by their last minutes, with what was compared. */
  minutes: z.array(z.object({ timestamp: time, count: z.number() })),
  /** Whose configuration it is an incident of: the service's own or "*"; null: there is none any more, or it is of an alert on a query. */
  config_service: z.string().nullable(),
  /** `minutes` are not all: the first, and of the kind query the last. */
  has_more_minutes: z.boolean(),
  /** The latest, in their order. */
  deliveries: z.array(deliverySchema),
  delivery_count: z.number(),
});

export const silenceInputSchema = z
  .object({
    service: serviceNameSchema.nullable().default(null),
    kind: oneOf(INCIDENT_KINDS).nullable().default(null),
    starts_at: dateTimeField.optional(),
    /** An alert on a query; null: every alert. */
    alert_id: z.int("must be the id of an alert").min(1, "must be the id of an alert").nullable().default(null),
    ends_at: dateTimeField,
    reason: storableText(500).refine((text) => text.trim() !== "", "must not be empty"),
  })
  .refine(({ starts_at, ends_at }) => starts_at === undefined || Date.parse(ends_at) > Date.parse(starts_at), {
    path: ["ends_at"],
    error: "must be after starts_at",
  });

export const silenceSchema = z.object({
  id: z.number(),
  service: z.string().nullable(),
  kind: z.enum(INCIDENT_KINDS).nullable(),
  /** Of an alert on a query; null: of every alert. */
  alert_id: z.number().nullable(),
  starts_at: time,
  ends_at: time,
  reason: z.string(),
  created_at: time,
});

export const acknowledgeInputSchema = z.object({
  note: storableText(500).default(""),
});

export const testOutcomeSchema = z.object({
  channel: z.enum(DELIVERY_CHANNELS),
  target: z.string(),
  ok: z.boolean(),
  error: z.string().nullable(),
});

export const PREVIEW_RANGES = ["24h", "7d"] as const;

export const previewSchema = z.object({
  service: z.string(),
  range: z.enum(PREVIEW_RANGES),
  /** Minutes that would have crossed, and incidents that they would have made. */
  alerts: z.number(),
  incidents: z.number(),
  error_alerts: z.number(),
  warning_alerts: z.number(),
  pattern_alerts: z.number(),
  /** Patterns of errors that came for the first time. */
  new_patterns: z.number(),
  /** The busiest minute of each bar. */
  bars: z.array(z.object({ timestamp: time, errors: z.number(), warnings: z.number() })),
  suggested: z.object({ error_threshold_per_min: z.number(), warning_threshold_per_min: z.number() }),
});

export type AlertConfigInput = z.output<typeof alertConfigInputSchema>;
export type AlertConfigChange = z.output<typeof alertConfigChangeSchema>;
export type AlertConfig = z.infer<typeof alertConfigSchema>;
export type AlertThresholdViolation = z.infer<typeof violationSchema>;
export type Incident = z.infer<typeof incidentSchema>;
export type IncidentDetail = z.infer<typeof incidentDetailSchema>;
export type Watched = z.infer<typeof watchedSchema>;
export type IncidentKind = (typeof INCIDENT_KINDS)[number];
export type Silence = z.infer<typeof silenceSchema>;
export type SilenceInput = z.output<typeof silenceInputSchema>;
export type TestOutcome = z.infer<typeof testOutcomeSchema>;
export type Preview = z.infer<typeof previewSchema>;
export type PreviewRange = (typeof PREVIEW_RANGES)[number];
