import { DAY_MS } from "@/core/clock";
import { monthOf, readTime } from "./read-time";

/** A time at the beginning of a line: as readTime takes it, undefined when it has no date; and what stands behind it. */
export type LineTime = { timestamp: string | undefined; rest: string };

const CLOCK = String.raw`(\d\d:\d\d:\d\d(?:[.,]\d{1,12})?)`;
const ZONE = String.raw`(?: ?(Z|UTC|GMT|[+-]\d\d:?\d\d))?(?![\d])`;

type Form = { pattern: RegExp; read(groups: readonly string[], nowMs: number): string | undefined };

/** The table of times as they begin lines, each with who writes it so. Brackets and quotes before them are passed over. */
const FORMS: readonly Form[] = [
  {
    // ISO 8601 in all its looseness; with slashes Go's log package and nginx.
    pattern: new RegExp(String.raw`^(\d{4})([-/])(\d\d)\2(\d\d)[Tt ]${CLOCK}${ZONE}`),
    read: ([year, , month, day, clock, zone]) => `${year}-${month}-${day}T${clock}${zone ?? ""}`,
  },
  {
    // Apache's and nginx's access logs, with host and users before.
    pattern: /^(?:\S+ \S+ .{1,100}? \[)?(\d{1,2}\/[A-Za-z]{3}\/\d{4}:\d\d:\d\d:\d\d [+-]\d{4})\]/,
    read: ([time]) => time,
  },
  {
    // Apache's error log, ctime(3), date(1).
    pattern: new RegExp(
      String.raw`^(?:[A-Za-z]{3} )?([A-Za-z]{3}) +(\d{1,2}) ${CLOCK}(?: (UTC|GMT|[+-]\d{4}))? (\d{4})\b`,
    ),
    read: ([month = "", day, clock, zone, year]) => dated(Number(year), monthOf(month), day, clock, zone),
  },
  {
    // Redis, Tomcat, PHP, RFC 2822.
    pattern: new RegExp(
      String.raw`^(?:\d+:[A-Z] )?(?:[A-Za-z]{3}, ?)?(\d{1,2})[- ]([A-Za-z]{3})[- ](\d{4}) ${CLOCK}${ZONE}`,
    ),
    read: ([day, month = "", year, clock, zone]) => dated(Number(year), monthOf(month), day, clock, zone),
  },
  {
    // RFC 3164, and so most files below /var/log.
    pattern: new RegExp(String.raw`^([A-Za-z]{3}) +(\d{1,2}) ${CLOCK}`),
    read: ([month = "", day, clock], nowMs) => latestYear(nowMs, (year) => dated(year, monthOf(month), day, clock)),
  },
  {
    // glog and klog: month and day without anything between.
    pattern: new RegExp(String.raw`^(\d\d)(\d\d) ${CLOCK}`),
    read: ([month, day, clock], nowMs) => latestYear(nowMs, (year) => dated(year, Number(month), day, clock)),
  },
  {
    // Android's logcat.
    pattern: new RegExp(String.raw`^(\d\d)-(\d\d) ${CLOCK}`),
    read: ([month, day, clock], nowMs) => latestYear(nowMs, (year) => dated(year, Number(month), day, clock)),
  },
  {
    // Squid; dmesg has seconds since the start instead, with fewer digits.
    pattern: /^(\d{10}(?:\.\d{1,9})?|\d{13})(?=[\s\]])/,
    read: ([number]) => number,
  },
  {
    // Logback's default: a time of day alone says nothing of the date.
    pattern: new RegExp(`^${CLOCK}`),
    read: () => undefined,
  },
];

const LOGFMT = /^(?:.{0,200}? )?(?:time|ts|timestamp|t)=(?:"([^"]{1,64})"|([^\s"]{1,64}))/;
const LOGFMT_LINE = /^[\w.-]+=(?:"|\S)/;

/** @param nowMs tells the year of times without one: the latest that is not more than a day ahead */
export function readLineTime(line: string, nowMs: number): LineTime | null {
  if (LOGFMT_LINE.test(line)) {
    const found = LOGFMT.exec(line);
    const timestamp = found?.[1] ?? found?.[2];
    return timestamp !== undefined && isTime(timestamp) ? { timestamp, rest: line } : null;
  }
  const text = line.replace(/^[[("'<]/, "");
  for (const { pattern, read } of FORMS) {
    const found = pattern.exec(text);
    if (!found) continue;
    const timestamp = read(found.slice(1), nowMs);
    if (timestamp === undefined || isTime(timestamp)) return { timestamp, rest: text.slice(found[0].length) };
  }
  return null;
}

function microsOf(text: string): number {
  const bytes = Buffer.from(text);
  return readTime(bytes, 0, bytes.length);
}

const isTime = (text: string) => !Number.isNaN(microsOf(text));

/** A date-time of RFC 3339. @param day of one or two digits @param zone such as Z or +01:00; without clock and zone it is no whole one */
export function dated(year: number, month: number, day = "", clock = "", zone = ""): string {
  return `${year}-${String(month).padStart(2, "0")}-${day.padStart(2, "0")}T${clock}${zone}`;
}

/** The time in the latest year for which it is not more than a day ahead. */
export function latestYear(nowMs: number, of: (year: number) => string): string {
  const year = new Date(nowMs + DAY_MS).getUTCFullYear();
  const time = of(year);
  return microsOf(time) > (nowMs + DAY_MS) * 1000 ? of(year - 1) : time;
}
