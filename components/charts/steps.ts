import type { StatsAnswer } from "@/core/analytics/schemas";
import { ZoneClock } from "@/core/analytics/zone-clock";
import { SECOND_MS } from "@/core/clock";

/** More would be drawn over one another. */
const MOST_STEPS = 2_000;

type Stepped = Pick<StatsAnswer, "from" | "to" | "step_seconds" | "zone">;

/** The step that a moment lies in (ISO 8601, to exclusive): of days those of the answer's zone, which need not be of 24 hours. */
export function stepAt({ step_seconds, zone }: Stepped, time: string): { from: string; to: string } {
  return stepOf(new ZoneClock(zone), (step_seconds ?? 0) * SECOND_MS, Date.parse(time));
}

/**
 * All steps of the range, also those in which there is nothing.
 * @returns them, and how many of the earliest are left out since there are too many
 */
export function stepsOf({ from, to, step_seconds, zone }: Stepped): {
  steps: { from: string; to: string }[];
  hidden: number;
} {
  const clock = new ZoneClock(zone);
  const stepMs = (step_seconds ?? 0) * SECOND_MS;
  const end = Date.parse(to);
  const hidden = Math.max(0, Math.ceil((end - Date.parse(from)) / stepMs) - MOST_STEPS);
  const steps = [];
  for (let at = Date.parse(from) + hidden * stepMs; at < end; at = Date.parse(steps.at(-1)?.to ?? to)) {
    steps.push(stepOf(clock, stepMs, at));
  }
  return { steps, hidden };
}

function stepOf(clock: ZoneClock, stepMs: number, ms: number): { from: string; to: string } {
  const begin = clock.stepAt(ms, stepMs);
  return { from: new Date(begin).toISOString(), to: new Date(clock.stepEnd(begin, stepMs)).toISOString() };
}
