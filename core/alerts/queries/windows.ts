import { HOUR_MS, MINUTE_MS } from "@/core/clock";
import type { QueryAlert } from "./schemas";

/** How often a window is judged: each minute up to an hour, then less often, so that a day has no more windows than it can be cut into. */
export function stepMsOf(windowMinutes: number): number {
  if (windowMinutes <= 60) return MINUTE_MS;
  return windowMinutes <= 360 ? 5 * MINUTE_MS : 15 * MINUTE_MS;
}

const AGAINST_MS = { hour: HOUR_MS, day: 24 * HOUR_MS, week: 7 * 24 * HOUR_MS } as const;

/** How long before a window the one lies against which it is held; 0 for none. */
export const againstMsOf = ({ watch, against }: Pick<QueryAlert, "watch" | "against">): number =>
  watch === "change" && against !== null ? AGAINST_MS[against] : 0;

/** How far before its end a window looks. */
export const reachMsOf = (alert: Pick<QueryAlert, "watch" | "against" | "window_minutes">): number =>
  alert.window_minutes * MINUTE_MS + againstMsOf(alert);

/** The multiples of a step behind `after`, up to `until`, in ms. */
export function endsWithin(stepMs: number, after: number, until: number): number[] {
  const ends: number[] = [];
  for (let end = (Math.floor(after / stepMs) + 1) * stepMs; end <= until; end += stepMs) ends.push(end);
  return ends;
}

/**
 * The ends of the windows that some of the minutes are in, or that are held against one that some are in, in their order.
 * @param minutes their starts, in any order: of a month there are as many as it has
 */
export function endsTouchedBy(
  minutes: readonly number[],
  alert: Pick<QueryAlert, "watch" | "against" | "window_minutes">,
): number[] {
  const windowMs = alert.window_minutes * MINUTE_MS;
  const againstMs = againstMsOf(alert);
  const firsts = againstMs === 0 ? minutes : [...minutes, ...minutes.map((minute) => minute + againstMs)];
  // Ends behind `after` up to `until`; those that overlap are one.
  const touched: { after: number; until: number }[] = [];
  for (const first of firsts.toSorted((one, other) => one - other)) {
    const before = touched.at(-1);
    if (before && first <= before.until) before.until = first + windowMs;
    else touched.push({ after: first, until: first + windowMs });
  }
  const stepMs = stepMsOf(alert.window_minutes);
  return touched.flatMap(({ after, until }) => endsWithin(stepMs, after, until));
}
