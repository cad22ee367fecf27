import { z } from "zod";
import { isTimeZone } from "./zoned-time";

/** A point in time as people and programs write it, with Z or an offset; the message completes the field's name. */
export const dateTimeField = z.iso
  .datetime({ offset: true, error: "must be a date-time of RFC 3339, such as 2026-01-31T09:30:00Z" })
  .refine(hasFourDigits, "must be of the years 1 to 9999");

/** In UTC too, as it is written for PostgreSQL. */
function hasFourDigits(time: string): boolean {
  const year = new Date(time).getUTCFullYear();
  return year >= 1 && year <= 9999;
}

/** The name of a time zone (IANA); the message completes the field's name. */
export const timeZoneField = z
  .string("must be a time zone")
  .refine(isTimeZone, "must be a time zone such as Europe/Berlin or UTC");
