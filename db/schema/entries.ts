import { bigint, index, json, text } from "drizzle-orm/pg-core";
import { levelEnum, logsSchema, moment } from "./logs-schema";

/**
 * One row per accepted entry, partitioned by UTC day of `timestamp` (ADR 3). No primary key and no btree: the
 * partition that is being written carries a BRIN index only, because a btree would double the cost of ingest.
 * Entries are identified by (timestamp, id).
 */
export const entries = logsSchema.table(
  "logs",
  {
    id: bigint({ mode: "bigint" }).notNull().generatedAlwaysAsIdentity({ cache: 1000 }),
    timestamp: moment().notNull(),
    service: text().notNull(),
    level: levelEnum().notNull(),
    message: text().notNull(),
    pattern: bigint({ mode: "bigint" }),
    tags: text().array(),
    attributes: json(),
  },
  (table) => [
    index("logs_timestamp_brin").using("brin", table.timestamp).with({ pages_per_range: 32, autosummarize: true }),
  ],
);
