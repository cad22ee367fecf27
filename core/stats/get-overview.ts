import type { Context } from "@/core/context";
import { type BucketCount, barsOf, countBuckets, trendOf } from "./count-buckets";
import { countServices } from "./count-services";
import { getSeen, type Seen } from "./get-seen";
import { getTopErrors } from "./get-top-errors";
import { errorRateOf, healthOf, isError, noCounts, totalOf } from "./level-counts";
import type { CountByLevel, Overview, OverviewService } from "./schemas";
import { type TimeRange, windowOf } from "./time-range";

const TOP_ERRORS = 10;

/** Everything that the Overview page shows for a range, with one answer to fetch. */
export async function getOverview(context: Context, range: TimeRange): Promise<Overview> {
  const { db, clock } = context;
  const now = clock.now();
  const [seen, lastHour, counts, rows, topErrors] = await Promise.all([
    getSeen(db),
    countServices(db, windowOf("1h", now)),
    countServices(db, windowOf(range, now)),
    countBuckets(db, range, now),
    getTopErrors(context, { range, limit: TOP_ERRORS }),
  ]);
  const rowsByService = new Map<string, BucketCount[]>([...seen.keys()].map((name) => [name, []]));
  for (const row of rows) rowsByService.get(row.service)?.push(row);
  const bars = barsOf(range, now);
  const services = [...seen].map(([name, times]) => ({
    ...serviceOf(name, times, counts.get(name) ?? noCounts(), bars, rowsByService.get(name) ?? []),
    status: healthOf(lastHour.get(name) ?? noCounts()),
  }));
  return { generated_at: now.toISOString(), trend: trendOf(rows, range, now, null), services, top_errors: topErrors };
}

function serviceOf(
  service: string,
  { firstSeen, lastSeen }: Seen,
  counts: CountByLevel,
  bars: readonly Date[],
  rows: readonly BucketCount[],
): Omit<OverviewService, "status"> {
  const totals = new Map(bars.map((bar) => [bar.getTime(), 0]));
  const errors = new Map(totals);
  const add = (to: Map<number, number>, row: BucketCount) =>
    to.set(row.bucket.getTime(), (to.get(row.bucket.getTime()) ?? 0) + row.count);
  for (const row of rows) {
    add(totals, row);
    if (isError(row.level)) add(errors, row);
  }
  return {
    service,
    count_by_level: counts,
    total_count: totalOf(counts),
    error_rate: errorRateOf(counts),
    first_seen: firstSeen.toISOString(),
    last_seen: lastSeen.toISOString(),
    totals: [...totals.values()],
    errors: [...errors.values()],
  };
}
