import { HOUR_MS } from "@/core/clock";
import type { GroupingOptions, TimeSpan } from "./group-entries";
import type { Key, Stats } from "./pipe-tree";
import type { CanonicalPatterns } from "./resolve-stats";
import { UTC, type ZoneClock } from "./zone-clock";

/** What is computed of entries, all that it depends on resolved. */
export type Question = {
  stats: Stats;
  /** Of the key `time`; null where nothing is grouped by it. */
  stepMs: number | null;
  /** That the whole is of. */
  span: TimeSpan;
  clock: ZoneClock;
  /** In which clocks go evenly, all through the time that is asked for. */
  grainMs: number;
  canonical: CanonicalPatterns;
};

/** Of a time without any step: nobody looks at it. */
const NO_STEP_MS = HOUR_MS;

/** How the entries of a question are grouped, whatever reads them. */
export const optionsOf = ({ stepMs, span, clock, canonical }: Question): Omit<GroupingOptions, "room"> => ({
  stepMs: stepMs ?? NO_STEP_MS,
  span,
  clock,
  canonical,
});

/** The widest steps in UTC of which each lies within one group. Null: any. */
export function widthOf({ stats: { by }, stepMs, clock, grainMs }: Question): number | null {
  const isByClock = by.some(isClockKey);
  if (!isByClock && (stepMs === null || clock.zone === UTC)) return stepMs;
  return greatestCommonDivisor(stepMs ?? grainMs, grainMs);
}

const isClockKey = ({ of }: Key) => of.kind === "hour" || of.kind === "weekday";

const greatestCommonDivisor = (a: number, b: number): number => (b === 0 ? a : greatestCommonDivisor(b, a % b));
