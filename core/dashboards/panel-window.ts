import { stepOf } from "@/core/analytics/get-stats";
import type { Pipeline, Stats } from "@/core/analytics/pipe-tree";
import { UTC } from "@/core/analytics/zone-clock";
import { ceilTo, floorTo, HOUR_MS } from "@/core/clock";
import { invalid } from "@/core/errors";
import { readRange } from "@/core/search/named-range";
import type { Window } from "@/core/stats/time-range";
import type { PanelTime } from "./panel-source";

/** @throws Fault invalid for a range that is none, and for a time whose end is not behind its beginning */
export function windowOf(time: PanelTime, now: Date): Window {
  if ("from" in time) {
    const window = { from: new Date(time.from), to: new Date(time.to) };
    if (window.from >= window.to) throw invalid("from must be before to");
    return window;
  }
  const range = readRange(time.range);
  if (!range) throw invalid("range must be the name of a time range, such as 1h, 7d or today");
  return range.windowAt(now, time.zone);
}

/**
 * The time and pipes of a table. What moves with the clock begins and ends with whole steps, where there are any: so it is the
 * same for as long as a step takes, and its first step is whole.
 */
export function alignedTo(time: PanelTime, window: Window, pipeline: Pipeline): { window: Window; pipeline: Pipeline } {
  const stepMs = stepOf(pipeline.stats, window.from, window.to);
  // Days of a zone begin when they do there.
  const isByZone = stepMs !== null && stepMs > HOUR_MS && time.zone !== UTC;
  if (stepMs === null || "from" in time || isByZone) return { window, pipeline };
  return {
    window: { from: floorTo(window.from, stepMs), to: ceilTo(window.to, stepMs) },
    // The step of the time that was asked for, not of the longer one.
    pipeline: { ...pipeline, stats: withStep(pipeline.stats, stepMs) },
  };
}

const withStep = (stats: Stats, stepMs: number): Stats => ({
  ...stats,
  by: stats.by.map((key) => (key.of.kind === "time" ? { ...key, of: { kind: "time", stepMs } } : key)),
});
