/**
 * The value below which a share of the values lie, between two of them in proportion (Hyndman and Fan's type 7, which is
 * PostgreSQL's percentile_cont).
 * @param sorted the different values, ascending, at least one
 * @param countOf how often a value came
 * @param share from 0 to 1
 */
export function quantileOf(sorted: Float64Array, countOf: (value: number) => number, share: number): number {
  const total = sorted.reduce((sum, value) => sum + countOf(value), 0);
  const place = share * (total - 1);
  let passed = 0;
  let below = Number.NaN;
  for (const value of sorted) {
    passed += countOf(value);
    if (Number.isNaN(below) && passed > Math.floor(place)) below = value;
    if (passed > Math.ceil(place)) {
      // Not below + (above - below) * rest, which can leave the two when they are far apart.
      const rest = place - Math.floor(place);
      return rest === 0 ? below : below * (1 - rest) + value * rest;
    }
  }
  return below;
}
