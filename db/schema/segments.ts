import { bigint, customType, foreignKey, index, integer, json, primaryKey, smallint, text } from "drizzle-orm/pg-core";
import { levelEnum, logsSchema, moment } from "./logs-schema";

const bytes = customType<{ data: Buffer }>({ dataType: () => "bytea" });

/** A file is not in the store, or is not what was stored. */
export const SEGMENT_PROBLEMS = ["missing", "damaged"] as const;

/**
 * The catalogue of what is sealed (ADR 13): each row names an immutable Parquet file with the entries of a span, in order of time
 * and id. An entry is either in logs.logs or in one of these files, and moves within one transaction.
 */
export const segments = logsSchema.table(
  "segments",
  {
    id: bigint({ mode: "number" }).primaryKey().generatedAlwaysAsIdentity(),
    /** Within the store. */
    path: text().notNull().unique(),
    /** Times of its first and last entry. */
    firstTimestamp: moment().notNull(),
    lastTimestamp: moment().notNull(),
    rows: integer().notNull(),
    /** Of the file. */
    bytes: bigint({ mode: "number" }).notNull(),
    /** Of its entries as text: time, service, level, message, tags and attributes. Null: of a version that did not count it. */
    textBytes: bigint({ mode: "number" }),
    /** SHA-256 of the file, hexadecimal. */
    checksum: text().notNull(),
    /** Of the columns and their meaning. */
    formatVersion: smallint().notNull(),
    /** Null: too many to be listed. */
    services: text().array(),
    levels: levelEnum().array().notNull(),
    /** What of it counts as removed (core/segments/hidden.ts), how many entries that are, and since when; null: nothing. */
    hidden: json(),
    hiddenRows: integer().notNull().default(0),
    hiddenSince: moment(),
    /** Attributes that have a column of their own in the file, with its type (core/segments/attribute-columns.ts). */
    attributeColumns: json().notNull().default([]),
    createdAt: moment().notNull(),
  },
  (table) => [index("segments_last_timestamp").on(table.lastTimestamp, table.firstTimestamp)],
);

/** What was found when a segment was read as a whole, or could not be read. */
export const segmentChecks = logsSchema.table(
  "segment_checks",
  {
    segment: bigint({ mode: "number" }).primaryKey(),
    checkedAt: moment().notNull(),
    /** Null: it is what was stored. */
    problem: text({ enum: SEGMENT_PROBLEMS }),
  },
  (table) => [foreignKey({ columns: [table.segment], foreignColumns: [segments.id] }).onDelete("cascade")],
);

/** Files of the store that no segment names, and since when that is known: who reads, or makes a backup, may need them a while. */
export const segmentOrphans = logsSchema.table("segment_orphans", {
  path: text().primaryKey(),
  foundAt: moment().notNull(),
});

/** Times within a segment, each with a filter of the words in it, by which a search passes over what can't have a match. */
export const segmentBlocks = logsSchema.table(
  "segment_blocks",
  {
    segment: bigint({ mode: "number" }).notNull(),
    number: integer().notNull(),
    firstTimestamp: moment().notNull(),
    lastTimestamp: moment().notNull(),
    rows: integer().notNull(),
    /** Bits of core/segments/word-filter.ts. */
    words: bytes().notNull(),
    /** The least and the greatest number by path, of the attributes with a column of numbers that stand in the block. */
    ranges: json().notNull().default({}),
  },
  (table) => [
    primaryKey({ columns: [table.segment, table.number] }),
    foreignKey({ columns: [table.segment], foreignColumns: [segments.id] }).onDelete("cascade"),
  ],
);

/** What was computed of a segment for statistics, to be merged with that of others when it is asked for again (core/analytics/kept-groups.ts). */
export const segmentGroups = logsSchema.table(
  "segment_groups",
  {
    segment: bigint({ mode: "number" }).notNull(),
    /** SHA-256 of all that the groups depend on beside the segment's file. */
    key: text().notNull(),
    /** JSON. */
    groups: text().notNull(),
    /** That they take here. */
    bytes: integer().notNull(),
    /** To the hour. */
    usedAt: moment().notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.segment, table.key] }),
    foreignKey({ columns: [table.segment], foreignColumns: [segments.id] }).onDelete("cascade"),
  ],
);
