import { dated, latestYear } from "@/core/ingest/recognise/line-time";
import { monthOf } from "@/core/ingest/recognise/read-time";
import { inTimeZone } from "@/core/ingest/time-zone";

/** For times that leave out what tells them apart. */
export type SyslogTimes = {
  /** Of those without a year: the latest that is not more than a day ahead. */
  nowMs: number;
  /** Of those without a zone, of the IANA database. */
  timeZone: string;
};

const CLOCK = String.raw`(\d\d:\d\d:\d\d(?:[.,]\d{1,12})?)`;
/** Names of zones are believed where they can't be a host in capitals: before a colon or a year, or when they are UTC. */
const ZONE = String.raw`(?: (UTC|GMT|Z|[+-]\d\d:?\d\d|[A-Z]{1,5}(?:[+-]\d{1,2})?(?=: | \d{4} )))?`;
/** As in RFC 3164, 4.1.2; with a year before or behind, tenths and a zone as Cisco, Juniper and others have them. */
const NAMED_MONTH = new RegExp(
  String.raw`^[*.]?(?:(\d{4}) )?([A-Z][a-z]{2}) {1,2}(\d{1,2})(?: (\d{4}))? ${CLOCK}${ZONE}(?: (\d{4})(?= ))?`,
);
/** RFC 3339, as rsyslog's own format and ESXi write it, or nearly that. */
const ISO = /^(\d{4}-\d\d-\d\d)[Tt ](\d\d:\d\d:\d\d(?:[.,]\d{1,12})?) ?(Z|[+-]\d\d:?\d\d)?(?=[ :]|$)/;

/** Of a clock that nobody has set (Cisco IOS, "show clock", leading symbols, which stand in log messages too). */
const NOT_AUTHORITATIVE = "*";

/**
 * The time with which a message begins, behind its priority. One that its device says not to trust is as it was sent, which is no time.
 * @returns null when it begins with none; `end` is where the rest begins
 */
export function readSyslogTime(text: string, times: SyslogTimes): { timestamp: string; end: number } | null {
  const iso = ISO.exec(text);
  if (iso) {
    const [matched, date = "", clock = "", zone] = iso;
    return { timestamp: zoned(`${date}T${clock}`, zone, times), end: matched.length };
  }
  const named = NAMED_MONTH.exec(text);
  const month = monthOf(named?.[2] ?? "");
  if (!named || month === 0) return null;
  const [matched, yearBefore, , day, yearWithin, clock, zone, yearBehind] = named;
  if (text.startsWith(NOT_AUTHORITATIVE)) return { timestamp: matched.trimEnd(), end: matched.length };
  const year = yearBefore ?? yearWithin ?? yearBehind;
  const inYear = (given: number) => zoned(dated(given, month, day, clock), zone, times);
  const timestamp = year === undefined ? latestYear(times.nowMs, inYear) : inYear(Number(year));
  return { timestamp, end: matched.length };
}

function zoned(local: string, zone: string | undefined, { timeZone }: SyslogTimes): string {
  const time = local.replace(",", ".");
  if (zone !== undefined && /^(Z|[+-]\d\d:?\d\d)$/.test(zone)) return time + zone;
  // What an abbreviation such as CST means depends on where one is: that is what the setting says.
  return zone === "UTC" || zone === "GMT" ? `${time}Z` : inTimeZone(time, timeZone);
}
