import { DAY_MS, HOUR_MS, MINUTE_MS, SECOND_MS } from "@/core/clock";

const UNITS = [
  { letter: "w", ms: 7 * DAY_MS, word: "week", pattern: /^w(?:eeks?)?$/ },
  { letter: "d", ms: DAY_MS, word: "day", pattern: /^d(?:ays?)?$/ },
  { letter: "h", ms: HOUR_MS, word: "hour", pattern: /^h(?:rs?|ours?)?$/ },
  { letter: "m", ms: MINUTE_MS, word: "minute", pattern: /^m(?:ins?|inutes?)?$/ },
  { letter: "s", ms: SECOND_MS, word: "second", pattern: /^s(?:ecs?|econds?)?$/ },
] as const;

/** Longer than anything is kept. */
const MOST_MS = 3_650 * DAY_MS;

type Part = { count: number; unit: (typeof UNITS)[number] };

/**
 * A length of time as people type it: 45m, 1h30m, "3 days", "1 hour 30 minutes"; from a second to ten years.
 * @returns null for what is none
 */
export function readLength(text: string): { ms: number; parts: readonly Part[] } | null {
  if (!/^(?:\d{1,9} ?[a-z]+ ?)+$/.test(text)) return null;
  const parts: Part[] = [];
  for (const [, count = "", word = ""] of text.matchAll(/(\d+) ?([a-z]+)/g)) {
    const unit = UNITS.find(({ pattern }) => pattern.test(word));
    if (!unit) return null;
    parts.push({ count: Number(count), unit });
  }
  const ms = parts.reduce((sum, { count, unit }) => sum + count * unit.ms, 0);
  return ms < SECOND_MS || ms > MOST_MS ? null : { ms, parts };
}
