import { z } from "zod";
import { LEVELS } from "@/core/levels";
import { LIMITS } from "@/core/limits";
import { serviceNameSchema } from "@/core/service-name";
import {
  DELIVERY_CHANNELS,
  DELIVERY_KINDS,
  DELIVERY_STATUSES,
  INCIDENT_KINDS,
  WEBHOOK_FORMATS,
} from "@/db/schema/alert-names";

export { INCIDENT_KINDS, WEBHOOK_FORMATS };

const time = z.iso.datetime();

/** A whole number; the message completes "name ...". */
const whole = (min: number, max: number) => {
  const problem = `must be a whole number from ${min} to ${max}`;
  return z.int(problem).min(min, problem).max(max, problem);
};

const threshold = whole(1, LIMITS.alertThreshold);

const addressSchema = z.email();

/** Addresses between commas, as one string; empty is the same as none. */
const emailsSchema = z
  .string("must be addresses separated by commas")
  .max(2_000, "must have at most 2000 characters")
  .transform((text) =>
    text
      .split(",")
      .map((address) => address.trim())
      .filter((address) => address !== ""),
  )
  .refine(
    (addresses) => addresses.length <= LIMITS.alertAddresses,
    `must be at most ${LIMITS.alertAddresses} addresses`,
  )
  .refine(
    (addresses) => addresses.every((address) => addressSchema.safeParse(address).success),
    "must be e-mail addresses separated by commas, such as ops@example.com",
  )
  .transform((addresses) => (addresses.length > 0 ? addresses.join(", ") : null));

const webhookUrlSchema = z
  .string("must be a URL")
  .trim()
  .max(2_000, "must have at most 2000 characters")
  .refine((text) => text === "" || isHttpUrl(text), "must be an http or https URL without a user name in it")
  .transform((text) => (text === "" ? null : text));

function isHttpUrl(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const url = new URL(text);
  return (url.protocol === "https:" || url.protocol === "http:") && url.username === "" && url.password === "";
}

const secretSchema = z
  .string("must be text")
  .max(200, "must have at most 200 characters")
  .transform((text) => (text === "" ? null : text));

const flag = z.boolean("must be true or false");

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
  alert_webhook_url: webhookUrlSchema.nullable().default(null),
  webhook_format: z.enum(WEBHOOK_FORMATS, `must be one of ${WEBHOOK_FORMATS.join(", ")}`).default("generic"),
  /** Signs the body of each call (Standard Webhooks); never read back. */
  webhook_secret: secretSchema.nullable().default(null),
  resolve_after_minutes: whole(1, 1_440).default(5),
  notify_resolved: flag.default(true),
  remind_every_minutes: whole(1, 10_080).nullable().default(null),
  /** An incident opens when nothing comes for so long. */
  no_logs_minutes: whole(1, 10_080).nullable().default(null),
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
  alert_webhook_url: webhookUrlSchema.nullable().optional(),
  webhook_format: z.enum(WEBHOOK_FORMATS, `must be one of ${WEBHOOK_FORMATS.join(", ")}`).optional(),
  webhook_secret: secretSchema.nullable().optional(),
  resolve_after_minutes: whole(1, 1_440).optional(),
  notify_resolved: flag.optional(),
  remind_every_minutes: whole(1, 10_080).nullable().optional(),
  no_logs_minutes: whole(1, 10_080).nullable().optional(),
  enabled: flag.optional(),
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

export const incidentSchema = z.object({
  id: z.number(),
  service: z.string(),
  kind: z.enum(INCIDENT_KINDS),
  /** What the kinds pattern and new_pattern are of, with a real message; null for others. */
  pattern: z.string().nullable(),
  template: z.string().nullable(),
  message: z.string().nullable(),
  state: z.enum(INCIDENT_STATES),
  first_at: time,
  last_at: time,
  opened_at: time,
  resolved_at: time.nullable(),
  acknowledged_at: time.nullable(),
  acknowledge_note: z.string().nullable(),
  notified_at: time.nullable(),
  /** Of its minutes, the highest count, and how many there were. Null and 0 where nothing is counted. */
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
  minutes: z.array(z.object({ timestamp: time, count: z.number() })),
  deliveries: z.array(deliverySchema),
});

export const silenceInputSchema = z
  .object({
    service: serviceNameSchema.nullable().default(null),
    kind: z
      .enum(INCIDENT_KINDS, `must be one of ${INCIDENT_KINDS.join(", ")}`)
      .nullable()
      .default(null),
    starts_at: z.iso.datetime({ offset: true, error: "must be a date-time of RFC 3339" }).optional(),
    ends_at: z.iso.datetime({ offset: true, error: "must be a date-time of RFC 3339" }),
    reason: z
      .string("is required")
      .refine((text) => text.trim() !== "", "must not be empty")
      .refine((text) => text.length <= 500 && !text.includes("\0"), "must have at most 500 characters"),
  })
  .refine(({ starts_at, ends_at }) => starts_at === undefined || Date.parse(ends_at) > Date.parse(starts_at), {
    path: ["ends_at"],
    error: "must be after starts_at",
  });

export const silenceSchema = z.object({
  id: z.number(),
  service: z.string().nullable(),
  kind: z.enum(INCIDENT_KINDS).nullable(),
  starts_at: time,
  ends_at: time,
  reason: z.string(),
  created_at: time,
});

export const acknowledgeInputSchema = z.object({
  note: z
    .string("must be text")
    .refine((text) => text.length <= 500 && !text.includes("\0"), "must have at most 500 characters")
    .default(""),
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
export type IncidentKind = (typeof INCIDENT_KINDS)[number];
export type Silence = z.infer<typeof silenceSchema>;
export type SilenceInput = z.output<typeof silenceInputSchema>;
export type TestOutcome = z.infer<typeof testOutcomeSchema>;
export type Preview = z.infer<typeof previewSchema>;
export type PreviewRange = (typeof PREVIEW_RANGES)[number];
