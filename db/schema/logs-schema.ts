import { customType, pgSchema } from "drizzle-orm/pg-core";

/** The PostgreSQL schema that holds every table of Cordwood. */
export const logsSchema = pgSchema("logs");

/** Levels in rising order, so that `level >= 'error'` compares as people expect. */
export const LEVELS = ["trace", "debug", "info", "warning", "error", "fatal"] as const;

export type Level = (typeof LEVELS)[number];

export const levelEnum = logsSchema.enum("level", LEVELS);

/** A point in time, read and written as a `Date`; UTC inside. */
export const moment = customType<{ data: Date; driverData: string | Date }>({
  dataType: () => "timestamptz",
  fromDriver: (value) => new Date(value),
  toDriver: (value) => value.toISOString(),
});
