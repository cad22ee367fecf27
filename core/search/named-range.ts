import { TZDate } from "@date-fns/tz";
import {
  startOfDay,
  startOfHour,
  startOfISOWeek,
  startOfMonth,
  startOfYear,
  subDays,
  subHours,
  subMonths,
  subWeeks,
  subYears,
} from "date-fns";
import { addMs, floorTo, MINUTE_MS, SECOND_MS } from "@/core/clock";
import { nounFor } from "@/core/noun";
import { readLength } from "./read-length";

/** A time range that moves with the clock. */
export type NamedRange = {
  /** In URLs and saved views: 45m, 1h30m, yesterday, this-week. */
  name: string;
  /** On pages: Last 45 minutes, Yesterday. */
  label: string;
  /** @param zone whose days and weeks are meant. @returns from inclusive, to exclusive */
  windowAt(now: Date, zone: string): { from: Date; to: Date };
};

/** Weeks begin on Monday (ISO 8601). */
const CALENDAR = {
  hour: { start: startOfHour, before: subHours },
  day: { start: startOfDay, before: subDays },
  week: { start: startOfISOWeek, before: subWeeks },
  month: { start: startOfMonth, before: subMonths },
  year: { start: startOfYear, before: subYears },
} as const;

type Period = keyof typeof CALENDAR;

/** @param text as somebody types it, or a name from a URL: "45m", "last 3 days", "yesterday", "this week". @returns null for what is none */
export function readRange(text: string): NamedRange | null {
  const words = text
    .trim()
    .toLowerCase()
    .replaceAll(/[\s_-]+/g, " ");
  if (words === "today") return calendarRange("today", "Today", "day", 0);
  if (words === "yesterday") return calendarRange("yesterday", "Yesterday", "day", 1);
  const [, which, period] = /^(this|last) (hour|day|week|month|year)$/.exec(words) ?? [];
  if (which && isPeriod(period)) {
    if (which === "this") return calendarRange(`this-${period}`, `This ${period}`, period, 0);
    // "Last hour" and "last day" are the 60 minutes and 24 hours before now to most people; of weeks and more it is the calendar's.
    if (period === "hour" || period === "day") return rangeOfLength(`1${period.charAt(0)}`);
    return calendarRange(`last-${period}`, `Last ${period}`, period, 1);
  }
  return rangeOfLength(words.replace(/^(?:(?:the )?(?:last|past) )/, ""));
}

const isPeriod = (name: string | undefined): name is Period => name !== undefined && Object.hasOwn(CALENDAR, name);

function calendarRange(name: string, label: string, period: Period, ago: 0 | 1): NamedRange {
  const { start, before } = CALENDAR[period];
  return {
    name,
    label,
    windowAt(now, zone) {
      const current = start(new TZDate(now, zone));
      const from = new Date(before(current, ago).getTime());
      return { from, to: ago === 0 ? endOfNow(now) : new Date(current.getTime()) };
    },
  };
}

/** The minute that runs is within. */
const endOfNow = (now: Date) => addMs(floorTo(now, MINUTE_MS), MINUTE_MS);

/** @param text such as 45m, 1h30m, "3 days", "1 hour 30 minutes" */
function rangeOfLength(text: string): NamedRange | null {
  const length = readLength(text);
  if (!length) return null;
  const { ms, parts } = length;
  const spoken = parts.map(({ count, unit }) => `${count} ${nounFor(count, unit.word)}`).join(" ");
  return {
    name: parts.map(({ count, unit }) => `${count}${unit.letter}`).join(""),
    label: `Last ${parts.length === 1 ? spoken.replace(/^1 /, "") : spoken}`,
    // Whole minutes, so that the minute in which it began is within.
    windowAt: (now) => ({
      from: floorTo(addMs(now, -ms), ms < 5 * MINUTE_MS ? SECOND_MS : MINUTE_MS),
      to: endOfNow(now),
    }),
  };
}
