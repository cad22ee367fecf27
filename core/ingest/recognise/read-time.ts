import { DOT, isDigit } from "@/core/ascii";
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

/** ISO 8601 as loggers write it: a space for the T, a comma for the point, a short offset, an abbreviation of a zone, or none, which is UTC. */
const ISO = /^(\d{4}-\d\d-\d\d)[Tt ](\d\d:\d\d(?::\d\d)?)(?:[.,](\d{1,12}))? ?([Zz]|[A-Z]{3,4}|[+-]\d\d(?::?\d\d)?)?$/;
/** RFC 2822, section 3.3, with the names of UTC from section 4.3: `Thu, 26 Nov 2026 15:00:00 +0000`. */
const MAIL = /^(?:[A-Za-z]{3}, ?)?(\d{1,2}) ([A-Za-z]{3}) (\d{4}) (\d\d:\d\d(?::\d\d)?) ([+-]\d{4}|GMT|UTC|UT|Z)$/;
/** The common log format of web servers: `26/Nov/2026:15:00:00 +0000`. */
const ACCESS_LOG = /^(\d{1,2})\/([A-Za-z]{3})\/(\d{4}):(\d\d:\d\d:\d\d) ([+-]\d{4})$/;

/**
 * Abbreviations of zones, as PostgreSQL writes them, in hours east of UTC: those that have one meaning only in the IANA database (2026). CST,
 * IST and PST have several, and with them CDT and PDT, their zones' others, are left out: a time that is wrong by hours is worse than that
 * of arrival.
 */
const ZONES: Readonly<Record<string, number>> = {
  ...{
    UTC: 0,
    GMT: 0,
    WET: 0,
    WEST: 1,
    BST: 1,
    CET: 1,
    CEST: 2,
    EET: 2,
    EEST: 3,
    MSK: 3,
    WAT: 1,
    CAT: 2,
    EAT: 3,
    SAST: 2,
  },
  ...{ IDT: 3, PKT: 5, WIB: 7, WITA: 8, WIT: 9, HKT: 8, JST: 9, KST: 9 },
  ...{ AWST: 8, ACST: 9.5, ACDT: 10.5, AEST: 10, AEDT: 11, NZST: 12, NZDT: 13 },
  ...{
    NST: -3.5,
    NDT: -2.5,
    AST: -4,
    ADT: -3,
    EST: -5,
    EDT: -4,
    MST: -7,
    MDT: -6,
    AKST: -9,
    AKDT: -8,
    HST: -10,
    HDT: -9,
  },
};

const MONTHS = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];

/** @param name of three letters, in any case. @returns 1 to 12; 0, which is none, for another word */
export const monthOf = (name: string): number => MONTHS.indexOf(name.toLowerCase()) + 1;

/**
 * Reads a time as senders write it: RFC 3339 first, because nearly all do, then ISO 8601's looser forms, RFC 2822, the
 * common log format, and numbers as text.
 * @returns microseconds since 1970-01-01 UTC, NaN when it is none of these
 */
export function readTime(source: Buffer, from: number, end: number): number {
  const first = source[from + 4] as number;
  // Where RFC 3339 has a hyphen a number has a digit.
  if (first >= 0x30 && first <= 0x39) {
    const number = readNumberTime(source, from, end);
    if (!Number.isNaN(number)) return number;
  }
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

/** Digits of a number that a double holds exactly, and of nanoseconds since 1970 from 2001 to 2286. */
const EXACT_DIGITS = 15;
const NANOSECOND_DIGITS = 19;
/** Of which a double holds microseconds too. */
const EXACT_SECONDS = 2 ** 32;
/** In microseconds. */
const LEAST_NANOSECONDS = MICROSECONDS_BELOW / 1e3;

/**
 * The same of the number that stands in these bytes, without making a text of it where it is whole, or has no more than six digits behind
 * the point: nearly every number of time.
 */
export function readNumberTime(source: Uint8Array, from: number, end: number): number {
  const isNanoseconds = end - from === NANOSECOND_DIGITS;
  // Digits below the microsecond are not stored.
  const stop = isNanoseconds ? end - 3 : end;
  let value = 0;
  let at = from;
  for (; at < stop; at++) {
    const digit = (source[at] as number) - 0x30;
    if (digit < 0 || digit > 9) break;
    value = value * 10 + digit;
  }
  if (isNanoseconds && at === stop && value >= LEAST_NANOSECONDS && areDigits(source, stop, end)) return value;
  if (at === end && at > from && at - from <= EXACT_DIGITS) {
    if (value < SECONDS_BELOW) return value * 1e6;
    return value < MILLISECONDS_BELOW ? value * 1e3 : value;
  }
  if (source[at] === DOT && at > from && value < EXACT_SECONDS) {
    const micros = fractionMicros(source, at + 1, end);
    if (micros >= 0) return value * 1e6 + micros;
  }
  return readNumericTime(Buffer.from(source.subarray(from, end)).toString("latin1"));
}

const HOUR_MICROS = 3_600_000_000;

function areDigits(source: Uint8Array, from: number, end: number): boolean {
  for (let at = from; at < end; at++) if (!isDigit(source[at])) return false;
  return true;
}

/** @returns -1 for what is no one to six digits */
function fractionMicros(source: Uint8Array, from: number, end: number): number {
  if (end === from || end - from > 6 || !areDigits(source, from, end)) return -1;
  let micros = 0;
  let unit = 100_000;
  for (let at = from; at < end; at++, unit /= 10) micros += ((source[at] as number) - 0x30) * unit;
  return micros;
}

function dateOf(day = "", month = "", year = ""): string {
  return `${year}-${String(monthOf(month)).padStart(2, "0")}-${day.padStart(2, "0")}`;
}

/** Puts the pieces together as RFC 3339, whose reader knows which dates there are. */
function joined(date = "", time = "", fraction = "", zone = "Z"): number {
  const seconds = time.length === 5 ? `${time}:00` : time;
  const hours = ZONES[zone];
  const offset = hours === undefined ? offsetOf(zone) : "Z";
  const bytes = Buffer.from(`${date}T${seconds}${fraction === "" ? "" : `.${fraction}`}${offset}`);
  return parseRfc3339(bytes, 0, bytes.length) - (hours ?? 0) * HOUR_MICROS;
}

/** What is an abbreviation that isn't known stays one, which is no time of RFC 3339. */
function offsetOf(zone: string): string {
  if (/[A-Z]{3}/.test(zone)) return zone;
  if (zone.length === 3) return `${zone}:00`;
  if (zone.length === 5) return `${zone.slice(0, 3)}:${zone.slice(3)}`;
  return zone.length === 6 ? zone : "Z";
}
