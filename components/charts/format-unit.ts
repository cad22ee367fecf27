import { formatNumber } from "@/components/shared/format";
import type { Unit } from "@/core/charts/chart-options";
import { DAY_MS, HOUR_MS, MINUTE_MS, SECOND_MS } from "@/core/clock";

export const UNIT_LABELS: Readonly<Record<Unit, string>> = {
  number: "no unit",
  ns: "nanoseconds",
  us: "microseconds",
  ms: "milliseconds",
  s: "seconds",
  bytes: "bytes",
  kB: "kilobytes",
  MB: "megabytes",
  percent: "percent (of 100)",
  share: "share (of 1)",
  rate: "per second",
};

/** So many ms or bytes is one of each. */
const TIMES = { ns: 1e-6, us: 1e-3, ms: 1, s: SECOND_MS } as const;
const SIZES = { bytes: 1, kB: 1e3, MB: 1e6 } as const;

/** From the widest to the narrowest, and how many ms or bytes each has. */
const TIME_STEPS: readonly [string, number][] = [
  ["d", DAY_MS],
  ["h", HOUR_MS],
  ["min", MINUTE_MS],
  ["s", SECOND_MS],
  ["ms", 1],
  ["µs", 1e-3],
  ["ns", 1e-6],
];
const SIZE_STEPS: readonly [string, number][] = [
  ["PB", 1e15],
  ["TB", 1e12],
  ["GB", 1e9],
  ["MB", 1e6],
  ["kB", 1e3],
  ["bytes", 1],
];

const digits = new Intl.NumberFormat("en", { maximumSignificantDigits: 4 });
const compact = new Intl.NumberFormat("en", { notation: "compact", maximumSignificantDigits: 3 });

/** A measure's number as people read it: 90,000 ms is 1.5 min. */
export function formatUnit(value: number, unit: Unit): string {
  switch (unit) {
    case "number":
      return formatNumber(value);
    case "rate":
      return `${shortNumber(value)}/s`;
    case "percent":
      return `${shortNumber(value)}%`;
    case "share":
      return `${shortNumber(value * 100)}%`;
    case "bytes":
    case "kB":
    case "MB":
      return inSteps(value * SIZES[unit], SIZE_STEPS);
    default:
      return inSteps(value * TIMES[unit], TIME_STEPS);
  }
}

/** The same for an axis, where there is little room. */
export const formatTick = (value: number, unit: Unit): string =>
  unit === "number" ? (Math.abs(value) < 1e4 ? shortNumber(value) : compact.format(value)) : formatUnit(value, unit);

const shortNumber = (value: number) =>
  Math.abs(value) >= 1e4 ? formatNumber(Math.round(value)) : digits.format(value);

function inSteps(value: number, steps: readonly [string, number][]): string {
  const size = Math.abs(value);
  // Nothing is below the narrowest, and 0 has the one that is 1.
  const [name, width] = steps.find(([, width]) => size >= width) ??
    (size === 0 ? unitOfNothing(steps) : steps.at(-1)) ?? ["", 1];
  return `${digits.format(value / width)} ${name}`;
}

const unitOfNothing = (steps: readonly [string, number][]) => steps.find(([, width]) => width === 1);
