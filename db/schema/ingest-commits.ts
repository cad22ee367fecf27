import { bigint } from "drizzle-orm/pg-core";
import { logsSchema, moment, transactionId } from "./logs-schema";

/**
 * One row for each transaction that wrote entries, kept for some minutes: what live tails read and resume from (ADR 9).
 * The ids of its entries begin with `transaction` (core/ingest/entry-id.ts), and their timestamps lie between the two.
 */
export const ingestCommits = logsSchema.table("ingest_commits", {
  transaction: transactionId().primaryKey(),
  rows: bigint({ mode: "number" }).notNull(),
  firstTimestamp: moment().notNull(),
  lastTimestamp: moment().notNull(),
  createdAt: moment().notNull(),
});
