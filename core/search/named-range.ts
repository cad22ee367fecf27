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
import { addMs, DAY_MS, floorTo, HOUR_MS, MINUTE_MS, SECOND_MS } from "@/core/clock";
import { nounFor } from "@/core/noun";

/** A time range that moves with the clock. */
export type NamedRange = {
  /** In URLs and saved views: 45m, 1h30m, yesterday, this-week. */
  name: string;
  /** On pages: Last 45 minutes, Yesterday. */
  label: string;
  /** @param zone whose days and weeks are meant. @returns from inclusive, to exclusive */
  windowAt(now: Date, zone: string): { from: Date; to: Date };
};

const UNITS = [
  { letter: "w", ms: 7 * DAY_MS, word: "week", pattern: /^w(?:eeks?)?$/ },
  { letter: "d", ms: DAY_MS, word: "day", pattern: /^d(?:ays?)?$/ },
  { letter: "h", ms: HOUR_MS, word: "hour", pattern: /^h(?:rs?|ours?)?$/ },
  { letter: "m", ms: MINUTE_MS, word: "minute", pattern: /^m(?:ins?|inutes?)?$/ },
  { letter: "s", ms: SECOND_MS, word: "second", pattern: /^s(?:ecs?|econds?)?$/ },
] as const;

/** Longer than anything is kept. */
const MOST_MS = 3_650 * DAY_MS;

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
  if (!/^(?:\d{1,9} ?[a-z]+ ?)+$/.test(text)) return null;
  const parts = [...text.matchAll(/(\d+) ?([a-z]+)/g)].map(([, count = "", word = ""]) => ({
    count: Number(count),
    unit: UNITS.find(({ pattern }) => pattern.test(word)),
  }));
  let length = 0;
  for (const { count, unit } of parts) {
    if (!unit) return null;
    length += count * unit.ms;
  }
  if (length < SECOND_MS || length > MOST_MS) return null;
  const named = parts.flatMap(({ count, unit }) => (unit ? [{ count, unit }] : []));
  const spoken = named.map(({ count, unit }) => `${count} ${nounFor(count, unit.word)}`).join(" ");
  return {
    name: named.map(({ count, unit }) => `${count}${unit.letter}`).join(""),
    label: `Last ${named.length === 1 ? spoken.replace(/^1 /, "") : spoken}`,
    // Whole minutes, so that the minute in which it began is within.
    windowAt: (now) => ({
      from: floorTo(addMs(now, -length), length < 5 * MINUTE_MS ? SECOND_MS : MINUTE_MS),
      to: endOfNow(now),
    }),
  };
}
