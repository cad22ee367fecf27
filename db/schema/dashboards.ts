import { bigint, integer, json, text } from "drizzle-orm/pg-core";
import { logsSchema, moment } from "./logs-schema";

/** What somebody put together to be looked at as a whole. */
export const dashboards = logsSchema.table("dashboards", {
  id: bigint({ mode: "number" }).primaryKey().generatedAlwaysAsIdentity(),
  name: text().notNull(),
  description: text().notNull(),
  /** Panels, variables and time, in the form of core/dashboards/definition.ts, which says of which version it is. */
  definition: json().notNull(),
  /** How often it was changed: who changes it says what that was based on. */
  revision: integer().notNull().default(1),
  createdAt: moment().notNull(),
  updatedAt: moment().notNull(),
});
