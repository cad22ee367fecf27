import { z } from "zod";
import { addMs, DAY_MS, floorTo, HOUR_MS, MINUTE_MS } from "@/core/clock";

export const TIME_RANGES = ["1h", "1d", "1w"] as const;

export type TimeRange = (typeof TIME_RANGES)[number];

/** Of a page whose address names none. */
export const DEFAULT_RANGE: TimeRange = "1h";

export const timeRangeSchema = z.enum(TIME_RANGES, `timeRange must be one of ${TIME_RANGES.join(", ")}`);

const LENGTH_MS: Readonly<Record<TimeRange, number>> = { "1h": HOUR_MS, "1d": DAY_MS, "1w": 7 * DAY_MS };

/**
 * Width of a bar in charts. A day and a week are drawn in bars of whole hours, so that they are read from the roll-ups:
 * counting a day's minutes takes three times as long as all else that a page needs.
 */
export const STEP_MS: Readonly<Record<TimeRange, number>> = {
  "1h": MINUTE_MS,
  "1d": HOUR_MS,
  "1w": 3 * HOUR_MS,
};

/** From inclusive to exclusive, both whole minutes. */
export type Window = { from: Date; to: Date };

/**
 * The minutes of a range that ends now. It moves by the minute: the minute that runs now is in it, and so is the whole
 * minute in which the range began, so that no entry of the last hour is left out of "1h".
 */
export function windowOf(range: TimeRange, now: Date): Window {
  const minute = floorTo(now, MINUTE_MS);
  return { from: addMs(minute, -LENGTH_MS[range]), to: addMs(minute, MINUTE_MS) };
}
