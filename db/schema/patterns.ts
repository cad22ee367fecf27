import { sql } from "drizzle-orm";
import { bigint, boolean, index, integer, primaryKey, text } from "drizzle-orm/pg-core";
import { levelEnum, logsSchema, moment } from "./logs-schema";

/** Why a pattern counts as another: the rules were changed, it is a special case, or a person said so. */
export const ALIAS_REASONS = ["rules", "special case", "person"] as const;

/**
 * What groups messages: `id` is a 64-bit fingerprint, `sample` a real message of the group. Counts live in the tables
 * below and never here, which would make a hot row. Id 0 stands for everything above the limit of distinct patterns.
 */
export const patterns = logsSchema.table(
  "patterns",
  {
    id: bigint({ mode: "bigint" }).primaryKey(),
    sample: text().notNull(),
    /** Of the rules by which `id` was made of `sample`; 0 is from before there were any. */
    rulesVersion: integer().notNull().default(0),
    /** Since when nobody wants to see it; null: not muted. */
    mutedAt: moment(),
    /** To the day: what was not seen for the whole retention time is removed. */
    lastSeen: moment().notNull(),
  },
  (table) => [index("patterns_muted").on(table.id).where(sql`muted_at is not null`)],
);

/**
 * Patterns that count as another one. Entries and counts keep their own; reads take the canonical one, which is never an
 * alias itself.
 */
export const patternAliases = logsSchema.table(
  "pattern_aliases",
  {
    pattern: bigint({ mode: "bigint" }).primaryKey(),
    /** The pattern itself when a person has taken it out of another. */
    canonical: bigint({ mode: "bigint" }).notNull(),
    reason: text({ enum: ALIAS_REASONS }).notNull(),
    /** Made by a person: no job changes it. */
    pinned: boolean().notNull().default(false),
    createdAt: moment().notNull(),
  },
  (table) => [index("pattern_aliases_canonical").on(table.canonical)],
);

/** Since when a service has a pattern, at whatever level. */
export const patternServices = logsSchema.table(
  "pattern_services",
  {
    pattern: bigint({ mode: "bigint" }).notNull(),
    service: text().notNull(),
    /** Of its first sight, the worst. */
    level: levelEnum().notNull(),
    firstSeen: moment().notNull(),
    /** To the day. */
    lastSeen: moment().notNull(),
    /** Whether somebody wants to be told of new patterns of the service, and it is not decided yet that this is one. */
    unjudged: boolean().notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.pattern, table.service] }),
    index("pattern_services_unjudged").on(table.service).where(sql`unjudged`),
    index("pattern_services_service").on(table.service, table.firstSeen),
  ],
);

const patternColumns = () => ({
  bucket: moment().notNull(),
  service: text().notNull(),
  level: levelEnum().notNull(),
  pattern: bigint({ mode: "bigint" }).notNull(),
  count: bigint({ mode: "number" }).notNull(),
  firstSeen: moment().notNull(),
  lastSeen: moment().notNull(),
});

/** Warnings, errors and fatals per minute and pattern, at most LIMITS.patternsPerServiceMinute distinct patterns a service and minute. */
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
