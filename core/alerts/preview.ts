import { sql } from "drizzle-orm";
import { z } from "zod";
import { addMs, DAY_MS, floorTo, MINUTE_MS } from "@/core/clock";
import type { Context } from "@/core/context";
import { moments } from "@/core/moments";
import { firstSeenEver } from "@/core/patterns/canonical-counts";
import type { Preview, PreviewRange } from "./schemas";

export type PreviewQuery = {
  service: string;
  range: PreviewRange;
  errorThreshold: number;
  warningThreshold: number;
  /** Null: patterns are not watched. */
  patternThreshold: number | null;
  resolveAfterMinutes: number;
};

const RANGE_MS: Readonly<Record<PreviewRange, number>> = { "24h": DAY_MS, "7d": 7 * DAY_MS };
const BARS = 144;
/** A suggestion lets the usual pass: half above what all but one in a thousand minutes had, and never below this. */
const LEAST_SUGGESTED = 10;
const USUAL_SHARE = 0.999;
const ABOVE_USUAL = 1.5;

const rowSchema = z.object({ bucket: z.coerce.date(), errors: z.number(), warnings: z.number() });
type MinuteCounts = z.infer<typeof rowSchema>;

/** What thresholds would have done to a service's past, by the same rules as evaluateMinutes; read from the counts. */
export async function previewConfig({ db, clock }: Context, query: PreviewQuery): Promise<Preview> {
  const to = addMs(floorTo(clock.now(), MINUTE_MS), MINUTE_MS);
  const from = addMs(to, -RANGE_MS[query.range]);
  const result = await db.execute(sql`
    select bucket, coalesce(sum(count) filter (where level >= 'error'), 0)::float8 as errors,
      coalesce(sum(count) filter (where level = 'warning'), 0)::float8 as warnings
    from logs.stats_minute
    where service = ${query.service} and bucket >= ${from}::timestamptz and bucket < ${to}::timestamptz and level >= 'warning'
    group by bucket order by bucket`);
  const minutes = z.array(rowSchema).parse(result.rows);
  const errors = minutes.filter((minute) => minute.errors > query.errorThreshold);
  const warnings = minutes.filter((minute) => minute.warnings > query.warningThreshold);
  const reachMs = query.resolveAfterMinutes * MINUTE_MS;
  const patterns = await crossingPatterns(db, query, minutes);
  const news = await db.execute(sql`
    select count(distinct coalesce(canonical, known.pattern))::int as count
    from logs.pattern_services as known left join logs.pattern_aliases as alias on alias.pattern = known.pattern
    where service = ${query.service} and level >= 'error' and first_seen >= ${from}::timestamptz
      and ${firstSeenEver(sql`coalesce(canonical, known.pattern)`, sql`${query.service}`)} >= ${from}::timestamptz`);
  const [{ count: newPatterns }] = z.tuple([z.object({ count: z.number() })]).parse(news.rows);
  return {
    service: query.service,
    range: query.range,
    alerts: errors.length + warnings.length + patterns.flat().length,
    incidents: [errors, warnings, ...patterns].reduce((sum, crossed) => sum + countIncidents(crossed, reachMs), 0),
    error_alerts: errors.length,
    warning_alerts: warnings.length,
    pattern_alerts: patterns.flat().length,
    new_patterns: newPatterns,
    bars: barsOf(minutes, from, RANGE_MS[query.range] / BARS),
    suggested: {
      error_threshold_per_min: suggest(minutes.map((minute) => minute.errors)),
      warning_threshold_per_min: suggest(minutes.map((minute) => minute.warnings)),
    },
  };
}

/** The minutes in which a pattern crossed, in order, for each pattern: only minutes with as many errors are looked into. */
async function crossingPatterns(
  db: Context["db"],
  { service, patternThreshold }: PreviewQuery,
  minutes: readonly MinuteCounts[],
): Promise<{ bucket: Date }[][]> {
  if (patternThreshold === null) return [];
  const busy = minutes.filter(({ errors }) => errors > patternThreshold);
  const result = await db.execute(sql`
    select coalesce(canonical, known.pattern)::text as pattern, bucket
    from unnest(${moments(busy.map(({ bucket }) => bucket))}) as minute
    join logs.pattern_minute as known on known.bucket = minute
    left join logs.pattern_aliases as alias on alias.pattern = known.pattern
    where service = ${service} and level >= 'error' and known.pattern <> 0
      and coalesce(canonical, known.pattern) not in (select id from logs.patterns where muted_at is not null)
    group by 1, 2 having sum(count) > ${patternThreshold} order by 2`);
  const crossings = new Map<string, { bucket: Date }[]>();
  for (const { pattern, bucket } of z
    .array(z.object({ pattern: z.string(), bucket: z.coerce.date() }))
    .parse(result.rows)) {
    crossings.set(pattern, [...(crossings.get(pattern) ?? []), { bucket }]);
  }
  return [...crossings.values()];
}

function countIncidents(minutes: readonly { bucket: Date }[], reachMs: number): number {
  return minutes.filter((minute, index) => {
    const before = minutes[index - 1];
    return !before || minute.bucket.getTime() - before.bucket.getTime() > reachMs;
  }).length;
}

function barsOf(minutes: readonly MinuteCounts[], from: Date, barMs: number): Preview["bars"] {
  const bars = Array.from({ length: BARS }, (_, bar) => ({
    timestamp: addMs(from, bar * barMs).toISOString(),
    errors: 0,
    warnings: 0,
  }));
  for (const minute of minutes) {
    const bar = bars[Math.floor((minute.bucket.getTime() - from.getTime()) / barMs)];
    if (!bar) continue;
    bar.errors = Math.max(bar.errors, minute.errors);
    bar.warnings = Math.max(bar.warnings, minute.warnings);
  }
  return bars;
}

function suggest(counts: readonly number[]): number {
  const sorted = counts.filter((count) => count > 0).sort((a, b) => a - b);
  const usual = sorted[Math.max(0, Math.ceil(sorted.length * USUAL_SHARE) - 1)] ?? 0;
  return Math.max(LEAST_SUGGESTED, Math.ceil(usual * ABOVE_USUAL));
}
