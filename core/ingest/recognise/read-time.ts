import { parseRfc3339 } from "@/core/ingest/timestamp";

/**
 * Sizes that tell the unit of a number of time: below the first it is seconds (until the year 5138), below the second
 * milliseconds, below the third microseconds, else nanoseconds.
 */
const SECONDS_BELOW = 1e11;
const MILLISECONDS_BELOW = 1e14;
const MICROSECONDS_BELOW = 1e17;

const NUMBER = /^[+-]?\d{1,40}(\.\d{1,40})?([eE][+-]?\d{1,3})?$/;
const LONGEST = 64;

/** ISO 8601 as loggers write it: a space for the T, a comma for the point, a short offset or none, which is UTC. */
const ISO = /^(\d{4}-\d\d-\d\d)[Tt ](\d\d:\d\d(?::\d\d)?)(?:[.,](\d{1,12}))? ?([Zz]|UTC|GMT|[+-]\d\d(?::?\d\d)?)?$/;
/** RFC 2822, section 3.3, with the names of UTC from section 4.3: `Thu, 26 Nov 2026 15:00:00 +0000`. */
const MAIL = /^(?:[A-Za-z]{3}, ?)?(\d{1,2}) ([A-Za-z]{3}) (\d{4}) (\d\d:\d\d(?::\d\d)?) ([+-]\d{4}|GMT|UTC|UT|Z)$/;
/** The common log format of web servers: `26/Nov/2026:15:00:00 +0000`. */
const ACCESS_LOG = /^(\d{1,2})\/([A-Za-z]{3})\/(\d{4}):(\d\d:\d\d:\d\d) ([+-]\d{4})$/;

const MONTHS = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];

/**
 * Reads a time as senders write it: RFC 3339 first, because nearly all do, then ISO 8601's looser forms, RFC 2822, the
 * common log format, and numbers as text.
 * @returns microseconds since 1970-01-01 UTC, NaN when it is none of these
 */
export function readTime(source: Buffer, from: number, end: number): number {
  const micros = parseRfc3339(source, from, end);
  if (!Number.isNaN(micros) || end - from > LONGEST) return micros;
  const text = source.toString("utf8", from, end).trim();
  const iso = ISO.exec(text);
  if (iso) return joined(iso[1], iso[2], iso[3], iso[4]);
  const mail = MAIL.exec(text) ?? ACCESS_LOG.exec(text);
  if (mail) return joined(dateOf(mail[1], mail[2], mail[3]), mail[4], undefined, mail[5]);
  return readNumericTime(text);
}

/**
 * Reads a number of time by its size: seconds, milliseconds, microseconds or nanoseconds since 1970, with a fraction or
 * without.
 * @returns whole microseconds, rounded; digits below them are dropped from whole nanoseconds; NaN for what is no number
 */
export function readNumericTime(text: string): number {
  if (!NUMBER.test(text)) return Number.NaN;
  const value = Number(text);
  const size = Math.abs(value);
  if (size < SECONDS_BELOW) return Math.round(value * 1e6);
  if (size < MILLISECONDS_BELOW) return Math.round(value * 1e3);
  if (size < MICROSECONDS_BELOW) return Math.round(value);
  // A double holds no 19 digits: those below the microsecond go before it becomes one.
  return /^[+-]?\d+$/.test(text) ? Number(text.slice(0, -3)) : Math.round(value / 1e3);
}

function dateOf(day = "", month = "", year = ""): string {
  const number = MONTHS.indexOf(month.toLowerCase()) + 1;
  return `${year}-${String(number).padStart(2, "0")}-${day.padStart(2, "0")}`;
}

/** Puts the pieces together as RFC 3339, whose reader knows which dates there are. */
function joined(date = "", time = "", fraction = "", zone = "Z"): number {
  const seconds = time.length === 5 ? `${time}:00` : time;
  const bytes = Buffer.from(`${date}T${seconds}${fraction === "" ? "" : `.${fraction}`}${offsetOf(zone)}`);
  return parseRfc3339(bytes, 0, bytes.length);
}

function offsetOf(zone: string): string {
  if (zone.length === 3 && !/[A-Z]/.test(zone)) return `${zone}:00`;
  if (zone.length === 5) return `${zone.slice(0, 3)}:${zone.slice(3)}`;
  return zone.length === 6 ? zone : "Z";
}
