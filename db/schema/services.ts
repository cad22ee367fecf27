import { bigint, text } from "drizzle-orm/pg-core";
import { logsSchema, moment } from "./logs-schema";

/** Every service that ever sent an entry, with the earliest and the latest timestamp among its entries. */
export const services = logsSchema.table("services", {
  name: text().primaryKey(),
  firstSeen: moment().notNull(),
  lastSeen: moment().notNull(),
  /** In how many places of its entries something was masked. */
  masked: bigint({ mode: "number" }).notNull().default(0),
});
