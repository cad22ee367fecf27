import { bigint, index, primaryKey, text } from "drizzle-orm/pg-core";
import { levelEnum, logsSchema, moment } from "./logs-schema";

const countColumns = () => ({
  bucket: moment().notNull(),
  service: text().notNull(),
  level: levelEnum().notNull(),
  count: bigint({ mode: "number" }).notNull(),
});

/** Entries per minute of their own timestamp: written in the transaction that writes the entries, so always equal to counting them. */
export const statsMinute = logsSchema.table("stats_minute", countColumns(), (table) => [
  primaryKey({ columns: [table.bucket, table.service, table.level] }),
  // Says which minutes hold a service's entries, newest first, without walking over those of all others.
  index("stats_minute_service").on(table.service, table.bucket),
]);

/** Entries per hour, made by aggregateLogsHourly when the hour is over; late ones are added by the transaction that writes them. */
export const statsHour = logsSchema.table("stats_hour", countColumns(), (table) => [
  primaryKey({ columns: [table.bucket, table.service, table.level] }),
]);

/** Entries per UTC day, in the same way by aggregateLogsDaily. */
export const statsDay = logsSchema.table("stats_day", countColumns(), (table) => [
  primaryKey({ columns: [table.bucket, table.service, table.level] }),
]);

/** Up to where the roll-ups are complete: buckets of `resolution` that start before `complete_until` may be read. */
export const statsProgress = logsSchema.table("stats_progress", {
  resolution: text({ enum: ["hour", "day"] }).primaryKey(),
  completeUntil: moment().notNull(),
});

/** Buckets whose patterns were complete and got late entries since: not to be read until they are aggregated again. */
export const statsStale = logsSchema.table(
  "stats_stale",
  { resolution: text({ enum: ["hour", "day"] }).notNull(), bucket: moment().notNull() },
  (table) => [primaryKey({ columns: [table.resolution, table.bucket] })],
);
