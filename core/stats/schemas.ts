import { z } from "zod";
import { incidentSchema, violationSchema } from "@/core/alerts/schemas";
import { failingJobSchema, lateJobSchema } from "@/core/jobs/schemas";
import { LEVELS } from "@/core/levels";
import { storageStateSchema } from "@/core/retention/schemas";
import { listedEntrySchema } from "@/core/search/schemas";
import { completenessSchema } from "@/core/segments/schemas";
import { timeRangeSchema } from "./time-range";

/** The answers of the dashboard's endpoints (docs/api.md). Times are ISO 8601 in UTC. */
const time = z.iso.datetime();
const count = z.number();

/** A count for each level, zeros included. */
export const countByLevelSchema = z.record(z.enum(LEVELS), count);

export const logStatsSchema = z.object({
  id: z.string(),
  service: z.string(),
  timestamp: time,
  count_by_level: countByLevelSchema,
  total_count: count,
  /** Errors and fatals of all entries, from 0 to 1. */
  error_rate: z.number(),
});

export const HEALTH_STATUSES = ["OK", "Warning", "Error"] as const;

export const serviceHealthSchema = z.object({
  id: z.string(),
  service: z.string(),
  status: z.enum(HEALTH_STATUSES),
  error_count: count,
  warning_count: count,
  info_count: count,
  last_checked_at: time,
});

export const topErrorSchema = z.object({
  /** A real message of the pattern. */
  message: z.string(),
  service: z.string(),
  level: z.enum(LEVELS),
  count,
  /** Within the range. */
  first_seen: time,
  last_seen: time,
  /** The pattern's id: a 64-bit number, as text because JavaScript has none so large. "0" stands for all above a limit. */
  pattern: z.string(),
  /** The message with its values named, such as `user <num> not found`. */
  template: z.string(),
  /** When the pattern came for the first time in this service, before the range too. */
  first_seen_ever: time,
});

export const dashboardStatsSchema = z.object({
  generated_at: time,
  /** Where each range begins. */
  timestamp_1h: time,
  timestamp_1d: time,
  timestamp_1w: time,
  service_stats: z.record(z.string(), logStatsSchema),
  service_health: z.record(z.string(), serviceHealthSchema),
  top_errors: z.array(topErrorSchema),
  violations: z.array(violationSchema),
  /** All that match; service_stats and service_health have the first LIMITS.listedServices of them. */
  service_count: count,
});

export const trendSchema = z.object({
  /** Null for all services together. */
  service: z.string().nullable(),
  time_range: timeRangeSchema,
  from: time,
  to: time,
  bucket_seconds: z.number(),
  /** Every bucket of the range in order, the empty ones too. */
  buckets: z.array(z.object({ timestamp: time, count_by_level: countByLevelSchema, total_count: count })),
});

export const overviewServiceSchema = z.object({
  service: z.string(),
  /** Over the last hour, whatever the range. */
  status: z.enum(HEALTH_STATUSES),
  count_by_level: countByLevelSchema,
  total_count: count,
  error_rate: z.number(),
  first_seen: time,
  last_seen: time,
  /** Per bucket of the trend: all entries, and those of level error and above. */
  totals: z.array(count),
  errors: z.array(count),
});

export const SERVICE_ORDERS = ["attention", "errors", "volume", "name", "last_seen"] as const;

/** A page of services. The counts are of all that match, on other pages too. */
export const serviceListSchema = z.object({
  total: count,
  not_ok: count,
  services: z.array(overviewServiceSchema),
});

/** Some of the names that match, and how many there are. */
export const serviceNamesSchema = z.object({ total: count, names: z.array(z.string()) });

/** All that the Overview shows, from one moment. */
export const overviewSchema = z.object({
  generated_at: time,
  failing_jobs: z.array(failingJobSchema),
  late_jobs: z.array(lateJobSchema),
  /** While so much is stored that the oldest entries will go soon, or some went lately; else null. */
  storage: storageStateSchema.nullable(),
  trend: trendSchema,
  /** The first page of the services, those that need attention first; the counts are of all. */
  ...serviceListSchema.shape,
  /** There are so many services that something is probably taken for one that is none. */
  has_many_services: z.boolean(),
  /** The latest; `open_incident_count` says how many there are. */
  open_incidents: z.array(incidentSchema),
  open_incident_count: count,
  top_errors: z.array(topErrorSchema),
});

/** All that the page of a service shows. It is complete as far as `recent_entries` are. */
export const serviceDetailSchema = completenessSchema.extend({
  trend: trendSchema,
  top_errors: z.array(topErrorSchema),
  /** How far ahead of now its entries reach, ms; null for a clock that is right. */
  clock_ahead_ms: count.nullable(),
  /** Newest first. */
  recent_entries: z.array(listedEntrySchema),
});

export type CountByLevel = z.infer<typeof countByLevelSchema>;
export type LogStats = z.infer<typeof logStatsSchema>;
export type HealthStatus = (typeof HEALTH_STATUSES)[number];
export type ServiceHealth = z.infer<typeof serviceHealthSchema>;
export type TopErrorMessage = z.infer<typeof topErrorSchema>;
export type DashboardStats = z.infer<typeof dashboardStatsSchema>;
export type Trend = z.infer<typeof trendSchema>;
export type OverviewService = z.infer<typeof overviewServiceSchema>;
export type ServiceOrder = (typeof SERVICE_ORDERS)[number];
export type ServiceList = z.infer<typeof serviceListSchema>;
export type ServiceNames = z.infer<typeof serviceNamesSchema>;
export type ServiceDetail = z.infer<typeof serviceDetailSchema>;
export type Overview = z.infer<typeof overviewSchema>;
