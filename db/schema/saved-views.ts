import { bigint, json, text } from "drizzle-orm/pg-core";
import { logsSchema, moment } from "./logs-schema";

/** What somebody wants to look at again in the explorer. */
export const savedViews = logsSchema.table("saved_views", {
  id: bigint({ mode: "number" }).primaryKey().generatedAlwaysAsIdentity(),
  name: text().notNull().unique(),
  query: text().notNull(),
  /** The name of a time range that ends now; null when `from_time` and `to_time` say it. */
  range: text(),
  fromTime: moment(),
  toTime: moment(),
  columns: text().array().notNull(),
  /** Which of the explorer's tabs; null for that which suits the query. */
  view: text(),
  /** How it is drawn, as chartOptionsSchema has it. */
  chart: json().notNull().default({}),
  createdAt: moment().notNull(),
  updatedAt: moment().notNull(),
});
