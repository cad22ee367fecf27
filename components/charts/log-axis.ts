export type LogAxis = {
  /** Where a value is drawn, from 0 up, a step for each power of ten. Null for what is below 0, which has no place. */
  placeOf(value: number): number | null;
  /** The value that is drawn there. */
  valueAt(place: number): number;
  ticks: number[];
  top: number;
};

/** More would stand upon one another. */
const MOST_TICKS = 7;

/**
 * A logarithmic axis that has a place for 0 too, at its bottom, a power of ten below the least value: counts are 0 where there is
 * nothing, and a line through nothing should not break.
 * @param values that are drawn
 */
export function logAxis(values: readonly number[]): LogAxis {
  let [least, greatest] = [Number.POSITIVE_INFINITY, 0];
  let hasNone = false;
  for (const value of values) {
    if (value > 0) [least, greatest] = [Math.min(least, value), Math.max(greatest, value)];
    else if (value === 0) hasNone = true;
  }
  if (greatest === 0) [least, greatest] = [1, 1];
  const bottom = Math.floor(powerOf(least)) - (hasNone ? 1 : 0);
  const top = Math.max(Math.ceil(powerOf(greatest)) - bottom, 1);
  const every = Math.ceil((top + 1) / MOST_TICKS);
  const decades = Array.from({ length: Math.floor(top / every) + 1 }, (_, index) => index * every);
  // Within a power of ten or two there is room for what lies between.
  const between =
    top > 2 ? [] : Array.from({ length: top }, (_, index) => [2, 5].map((part) => index + Math.log10(part)));
  return {
    placeOf: (value) => (value < 0 ? null : value === 0 ? 0 : Math.max(0, powerOf(value) - bottom)),
    valueAt: (place) => (place === 0 && hasNone ? 0 : rounded(10 ** (place + bottom))),
    ticks: [...decades, ...between.flat().filter((place) => !hasNone || place >= 1)].sort((a, b) => a - b),
    top,
  };
}

/** Computed logarithms of powers of ten may be off by the last digit. */
function powerOf(value: number): number {
  const power = Math.log10(value);
  return Math.abs(power - Math.round(power)) < 1e-12 ? Math.round(power) : power;
}

const rounded = (value: number) => Number(value.toPrecision(12));
