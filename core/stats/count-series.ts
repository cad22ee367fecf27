import { sql } from "drizzle-orm";
import { z } from "zod";
import { addMs, floorTo, HOUR_MS } from "@/core/clock";
import type { Context } from "@/core/context";
import { LEVELS } from "@/core/levels";
import { noCounts, totalOf } from "./level-counts";
import { countsWithin } from "./rollups";
import type { Trend } from "./schemas";
import { STEP_MS, type TimeRange, windowOf } from "./time-range";

const rowSchema = z.object({
  service: z.string().nullable(),
  level: z.enum(LEVELS),
  bars: z.array(z.number()),
  counts: z.array(z.number()),
});

/** One line of a chart: `counts` has a number for each bar of barsOf, in order. `service` is null for several together. */
export type Series = Pick<z.infer<typeof rowSchema>, "service" | "level" | "counts">;

export type SeriesOf = {
  /** Only entries of this one, or of these. */
  service?: string | readonly string[];
  /** Series for each service, or one for all that is counted together. */
  split: "by service" | "together";
};

/**
 * Counts by level and bar of the chart; what has no entries in the range has no series. Their sums are exact for
 * the range. Bars travel as arrays, because one row for each costs more time than counting.
 */
export async function countSeries(
  db: Context["db"],
  range: TimeRange,
  now: Date,
  { service, split }: SeriesOf,
): Promise<Series[]> {
  const step = STEP_MS[range];
  const window = windowOf(range, now);
  const counts = countsWithin({ window, service, coarsest: step < HOUR_MS ? "minute" : "hour" });
  const first = floorTo(window.from, step).getTime() / step;
  const name = split === "by service" ? sql`service` : sql`null::text as service`;
  const result = await db.execute(sql`
    select service, level, array_agg(bar) as bars, array_agg(count) as counts
    from (
      select ${name}, level, floor(date_part('epoch', bucket) / ${step / 1000})::int - ${first}::int as bar,
        sum(count)::float8 as count
      from ${counts} as counts group by 1, 2, 3
    ) as by_bar
    group by service, level`);
  const bars = barsOf(range, now).length;
  return z
    .array(rowSchema)
    .parse(result.rows)
    .map((row) => {
      const dense = new Array<number>(bars).fill(0);
      for (const [index, bar] of row.bars.entries()) dense[bar] = row.counts[index] ?? 0;
      return { service: row.service, level: row.level, counts: dense };
    });
}

/** Where the bars of a range begin. */
export function barsOf(range: TimeRange, now: Date): Date[] {
  const { from, to } = windowOf(range, now);
  const bars: Date[] = [];
  for (let bar = floorTo(from, STEP_MS[range]); bar < to; bar = addMs(bar, STEP_MS[range])) bars.push(bar);
  return bars;
}

/** Sums the series up to one chart, over the services that they are of. */
export function trendOf(series: readonly Series[], range: TimeRange, now: Date, service: string | null): Trend {
  const { from, to } = windowOf(range, now);
  return {
    service,
    time_range: range,
    from: from.toISOString(),
    to: to.toISOString(),
    bucket_seconds: STEP_MS[range] / 1000,
    buckets: barsOf(range, now).map((bar, index) => {
      const counts = noCounts();
      for (const one of series) counts[one.level] += one.counts[index] ?? 0;
      return { timestamp: bar.toISOString(), count_by_level: counts, total_count: totalOf(counts) };
    }),
  };
}
