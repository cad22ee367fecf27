import { customType, pgSchema } from "drizzle-orm/pg-core";
import { LEVELS } from "./levels";

/** The PostgreSQL schema that holds every table of Cordwood. */
export const logsSchema = pgSchema("logs");

export const levelEnum = logsSchema.enum("level", LEVELS);

/** A point in time, read and written as a `Date`; UTC inside. */
export const moment = customType<{ data: Date; driverData: string | Date }>({
  dataType: () => "timestamptz",
  fromDriver: (value) => new Date(value),
  toDriver: (value) => value.toISOString(),
});

/** The number of a PostgreSQL transaction, 64 bits, as decimal text; pg_visible_in_snapshot tells whether it is committed. */
export const transactionId = customType<{ data: string }>({ dataType: () => "xid8" });
