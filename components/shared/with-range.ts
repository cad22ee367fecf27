import { DEFAULT_RANGE, type TimeRange } from "@/core/stats/time-range";

/** A path with parameters, of a page that is to show the same time as this one; which pages show anyway is not said. */
export const withRange = (path: string, range: TimeRange = DEFAULT_RANGE): string =>
  range === DEFAULT_RANGE ? path : `${path}&range=${range}`;
