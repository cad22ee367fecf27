import { json, text } from "drizzle-orm/pg-core";
import { logsSchema, moment } from "./logs-schema";

/** What admins set while the server runs, and what instances must agree on; each value is checked when it is read. */
export const settings = logsSchema.table("settings", {
  name: text().primaryKey(),
  value: json().notNull(),
  updatedAt: moment().notNull(),
});
