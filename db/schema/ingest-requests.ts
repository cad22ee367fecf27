import { json, text } from "drizzle-orm/pg-core";
import { logsSchema, moment } from "./logs-schema";

/** Answers of requests that carried an Idempotency-Key, written in the transaction that wrote their entries. */
export const ingestRequests = logsSchema.table("ingest_requests", {
  idempotencyKey: text().primaryKey(),
  answer: json(),
  createdAt: moment().notNull(),
});
