import { LEVELS, type Level } from "@/core/levels";
import type { CountByLevel } from "./schemas";

export const noCounts = (): CountByLevel => ({ trace: 0, debug: 0, info: 0, warning: 0, error: 0, fatal: 0 });

export function totalOf(counts: CountByLevel): number {
  return LEVELS.reduce((total, level) => total + counts[level], 0);
}

/** `fatal` counts as error in rates, health and thresholds. */
export const errorsOf = (counts: CountByLevel): number => counts.error + counts.fatal;

export const isError = (level: Level): boolean => level === "error" || level === "fatal";

/** Errors of all entries as a fraction from 0 to 1; 0 when there is nothing. */
export function errorRateOf(counts: CountByLevel): number {
  const total = totalOf(counts);
  return total === 0 ? 0 : errorsOf(counts) / total;
}
