import type { Context } from "@/core/context";
import { notFound } from "@/core/errors";
import { countSeries, trendOf } from "./count-series";
import { isSeen } from "./find-service-names";
import type { Trend } from "./schemas";
import type { TimeRange } from "./time-range";

/**
 * Counts per level per bucket of the range, for charts.
 * @param service null for all together
 * @throws Fault not_found for a service that never sent an entry
 */
export async function getTrend({ db, clock }: Context, service: string | null, range: TimeRange): Promise<Trend> {
  const now = clock.now();
  const series = await countSeries(db, range, now, { service: service ?? undefined, split: "together" });
  if (service !== null && series.length === 0 && !(await isSeen(db, service))) {
    throw notFound(`service "${service}" has never sent an entry`);
  }
  return trendOf(series, range, now, service);
}
