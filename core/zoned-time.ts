import { TZDate } from "@date-fns/tz";
import { format, parseISO } from "date-fns";

/** Whether a name is one of IANA's time zones, as the runtime knows them. */
export function isTimeZone(name: string): boolean {
  try {
    return new Intl.DateTimeFormat("en", { timeZone: name }).resolvedOptions().timeZone !== "";
  } catch {
    return false;
  }
}

/**
 * A time as the clocks of a zone show it.
 * @param time ISO 8601, or ms since 1970
 * @param pattern of Unicode TR 35, such as "yyyy-MM-dd HH:mm:ss"
 */
export const formatInZone = (time: string | number, zone: string, pattern: string): string =>
  format(new TZDate(new Date(time), zone), pattern);

/**
 * The moment at which the clocks of a zone show a time; null when it is none.
 * @param text without an offset, such as 2026-01-31T09:30:00
 */
export function momentInZone(text: string, zone: string): Date | null {
  const read = parseISO(text, { in: (value) => new TZDate(Number(value), zone) });
  return Number.isNaN(read.getTime()) ? null : new Date(read.getTime());
}
