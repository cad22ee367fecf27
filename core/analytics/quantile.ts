/**
 * The value below which a share of the values lie, between two of them in proportion (Hyndman and Fan's type 7, which is
 * PostgreSQL's percentile_cont).
 * @param sorted ascending, at least one
 * @param share from 0 to 1
 */
export function quantileOf(sorted: Float64Array, share: number): number {
  const place = share * (sorted.length - 1);
  const below = sorted[Math.floor(place)] ?? Number.NaN;
  const above = sorted[Math.ceil(place)] ?? Number.NaN;
  // Not below + (above - below) * rest, which can leave the two when they are far apart.
  const rest = place - Math.floor(place);
  return rest === 0 ? below : below * (1 - rest) + above * rest;
}
