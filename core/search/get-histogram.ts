import { sql } from "drizzle-orm";
import { z } from "zod";
import { addMs, DAY_MS, floorTo, HOUR_MS, MINUTE_MS, SECOND_MS } from "@/core/clock";
import { LEVELS } from "@/core/levels";
import { LIMITS } from "@/core/limits";
import { listSegments } from "@/core/segments/catalogue";
import { Missing } from "@/core/segments/read/missing";
import { spanOf } from "@/core/segments/read/plan-chunks";
import type { EntriesContext } from "@/core/segments/segments";
import { noCounts, totalOf } from "@/core/stats/level-counts";
import { coarsestWithin, countsWithin } from "@/core/stats/rollups";
import type { CountByLevel } from "@/core/stats/schemas";
import { stepWidth } from "@/core/step-width";
import { type CountedBar, countSealed } from "./count-sealed";
import { isCounted } from "./query/query-tree";
import type { Histogram } from "./schemas";
import { type Sought, scopeOf } from "./scope";
import { withDeadline } from "./with-deadline";

/** Widths of a bar. */
const STEPS_MS = [
  SECOND_MS,
  5 * SECOND_MS,
  15 * SECOND_MS,
  MINUTE_MS,
  5 * MINUTE_MS,
  15 * MINUTE_MS,
  HOUR_MS,
  3 * HOUR_MS,
  12 * HOUR_MS,
  DAY_MS,
];
/** Entries are counted in slices of time, latest first, so that what is done when the time is up is of use. */
const SLICES = 12;

const rowSchema: z.ZodType<CountedBar> = z.object({
  bucket: z.coerce.date(),
  level: z.enum(LEVELS),
  count: z.number(),
});

export type HistogramAsked = Sought & {
  /** From then on no entry is gone (allKeptFrom), so that the counts by hour and day are those of entries that are there. */
  allKeptFrom: Date;
};

/**
 * Counts by level and bar of what a query selects. When it asks for nothing but services and levels, and the bars are whole
 * minutes, they are read from the counts by minute, hour and day; else entries are counted, as far as the time allows.
 */
export async function getHistogram(context: EntriesContext, sought: HistogramAsked): Promise<Histogram> {
  const { db, clock } = context;
  const { query, from, to, allKeptFrom, signal } = sought;
  const length = to.getTime() - from.getTime();
  const step = stepWidth(length, STEPS_MS);
  const { condition, sealed, required } = await scopeOf(db, sought);
  const useCounts = isCounted(query) && step >= MINUTE_MS && isWhole(from) && isWhole(to);
  const bars = new Map<number, CountByLevel>();
  for (let bar = floorTo(from, step); bar < to; bar = addMs(bar, step)) bars.set(bar.getTime(), noCounts());
  const missing = new Missing();
  let countedFrom = to;

  const seconds = step / SECOND_MS;
  const { services: names, levels } = required;
  const counts = (start: Date, end: Date) =>
    useCounts
      ? sql`
        select date_bin(make_interval(secs => ${seconds}), bucket, to_timestamp(0)) as bucket, level, sum(count)::float8 as count
        from ${countsWithin({
          window: { from: start, to: end },
          service: names ?? undefined,
          coarsest: coarsestWithin(step),
          rolledUpFrom: allKeptFrom,
        })} as counts
        ${levels === null ? sql`` : sql`where level = any(${sql.param(levels)}::logs.level[])`}
        group by 1, 2`
      : sql`
        select date_bin(make_interval(secs => ${seconds}), timestamp, to_timestamp(0)) as bucket, level, count(*)::float8 as count
        from logs.logs
        where timestamp >= ${start}::timestamptz and timestamp < ${end}::timestamptz and ${condition}
        group by 1, 2`;

  const slice = Math.ceil(length / (useCounts ? 1 : SLICES) / step) * step;
  const turns = useCounts ? context.turns.quick : context.turns.long;
  turns.admit();
  if (!useCounts) context.segments.duck.turns.admit();
  await withDeadline({ db, clock }, clock.now().getTime() + LIMITS.searchMs, signal, async (read, ended) => {
    while (countedFrom > from) {
      const start = new Date(Math.max(from.getTime(), floorTo(addMs(countedFrom, -slice), step).getTime()));
      const end = countedFrom;
      const { hot, segments } = await read(turns, async (transaction) => ({
        hot: z.array(rowSchema).parse((await transaction.execute(counts(start, end))).rows),
        segments: useCounts ? [] : await listSegments(transaction, start, end),
      }));
      const found = await countSealed(
        context,
        { segments, scope: sealed, span: spanOf(start, end), missing, signal: ended },
        step,
      );
      for (const { bucket, level, count } of [...hot, ...found]) {
        const bar = bars.get(bucket.getTime());
        if (bar) bar[level] += count;
      }
      countedFrom = start;
    }
  });
  return {
    from: from.toISOString(),
    to: to.toISOString(),
    bucket_seconds: seconds,
    buckets: [...bars].map(([bar, counts]) => ({ timestamp: new Date(bar).toISOString(), count_by_level: counts })),
    total_count: [...bars.values()].reduce((sum, counts) => sum + totalOf(counts), 0),
    counted_from: countedFrom.toISOString(),
    ...missing.told(),
  };
}

const isWhole = (time: Date) => time.getTime() % MINUTE_MS === 0;
