import { sql } from "drizzle-orm";
import { z } from "zod";
import { addMs, floorTo, HOUR_MS } from "@/core/clock";
import type { Context } from "@/core/context";
import { LEVELS } from "@/core/levels";
import { noCounts, totalOf } from "./level-counts";
import { countsWithin, ENTRY_COUNTS } from "./rollups";
import type { CountByLevel, Trend } from "./schemas";
import { STEP_MS, type TimeRange, windowOf } from "./time-range";

const rowSchema = z.object({
  service: z.string(),
  bucket: z.coerce.date(),
  level: z.enum(LEVELS),
  count: z.number(),
});

export type BucketCount = z.infer<typeof rowSchema>;

/** Counts by service, bar of the chart and level; bars without entries have no row. */
export async function countBuckets(
  db: Context["db"],
  range: TimeRange,
  now: Date,
  service?: string,
): Promise<BucketCount[]> {
  const step = STEP_MS[range];
  const coarsest = step < HOUR_MS ? "minute" : "hour";
  const counts = countsWithin(ENTRY_COUNTS, { window: windowOf(range, now), service, coarsest });
  const result = await db.execute(sql`
    select service, date_bin(make_interval(secs => ${step / 1000}), bucket, to_timestamp(0)) as bucket,
      level, sum(count)::float8 as count
    from ${counts} as counts group by 1, 2, 3`);
  return z.array(rowSchema).parse(result.rows);
}

/** Where the bars of a range begin. */
export function barsOf(range: TimeRange, now: Date): Date[] {
  const { from, to } = windowOf(range, now);
  const bars: Date[] = [];
  for (let bar = floorTo(from, STEP_MS[range]); bar < to; bar = addMs(bar, STEP_MS[range])) bars.push(bar);
  return bars;
}

/** Sums the rows up to one chart, over the services that they hold. */
export function trendOf(rows: readonly BucketCount[], range: TimeRange, now: Date, service: string | null): Trend {
  const { from, to } = windowOf(range, now);
  const buckets = new Map<number, CountByLevel>(barsOf(range, now).map((bar) => [bar.getTime(), noCounts()]));
  for (const row of rows) {
    const counts = buckets.get(row.bucket.getTime());
    if (counts) counts[row.level] += row.count;
  }
  return {
    service,
    time_range: range,
    from: from.toISOString(),
    to: to.toISOString(),
    bucket_seconds: STEP_MS[range] / 1000,
    buckets: [...buckets].map(([bar, counts]) => ({
      timestamp: new Date(bar).toISOString(),
      count_by_level: counts,
      total_count: totalOf(counts),
    })),
  };
}
