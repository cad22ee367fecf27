import { bigint, primaryKey, text } from "drizzle-orm/pg-core";
import { levelEnum, logsSchema, moment } from "./logs-schema";

/**
 * What groups messages: `id` is a 64-bit fingerprint, `sample` a real message of the group. Counts live in the tables
 * below and never here, which would make a hot row. Id 0 stands for everything above the limit of distinct patterns.
 */
export const patterns = logsSchema.table("patterns", {
  id: bigint({ mode: "bigint" }).primaryKey(),
  sample: text().notNull(),
  firstSeen: moment().notNull(),
  /** To the day: what was not seen for the whole retention time is removed. */
  lastSeen: moment().notNull(),
});

const patternColumns = () => ({
  bucket: moment().notNull(),
  service: text().notNull(),
  level: levelEnum().notNull(),
  pattern: bigint({ mode: "bigint" }).notNull(),
  count: bigint({ mode: "number" }).notNull(),
  firstSeen: moment().notNull(),
  lastSeen: moment().notNull(),
});

/** Error and fatal entries per minute and pattern, at most LIMITS.patternsPerServiceMinute distinct patterns a service and minute. */
export const patternMinute = logsSchema.table("pattern_minute", patternColumns(), (table) => [
  primaryKey({ columns: [table.bucket, table.service, table.level, table.pattern] }),
]);

/** The same per hour, for complete hours. */
export const patternHour = logsSchema.table("pattern_hour", patternColumns(), (table) => [
  primaryKey({ columns: [table.bucket, table.service, table.level, table.pattern] }),
]);

/** The same per UTC day, for complete days. */
export const patternDay = logsSchema.table("pattern_day", patternColumns(), (table) => [
  primaryKey({ columns: [table.bucket, table.service, table.level, table.pattern] }),
]);
